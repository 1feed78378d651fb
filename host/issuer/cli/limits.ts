/** `epurse issuer product|parameters|keys`: what cards are told, and under which keys. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { MoneyError, formatMoney, parseMoney } from '../../protocol/codec/money.js';
import type { Money } from '../../protocol/codec/money.js';
import { formatTime } from '../../protocol/codec/time.js';
import type { Unit } from '../../protocol/codec/units.js';
import { slotOfUnit } from '../../protocol/scheme.js';
import type { ParametersFields, SlotParametersFields } from '../../protocol/generated/structures.js';
import { Failure } from '../../terminal/outcome.js';
import type { Outcome, Run } from '../../cli/command-line.js';
import type { Issuer } from '../service/context.js';
import { keyStatus } from '../service/key-status.js';
import { currentParameters, standardProduct } from '../service/parameters.js';
import { closeProduct, createProduct, listProducts, openProduct, setParameters } from '../service/products.js';
import { commandLine } from './desk.js';
import { withIssuer } from './with-issuer.js';

const amount = z.string();
const slot = z.strictObject({
  maxBalance: amount.optional(),
  maxTransaction: amount.optional(),
  pinlessSingle: amount.optional(),
  pinlessSum: amount.optional(),
  offlineSum: amount.optional(),
  pointsStep: amount.optional(),
});
/** A file of parameters to set: what is left out stays. Amounts are decimals of the unit. */
const change = z.strictObject({
  offlineCount: z.number().int().optional(),
  cancelsBetweenSyncs: z.number().int().optional(),
  slots: z.record(z.string(), slot).optional(),
});

const amounts = ['maxBalance', 'maxTransaction', 'pinlessSingle', 'pinlessSum', 'offlineSum'] as const;

export async function parametersShow(run: Run): Promise<Outcome> {
  const { product } = run.options as { product: string };
  return withIssuer(run, async ({ issuer }) => {
    await openProduct(issuer.store.db, product);
    const { fields } = await currentParameters(issuer.store.db, product);
    const shown = shownParameters(issuer, fields);
    run.out.say(`Product ${product}, parameter set ${fields.version}`);
    run.out.say(`  payments between two syncs: ${fields.offlineCount}, cancels: ${fields.cancelsBetweenSyncs}`);
    for (const [unit, limits] of Object.entries(shown.slots))
      run.out.say(
        `  ${unit}  ${Object.entries(limits)
          .map(([name, value]) => `${name} ${value}`)
          .join(', ')}`,
      );
    return { product, version: fields.version, ...shown };
  });
}

export async function parametersSet(run: Run): Promise<Outcome> {
  const { product } = run.options as { product: string };
  const wanted = changeIn(run.args[0] ?? '');
  return withIssuer(run, async ({ issuer }) => {
    const { fields } = await currentParameters(issuer.store.db, product);
    const { version: _, ...before } = fields;
    const version = await setParameters(issuer, commandLine, product, changed(issuer, before, wanted));
    run.out.say(`Parameter set ${version} of product ${product}. Each card takes it at its next visit to a kiosk.`);
    return { product, version };
  });
}

function changeIn(file: string): z.infer<typeof change> {
  try {
    return change.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new Failure('settings-unreadable', `The parameters ${file} cannot be read: ${why}.`, {
      next: 'Nothing was done. Mend the file; ./epurse issuer parameters show tells what it may name.',
      cause,
    });
  }
}

function changed(
  { scheme }: Issuer,
  before: Omit<ParametersFields, 'version'>,
  wanted: z.infer<typeof change>,
): Omit<ParametersFields, 'version'> {
  const slots = [...before.slots];
  for (const [name, limits] of Object.entries(wanted.slots ?? {})) {
    const unit = scheme.units.find((one) => one.name === name);
    if (unit === undefined) throw new Failure('usage', `No card of this scheme holds "${name}".`);
    const at = slotOfUnit(scheme, unit);
    const old = slots[at];
    if (old !== undefined) slots[at] = { ...old, ...amountsOf(limits, unit) };
  }
  return {
    offlineCount: wanted.offlineCount ?? before.offlineCount,
    cancelsBetweenSyncs: wanted.cancelsBetweenSyncs ?? before.cancelsBetweenSyncs,
    slots,
  };
}

function amountsOf(limits: z.infer<typeof slot>, unit: Unit): Partial<SlotParametersFields> {
  return Object.fromEntries(
    Object.entries(limits).map(([name, text = '']) => [name, Number(limitIn(name, text, unit).amount)]),
  );
}

function limitIn(name: string, text: string, unit: Unit): Money {
  try {
    return parseMoney(text, unit);
  } catch (cause) {
    if (!(cause instanceof MoneyError)) throw cause;
    throw new Failure('usage', `${unit.name}, ${name}: ${cause.message}`, {
      next: 'Nothing was done. Mend the file.',
      cause,
    });
  }
}

function shownParameters({ scheme }: Issuer, { offlineCount, cancelsBetweenSyncs, slots }: ParametersFields) {
  const shown = scheme.units.map((unit, i) => {
    const limits = amounts.map((name) => {
      const value = slots[i]?.[name] ?? 0;
      return [name, formatMoney({ amount: BigInt(value), unit })] as const;
    });
    return [unit.name, Object.fromEntries(limits)] as const;
  });
  return { offlineCount, cancelsBetweenSyncs, slots: Object.fromEntries(shown) };
}

export async function productNew(run: Run): Promise<Outcome> {
  const { label, years } = run.options as { label?: string; years?: string };
  const name = run.args[0] ?? '';
  return withIssuer(run, async ({ issuer }) => {
    const lifetime = years === undefined ? {} : { lifetimeYears: Number(years) };
    await createProduct(issuer, commandLine, { name, label: label ?? name, ...lifetime });
    run.out.say(
      `Product ${name}; its limits are those of ${standardProduct} until issuer parameters set changes them.`,
    );
    return { product: name };
  });
}

export async function productClose(run: Run): Promise<Outcome> {
  const name = run.args[0] ?? '';
  return withIssuer(run, async ({ issuer }) => {
    await closeProduct(issuer, commandLine, name);
    run.out.say(`Product ${name} is closed: no new cards; those in hands go on.`);
    return { product: name };
  });
}

export async function productList(run: Run): Promise<Outcome> {
  return withIssuer(run, async ({ issuer }) => {
    const products = await listProducts(issuer);
    for (const { name, label, closed, parameters } of products)
      run.out.say(`${name.padEnd(16)} ${label}, parameter set ${parameters.version}${closed ? ', closed' : ''}`);
    return {
      products: products.map(({ name, label, closed, parameters }) => ({
        name,
        label,
        closed,
        parameters: parameters.version,
      })),
    };
  });
}

export async function keysShow(run: Run): Promise<Outcome> {
  return withIssuer(run, async ({ issuer }) => {
    const { keys, terminals, cardsExpiring } = await keyStatus(issuer);
    for (const { authority, current, next, earlier, cardsBehind, terminalsBehind } of keys) {
      const behind = [
        ...(earlier.length === 0 ? [] : [`earlier ${earlier.join(', ')}`]),
        ...((cardsBehind ?? 0) === 0 ? [] : [`${cardsBehind} cards have not switched`]),
        ...((terminalsBehind ?? 0) === 0 ? [] : [`${terminalsBehind} terminals are not renewed`]),
      ];
      run.out.say(
        `${authority.padEnd(12)} in use ${current}, successor ${next ?? 'none'}${behind.map((one) => `; ${one}`).join('')}`,
      );
    }
    for (const { terminalId, role, expiry } of terminals)
      run.out.say(`! terminal ${terminalId} (${role}): certificate until ${formatTime(expiry)}`);
    if (cardsExpiring > 0) run.out.say(`! ${cardsExpiring} cards end within 60 days: ./epurse issuer card renewals`);
    return {
      keys: keys.map(({ authority, current, next = null, earlier, cardsBehind = null, terminalsBehind = null }) => ({
        authority,
        current,
        next,
        earlier: [...earlier],
        cardsBehind,
        terminalsBehind,
      })),
      terminals: terminals.map((one) => ({ ...one, expiry: formatTime(one.expiry) })),
      cardsExpiring,
    };
  });
}
