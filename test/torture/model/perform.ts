/** One step, done by the real system, and held against the model. */
import { money } from '../../../host/protocol/codec/money.js';
import { allInWords, unitOf } from './amounts.js';
import { fetched, report } from './lists.js';
import { follow, lose, replace } from './model.js';
import { Contradiction } from './state.js';
import type { Model } from './state.js';
import { cardCount } from './steps.js';
import type { CardDeed, Deed, Step, Trouble } from './steps.js';
import type { Said, World } from './world.js';

/** What came of a step. */
export interface Done {
  /** What people saw, where a card was there. */
  readonly outcome?: string;
  /** Of the step's troubles those that met something: without the others it would have gone the same way. */
  readonly met: Trouble;
  /** Nothing was changed by it that anybody could see. */
  readonly isIdle: boolean;
}

export type WithinADay = Exclude<Deed, { readonly do: 'years' }>;

/** A thief has a lost card, or while none is, one that its holder will have back. */
export function asItIs({ cards }: Model, { deed, trouble }: Step): Step {
  if (deed.do !== 'pay' || deed.card < cards.length) return { deed, trouble };
  return { deed: { ...deed, card: deed.card % cardCount }, trouble };
}

/** @throws Contradiction */
export async function perform(
  model: Model,
  world: World,
  { deed, trouble }: { readonly deed: WithinADay; readonly trouble: Trouble },
): Promise<Done> {
  let done: Done | undefined;
  passTime(model, world, 1);
  world.line.trouble(trouble.line);
  world.bank.script.splice(0, Infinity, ...(trouble.bank === undefined ? [] : [trouble.bank]));
  switch (deed.do) {
    case 'hand-in':
      await handIn(model, world, deed.pos);
      break;
    case 'restart':
      world.stop(deed.torn);
      world.start();
      break;
    case 'arrive':
      await world.line.arrive();
      break;
    case 'wait':
      passTime(model, world, deed.minutes);
      break;
    case 'settle':
      await world.settle();
      break;
    case 'report':
      await world.report(deed.card);
      report(model, deed.card);
      break;
    case 'fetch':
      fetchedList(model, world, deed.pos, await world.fetchList(deed.pos));
      break;
    case 'retire':
      done = await retire(model, world, { deed, trouble });
      break;
    case 'lose':
      done = { met: {}, isIdle: !(await loseCard(model, world, deed.card)) };
      break;
    case 'replay':
      await replay(model, world, deed);
      done = { met: {}, isIdle: true };
      break;
    default:
      done = await atCard(model, world, { deed, trouble });
  }
  done ??= { met: metBy(world, trouble, false), isIdle: false };
  world.line.trouble(undefined);
  world.bank.script.length = 0;
  return done;
}

function metBy(world: World, { card, line, bank }: Trouble, isCardDisturbed: boolean): Trouble {
  return {
    ...(card !== undefined && isCardDisturbed && { card }),
    ...(line !== undefined && world.line.disturbed && { line }),
    ...(bank !== undefined && world.bank.script.length === 0 && { bank }),
  };
}

export function passTime(model: Model, world: World, minutes: number): void {
  world.clock.advance(60 * minutes);
  model.now += minutes;
}

/** @returns false for a card that a desk may have closed: it cannot be replaced as lost */
async function loseCard(model: Model, world: World, card: number): Promise<boolean> {
  if (model.cards[card]?.isRetired === true) return false;
  world.line.trouble(undefined);
  world.bank.script.length = 0;
  await world.lose(card);
  lose(model, card);
  return true;
}

/** The list comes with the last answer. */
async function handIn(model: Model, world: World, pos: number): Promise<void> {
  const list = await world.handIn(pos);
  if (list === undefined && !world.line.disturbed) throw new Contradiction('the issuer took no batch');
  if (list !== undefined) fetchedList(model, world, pos, list);
}

function fetchedList(model: Model, world: World, pos: number, came: string): void {
  if (came === 'current' || came === 'updated') return fetched(model, pos);
  if (!world.line.disturbed) throw new Contradiction(`a hot list was "${came}", and nothing went wrong`);
}

async function atCard(
  model: Model,
  world: World,
  { deed, trouble }: { readonly deed: Exclude<CardDeed, { do: 'replay' }>; readonly trouble: Step['trouble'] },
): Promise<Said & Done> {
  const { link } = world.card(deed.card);
  await link.insert(trouble.card);
  const said = await act(world, deed);
  const met = metBy(world, trouble, link.disturbed);
  const disturbed = Object.keys(met).length > 0;
  const seen = { ...said, disturbed, ...(await world.look(deed.card)) };
  follow(model, deed, seen);
  const isIdle = said.result === 'refused' && !disturbed && !seen.isBlocked;
  return { ...said, met, isIdle, outcome: `${said.code ?? said.result}; it holds ${allInWords(seen.holding)}` };
}

function act(world: World, deed: Exclude<CardDeed, { do: 'replay' }>): Promise<Said> {
  switch (deed.do) {
    case 'pay':
      return world.pay(deed);
    case 'cancel':
      return world.cancel(deed);
    case 'load': {
      const { card, type, slot, amount, pin } = deed;
      return world.atKiosk(card, { task: 'load', type, slot, amount: money(BigInt(amount), unitOf(slot)) }, pin);
    }
    case 'give-up':
      return world.atKiosk(deed.card, { task: 'cancel' }, deed.pin);
    case 'balance':
      return world.atKiosk(deed.card, { task: 'balance' }, deed.pin);
    case 'new-pin':
      return world.newPin(deed.card);
    case 'found':
      return world.found(deed.card);
    case 'retire':
      return world.retire(deed.card);
  }
}

/** The retired card is tried once more before it is given away: it pays nothing [M9]. */
async function retire(
  model: Model,
  world: World,
  { deed, trouble }: { readonly deed: Extract<Deed, { do: 'retire' }>; readonly trouble: Step['trouble'] },
): Promise<Done> {
  const done = await atCard(model, world, { deed, trouble });
  world.line.trouble(undefined);
  if (done.result !== 'ordered') return done;
  const tried = { do: 'pay', card: deed.card, pos: 0, slot: 0, amount: 1_00, pin: 'right', earlier: 'go-on' } as const;
  await atCard(model, world, { deed: tried, trouble: {} });
  await world.replace(deed.card);
  replace(model, deed.card);
  return done;
}

/** Old commands, in order, to a card that has just been switched on: nothing on it changes [M7]. */
async function replay(model: Model, world: World, deed: Extract<Deed, { do: 'replay' }>): Promise<void> {
  const { link } = world.card(deed.card);
  await link.insert(undefined);
  const { heard, card } = link;
  const before = (await card.persistentState(notCounted)).text;
  const from = heard.length === 0 ? 0 : deed.from % heard.length;
  for (const old of heard.slice(from, from + deed.count)) await card.transmit(old);
  const after = (await card.persistentState(notCounted)).text;
  if (after !== before) throw new Contradiction('old commands changed the card [M7]');
  follow(model, deed, { result: 'replayed', recovered: false, disturbed: true, ...(await world.look(deed.card)) });
}

/** Key objects for a terminal's point: what is in them proves nothing (M7). */
const notCounted = { except: ['CardKeys.scratch', 'CardKeys.signPair', 'CardKeys.agreePair'] };
