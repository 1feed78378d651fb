/** Brings the card into a row of the matrix: life cycle, session, and the terminal that has it. */
import type { Snapshot } from 'jcardsim-ts-bridge';
import type { Row } from '../../apdu-specs/generator/matrix.js';
import type { Role as RoleName } from '../../apdu-specs/generator/model.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { verifyPin } from '../../host/protocol/commands/verify-pin.js';
import { transportKeys } from '../../host/protocol/session/keys.js';
import type { TestCard } from '../helpers/cards.js';
import { bytesFor } from '../helpers/keys.js';
import { batchKey, holderPin } from '../helpers/personalize.js';
import { fullSession, openFull, present, resumedSession } from '../helpers/wire.js';
import type { WireSession } from '../helpers/wire.js';
import { resume, spendTries, takeBase } from './base.js';
import type { Base } from './base.js';
import { identities } from './terminals.js';
import type { PairKeys } from './terminals.js';

export interface Station {
  readonly row: Row;
  readonly card: TestCard;
  readonly base: Base;
  /** Terminal's end where there are keys; to be forked. */
  readonly session: WireSession | undefined;
  /** In `presented`. */
  readonly cardNonce: Uint8Array | undefined;
  /** What the card remembers of the three terminals. */
  readonly pairs: PairKeys;
  /** The persistent state, which no refusal changes. */
  readonly digest: string;
  readonly snapshot: Snapshot;
}

/** The terminal that opens sessions with raw cards: any. */
export const rawDesk = bytesFor('desk of the matrix', 8);

export async function arrive(row: Row): Promise<Station> {
  // BLOCKED has sessions of POS and LOAD only where the fifth wrong PIN fell within them
  const blocksInside = row.lifeCycle === 'blocked' && row.role !== 'perso' && row.role !== undefined;
  const { card, base } = await takeBase(blocksInside ? 'active' : row.lifeCycle);
  const { session, cardNonce, pairs = base.pairs } = await open(card, base, row);
  if (blocksInside && session) await spendTries(card, session);
  return {
    row,
    card,
    base,
    session,
    cardNonce,
    pairs,
    digest: await digestOf(card),
    snapshot: await card.card.snapshot(),
  };
}

/** Hexadecimal digest of what the card keeps [M7]. */
export async function digestOf(card: TestCard): Promise<string> {
  return toHex((await card.persistentState()).digest);
}

interface Opened {
  readonly session?: WireSession;
  readonly cardNonce?: Uint8Array;
  readonly pairs?: PairKeys;
}

async function open(card: TestCard, base: Base, { lifeCycle, session: name, role }: Row): Promise<Opened> {
  switch (name) {
    case 'none':
      return {};
    case 'raw':
      return { session: await resumedSession(card, rawDesk, transportKeys(batchKey, card.serial)) };
    case 'presented':
      return { cardNonce: await present(card, identities[known(role)]) };
    case 'agreed': {
      const cardNonce = await present(card, identities[known(role)]);
      const { session } = await openFull(card, identities[known(role)], cardNonce);
      return { session };
    }
    case 'full': {
      const { session, pair } = await fullSession(card, identities[known(role)]);
      const pairs = { ...base.pairs, [known(role)]: pair };
      return { session: await withPin(card, session, lifeCycle, known(role)), pairs };
    }
    case 'resumed':
      return { session: await withPin(card, await resume(card, base, known(role)), lifeCycle, known(role)) };
  }
}

/** A kiosk has the PIN, so that what it may do with it can be done. */
async function withPin(
  card: TestCard,
  session: WireSession,
  lifeCycle: Row['lifeCycle'],
  role: RoleName,
): Promise<WireSession> {
  if (role === 'load' && (lifeCycle === 'active' || lifeCycle === 'expired')) {
    await verifyPin(session.over(card), holderPin);
  }
  return session;
}

function known(role: RoleName | undefined): RoleName {
  if (role === undefined) throw new Error('this session needs a role');
  return role;
}
