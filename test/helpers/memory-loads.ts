/** Loads as an issuer in memory knows them: asked for, authorised by a bank that does as it is told, credited or given up. */
import { Authority, LoadType } from '../../host/protocol/generated/enums.js';
import { creditAuthorisationCodec } from '../../host/protocol/generated/structures.js';
import type { CreditAuthorisationFields, LoadRegisterFields } from '../../host/protocol/generated/structures.js';
import { IssuerError } from '../../host/protocol/issuer/port.js';
import type { Authorisation } from '../../host/protocol/issuer/port.js';
import type { Scheme } from '../../host/protocol/scheme.js';
import { signCreditAuthorisation } from '../../host/protocol/signed/credit-authorisation.js';
import type { Keyring } from '../../host/issuer/pki/keyring.js';

/** What the bank says when it is asked for money. */
export type Bank = (load: { readonly counter: number; readonly amount: number }) => 'yes' | 'no' | 'silent';

export interface Load {
  readonly fields: CreditAuthorisationFields;
  readonly signature: Uint8Array;
  state: 'waiting' | 'authorised' | 'refused' | 'credited' | 'cancelled';
}

export function answerOf({ state, fields, signature }: Load): Authorisation {
  if (state === 'waiting') return { status: 'pending' };
  if (state === 'refused') return { status: 'refused', code: 'funding-declined', message: 'The bank said no.' };
  if (state === 'cancelled') return { status: 'refused', code: 'load-cancelled', message: 'That load was given up.' };
  return { status: 'authorised', authorisation: creditAuthorisationCodec.encode(fields), signature };
}

/** What an issuer signs with, and when. */
export interface Means {
  readonly scheme: Scheme;
  readonly keys: Keyring;
  /** Seconds since 1970. */
  readonly now: number;
}

/**
 * @param heard what of the card's log is acknowledged
 * @param register what INIT LOAD left on the card
 */
export function newLoad(
  { scheme, keys, now }: Means,
  cardId: Uint8Array,
  heard: { readonly acknowledged: number; readonly hash: Uint8Array },
  register: LoadRegisterFields,
): Load {
  const { counter, random, type, slot, unit, amount } = register;
  const known = Object.values(LoadType).find((value) => value === type);
  if (known === undefined) throw new IssuerError('rejected', 'load type');
  const fields = {
    scheme: scheme.id,
    cardId,
    counter,
    random,
    type: known,
    slot,
    unit,
    amount,
    acknowledged: heard.acknowledged,
    runningHash: heard.hash,
    date: now,
  };
  return { fields, signature: signCreditAuthorisation(fields, keys.signer(Authority.credit)), state: 'waiting' };
}

/** Asks the bank about a load that waits for it. */
export function askBank(bank: Bank, load: Load): void {
  const { counter, amount } = load.fields;
  const said = bank({ counter, amount });
  if (said !== 'silent') load.state = said === 'yes' ? 'authorised' : 'refused';
}
