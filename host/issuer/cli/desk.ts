/** `epurse issuer card|holder|product …`: what the card desk works with. */
import { closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { toHex } from '../../protocol/codec/bytes.js';
import { CsvError, csvLine } from '../../protocol/codec/csv.js';
import { formatMoney, moneyToJson } from '../../protocol/codec/money.js';
import { day, formatTime } from '../../protocol/codec/time.js';
import { counted } from '../../terminal/counted.js';
import { Failure } from '../../terminal/outcome.js';
import type { Outcome, Run } from '../../cli/command-line.js';
import type { Actor } from '../service/audit.js';
import { assignCards, deskList, renewalsDue } from '../service/assign.js';
import { assignedCards } from '../service/assigned.js';
import { cardsOfHolder, createHolder, editHolder, searchHolders } from '../service/holders.js';
import { destroyStock, registerStock, serialIn, serialRange, stockCounts } from '../service/stock.js';
import { ordersIn } from '../service/order-file.js';
import { compact, ibanFlaw } from '../payout/iban.js';
import { newFile } from './new-file.js';
import { withIssuer } from './with-issuer.js';

/** Whoever may run this program on this machine. */
export const commandLine: Actor = { kind: 'system', name: 'command line' };

export async function cardRegister(run: Run): Promise<Outcome> {
  const { from, to, file, delivery } = run.options as { from?: string; to?: string; file?: string; delivery: string };
  if ((file === undefined) === (from === undefined))
    throw new Failure('usage', 'Name a range with --from and --to, or a file with --file.');
  return withIssuer(run, async ({ issuer }) => {
    const serials = file === undefined ? serialRange(from ?? '', to ?? from ?? '') : serialsIn(file);
    const { registered, known } = await registerStock(issuer, commandLine, serials, delivery);
    run.out.say(`${registered} raw cards of the delivery "${delivery}" are in the stock; ${known} were there before.`);
    return { registered, known };
  });
}

function serialsIn(file: string): Uint8Array[] {
  return textOf(file)
    .split(/\r?\n/)
    .map((text, i) => ({ text: text.trim(), line: i + 1 }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'))
    .map(({ text, line }) => {
      try {
        return serialIn(text);
      } catch (cause) {
        throw new Failure('usage', `${file}, line ${line}: ${(cause as Error).message}`, { cause });
      }
    });
}

export async function cardStock(run: Run): Promise<Outcome> {
  return withIssuer(run, async ({ issuer }) => {
    const counts = await stockCounts(issuer);
    for (const { delivery, state, count } of counts) run.out.say(`${delivery.padEnd(24)} ${state.padEnd(10)} ${count}`);
    if (counts.length === 0) run.out.say('No stock is kept: any raw card of this scheme may be issued.');
    return { stock: counts.map((line) => ({ ...line })) };
  });
}

export async function cardDestroy(run: Run): Promise<Outcome> {
  const { reason } = run.options as { reason: string };
  return withIssuer(run, async ({ issuer }) => {
    const serial = serialIn(run.args[0] ?? '');
    await destroyStock(issuer, commandLine, serial, reason);
    run.out.say(`The card with the serial ${toHex(serial)} is marked destroyed.`);
    return { serial: toHex(serial) };
  });
}

/**
 * The desk's list goes to a file, 0600, for it has names. It is a new one, made before anything is assigned: an earlier list is
 * the only place that says which of its cards is whose.
 */
export async function cardAssign(run: Run): Promise<Outcome> {
  const file = run.args[0] ?? '';
  const { out: target } = run.options as { out: string };
  const orders = reading(file, () => ordersIn(textOf(file)));
  return withIssuer(run, async ({ issuer }) => {
    const list = newFile(target, 'It may be a list the desk still works from. Name a new file with --out.');
    const result = await assignCards(issuer, commandLine, orders).catch((error: unknown) => {
      rmSync(target);
      throw error;
    });
    if ('faults' in result) {
      rmSync(target);
      for (const { line, field, message } of result.faults)
        run.out.warn(`${file}${line === 0 ? '' : `, line ${line}`}, ${field}: ${message}`);
      const faults = result.faults.length;
      throw new Failure('orders-faulty', `${file} has ${counted(faults, 'fault')}; no card was assigned.`, {
        next: 'Mend the file and call this again.',
      });
    }
    const { lines } = result;
    writeFileSync(list, deskList(lines));
    closeSync(list);
    run.out.say(
      `${counted(lines.length, 'card is', 'cards are')} assigned. The desk works from: ./epurse personalize --batch ${target}`,
    );
    return { assigned: lines.length, file: target };
  });
}

/** The desk's list again: of every card that is assigned and waits for its holder. */
export async function cardAssigned(run: Run): Promise<Outcome> {
  const { out: target } = run.options as { out: string };
  return withIssuer(run, async ({ issuer }) => {
    const lines = await assignedCards(issuer.store.db);
    const list = newFile(target, 'Name a new file with --out.');
    writeFileSync(list, deskList(lines));
    closeSync(list);
    run.out.say(
      `${counted(lines.length, 'card waits', 'cards wait')} at the desk. It works from: ./epurse personalize --batch ${target}`,
    );
    return { waiting: lines.length, file: target };
  });
}

/** Cards that end soon, as an order file for their successors. */
export async function cardRenewals(run: Run): Promise<Outcome> {
  const { months, out: target } = run.options as { months: string; out?: string };
  if (!/^\d{1,2}$/.test(months)) throw new Failure('usage', `"${months}" is not a number of months.`);
  return withIssuer(run, async ({ issuer }) => {
    const due = await renewalsDue(issuer, Number(months) * 31 * day);
    for (const { cardId, expiry, product } of due)
      run.out.say(`${cardId}  until ${formatTime(expiry).slice(0, 10)}  ${product}`);
    run.out.say(`${counted(due.length, 'card ends', 'cards end')} within ${months} months without a successor yet.`);
    if (target !== undefined) {
      const rows = due.map(({ holderId, holder, product }) => csvLine([holder, holderId, product]));
      writeFileSync(target, `${['holder,holder_id,product', ...rows].join('\n')}\n`, { mode: 0o600 });
      run.out.say(`Order file: ${target}; then ./epurse issuer card assign ${target}`);
    }
    return { due: due.map((line) => ({ ...line, expiry: formatTime(line.expiry) })) };
  });
}

export async function holderNew(run: Run): Promise<Outcome> {
  return withIssuer(run, async ({ issuer }) => {
    const id = await createHolder(issuer, commandLine, { name: run.args[0] ?? '', ...holderOptions(run) });
    run.out.say(`Holder ${id}.`);
    return { holder: id };
  });
}

export async function holderEdit(run: Run): Promise<Outcome> {
  return withIssuer(run, async ({ issuer }) => {
    const { name } = run.options as { name?: string };
    const change = { ...(name === undefined ? {} : { name }), ...holderOptions(run) };
    await editHolder(issuer, commandLine, run.args[0] ?? '', change);
    run.out.say(`Holder ${run.args[0]} is changed.`);
    return { holder: run.args[0] ?? '' };
  });
}

export async function holderFind(run: Run): Promise<Outcome> {
  return withIssuer(run, async ({ issuer }) => {
    const found = await searchHolders(issuer, run.args[0] ?? '');
    const holders = await Promise.all(
      found.map(async (holder) => ({ ...holder, cards: await cardsOfHolder(issuer, holder.id) })),
    );
    for (const { id, name, account, cards } of holders) {
      run.out.say(`${id}  ${name}${account === null ? '' : `  (${account})`}`);
      for (const { cardId, state, product, expiry, replacedBy, left } of cards) {
        run.out.say(`    ${cardId}  ${state}  ${product}  until ${formatTime(expiry).slice(0, 10)}`);
        if (replacedBy !== undefined && left.length > 0)
          run.out.say(
            `        ${left.map(formatMoney).join(', ')} left for ${replacedBy}: ${state === 'closed' ? 'a load at a kiosk takes it' : 'the waiting period runs'}`,
          );
      }
    }
    run.out.say(`${counted(holders.length, 'holder')}.`);
    return {
      holders: holders.map(({ id, name, cards }) => ({
        id,
        name,
        cards: cards.map(({ cardId, state, product, expiry, replacedBy, left }) => ({
          cardId,
          state,
          product,
          expiry: formatTime(expiry),
          ...(replacedBy === undefined ? {} : { replacedBy, left: left.map((value) => ({ ...moneyToJson(value) })) }),
        })),
      })),
    };
  });
}

function holderOptions(run: Run): { account?: string; reference?: string; note?: string } {
  const { account, iban, reference, note } = run.options as Partial<
    Record<'account' | 'iban' | 'reference' | 'note', string>
  >;
  if (account !== undefined && iban !== undefined)
    throw new Failure('usage', 'A holder has one account: say --iban or --account.', { next: 'Nothing was changed.' });
  const paidTo = iban === undefined ? account : ibanIn(iban);
  return {
    ...(paidTo === undefined ? {} : { account: paidTo }),
    ...(reference === undefined ? {} : { reference }),
    ...(note === undefined ? {} : { note }),
  };
}

function ibanIn(text: string): string {
  const flaw = ibanFlaw(text);
  if (flaw !== undefined) throw new Failure('usage', `"${text}" is no IBAN: ${flaw}`, { next: 'Nothing was changed.' });
  return compact(text);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Failure('file-missing', `The file ${file} cannot be read.`, {
      next: 'Nothing was done. Name a file that is there and may be read.',
      cause,
    });
  }
}

function reading<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new Failure('usage', `${file}: ${cause.message}`, { next: 'Nothing was done. Mend the file.', cause });
  }
}
