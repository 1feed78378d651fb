/** What the holder, the merchant and the clerk do, what it needs before, and what has to be so once it was done after all. */
import { expect } from 'chai';
import type { TerminalReport } from '../../survival/stage/said.js';
import type { Lived, Who, Works, WorksCard } from '../../survival/stage/works.js';

/** In minor units. */
const price = 3_50;

/** A purse in its holder's hands, and what people know of it. */
export interface Holder {
  card: WorksCard;
  /** By what people were told. */
  balance: number;
  /** Rows of payments since the card was last at a kiosk. */
  unheard: number;
  /** PIN that was to come, where the holder wanted another. */
  wanted?: string;
}

/** What was heard in the runs of one row, the last of which nothing disturbed. */
export interface Row {
  /** Numbers of the card's records of which people were told. */
  readonly told: ReadonlySet<number>;
  readonly results: readonly string[];
  readonly last: TerminalReport;
}

export interface KillTask {
  readonly who: Who;
  readonly task: string;
  /** Default: the first word of the task. */
  readonly called?: string;
  /** Of all draws. */
  readonly weight: number;
  /** The holder it is done with; default: one whose card has money, and has met the POS and the kiosk. */
  readonly anew?: (works: Works) => Promise<Holder>;
  /** What it needs before. */
  readonly ready?: (works: Works, holder: Holder) => Promise<void>;
  /** Where its steps are always the same; without it, its past may add some or leave some out. */
  readonly usual?: (works: Works, holder: Holder) => Promise<void>;
  /** A run that nothing disturbs mends what went wrong; default: the task once more. */
  readonly mend?: (works: Works, holder: Holder) => Promise<Lived>;
  /** @throws Error where it was not done, or done twice */
  readonly check: (row: Row, holder: Holder, works: Works) => Promise<void>;
}

const moves = (who: 'pos' | 'kiosk', task: string, result: string, sign: 1 | -1, weight: number): KillTask => ({
  who,
  task,
  weight,
  check: (row, holder) => {
    expect(said(row.last)).to.equal(result);
    moved(row, holder, sign);
    return Promise.resolve();
  },
});

const killTasks: readonly KillTask[] = [
  {
    ...moves('pos', 'pay 3.50', 'paid', -1, 3),
    ready: roomInLog,
  },
  {
    ...moves('pos', 'pay 3.50', 'paid', -1, 1),
    called: 'first pay',
    anew: (works) => newPurse(works, '20.00'),
  },
  {
    ...moves('pos', 'pay 3.50 USD', 'paid', -1, 1),
    called: 'pay in dollars',
    anew: (works) => newPurse(works, '20.00 USD'),
  },
  { ...moves('kiosk', 'load 3.50', 'loaded', 1, 3), usual: afterBalance },
  { ...moves('kiosk', 'unload 3.50', 'loaded', -1, 2), usual: afterBalance },
  {
    who: 'kiosk',
    task: 'give-up',
    weight: 1,
    ready: loadWaits,
    usual: async (works, holder) => {
      await works.lives('kiosk', holder.card, 'give-up');
      await loadWaits(works, holder);
    },
    check: async ({ last, told }, holder, works) => {
      expect(said(last)).to.be.oneOf(['cancelled', 'refused (no-load-pending)']);
      expect(said(await works.lives('kiosk', holder.card, 'give-up'))).to.equal('refused (no-load-pending)');
      const { balance } = await works.lives('kiosk', holder.card, 'balance');
      expect(balance, 'people were told of loads that came after all').to.equal(holder.balance + told.size * price);
      holder.balance += told.size * price;
    },
  },
  {
    who: 'pos',
    task: 'cancel',
    weight: 2,
    ready: (works, holder) => paidBefore(works, holder),
    mend: async (works, holder) => {
      const last = await works.lives('pos', holder.card, 'cancel');
      if (last.result === 'cancelled') return last;
      const { result, balance } = await works.lives('kiosk', holder.card, 'balance');
      return { ...last, result, ...(balance === undefined ? {} : { balance }) };
    },
    check: (row, holder) => {
      // what people were told before is not cancelled again
      expect(row.last.result).to.be.oneOf(['cancelled', 'balance']);
      expect(row.told.size, 'cancels that people were told of').to.equal(1);
      moved(row, holder, 1);
      return Promise.resolve();
    },
  },
  {
    who: 'pos',
    task: 'day',
    weight: 2,
    ready: (works, holder) => paidBefore(works, holder),
    usual: async (works, holder) => {
      await works.lives('pos', holder.card, 'day');
      await paidBefore(works, holder);
    },
    check: ({ last }) => {
      expect(last.result).to.equal('handed in');
      expect(last.orders?.filter(([, end]) => end === 'open')).to.deep.equal([]);
      return Promise.resolve();
    },
  },
  {
    who: 'kiosk',
    task: 'balance',
    weight: 1,
    usual: afterBalance,
    check: ({ last }, holder) => {
      expect([last.result, last.balance]).to.deep.equal(['balance', holder.balance]);
      return Promise.resolve();
    },
  },
  {
    who: 'kiosk',
    task: 'change-pin',
    weight: 1,
    ready: (_works, holder) => {
      holder.wanted = String(1_000_000 - Number(holder.card.pin))
        .padStart(6, '0')
        .slice(-6);
      return Promise.resolve();
    },
    mend: async (works, holder) => {
      const { card, wanted = card.pin } = holder;
      const old = card.pin;
      card.pin = wanted;
      const last = await works.lives('kiosk', card, 'balance');
      if (last.result === 'balance') return last;
      card.pin = old;
      return works.lives('kiosk', card, 'balance');
    },
    check: ({ last, results }, holder) => {
      expect(said(last), 'the old PIN or the new [M8]').to.equal('balance');
      if (results.includes('pin-changed')) expect(holder.card.pin, 'the PIN').to.equal(holder.wanted);
      delete holder.wanted;
      return Promise.resolve();
    },
  },
  {
    who: 'desk',
    task: 'pinReset',
    weight: 1,
    check: async ({ last }, { card }, works) => {
      expect(said(last)).to.equal('ordered');
      expect(said(await works.lives('kiosk', card, 'balance')), 'the PIN printed last').to.equal('balance');
    },
  },
  {
    who: 'desk',
    task: 'issue',
    weight: 1,
    anew: async (works) => ({ card: await works.rawCard(), balance: 0, unheard: 0 }),
    check: async ({ last }, { card }, works) => {
      // whose sheet was handed out before is no raw card any more
      expect(said(last)).to.be.oneOf(['issued', 'ordered', 'refused (card-not-raw)']);
      expect(said(await works.lives('kiosk', card, 'balance')), 'the PIN printed last').to.equal('balance');
    },
  },
  {
    who: 'desk',
    task: 'retire',
    weight: 1,
    anew: (works) => newPurse(works, '5.00'),
    check: async ({ last }, { card }, works) => {
      expect(said(last)).to.be.oneOf(['ordered', 'refused (card-retired)']);
      expect(said(await works.lives('kiosk', card, 'balance'))).to.equal('refused (card-retired)');
    },
  },
  {
    who: 'office',
    task: 'settle',
    weight: 1,
    ready: soldBefore,
    check: async (_row, { card }, works) => {
      const again = await works.lives('office', card, 'settle');
      expect([again.result, again.balance], 'a settlement after it').to.deep.equal(['settled', 0]);
      // a merchant who was paid twice has a balance that nothing explains
      await works.expectBooksHold();
    },
  },
  {
    who: 'office',
    task: 'reconcile',
    weight: 1,
    ready: soldBefore,
    check: ({ last }) => {
      expect(last.result).to.equal('the books hold');
      return Promise.resolve();
    },
  },
];

/** The office works beside the issuer where the ledger is on a server: an embedded store has one user. */
export function tasksOn(server: boolean): readonly KillTask[] {
  return killTasks.filter(({ who }) => server || who !== 'office');
}

/** @param money such as 20.00 USD that is loaded onto the new card; without a unit it is euros */
export async function newPurse(works: Works, money: string): Promise<Holder> {
  const card = await works.issuedCard();
  return { card, balance: balanceOf(await works.lives('kiosk', card, `load ${money}`)), unheard: 0 };
}

/** The card waits for a load of which the issuer never heard. */
async function loadWaits(works: Works, holder: Holder): Promise<void> {
  await afterBalance(works, holder);
  const authorisation = { how: 'lost', exchange: 3, times: 3 } as const;
  const ended = await works.run('kiosk', holder.card, 'load 3.50', { network: authorisation });
  if (ended.how !== 'done' || ended.report.result !== 'unresolved') throw new Error('no load waits');
}

/** The card's log holds so many records that the issuer has not seen. */
async function roomInLog(works: Works, holder: Holder): Promise<void> {
  if (holder.unheard >= 3) await afterBalance(works, holder);
  holder.unheard++;
}

/** The issuer knows all the card has done, and has nothing to send it. */
async function afterBalance(works: Works, holder: Holder): Promise<void> {
  await works.lives('kiosk', holder.card, 'balance');
  holder.unheard = 0;
}

async function paidBefore(works: Works, holder: Holder): Promise<void> {
  await roomInLog(works, holder);
  holder.balance = balanceOf(await works.lives('pos', holder.card, 'pay 3.50'));
}

/** A day with one sale was handed in, and all before it was settled. */
async function soldBefore(works: Works, holder: Holder): Promise<void> {
  await works.lives('pos', holder.card, 'day');
  await works.lives('office', holder.card, 'settle');
  await paidBefore(works, holder);
  await works.lives('pos', holder.card, 'day');
}

export function nameOf({ who, task, called = task.split(' ')[0] }: KillTask): string {
  return `${who} ${called}`;
}

export function said({ result, code }: TerminalReport): string {
  return code === undefined ? result : `${result} (${code})`;
}

export function balanceOf({ balance, result, code }: TerminalReport): number {
  if (balance === undefined) throw new Error(`no balance was told: ${result} (${code ?? ''})`);
  return balance;
}

/** As often as people were told of it: what they saw is one movement, and what they did not see is shown to them by the next run. */
function moved({ told, last }: Row, holder: Holder, sign: 1 | -1): void {
  const balance = balanceOf(last);
  expect(told.size, 'movements that people were told of').to.be.at.least(1);
  expect(balance, `the balance was ${holder.balance}, and ${told.size} movements were told [M2] [M3]`).to.equal(
    holder.balance + sign * told.size * price,
  );
  holder.balance = balance;
}
