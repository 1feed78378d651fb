/** The flows that are priced: each run on a fresh simulated card, its work counted. */
import type { CounterName, Counters } from 'jcardsim-ts-bridge';
import { money } from '../../host/protocol/codec/money.js';
import { cancelLast } from '../../host/protocol/commands/cancel-last.js';
import { changePin } from '../../host/protocol/commands/change-pin.js';
import { debit } from '../../host/protocol/commands/debit.js';
import { getLogStatement } from '../../host/protocol/commands/get-proof.js';
import { putOrder } from '../../host/protocol/commands/put-order.js';
import { readRecords } from '../../host/protocol/commands/read-log.js';
import { verifyPin } from '../../host/protocol/commands/verify-pin.js';
import { Role } from '../../host/protocol/generated/enums.js';
import { freshCard, load, synchronise } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { euroSlot, holderPin, personalize } from '../helpers/personalize.js';
import { MemoryPairs, euro, startTime, terminal } from '../helpers/scheme.js';

export interface Flow {
  readonly name: string;
  readonly title: string;
  readonly apdus: number;
  readonly counts: Readonly<Record<CounterName, number>>;
}

interface Script {
  readonly title: string;
  readonly state: 'raw' | 'active';
  /** Not counted: what happened before. */
  readonly before?: (card: TestCard) => Promise<void>;
  readonly run: (card: TestCard) => Promise<void>;
}

const pos = terminal(Role.pos, 'bench');
const kiosk = terminal(Role.load, 'bench');
const price = money(3_50n, euro);

const payAt = (pairs: MemoryPairs, pin?: string) => async (card: TestCard) => {
  const session = await card.open(pos, { pairs });
  if (pin !== undefined) await verifyPin(session, pin);
  await debit(session, { slot: euroSlot, amount: price, tn: 1, time: startTime });
};

/** Scripts are made anew for each run, because terminals remember cards. */
function scripts(): Record<string, Script> {
  const known = new MemoryPairs();
  const knownWithPin = new MemoryPairs();
  const cancelling = new MemoryPairs();
  return {
    knownTerminal: {
      title: 'payment at a known terminal, no PIN',
      state: 'active',
      before: async (card) => void (await card.open(pos, { pairs: known })),
      run: payAt(known),
    },
    knownTerminalPin: {
      title: 'payment at a known terminal, with PIN',
      state: 'active',
      before: async (card) => void (await card.open(pos, { pairs: knownWithPin })),
      run: payAt(knownWithPin, holderPin),
    },
    firstMeeting: { title: 'payment at a first meeting', state: 'active', run: payAt(new MemoryPairs()) },
    cancel: {
      title: 'cancel the last purchase',
      state: 'active',
      before: payAt(cancelling),
      run: async (card) => {
        const session = await card.open(pos, { pairs: cancelling, full: true });
        const { nt } = session.s1;
        const order = { slot: euroSlot, amount: price, cancelledNt: nt, cancelledTn: 1, tn: 2, time: startTime };
        await cancelLast(session, order);
      },
    },
    reload: {
      title: 'reload at a first meeting, log uploaded, PIN',
      state: 'active',
      run: async (card) => {
        const session = await card.open(kiosk);
        await verifyPin(session, holderPin);
        await readRecords(session, 1);
        await getLogStatement(session);
        await load(session, card.orders, euroSlot, 20_00n);
      },
    },
    synchronise: {
      title: 'SYNC at a desk, full session',
      state: 'active',
      run: async (card) => synchronise(await card.open(terminal(Role.perso, 'bench')), card.orders, startTime),
    },
    changePin: {
      title: 'change the PIN at a kiosk, full session',
      state: 'active',
      run: async (card) => changePin(await card.open(kiosk), holderPin, '1357'),
    },
    block: {
      title: 'block order at a POS, full session',
      state: 'active',
      run: async (card) => void (await putOrder(await card.open(pos), card.orders.block(1))),
    },
    personalize: {
      title: 'personalization',
      state: 'raw',
      run: async (card) => personalize(card, { cardId: card.cardId }),
    },
  };
}

/** Runs every flow once and counts. */
export async function measureFlows(): Promise<Flow[]> {
  const flows: Flow[] = [];
  for (const [name, { title, state, before, run }] of Object.entries(scripts())) {
    const card = await freshCard(state, 'bench');
    await before?.(card);
    await card.card.mark();
    await run(card);
    const counts: Counters = await card.card.counters('since-mark');
    flows.push({ name, title, apdus: counts.commands, counts });
  }
  return flows;
}
