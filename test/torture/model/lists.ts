/**
 * Who stands on whose list of blocked cards: the issuer's, and the copy that each terminal fetched last. A copy may be old; until it
 * is too old to sell by, a thief can pay where it is. Pure.
 */
import { expectThat } from './state.js';
import type { CardModel, Copy, Model, Seen, Standing } from './state.js';
import type { CardDeed } from './steps.js';

/** Where no list is looked at. */
const listless: readonly CardDeed['do'][] = ['new-pin', 'found', 'retire', 'replay'];

const [halfADay, day] = [12 * 60, 24 * 60];

/** Somebody misses the card. Reported twice, it stands there once. */
export function report({ lists }: Model, card: number): void {
  if (lists.issuer[card] !== 'no') return;
  lists.issuer[card] = 'yes';
  lists.reports[card] = (lists.reports[card] ?? 0) + 1;
}

/** The issuer takes the report back, before the desk meets the card. */
export function takeBack({ lists }: Model, card: number): void {
  lists.issuer[card] = 'no';
}

/** Another card takes its place, and is on no list. */
export function replaced({ lists }: Model, card: number): void {
  const without = (copy: Copy): Copy => ({
    ...copy,
    standing: copy.standing.map((one, i) => (i === card ? 'no' : one)),
  });
  lists.issuer[card] = 'no';
  lists.pos.splice(0, Infinity, ...lists.pos.map(without));
  lists.kiosk = without(lists.kiosk);
}

/** It is listed for good and has another number now; the card in its place is on no list. */
export function lost({ lists }: Model, card: number): void {
  const renumbered = (standing: readonly Standing[]): Standing[] => [
    ...standing.with(card, 'no'),
    standing[card] ?? 'no',
  ];
  const withIt = (copy: Copy): Copy => ({
    ...copy,
    standing: renumbered(copy.standing),
    reports: [...copy.reports, copy.reports[card] ?? 0],
  });
  lists.issuer.splice(0, Infinity, ...lists.issuer.with(card, 'no'), 'yes');
  lists.reports.push((lists.reports[card] ?? 0) + 1);
  lists.pos.splice(0, Infinity, ...lists.pos.map(withIt));
  lists.kiosk = withIt(lists.kiosk);
}

/** A POS has the issuer's newest list. */
export function fetched({ lists, now }: Model, pos: number): void {
  lists.pos[pos] = { standing: [...lists.issuer], reports: [...lists.reports], fetchedAt: now };
}

/** A kiosk's copy at a visit: the newest, or the one before where the line was down. */
export function fetchedAtKiosk({ lists, now }: Model, isLineDown: boolean): void {
  const { kiosk, issuer, reports } = lists;
  const either = (card: number): Standing => (kiosk.standing[card] === issuer[card] ? (issuer[card] ?? 'no') : 'maybe');
  lists.kiosk = isLineDown
    ? { standing: issuer.map((_, card) => either(card)), reports: kiosk.reports, fetchedAt: now }
    : { standing: [...issuer], reports: [...reports], fetchedAt: now };
}

/** How a card stands on the list of the terminal where it is. */
export function standingAt(model: Model, deed: CardDeed): Standing {
  return copyAt(model, deed)?.standing[deed.card] ?? 'no';
}

function copyAt({ lists }: Model, deed: CardDeed): Copy | undefined {
  return 'pos' in deed ? lists.pos[deed.pos] : lists.kiosk;
}

/** The entry may be of an earlier report, and the card found again since: that block order is older than the one that unblocked it. */
function isOfThisReport(model: Model, deed: CardDeed): boolean {
  return copyAt(model, deed)?.reports[deed.card] === model.lists.reports[deed.card];
}

/** May a POS still sell by its list? Only between half a day and a day after it was fetched the model cannot tell. */
export function sellsByList({ lists, now }: Model, pos: number): Standing {
  const age = now - (lists.pos[pos]?.fetchedAt ?? 0);
  return age > day ? 'no' : age > halfADay ? 'maybe' : 'yes';
}

/** [R17]: a listed card in a terminal that knows is blocked from then on, and no other card ever is. */
export function followBlocking(model: Model, card: CardModel, deed: CardDeed, seen: Seen): void {
  const here = standingAt(model, deed);
  const atIssuer = model.lists.issuer[deed.card];
  if (seen.isOrderedBlocked && !card.isOrderedBlocked) {
    expectThat(!listless.includes(deed.do) && here !== 'no', 'blocked, and on no list');
    if (atIssuer === 'yes') model.lists.issuer[deed.card] = 'maybe';
  }
  if (!seen.isOrderedBlocked && card.isOrderedBlocked)
    expectThat(deed.do === 'found', 'not blocked any more, and no desk unblocked it [R17]');
  if (seen.code === 'card-listed' && !seen.disturbed && atIssuer === 'yes' && isOfThisReport(model, deed))
    expectThat(seen.isOrderedBlocked, 'a listed card left the terminal unblocked [R17]');
}
