/** The parameter set that cards are issued with; later sets are added under higher versions and travel as orders. */
import { parametersCodec } from '../../protocol/generated/structures.js';
import type { ParametersFields, SlotParametersFields } from '../../protocol/generated/structures.js';
import type { Unit } from '../../protocol/codec/units.js';
import type { Db } from '../store/database.js';
import { isLoyalty } from '../domain/accounts.js';

/** The product of every card that is given no other. */
export const standardProduct = 'standard';

const none = 0;

/** Limits of the first set, in whole units of the currency: purse 500, payment 150, without PIN 25 and 75 together. */
export function firstParameters(units: readonly Unit[]): ParametersFields {
  return { version: 1, offlineCount: 20, cancelsBetweenSyncs: 4, slots: units.map(slotParameters) };
}

function slotParameters(unit: Unit): SlotParametersFields {
  const whole = 10 ** unit.digits;
  if (isLoyalty(unit)) {
    const points = { maxBalance: 1_000_000, maxTransaction: 100_000, pinlessSingle: 5_000, pinlessSum: 20_000 };
    return { ...points, offlineSum: 200_000, pointsStep: none };
  }
  return {
    maxBalance: 500 * whole,
    maxTransaction: 150 * whole,
    pinlessSingle: 25 * whole,
    pinlessSum: 75 * whole,
    offlineSum: 300 * whole,
    pointsStep: whole,
  };
}

/** Stores the first set where there is none. */
export async function ensureParameters(db: Db, units: readonly Unit[], now: number): Promise<void> {
  const first = firstParameters(units);
  await db
    .insertInto('parameter_set')
    .values({ version: first.version, parameters: parametersCodec.encode(first), since: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export interface ParameterSet {
  readonly version: number;
  /** Structure `parameters`. */
  readonly parameters: Uint8Array;
  readonly fields: ParametersFields;
}

/** The newest set of a product, as its cards take it; a product without one of its own goes by the standard's. */
export async function currentParameters(db: Db, product: string = standardProduct): Promise<ParameterSet> {
  const row = await db
    .selectFrom('parameter_set')
    .select(['version', 'parameters'])
    .where('product', 'in', [product, standardProduct])
    .orderBy((order) => order('product', '=', product), 'desc')
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  return setOf(row);
}

/** The set with a version, which a card was issued with. */
export async function parametersOf(db: Db, version: number): Promise<ParameterSet> {
  return setOf(
    await db
      .selectFrom('parameter_set')
      .select(['version', 'parameters'])
      .where('version', '=', version)
      .executeTakeFirstOrThrow(),
  );
}

function setOf({ version, parameters }: { version: number; parameters: Uint8Array }): ParameterSet {
  return { version, parameters: new Uint8Array(parameters), fields: parametersCodec.decode(parameters) };
}
