/** Account numbers: IBAN (ISO 13616, check digits after ISO 7064 MOD 97-10) and BIC (ISO 9362). */

/** Length by country, from the IBAN registry; countries that are not in it have none. */
const lengths: Readonly<Record<string, number>> = {
  AD: 24,
  AE: 23,
  AL: 28,
  AT: 20,
  AZ: 28,
  BA: 20,
  BE: 16,
  BG: 22,
  BH: 22,
  BR: 29,
  BY: 28,
  CH: 21,
  CR: 22,
  CY: 28,
  CZ: 24,
  DE: 22,
  DK: 18,
  DO: 28,
  EE: 20,
  EG: 29,
  ES: 24,
  FI: 18,
  FO: 18,
  FR: 27,
  GB: 22,
  GE: 22,
  GI: 23,
  GL: 18,
  GR: 27,
  GT: 28,
  HR: 21,
  HU: 28,
  IE: 22,
  IL: 23,
  IQ: 23,
  IS: 26,
  IT: 27,
  JO: 30,
  KW: 30,
  KZ: 20,
  LB: 28,
  LC: 32,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  LY: 25,
  MC: 27,
  MD: 24,
  ME: 22,
  MK: 19,
  MR: 27,
  MT: 31,
  MU: 30,
  NL: 18,
  NO: 15,
  PK: 24,
  PL: 28,
  PS: 29,
  PT: 25,
  QA: 29,
  RO: 24,
  RS: 22,
  SA: 24,
  SC: 31,
  SD: 18,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  ST: 25,
  SV: 28,
  TL: 23,
  TN: 24,
  TR: 26,
  UA: 29,
  VA: 22,
  VG: 24,
  XK: 20,
};

/** One sentence, or undefined for a good one. @param text as people write it, spaces allowed */
export function ibanFlaw(text: string): string | undefined {
  const iban = compact(text);
  if (!/^[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}$/.test(iban))
    return 'An IBAN is a country, two check digits and up to 30 letters and digits.';
  const country = iban.slice(0, 2);
  const length = lengths[country];
  if (length === undefined) return `No IBAN begins with ${country}.`;
  if (iban.length !== length) return `An IBAN of ${country} has ${length} characters, this has ${iban.length}.`;
  return remainder(iban) === 1n ? undefined : 'The check digits of the IBAN do not hold: something is mistyped.';
}

/** Without spaces, in capitals: how files carry it. */
export function compact(text: string): string {
  return text.replace(/\s/g, '').toUpperCase();
}

/** ISO 7064: country and check digits behind the rest, letters as 10 to 35, modulo 97. */
function remainder(iban: string): bigint {
  const digits = [...iban.slice(4), ...iban.slice(0, 4)].map((char) => parseInt(char, 36).toString()).join('');
  return BigInt(digits) % 97n;
}

/** One sentence, or undefined for a good one. */
export function bicFlaw(text: string): string | undefined {
  return /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(compact(text))
    ? undefined
    : 'A BIC is four letters or digits, a country, two for the place and three or none for the branch.';
}
