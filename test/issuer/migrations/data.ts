/** What a database of each version holds, written as that version wrote it: every later migration runs on it. */

const bytes = (length: number): string => `decode(repeat('ab', ${length}), 'hex')`;

/** Statements to run right after the migration of that name; versions without new tables need none. */
export const dataOf: Readonly<Record<string, readonly string[]>> = {
  '001-ledger': [
    `insert into ledger_event (owner, id, kind, input_hash, booked_at) values
       ('c1', 'load-funded/1', 'load-funded', ${bytes(32)}, 1), ('c1', 'record-booked/1', 'record-booked', ${bytes(32)}, 2),
       ('c2', 'load-funded/1', 'load-funded', ${bytes(32)}, 3)`,
    `insert into transfer (owner, event_id, line, debit_account, debit_party, credit_account, credit_party, unit, amount) values
       ('c1', 'load-funded/1', 0, 'float', '', 'loadsInFlight', 'c1', 978, 5000),
       ('c1', 'record-booked/1', 1, 'loyalty', '', 'cards', 'c1/2', 999, 7),
       ('c1', 'record-booked/1', 0, 'loadsInFlight', 'c1', 'cards', 'c1/0', 978, 5000),
       ('c2', 'load-funded/1', 0, 'float', '', 'loadsInFlight', 'c2', 978, 9007199254740993)`,
  ],
  '002-cards': [
    `insert into holder (holder_id, name, account) values ('h1', 'Ada', 'DE00'), ('h2', 'Änne "x"; --', null)`,
    `insert into card (card_id, serial, sign_point, agree_point, key_version, certificate, card_data, holder_id, state, issued_at,
         expiry, parameters_version, nt, running_hash, load_counter)
       select id, ${bytes(8)}, ${bytes(64)}, ${bytes(64)}, 1, ${bytes(100)}, ${bytes(20)}, holder, 'active', 1, 2000000000, 1, 1, ${bytes(32)}, 1
         from (values ('c1', 'h1'), ('c2', 'h2')) as v (id, holder)`,
    `insert into card_slot (card_id, slot, unit, balance) values ('c1', 0, 978, 5000), ('c2', 0, 978, 0)`,
    `insert into parameter_set (version, parameters, since) values (1, ${bytes(30)}, 0)`,
  ],
  '003-records': [
    `insert into record (card_id, nt, kind, tn, terminal_id, merchant, slot, unit, amount, points, points_unit, points_slot, time,
         content, placement, clearing, seen_at)
       values ('c1', 1, 'load', 0, 't1', '', 0, 978, 5000, 0, 0, 2, 1, ${bytes(55)}, 'placed', 'none', 1),
              ('c2', 1, 'purchase', 7, 't1', 'm1', 0, 978, 250, 0, 999, 2, 2, ${bytes(55)}, 'placed', 'reversed', 2),
              ('c1', 2, 'purchase', 1, 't1', 'm1', 0, 978, 100, 1, 999, 2, 2, ${bytes(55)}, 'waiting', 'claimed', 2)`,
    `insert into signature_seen (card_id, r, message_hash) values ('c1', ${bytes(32)}, ${bytes(32)})`,
    `insert into claim (card_id, nt, kind, merchant, unit, amount, terminal_id, tn, accepted_at, settlement) values
       ('c1', 2, 'sale', 'm1', 978, 100, 't1', 1, 2, null), ('c2', 1, 'sale', 'm1', 978, 250, 't1', 7, 2, 1),
       ('c2', 1, 'reversal', 'm1', 978, 250, 't1', 7, 5, null)`,
    `insert into cancel_order (card_id, cancelled_nt, terminal_id, cancelled_tn, tn, slot, amount, signature) values
       ('c2', 1, 't1', 1, 2, 0, 100, ${bytes(70)})`,
    `insert into voided (card_id, terminal_id, tn, at) values ('c1', 't1', 9, 3)`,
    `insert into payout (card_id, kind, ref, unit, amount, due_at, paid_at) values ('c1', 'unload', 7, 978, 20, 1, null), ('c2', 'holder', 3, 978, 30, 1, 5)`,
  ],
  '004-loads': [
    `insert into load (card_id, counter, kind, slot, unit, amount, random, kiosk_id, holder_id, state, funding, asked_nt,
         authorisation, asked_at) values
       ('c1', 1, 'load', 0, 978, 5000, ${bytes(8)}, 'k1', 'h1', 'credited', 'taken', 0, ${bytes(40)}, 1),
       ('c2', 1, 'load', 0, 978, 700, ${bytes(8)}, 'k1', 'h2', 'asked', 'asked', 0, null, 2)`,
  ],
  '005-terminals': [
    `insert into terminal (terminal_id, role, merchant, point, certificate, effective, expiry, last_batch, last_tn, revoked_at) values
       ('t1', 1, 'm1', ${bytes(64)}, ${bytes(90)}, 0, 2000000000, 1, 1, null), ('t2', 1, 'm2', ${bytes(64)}, ${bytes(90)}, 0, 2000000000, 0, 0, 77)`,
    `insert into batch (terminal_id, number, hash, content, signature, certificate, acknowledgement, acknowledgement_signature, closed_at, accepted_at)
       values ('t1', 1, ${bytes(32)}, ${bytes(200)}, ${bytes(70)}, ${bytes(90)}, ${bytes(50)}, ${bytes(70)}, 2, 3)`,
    `insert into batch_entry (terminal_id, tn, batch, outcome, card_id, unit, amount, result) values ('t1', 1, 1, 'sold', 'c1', 978, 100, 'accepted')`,
    `insert into entry_question (card_id, terminal_id, tn, nt_seen, first_asked) values ('c1', 't1', 8, 4, 5)`,
    `insert into settlement (id, settled_at) values (1, 10)`,
    `insert into settlement_line (settlement, merchant, unit, sales, sold, reversals, reversed) values (1, 'm2', 978, 2, 500, 1, 100)`,
  ],
  '006-orders': [
    `insert into card_order (card_id, type, number, body, signature, key_index, issued_at, reason) values ('c1', 1, 1, ${bytes(12)}, ${bytes(70)}, 0, 4, 'sync')`,
    `insert into listing (card_id, block_number, reason, note, listed_at) values ('c2', 1, 'operator', 'stolen', 6)`,
    `insert into hot_list (version, issued_at, list, signature, content_hash) values (1, 6, ${bytes(30)}, ${bytes(70)}, ${bytes(32)})`,
    `insert into finding (party, kind, subject, detail, found_at) values ('c2', 'balance-chain', 'nt/3', 'Record 3 does not follow.', 7)`,
  ],
  '008-operators': [
    `insert into operator (name, role, salt, hash, log_n, r, p, created_at, password_at) values ('ada', 'operator', ${bytes(16)}, ${bytes(32)}, 15, 8, 1, 1, 1)`,
    `insert into operator_session (id_hash, name, opened_at, seen_at) values (${bytes(32)}, 'ada', 1, 2)`,
    `insert into sign_in_failure (subject, failures, locked_until, last_at) values ('eve', 3, 9, 8)`,
  ],
  '009-keys': [`insert into key_switch (card_id, key_ref, number, ordered_at) values ('c1', 3, 1, 5)`],
  '010-cases': [
    `insert into finding (party, kind, subject, detail, found_at) values ('t1', 'bad-proof', 'tn/4', 'The signature does not hold.', 9)`,
    `insert into merchant_hold (merchant, held_at, reason, released_at) values ('m1', 9, 'case', null), ('m2', 8, 'case', 10)`,
    `insert into merchant_adjustment (merchant, reference, unit, amount, made_at, settlement) values
       ('m1', 'case/1', 978, -50, 9, null), ('m2', 'returned/S1', 978, 400, 9, 1)`,
  ],
  '011-payouts': [
    `insert into merchant (merchant, name, iban, bic, changed_at) values ('m1', 'Baker', null, null, 1)`,
    `insert into payment (owner, reference, kind, ref, unit, amount, payee, iban, state, ordered_at) values ('m2', 'S1-1', 'settlement', 1, 978, 400, 'Shop', 'DE00', 'ordered', 11)`,
  ],
  '012-card-desk': [
    `insert into product (name, label, lifetime_years, since) values ('youth', 'Youth purse', 2, 12)`,
    `insert into parameter_set (version, parameters, since, product) values (2, ${bytes(30)}, 12, 'youth')`,
    `insert into card_stock (card_id, serial, state, delivery, holder_id, product, registered_at, changed_at) values
       ('s1', ${bytes(8)}, 'raw', 'D-1', null, null, 12, 12), ('s2', ${bytes(8)}, 'assigned', 'D-1', 'h1', 'youth', 12, 13)`,
    `insert into record (card_id, nt, kind, tn, terminal_id, merchant, slot, unit, amount, points, points_unit, points_slot, time,
         content, s3, placement, clearing, seen_at)
       values ('c1', 3, 'purchase', 2, 't1', 'm1', 0, 978, 100, 1, 999, 2, 3, ${bytes(55)}, decode('3006020105020107', 'hex'), 'placed', 'open', 3)`,
    `insert into holder (holder_id, name, account, since, reference, note) values ('h3', 'Cleo', null, 12, 'C-17', 'moved')`,
  ],
  '013-traces': [
    `insert into audit_entry (chain, seq, at, actor_kind, actor_name, action, subject, detail, previous, hash, trace) values
       ('issuer', 1, 14, 'operator', 'ada', 'card-blocked', 'card/c1', '{}', ${bytes(32)}, ${bytes(32)}, '4bf92f3577b34da6a3ce929d0e0e4736')`,
  ],
  '014-fees-and-holds': [
    `insert into terminal (terminal_id, role, merchant, point, certificate, effective, expiry, held_at, held_reason) values
       ('t3', 1, 'm1', ${bytes(64)}, ${bytes(90)}, 0, 2000000000, 14, 'looks odd')`,
    `insert into settlement_line (settlement, merchant, unit, sales, sold, reversals, reversed, fee) values (1, 'm1', 978, 4, 1000, 0, 0, 15)`,
  ],
  '018-find-a-trace': [
    `insert into record (card_id, nt, kind, tn, terminal_id, merchant, slot, unit, amount, points, points_unit, points_slot, time,
         content, s3, placement, clearing, seen_at)
       values ('c1', 4, 'purchase', 3, 't1', 'm1', 0, 978, 100, 1, 999, 2, 4, ${bytes(55)}, decode('3006020105020109', 'hex'), 'broken', 'open', 4)`,
    `insert into card (card_id, serial, sign_point, agree_point, key_version, certificate, card_data, holder_id, state, issued_at,
         expiry, parameters_version, nt, running_hash)
       values ('c4', ${bytes(8)}, ${bytes(64)}, ${bytes(64)}, 1, ${bytes(100)}, ${bytes(20)}, 'h1', 'issued', 1, 2000000000, 1, 0, ${bytes(32)})`,
    `insert into card_slot (card_id, slot, unit, balance) values ('c4', 1, 999, 9007199254740993), ('c4', 0, 978, 7)`,
  ],
  '016-transfers-in-their-event': [
    `insert into ledger_event (owner, id, kind, input_hash, booked_at, seq, hash, debits, credits, units, amounts) values
       ('c3', 'card-retired', 'card-retired', ${bytes(32)}, 16, 1, ${bytes(32)}, '{}', '{}', '{}', '{}')`,
  ],
  '020-loads-that-lapse': [
    `insert into load (card_id, counter, kind, slot, unit, amount, random, kiosk_id, holder_id, state, funding, asked_nt, asked_at, decided_at)
       values ('c2', 2, 'load', 0, 978, 700, ${bytes(8)}, 'k1', 'h2', 'lapsed', 'asked', 0, 20, 21)`,
  ],
};
