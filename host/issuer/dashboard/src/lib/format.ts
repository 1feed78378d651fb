/** Amounts, times and numbers as the reader's language writes them. Amounts stay text: no digit is lost to floating point. */
import type { MoneyJson } from '../../../../protocol/codec/money.js';
import type { Language } from './preferences.svelte.js';

const locales: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };

type DecimalText = `${number}`;

/** "1234.50" EUR → "€1,234.50" or "1.234,50 €"; a unit that is no currency keeps its name: "12 PTS". */
export function formatMoney({ amount, unit }: MoneyJson, language: Language): string {
  if (!isDecimal(amount)) return `${amount} ${unit}`;
  const digits = amount.split('.')[1]?.length ?? 0;
  const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  if (!isCurrency(unit)) return `${new Intl.NumberFormat(locales[language], fraction).format(amount)} ${unit}`;
  return new Intl.NumberFormat(locales[language], { style: 'currency', currency: unit, ...fraction }).format(amount);
}

function isDecimal(text: string): text is DecimalText {
  return /^-?\d+(\.\d+)?$/.test(text);
}

const currencies = new Set(Intl.supportedValuesOf('currency'));

function isCurrency(unit: string): boolean {
  return currencies.has(unit);
}

/** Minor units of an amount, for comparing and for drawing. */
export function minorUnits(amount: string): bigint {
  return BigInt(amount.replace('.', ''));
}

/** @param seconds since 1970 */
export function formatTime(seconds: number, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], { dateStyle: 'medium', timeStyle: 'short' }).format(seconds * 1000);
}

export function formatDate(seconds: number, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], { dateStyle: 'medium' }).format(seconds * 1000);
}

export function formatCount(count: number | bigint, language: Language): string {
  return new Intl.NumberFormat(locales[language]).format(count);
}

/** Seconds as the machine writes them, for `<time datetime>`. */
export function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** "in 3 days", "vor 2 Stunden". */
export function formatDistance(seconds: number, now: number, language: Language): string {
  const away = seconds - now;
  const [unit, size] = steps.find(([, least]) => Math.abs(away) >= least) ?? (['minute', 60] as const);
  return new Intl.RelativeTimeFormat(locales[language], { numeric: 'auto' }).format(Math.round(away / size), unit);
}

const steps = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
] as const;

/** A day that began at midnight UTC. */
export function formatDay(seconds: number, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], { dateStyle: 'medium', timeZone: 'UTC' }).format(seconds * 1000);
}

/** The same below a bar: "22.11." or "22/11". */
export function formatDayShort(seconds: number, language: Language): string {
  const format = { day: 'numeric', month: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(locales[language], format).format(seconds * 1000);
}
