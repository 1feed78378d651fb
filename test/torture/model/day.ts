/** One day: a random history beside the model, and its evening; one that goes wrong is made as short as it can be. */
import { firstParameters } from '../../../host/issuer/service/parameters.js';
import { openMemoryStore } from '../../../host/issuer/store/embedded.js';
import { openServerStore } from '../../../host/issuer/store/server.js';
import { deadline } from '../campaign.js';
import { units } from './amounts.js';
import { historyOf } from './draw.js';
import { evening } from './evening.js';
import { asItIs, perform } from './perform.js';
import type { Done } from './perform.js';
import { shorten } from './shorten.js';
import { Contradiction, newModel } from './state.js';
import type { Model } from './state.js';
import { cardCount, posCount } from './steps.js';
import type { Deed, Step } from './steps.js';
import { told } from './story.js';
import { World } from './world.js';
import type { PosMaker } from './world.js';
import { yearsLater } from './years.js';

export interface Day {
  readonly seed: number;
  /** Of an empty database for the issuer; PGlite in memory, unless given. A story is made shorter on PGlite always. */
  readonly database?: string;
  /** How long a story that went wrong is made shorter, in milliseconds. */
  readonly shorteningMs: number;
  /** A bad POS, to see whether it is noticed. */
  readonly posMaker?: PosMaker;
}

export interface WentWrong {
  readonly where: string;
  /** The shortest that was found in time. */
  readonly story: readonly string[];
}

interface Taken extends Step {
  readonly isIdle: boolean;
}

/** Of one try. */
interface Failed extends WentWrong {
  /** Steps that were taken, the last of them in vain, with the troubles that met something. */
  readonly taken: readonly Taken[];
}

/** @param tell after each deed of the day itself */
export async function day(
  { seed, database, shorteningMs, posMaker }: Day,
  tell: () => void,
): Promise<WentWrong | undefined> {
  const history = historyOf(seed);
  const store = await (database === undefined ? openMemoryStore() : openServerStore(database));
  let failed = await live(history, await World.open(store, posMaker), tell);
  if (failed === undefined) return undefined;
  const [how, isOver] = [inKind(failed.where), deadline(shorteningMs)];
  const goesWrong = async (steps: readonly Taken[]): Promise<boolean> => {
    const again = await live(steps, await World.open(await openMemoryStore(), posMaker), () => undefined);
    if (again === undefined || inKind(again.where) !== how) return false;
    failed = again;
    return true;
  };
  await shorten(failed.taken, { goesWrong, unlikely, simpler, isOver });
  return failed;
}

async function live(steps: readonly Step[], world: World, tell: () => void): Promise<Failed | undefined> {
  const model = newModel({ slots: firstParameters(units).slots }, cardCount, posCount);
  const story: string[] = [];
  const taken: Taken[] = [];
  try {
    for (const drawn of steps) {
      const step = asItIs(model, drawn);
      const number = taken.push({ ...step, isIdle: false });
      story.push(`${number}. ${told(step)}`);
      const { outcome, met, isIdle } = await performed(model, world, step);
      taken.splice(-1, 1, { deed: step.deed, trouble: met, isIdle });
      story.splice(-1, 1, `${number}. ${told({ deed: step.deed, trouble: met })}`);
      if (outcome !== undefined) story.push(`   → ${outcome}`);
      tell();
    }
    story.push('In the evening everything is mended, finished and handed in, and the books are compared.');
    await evening(model, world);
    return undefined;
  } catch (error) {
    return { ...wordsFor(error, story), taken };
  } finally {
    await world.close();
  }
}

function performed(model: Model, world: World, { deed, trouble }: Step): Promise<Done> {
  return deed.do === 'years' ? yearsLater(model, world, deed.toSpare) : perform(model, world, { deed, trouble });
}

/** A defect of the model itself is found by its stack. */
function wordsFor(error: unknown, story: readonly string[]): WentWrong {
  if (!(error instanceof Error)) return { where: String(error), story };
  const rest = error instanceof Contradiction ? [] : (error.stack ?? '').split('\n').slice(1, 6);
  return { where: error.message, story: [...story, `   ✗ ${error.message}`, ...rest] };
}

/** Whatever the amounts, it went wrong in this way. */
function inKind(where: string): string {
  return where.replace(/\d+(\.\d+)?( EUR| USD| PTS)?|nothing/g, '#').replace(/#(, #)+/g, '#');
}

/** What belongs together: what only looks or waits; days' ends; the desk's work. */
const kinds: readonly (readonly Deed['do'][])[] = [
  ['replay', 'fetch', 'settle', 'wait', 'arrive', 'balance', 'give-up'],
  ['hand-in', 'restart'],
  ['report', 'found', 'new-pin'],
  ['retire', 'lose', 'years'],
  ['cancel'],
];

/** Another card's deeds; what went well, loads apart; what was refused; kinds of deeds; thieves. */
const unlikely: readonly ((step: Taken) => boolean)[] = [
  ...Array.from({ length: cardCount }, (_, card) => (step: Taken) => isOf(step, card)),
  ({ deed, trouble }) => deed.do !== 'load' && Object.keys(trouble).length === 0,
  ({ isIdle }) => isIdle,
  ...kinds.map(
    (some) =>
      ({ deed }: Taken) =>
        some.includes(deed.do),
  ),
  ({ deed }) => deed.do === 'pay' && deed.by === 'thief',
];

function isOf({ deed }: Taken, card: number): boolean {
  return 'card' in deed && deed.card === card;
}

/** Without any of its troubles, or without one of them. */
function simpler({ deed, trouble, isIdle }: Taken): Taken[] {
  const { card, line, bank } = trouble;
  const troubles = [
    ...(card === undefined ? [] : [{ card }]),
    ...(line === undefined ? [] : [{ line }]),
    ...(bank === undefined ? [] : [{ bank }]),
  ];
  if (troubles.length === 0) return [];
  const fewer = troubles.length === 1 ? [{}] : [{}, ...troubles];
  return fewer.map((some) => ({ deed, trouble: some, isIdle }));
}
