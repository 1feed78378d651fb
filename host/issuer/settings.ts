/** `issuer/config.json`: the operator's own rules in place of the defaults. Every field may be left out. */
import { z } from 'zod';
import { day } from '../protocol/codec/time.js';
import { units } from '../protocol/codec/units.js';
import { parseMoney } from '../protocol/codec/money.js';
import { readIfThere } from '../terminal/files.js';
import type { Home } from '../terminal/home.js';
import { defaultPolicy } from './domain/policy.js';
import type { Policy } from './domain/policy.js';
import { bankSettings } from './funding/from-settings.js';
import type { BankSettings } from './funding/from-settings.js';
import { bicFlaw, compact, ibanFlaw } from './payout/iban.js';
import { SettingsError } from './settings-error.js';

const days = z.number().positive().max(3650);
/** Decimal amounts by unit: {"EUR": "500.00"}. */
const amounts = z.record(z.string(), z.string());

/** Compact, once it has no flaw. */
function account(flawOf: (text: string) => string | undefined) {
  return z
    .string()
    .superRefine((text, { addIssue }) => {
      const flaw = flawOf(text);
      if (flaw !== undefined) addIssue(flaw);
    })
    .transform(compact);
}

const file = z.strictObject({
  presentationWindowDays: days.optional(),
  hotListAgeDays: days.optional(),
  hotListRenewalDays: days.optional(),
  bankPatienceDays: days.optional(),
  cardDailyLoad: amounts.optional(),
  holderDailyLoad: amounts.optional(),
  washSales: z.strictObject({ sales: z.number().int().min(2), points: z.number().int().min(1) }).optional(),
  debtor: z
    .strictObject({ name: z.string().min(1).max(70), iban: account(ibanFlaw), bic: account(bicFlaw).optional() })
    .optional(),
  bank: bankSettings.optional(),
  merchantCommissionBasisPoints: z.number().int().min(0).max(10_000).optional(),
  cardLifetimeYears: z.number().int().min(1).max(20).optional(),
});

export interface Settings {
  readonly policy: Policy;
  /** Whom loads are funded by; undefined: the simulated bank. */
  readonly bank?: BankSettings;
}

/** @throws SettingsError */
export function readSettings(home: Home): Settings {
  const path = home.path('issuer', 'config.json');
  const content = readIfThere(path);
  if (content === undefined) return { policy: defaultPolicy };
  try {
    const given = file.parse(JSON.parse(new TextDecoder().decode(content)));
    return { policy: policyOf(given), ...(given.bank === undefined ? {} : { bank: given.bank }) };
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : cause instanceof Error ? cause.message : '';
    throw new SettingsError(`The settings ${path} cannot be read: ${why}`, { cause });
  }
}

function policyOf(given: z.infer<typeof file>): Policy {
  return {
    presentationWindow: seconds(given.presentationWindowDays) ?? defaultPolicy.presentationWindow,
    listAge: seconds(given.hotListAgeDays) ?? defaultPolicy.listAge,
    listLongest: defaultPolicy.listLongest,
    listRenewal: seconds(given.hotListRenewalDays) ?? defaultPolicy.listRenewal,
    bankPatience: seconds(given.bankPatienceDays) ?? defaultPolicy.bankPatience,
    cardDaily: limits(given.cardDailyLoad) ?? defaultPolicy.cardDaily,
    holderDaily: limits(given.holderDailyLoad) ?? defaultPolicy.holderDaily,
    washSales:
      given.washSales === undefined
        ? defaultPolicy.washSales
        : { sales: given.washSales.sales, points: BigInt(given.washSales.points) },
    ...(given.debtor === undefined ? {} : { debtor: debtorOf(given.debtor) }),
    merchantCommission: given.merchantCommissionBasisPoints ?? defaultPolicy.merchantCommission,
    cardLifetimeYears: given.cardLifetimeYears ?? defaultPolicy.cardLifetimeYears,
  };
}

function seconds(given: number | undefined): number | undefined {
  return given === undefined ? undefined : Math.round(given * day);
}

function limits(given: Record<string, string> | undefined): Record<string, bigint> | undefined {
  if (given === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(given).map(([name, text]) => {
      const unit = units.find((one) => one.name === name);
      if (unit === undefined) throw new RangeError(`there is no unit "${name}"`);
      return [name, parseMoney(text, unit).amount];
    }),
  );
}

function debtorOf({ name, iban, bic }: NonNullable<z.infer<typeof file>['debtor']>): NonNullable<Policy['debtor']> {
  return { name, iban, ...(bic === undefined ? {} : { bic }) };
}
