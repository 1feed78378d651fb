/** Forward migrations, in order. A migration that was released is never edited: what it got wrong is mended by the next. */
import type { Migration, MigrationProvider } from 'kysely';
import * as ledger from './001-ledger.js';
import * as cards from './002-cards.js';
import * as records from './003-records.js';
import * as loads from './004-loads.js';
import * as terminals from './005-terminals.js';
import * as orders from './006-orders.js';
import * as hashChains from './007-hash-chains.js';
import * as operators from './008-operators.js';
import * as keys from './009-keys.js';
import * as cases from './010-cases.js';
import * as payouts from './011-payouts.js';
import * as cardDesk from './012-card-desk.js';
import * as traces from './013-traces.js';
import * as feesAndHolds from './014-fees-and-holds.js';
import * as fewerRows from './015-fewer-rows.js';
import * as transfersInTheirEvent from './016-transfers-in-their-event.js';
import * as claimsInTheirRecord from './017-claims-in-their-record.js';
import * as findATrace from './018-find-a-trace.js';
import * as whatAPaymentChanges from './019-what-a-payment-changes.js';
import * as loadsThatLapse from './020-loads-that-lapse.js';

export const migrations: Readonly<Record<string, Migration>> = {
  '001-ledger': ledger,
  '002-cards': cards,
  '003-records': records,
  '004-loads': loads,
  '005-terminals': terminals,
  '006-orders': orders,
  '007-hash-chains': hashChains,
  '008-operators': operators,
  '009-keys': keys,
  '010-cases': cases,
  '011-payouts': payouts,
  '012-card-desk': cardDesk,
  '013-traces': traces,
  '014-fees-and-holds': feesAndHolds,
  '015-fewer-rows': fewerRows,
  '016-transfers-in-their-event': transfersInTheirEvent,
  '017-claims-in-their-record': claimsInTheirRecord,
  '018-find-a-trace': findATrace,
  '019-what-a-payment-changes': whatAPaymentChanges,
  '020-loads-that-lapse': loadsThatLapse,
};

export const migrationProvider: MigrationProvider = { getMigrations: async () => ({ ...migrations }) };
