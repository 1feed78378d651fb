/** Where a dialogue begins: a card, what its terminals remember of it, and what happened before. */
import type { Snapshot } from 'jcardsim-ts-bridge';
import type { CardCertificate } from '../../host/protocol/certificates/card.js';
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import type { SessionKeys } from '../../host/protocol/channel/secure.js';
import { select } from '../../host/protocol/commands/select.js';
import { commands } from '../../host/protocol/generated/commands.js';
import { nativeSigner } from '../../host/protocol/crypto/native.js';
import { Role } from '../../host/protocol/generated/enums.js';
import type { Role as RoleBit } from '../../host/protocol/generated/enums.js';
import { classes } from '../../host/protocol/generated/parameters.js';
import { parseOpeningAnswer } from '../../host/protocol/session/opening-answer.js';
import type { OpeningAnswer } from '../../host/protocol/session/opening-answer.js';
import type { TerminalIdentity } from '../../host/protocol/session/session.js';
import { lastingTerminal } from '../helpers/cards.js';
import type { CardState, TestCard } from '../helpers/cards.js';
import { nodeEnd } from '../helpers/crypto-ends.js';
import { privateKeyFor } from '../helpers/keys.js';
import { apdu, clearAnswer, openFull, openResumedData, present, resumedFrom } from '../helpers/wire.js';
import type { WireSession } from '../helpers/wire.js';
import { terminalKeyLabel } from '../helpers/scheme.js';
import type { TotalsFields } from '../../host/protocol/generated/structures.js';

export type TerminalName = 'pos' | 'rival' | 'kiosk' | 'desk';

export const terminals: Readonly<Record<TerminalName, TerminalIdentity>> = {
  pos: lastingTerminal(Role.pos, 'tear'),
  rival: lastingTerminal(Role.pos, 'tear rival'),
  kiosk: lastingTerminal(Role.load, 'tear'),
  desk: lastingTerminal(Role.perso, 'tear'),
};

/**
 * For opening sessions, which happens thousands of times: OpenSSL is faster. What a card keeps is signed by {@link terminals}, whose
 * signatures are the same each time.
 */
const openers: Readonly<Record<TerminalName, TerminalIdentity>> = {
  pos: opener(Role.pos, 'tear'),
  rival: opener(Role.pos, 'tear rival'),
  kiosk: opener(Role.load, 'tear'),
  desk: opener(Role.perso, 'tear'),
};

function opener(role: RoleBit, name: string): TerminalIdentity {
  return { ...lastingTerminal(role, name), signer: nativeSigner(privateKeyFor(terminalKeyLabel(role, name))) };
}

export type Pairs = Partial<Record<TerminalName, SessionKeys>>;

/** Which of its keys the issuer signs with, after what the card has lived through. */
export interface KeysInForce {
  /** For PUT ORDER: 0 for the order key that the card began with, 1 for its successor. */
  readonly order: 0 | 1;
  readonly credit: 1 | 2;
}

/** The card when the dialogue begins, as a desk reads it. Figures of a dialogue are told from here on. */
export interface Lived {
  readonly totals: TotalsFields;
  /** Of the last load; 0 before the first. */
  readonly loadCounter: number;
  readonly keys: KeysInForce;
  /** As the card shows it in a full session. */
  readonly certificate: CardCertificate;
}

export interface Stage<Facts = unknown> {
  readonly card: TestCard;
  /** What the terminals remember; changes as the dialogue goes on. */
  readonly pairs: Pairs;
  readonly facts: Facts;
  /** How the dialogue finds the card; undefined for a raw one. */
  readonly lived: Lived | undefined;
}

/** @returns which keys are in force afterwards */
export type Past = (stage: Stage) => Promise<KeysInForce>;

/** Where cards come from: a shelf, of the applet or of a changed one. */
export interface CardSource {
  take(state: CardState): Promise<TestCard>;
  /** What its cards have lived through; nothing special, unless said. */
  readonly past?: Past;
}

type Kept<Facts> = Omit<Stage<Facts>, 'card'> & { readonly snapshot: Snapshot };

/** A stage that is set once and put back as often as wanted: power on, nothing selected. */
export function stageOf<Facts>(source: CardSource, set: () => Promise<Stage<Facts>>): () => Promise<Stage<Facts>> {
  let kept: Promise<Kept<Facts>> | undefined;
  return async () => {
    kept ??= set().then(keep);
    const { snapshot, pairs, ...rest } = await kept;
    const card = await source.take('raw');
    await card.card.restore(snapshot);
    return { card, pairs: { ...pairs }, ...rest };
  };
}

async function keep<Facts>({ card, pairs, facts, lived }: Stage<Facts>): Promise<Kept<Facts>> {
  await card.card.powerOff();
  await card.card.powerOn();
  return { snapshot: await card.card.snapshot(), pairs: { ...pairs }, facts, lived };
}

/** An open session, seen from the terminal. */
export interface Meeting {
  readonly session: WireSession;
  /** For the commands of the protocol library. */
  readonly channel: CardChannel;
  readonly s1: OpeningAnswer;
  /** Of a full session. */
  readonly card?: CardCertificate;
}

/** SELECT, then the session a terminal opens: resumed where both have the pair, else full. */
export async function meet(link: CardChannel, stage: Stage, name: TerminalName, full = false): Promise<Meeting> {
  await select(link);
  const resumed = full ? undefined : await resume(link, stage, name);
  return resumed ?? meetAnew(link, stage, name);
}

async function resume(link: CardChannel, { pairs }: Stage, name: TerminalName): Promise<Meeting | undefined> {
  const keys = pairs[name];
  if (!keys) return undefined;
  const { terminalId, role } = terminals[name].certificate;
  const { ins, p1, p2 } = commands.OPEN_SESSION_RESUMED;
  const request = openResumedData(terminalId);
  const { sw, data } = clearAnswer(await link.transmit(apdu(classes.plain, ins, p1, p2, request)));
  const opened = sw === 0x9000 ? resumedFrom(request, data, keys) : undefined;
  return opened && meeting(link, opened.session, opened.s1, role);
}

async function meetAnew(link: CardChannel, { pairs }: Stage, name: TerminalName): Promise<Meeting> {
  const identity = openers[name];
  const { session, pair, card } = await openFull(link, identity, await present(link, identity), { crypto: nodeEnd });
  const { ins, p1, p2 } = commands.CONFIRM_SESSION;
  const { sw, data } = await session.send(link, ins, p1, p2, Uint8Array.of(0));
  if (sw !== 0x9000) throw new Error(`CONFIRM SESSION was answered ${sw.toString(16)}`);
  pairs[name] = pair;
  return { ...meeting(link, session, data.slice(8), identity.certificate.role), card };
}

function meeting(link: CardChannel, session: WireSession, s1: Uint8Array, role: RoleBit): Meeting {
  return { session, channel: session.over(link), s1: parseOpeningAnswer(s1, role) };
}
