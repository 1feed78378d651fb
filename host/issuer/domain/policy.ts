/** The issuer's rules that are no protocol: windows, limits, ages. Times in seconds. */

export interface Policy {
  /** After a sale: how long a merchant may present it, and how long a closing balance waits. */
  readonly presentationWindow: number;
  /** Oldest hot list under which a POS sells without a floor limit. */
  readonly listAge: number;
  /** The newest list is issued anew after this time, so that terminals can tell a quiet issuer from a dead one. */
  readonly listRenewal: number;
  /** A load that the bank has not answered for so long is ended, and what it took is asked back. */
  readonly bankPatience: number;
  /** Entries a hot list holds at most; its wire format counts them with 16 bits. */
  readonly listLongest: number;
  /** Most one card may load in a day, minor units by unit name. */
  readonly cardDaily: Readonly<Record<string, bigint>>;
  /** Most one holder may load in a day over all his cards. */
  readonly holderDaily: Readonly<Record<string, bigint>>;
  /** So many sales with points, and so many points, of one holder at one terminal in a day look like no trade. */
  readonly washSales: { readonly sales: number; readonly points: bigint };
  /** The scheme's own account, from which merchants and holders are paid by file; undefined: the funding port pays. */
  readonly debtor?: { readonly name: string; readonly iban: string; readonly bic?: string };
  /** Commission on what merchants are settled, basis points of sales less cancels; points are free of it. */
  readonly merchantCommission: number;
  /** R8. */
  readonly cardLifetimeYears: number;
}

const day = 86_400;

export const defaultPolicy: Policy = {
  presentationWindow: 30 * day,
  listAge: day,
  listRenewal: day / 2,
  bankPatience: 3 * day,
  listLongest: 65_535,
  cardDaily: { EUR: 500_00n, USD: 500_00n },
  holderDaily: { EUR: 1_000_00n, USD: 1_000_00n },
  washSales: { sales: 10, points: 500n },
  merchantCommission: 0,
  cardLifetimeYears: 5,
};

/** Span over which loads are added up. */
export const limitPeriod = day;
