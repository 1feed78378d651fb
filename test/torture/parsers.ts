/** Arbitrary bytes for every parser of the host's: a typed error or a value, never a crash or a hang. */
import fc from 'fast-check';
import { concat, toHex } from '../../host/protocol/codec/bytes.js';
import { parsers } from '../helpers/parsers.js';
import type { Parser } from '../helpers/parsers.js';
import { deadline, replayOf } from './campaign.js';
import type { Campaign, CampaignOptions, CampaignResult, Finding } from './campaign.js';

export const campaign: Campaign = {
  name: 'parsers',
  title: 'arbitrary and nearly right bytes for every parser of host and issuer',
  unit: 'inputs',
  budgetMs: (long) => (long ? 1_800_000 : 30_000),
  run,
};

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

async function run({ seed, long, budgetMs, report }: CampaignOptions): Promise<CampaignResult> {
  const isOver = deadline(budgetMs);
  const findings: Finding[] = [];
  const broken = new Set<string>();
  let done = 0;
  const rounds = long ? 1000 : 10;
  let round = 0;
  for (; round < rounds && !isOver(); round++) {
    for (const parser of parsers) {
      if (isOver() || broken.has(parser.name)) continue;
      report({ done, at: parser.name });
      const found = attempt(parser, seed + round);
      done += found.runs;
      if (found.story === undefined) continue;
      broken.add(parser.name);
      findings.push({ seed, where: parser.name, story: found.story, replay: replayOf('parsers', seed, long) });
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  const notes = [`${parsers.length} parsers, ${round} rounds`];
  return { name: 'parsers', seed, unit: 'inputs', done, isWhole: round === rounds && !isOver(), findings, notes };
}

/** Some hundred inputs; the smallest that breaks the parser, if one does. */
export function attempt(
  parser: Parser,
  seed: number,
  runs = 200,
): { runs: number; story: readonly string[] | undefined } {
  const result = fc.check(
    fc.property(inputsFor(parser), (bytes) => {
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
