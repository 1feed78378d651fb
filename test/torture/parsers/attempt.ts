/** Some hundred inputs for one parser: arbitrary bytes, and right ones with pieces cut out, put in and doubled. */
import fc from 'fast-check';
import { concat, toHex } from '../../../host/protocol/codec/bytes.js';
import type { Parser } from '../../helpers/parsers.js';

/** How one parser fared. */
export interface Attempted {
  readonly runs: number;
  /** What went wrong and on which bytes, the fewest that do it; undefined where nothing did. */
  readonly story: readonly string[] | undefined;
}

/** More than any input may take, in milliseconds. */
const patience = 2000;

/** Words that mean something to a parser, or to the language it is written in. */
const words = [
  ...['__proto__', 'constructor', 'toString', 'null', 'true', '-0', '1e999', '\u0000', '\uFEFF', '\uD800', '%', '%zz'],
  ...['&lt;', '<!DOCTYPE', '<![CDATA[', ']]>', '"', '\r\n', '{', '[', ',', '}', ']', '00', 'ff', '9'.repeat(400)],
].map((word) => new TextEncoder().encode(word));

/** Random bytes, and right ones with pieces cut out, put in and doubled. */
function inputsFor({ seeds }: Parser): fc.Arbitrary<Uint8Array> {
  const change = fc.record({
    at: fc.nat(2000),
    cut: fc.oneof(fc.nat(4), fc.nat(200)),
    put: fc.oneof(fc.uint8Array({ maxLength: 8 }), fc.constantFrom(...words)),
  });
  return fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string({ unit: 'binary', maxLength: 120 }).map((text) => new TextEncoder().encode(text)),
    fc.tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 4 })).map(([seed, changes]) =>
      changes.reduce((bytes, { at, cut, put }) => {
        const place = at % (bytes.length + 1);
        return concat(bytes.subarray(0, place), put, bytes.subarray(place + cut));
      }, seed),
    ),
  );
}

/** @param note gets each input before the parser does, for whoever has to tell of one that never ends */
export function attempt(
  parser: Parser,
  seed: number,
  runs = 200,
  note: (bytes: Uint8Array) => void = () => undefined,
): Attempted {
  const result = fc.check(
    fc.property(inputsFor(parser), (bytes) => {
      note(bytes);
      const flaw = flawOf(parser, bytes);
      if (flaw !== undefined) throw new Error(flaw);
    }),
    { seed, numRuns: runs },
  );
  if (!result.failed) return { runs: result.numRuns, story: undefined };
  const [bytes] = result.counterexample ?? [];
  const why = result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance);
  return { runs: result.numRuns, story: [why, `bytes ${bytes === undefined ? '' : toHex(bytes)}`] };
}

function flawOf({ read, throws }: Parser, bytes: Uint8Array): string | undefined {
  const begun = performance.now();
  try {
    read(bytes);
  } catch (error) {
    const typed = throws.some((kind) => error instanceof kind) && !isOverflow(error);
    // a parser that may throw any error still may not trip over the language
    const tripped = throws.includes(Error) && (error instanceof TypeError || error instanceof ReferenceError);
    if (!typed || tripped) return `threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  }
  const took = performance.now() - begun;
  return took > patience ? `took ${Math.round(took)} ms` : undefined;
}

function isOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.startsWith('Maximum call stack');
}
