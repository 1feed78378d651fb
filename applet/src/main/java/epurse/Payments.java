package epurse;

import javacard.framework.ISO7816;
import javacard.framework.JCSystem;
import javacard.framework.Util;

/**
 * DEBIT and CANCEL LAST (docs/protocol.md section 5). All checks and sums are made on the copy of the figures in RAM; then one transaction
 * stores figures and record; then the card signs. A cut leaves all of it or nothing, and a lost signature is made again by GET PROOF.
 */
final class Payments {

    private static final short CDATA = ISO7816.OFFSET_CDATA;
    private static final short SIGNATURE_MIN = 8;
    private static final byte FLAG_PIN_VERIFIED = 0x01;

    /** The newest NT that a purchase may make. */
    private static final byte[] LAST_PURCHASE = {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) (0xFF - Wire.COUNTER_RESERVE)};

    private final CardData card;
    private final CardKeys cardKeys;
    private final Session session;
    private final PurseMemory memory;
    private final Parameters parameters;
    private final TransactionLog log;
    private final KeptCancelOrders cancelOrders;
    private final Dates dates;
    private final Proofs proofs;
    private final Refusal refusal;
    private final byte[] work;
    private final byte[] answer;

    Payments(Purse purse, Proofs proofs, Dates dates) {
        this.proofs = proofs;
        this.dates = dates;
        card = purse.card;
        cardKeys = purse.cardKeys;
        session = purse.session;
        memory = purse.memory;
        parameters = purse.parameters;
        log = purse.log;
        cancelOrders = purse.cancelOrders;
        refusal = purse.refusal;
        work = purse.work;
        answer = purse.answer;
    }

    /** DEBIT: S2 in, S3 out. */
    short debit(byte[] apdu, short length) {
        Require.p1p2(apdu, Wire.P1_DEBIT, Wire.P2_DEBIT);
        Require.length(length, Wire.DEBIT_REQ_LENGTH);
        memory.load();
        byte slot = apdu[(short) (CDATA + Wire.DEBIT_REQ_SLOT)];
        short amount = CDATA + Wire.DEBIT_REQ_AMOUNT;
        dates.requireValid(apdu, (short) (CDATA + Wire.DEBIT_REQ_TIME));
        requireTerminalLimit(slot, apdu, amount);
        refusal.when(U32.isZero(apdu, amount), Wire.REASON_AMOUNT);
        short limits = Parameters.slot(slot);
        refusal.when(U32.compare(apdu, amount, parameters.data, (short) (limits + Wire.SLOT_PARAMETERS_MAX_TRANSACTION)) > 0,
            Wire.REASON_TRANSACTION_LIMIT);
        applyPinRule(slot, limits, apdu, amount);
        applyOfflineLimits(slot, limits, apdu, amount);
        refusal.when(memory.unacknowledged() >= (short) (Wire.LOG_SIZE - Wire.PURCHASE_RESERVE), Wire.REASON_LOG_FULL);
        refusal.when(U32.subtract(memory.next, PurseMemory.balance(slot), apdu, amount), Wire.REASON_BALANCE);
        refusal.when(U32.compare(memory.next, PurseMemory.NT, LAST_PURCHASE, (short) 0) >= 0, Wire.REASON_COUNTER);
        U32.increment(memory.next, PurseMemory.NT);

        beginRecord(Wire.RECORD_TYPE_PURCHASE, slot, apdu, amount);
        awardPoints(slot, limits, apdu, amount);
        U32.copy(apdu, (short) (CDATA + Wire.DEBIT_REQ_TN), log.draft, Wire.RECORD_TN);
        U32.copy(apdu, (short) (CDATA + Wire.DEBIT_REQ_TIME), log.draft, Wire.RECORD_TIME);
        log.draft[Wire.RECORD_FLAGS] = session.pinVerified() ? FLAG_PIN_VERIFIED : 0;
        copyBalances(slot);

        JCSystem.beginTransaction();
        memory.storeSpending();
        log.append();
        JCSystem.commitTransaction();
        return answer();
    }

    /** The unit is granted, and the amount within the grant. */
    private void requireTerminalLimit(byte slot, byte[] apdu, short amount) {
        short limit = -1;
        if (CardData.hasSlot(slot)) {
            limit = session.limitOffset(card.data, card.unitOffset(slot));
        }
        refusal.when(limit < 0, Wire.REASON_UNIT);
        refusal.when(U32.compare(apdu, amount, session.data, limit) > 0, Wire.REASON_TERMINAL_LIMIT);
    }

    /** Without PIN: small amounts, and not too many of them. With PIN the sum starts anew. */
    private void applyPinRule(byte slot, short limits, byte[] apdu, short amount) {
        short sum = PurseMemory.pinlessSum(slot);
        if (session.pinVerified()) {
            U32.clear(memory.next, sum);
            return;
        }
        boolean beyond = U32.compare(apdu, amount, parameters.data, (short) (limits + Wire.SLOT_PARAMETERS_PINLESS_SINGLE)) > 0
            || U32.add(memory.next, sum, apdu, amount)
            || U32.compare(memory.next, sum, parameters.data, (short) (limits + Wire.SLOT_PARAMETERS_PINLESS_SUM)) > 0;
        refusal.when(beyond, Wire.REASON_PIN_REQUIRED);
    }

    private void applyOfflineLimits(byte slot, short limits, byte[] apdu, short amount) {
        short sum = PurseMemory.offlineSum(slot);
        boolean beyond = U32.add(memory.next, sum, apdu, amount)
            || U32.compare(memory.next, sum, parameters.data, (short) (limits + Wire.SLOT_PARAMETERS_OFFLINE_SUM)) > 0;
        refusal.when(beyond, Wire.REASON_OFFLINE_AMOUNT);
        refusal.when((short) (memory.next[PurseMemory.OFFLINE_COUNT] & 0xFF) >= parameters.offlineCount(), Wire.REASON_OFFLINE_COUNT);
        memory.next[PurseMemory.OFFLINE_COUNT]++;
    }

    private void beginRecord(byte type, byte slot, byte[] apdu, short amount) {
        log.begin(type, session.data, Session.TERMINAL, parameters.data);
        log.draft[Wire.RECORD_SLOT] = slot;
        Util.arrayCopyNonAtomic(card.data, card.unitOffset(slot), log.draft, Wire.RECORD_UNIT, (short) 2);
        U32.copy(apdu, amount, log.draft, Wire.RECORD_AMOUNT);
    }

    /** points = floor(amount / step), no more than the loyalty slot may hold; none on what is paid in points. */
    private void awardPoints(byte slot, short limits, byte[] apdu, short amount) {
        short step = (short) (limits + Wire.SLOT_PARAMETERS_POINTS_STEP);
        if (slot == Wire.POINTS_SLOT || U32.isZero(parameters.data, step)) {
            return;
        }
        short pointsBalance = PurseMemory.balance((byte) Wire.POINTS_SLOT);
        U32.divide(apdu, amount, parameters.data, step, log.draft, Wire.RECORD_POINTS, work, (short) 0);
        short most = (short) (Parameters.slot((byte) Wire.POINTS_SLOT) + Wire.SLOT_PARAMETERS_MAX_BALANCE);
        U32.copy(parameters.data, most, work, (short) 0);
        U32.remaining(work, (short) 0, memory.next, pointsBalance);
        U32.limit(log.draft, Wire.RECORD_POINTS, work, (short) 0);
        U32.add(memory.next, pointsBalance, log.draft, Wire.RECORD_POINTS);
    }

    /** Balances after the transaction go into the record. */
    private void copyBalances(byte slot) {
        U32.copy(memory.next, PurseMemory.balance(slot), log.draft, Wire.RECORD_BALANCE);
        U32.copy(memory.next, PurseMemory.balance((byte) Wire.POINTS_SLOT), log.draft, Wire.RECORD_POINTS_BALANCE);
    }

    /** What the terminal cannot rebuild of the record, and S3. DEBIT and CANCEL LAST answer alike. */
    private short answer() {
        U32.copy(log.draft, Wire.RECORD_POINTS, answer, Wire.DEBIT_RES_POINTS);
        U32.copy(log.draft, Wire.RECORD_POINTS_BALANCE, answer, Wire.DEBIT_RES_POINTS_BALANCE);
        answer[Wire.DEBIT_RES_FLAGS] = log.draft[Wire.RECORD_FLAGS];
        Util.arrayCopyNonAtomic(log.draft, Wire.RECORD_PARAMETERS_VERSION, answer, Wire.DEBIT_RES_PARAMETERS_VERSION, (short) 2);
        return proofs.signRecord(log.draft, (short) 0, answer, Wire.DEBIT_RES_S3);
    }

    /**
     * CANCEL LAST: the newest record, whole, once. Balance and points come back; the offline and PIN-less sums do not. The log has room and
     * NT a number, because a purchase leaves PURCHASE_RESERVE places and COUNTER_RESERVE numbers.
     */
    short cancelLast(byte[] apdu, short length) {
        Require.p1p2(apdu, Wire.P1_CANCEL_LAST, Wire.P2_CANCEL_LAST);
        Require.length(length, (short) (Wire.CANCEL_LAST_REQ_LENGTH + SIGNATURE_MIN), Wire.CANCEL_LAST_REQ_MAX);
        memory.load();
        byte slot = apdu[(short) (CDATA + Wire.CANCEL_LAST_REQ_SLOT)];
        short amount = CDATA + Wire.CANCEL_LAST_REQ_AMOUNT;
        dates.requireValid(apdu, (short) (CDATA + Wire.CANCEL_LAST_REQ_TIME));
        short cancelled = requireLastPurchase(slot, apdu, amount);
        refusal.when(memory.next[PurseMemory.CANCELS] >= parameters.cancelsBetweenSyncs(), Wire.REASON_CANCEL_LIMIT);
        U32.increment(memory.next, PurseMemory.NT);
        requireCancelSignature(apdu, length);

        beginRecord(Wire.RECORD_TYPE_CANCEL, slot, apdu, amount);
        undo(slot, cancelled, apdu, amount);
        U32.copy(apdu, (short) (CDATA + Wire.CANCEL_LAST_REQ_TN), log.draft, Wire.RECORD_TN);
        U32.copy(apdu, (short) (CDATA + Wire.CANCEL_LAST_REQ_TIME), log.draft, Wire.RECORD_TIME);
        U32.copy(apdu, (short) (CDATA + Wire.CANCEL_LAST_REQ_CANCELLED_NT), log.draft, Wire.RECORD_REF);
        copyBalances(slot);
        byte place = memory.next[PurseMemory.CANCEL_PLACE];
        memory.next[PurseMemory.CANCEL_PLACE] = KeptCancelOrders.following(place);
        memory.next[PurseMemory.CANCELS]++;

        JCSystem.beginTransaction();
        memory.storeSpending();
        log.append();
        cancelOrders.store(place, apdu, (short) (CDATA + Wire.CANCEL_LAST_REQ_CANCELLED_NT),
            apdu, (short) (CDATA + Wire.CANCEL_LAST_REQ_SIGNATURE), (short) (length - Wire.CANCEL_LAST_REQ_SIGNATURE));
        JCSystem.commitTransaction();
        return answer();
    }

    /** The newest record is the purchase that the order names, made by this terminal. Returns its offset. */
    private short requireLastPurchase(byte slot, byte[] apdu, short amount) {
        short record = log.newest();
        byte[] records = log.records();
        boolean matches = record >= 0
            && records[(short) (record + Wire.RECORD_TYPE)] == Wire.RECORD_TYPE_PURCHASE
            && session.isTerminal(records, (short) (record + Wire.RECORD_TERMINAL_ID))
            && U32.compare(records, (short) (record + Wire.RECORD_NT), apdu, (short) (CDATA + Wire.CANCEL_LAST_REQ_CANCELLED_NT)) == 0
            && U32.compare(records, (short) (record + Wire.RECORD_TN), apdu, (short) (CDATA + Wire.CANCEL_LAST_REQ_CANCELLED_TN)) == 0
            && records[(short) (record + Wire.RECORD_SLOT)] == slot
            && U32.compare(records, (short) (record + Wire.RECORD_AMOUNT), apdu, amount) == 0;
        refusal.when(!matches, Wire.REASON_NOT_LAST);
        return record;
    }

    /** The terminal signs what it cancels, so that it cannot settle it as well. */
    private void requireCancelSignature(byte[] apdu, short length) {
        short end = card.prefix(Wire.DOMAIN_CANCEL_ORDER, work, (short) 0);
        end = Util.arrayCopyNonAtomic(session.data, (short) (Session.TERMINAL + Terminal.ID), work, end, Terminal.ID_LENGTH);
        end = Util.arrayCopyNonAtomic(apdu, (short) (CDATA + Wire.CANCEL_LAST_REQ_CANCELLED_NT), work, end,
            Wire.KEPT_CANCEL_ORDER_SIGNATURE);
        end = Util.arrayCopyNonAtomic(apdu, (short) (CDATA + Wire.CANCEL_LAST_REQ_SLOT), work, end, (short) (1 + U32.LENGTH));
        short signature = CDATA + Wire.CANCEL_LAST_REQ_SIGNATURE;
        refusal.when(!cardKeys.verify(cardKeys.terminalKey(), work, (short) 0, end,
            apdu, signature, (short) (length - Wire.CANCEL_LAST_REQ_SIGNATURE)), Wire.REASON_SIGNATURE);
    }

    /** Nothing has happened since the purchase, so both sums fit; were it otherwise, nothing would be written. */
    private void undo(byte slot, short cancelled, byte[] apdu, short amount) {
        refusal.when(U32.add(memory.next, PurseMemory.balance(slot), apdu, amount), Wire.REASON_MAX_BALANCE);
        U32.copy(log.records(), (short) (cancelled + Wire.RECORD_POINTS), log.draft, Wire.RECORD_POINTS);
        refusal.when(U32.subtract(memory.next, PurseMemory.balance((byte) Wire.POINTS_SLOT), log.draft, Wire.RECORD_POINTS),
            Wire.REASON_BALANCE);
    }
}
