/** The issuer in this process: every method of {@link IssuerPort}, on a store. One SQL transaction each, booked whole or not at all. */
import { IssuerError } from '../protocol/issuer/port.js';
import type { IssuerPort } from '../protocol/issuer/port.js';
import { LedgerError } from './errors.js';
import { uploadBatch } from './service/batches.js';
import { cardActivated, issueCard } from './service/cards.js';
import type { Issuer } from './service/context.js';
import { entryAnswer } from './service/entries.js';
import { hotList } from './service/hot-list.js';
import { blockTaken } from './service/listing.js';
import { authoriseLoad, loadCancelled, loadStatus } from './service/loads.js';
import { orderFor, orderTaken, synchronise } from './service/orders.js';
import { loadCredited } from './service/records.js';

type Method = (...args: never[]) => Promise<unknown>;

/** @param issuer store, scheme, keys, policy, bank and clock; the caller closes the store */
export function localIssuer(issuer: Issuer): IssuerPort {
  return {
    issueCard: guarded((request) => issueCard(issuer, request)),
    cardActivated: guarded((proof) => cardActivated(issuer, proof)),
    orderFor: guarded((request) => orderFor(issuer, request)),
    orderTaken: guarded((proof) => orderTaken(issuer, proof)),
    synchronise: guarded((log) => synchronise(issuer, log)),
    authoriseLoad: guarded((request) => authoriseLoad(issuer, request)),
    loadStatus: guarded((request) => loadStatus(issuer, request)),
    loadCredited: guarded((proof) => loadCredited(issuer, proof)),
    loadCancelled: guarded((proof) => loadCancelled(issuer, proof)),
    hotList: guarded((known) => hotList(issuer, known)),
    blockTaken: guarded((proof) => blockTaken(issuer, proof)),
    uploadBatch: guarded((batch) => uploadBatch(issuer, batch)),
    entryAnswer: guarded((request) => entryAnswer(issuer, request)),
  } satisfies Record<keyof IssuerPort, Method>;
}

/** Terminals learn of an issuer's trouble by code; what is wrong inside stays inside. */
function guarded<A extends unknown[], R>(method: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  return async (...args) => {
    try {
      return await method(...args);
    } catch (cause) {
      throw asIssuerError(cause);
    }
  };
}

export function asIssuerError(cause: unknown): IssuerError {
  if (cause instanceof IssuerError) return cause;
  if (cause instanceof LedgerError) {
    switch (cause.code) {
      case 'conflict':
        return new IssuerError('conflict', cause.message, { cause });
      case 'busy':
      case 'clock':
        return new IssuerError('busy', cause.message, { cause });
      case 'unreachable':
        return new IssuerError('unreachable', cause.message, { cause });
      case 'rule':
        break;
    }
  }
  return new IssuerError('internal', 'The issuer failed; nothing was booked.', { cause });
}
