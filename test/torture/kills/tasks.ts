/** What the holder, the merchant and the clerk do, what it needs before, and what has to be so once it was done after all. */
import { expect } from 'chai';
import type { TerminalReport, TerminalRole } from '../../survival/stage/said.js';
import type { Lived, Works, WorksCard } from '../../survival/stage/works.js';

/** In minor units. */
const price = 3_50;

/** A purse in its holder's hands, and what people know of it. */
export interface Holder {
  card: WorksCard;
  /** By what people were told. */
  balance: number;
  /** Rows of payments so far. */
  sales: number;
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
  readonly who: TerminalRole;
  readonly task: string;
  /** Of all draws. */
  readonly weight: number;
  /** What it needs before. @returns the card it is about */
  readonly ready?: (works: Works, holder: Holder) => Promise<void>;
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

export const killTasks: readonly KillTask[] = [
  {
    ...moves('pos', 'pay 3.50', 'paid', -1, 3),
    ready: async (works, holder) => {
      // the card's log holds so many records that the issuer has not seen
      if (++holder.sales % 4 === 0) await works.lives('kiosk', holder.card, 'balance');
    },
  },
  moves('kiosk', 'load 3.50', 'loaded', 1, 3),
  moves('kiosk', 'unload 3.50', 'loaded', -1, 2),
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
    ready: async (works, holder) => {
      holder.card = await works.rawCard();
      holder.balance = 0;
    },
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
    ready: async (works, holder) => {
      const card = await works.issuedCard();
      holder.card = card;
      await works.lives('kiosk', card, 'load 5.00');
    },
    check: async ({ last }, { card }, works) => {
      expect(said(last)).to.be.oneOf(['ordered', 'refused (card-retired)']);
      expect(said(await works.lives('kiosk', card, 'balance'))).to.equal('refused (card-retired)');
    },
  },
];

async function paidBefore(works: Works, holder: Holder): Promise<void> {
  if (++holder.sales % 4 === 0) await works.lives('kiosk', holder.card, 'balance');
  holder.balance = balanceOf(await works.lives('pos', holder.card, 'pay 3.50'));
}

export function nameOf({ who, task }: KillTask): string {
  return `${who} ${task.split(' ')[0]}`;
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
