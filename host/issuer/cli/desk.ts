/** `epurse issuer card|holder|product …`: what the card desk works with. */
import { readFileSync, writeFileSync } from 'node:fs';
import { toHex } from '../../protocol/codec/bytes.js';
import { CsvError, csvLine } from '../../protocol/codec/csv.js';
import { day, formatTime } from '../../protocol/codec/time.js';
import { Failure } from '../../terminal/outcome.js';
import type { Outcome, Run } from '../../cli/command-line.js';
import type { Actor } from '../service/audit.js';
import { assignCards, renewalsDue } from '../service/assign.js';
import { cardsOfHolder, createHolder, editHolder, searchHolders } from '../service/holders.js';
import { destroyStock, registerStock, serialIn, serialRange, stockCounts } from '../service/stock.js';
import { ordersIn } from './desk-orders.js';
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

/** The desk's list goes to a file, 0600, for it has names. */
export async function cardAssign(run: Run): Promise<Outcome> {
  const file = run.args[0] ?? '';
  const { out: target } = run.options as { out: string };
  const orders = reading(file, () => ordersIn(textOf(file)));
  return withIssuer(run, async ({ issuer }) => {
    const result = await assignCards(issuer, commandLine, orders);
    if ('faults' in result) {
      for (const { line, field, message } of result.faults)
        run.out.warn(`${file}${line === 0 ? '' : `, line ${line}`}, ${field}: ${message}`);
      const faults = result.faults.length;
      throw new Failure(
        'orders-faulty',
        `${file} has ${faults} fault${faults === 1 ? '' : 's'}; no card was assigned.`,
        {
          next: 'Mend the file and call this again.',
        },
      );
    }
    const { lines } = result;
    const rows = lines.map(({ serial, holder, product, replaces }) => csvLine([serial, holder, product, replaces]));
    writeFileSync(target, `${['serial,holder,product,replaces', ...rows].join('\n')}\n`, { mode: 0o600 });
    run.out.say(`${lines.length} cards are assigned. The desk works from: ./epurse personalize --batch ${target}`);
    return { assigned: lines.length, file: target };
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
    run.out.say(`${due.length} cards end within ${months} months and have no successor yet.`);
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
      for (const card of cards)
        run.out.say(
          `    ${card.cardId}  ${card.state}  ${card.product}  until ${formatTime(card.expiry).slice(0, 10)}`,
        );
    }
    run.out.say(`${holders.length} holders.`);
    return {
      holders: holders.map(({ id, name, cards }) => ({
        id,
        name,
        cards: cards.map(({ cardId, state, product, expiry }) => ({
          cardId,
          state,
          product,
          expiry: formatTime(expiry),
        })),
      })),
    };
  });
}

function holderOptions(run: Run): { account?: string; reference?: string; note?: string } {
  const { account, reference, note } = run.options as { account?: string; reference?: string; note?: string };
  return {
    ...(account === undefined ? {} : { account }),
    ...(reference === undefined ? {} : { reference }),
    ...(note === undefined ? {} : { note }),
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Failure('file-missing', `The file ${file} cannot be read.`, { cause });
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
