package epurse;

import javacard.framework.ISO7816;
import javacard.framework.OwnerPIN;
import javacard.framework.Util;

/**
 * GET PROOF and READ LOG: what the card tells of its past. A POS sees its own records and block statements, a kiosk the rest with the
 * holder's PIN (which reading does not use up), a desk without. Nothing is written.
 */
final class LogCommands {

    private static final short CDATA = ISO7816.OFFSET_CDATA;

    private final Session session;
    private final LifeCycle lifeCycle;
    private final PurseMemory memory;
    private final Parameters parameters;
    private final PublicKeys publicKeys;
    private final TransactionLog log;
    private final KeptCancelOrders cancelOrders;
    private final OwnerPIN pin;
    private final Proofs proofs;
    private final Refusal refusal;
    private final byte[] answer;

    LogCommands(Purse purse, Proofs proofs) {
        this.proofs = proofs;
        session = purse.session;
        lifeCycle = purse.lifeCycle;
        memory = purse.memory;
        parameters = purse.parameters;
        publicKeys = purse.publicKeys;
        log = purse.log;
        cancelOrders = purse.cancelOrders;
        pin = purse.pin;
        refusal = purse.refusal;
        answer = purse.answer;
    }

    /** GET PROOF: something signed, by P1. */
    short getProof(byte[] apdu, short length) {
        byte proof = apdu[ISO7816.OFFSET_P1];
        Require.p1p2(apdu, proof, Wire.P2_GET_PROOF);
        switch (proof) {
            case Wire.PROOF_RECORD:
                return recordProof(apdu, length);
            case Wire.PROOF_LOG:
                Require.length(length, (short) 0);
                requireReader();
                memory.load();
                return proofs.statement(Wire.STATEMENT_PURPOSE_LOG, answer, (short) 0);
            case Wire.PROOF_BLOCK:
                Require.length(length, (short) 0);
                return blockProof();
            case Wire.PROOF_CLOSING:
                Require.length(length, (short) 0);
                return closingProof();
            default:
                refusal.because(Wire.REASON_NONE, Wire.SW_WRONG_P1_P2);
                return 0;
        }
    }

    private short recordProof(byte[] apdu, short length) {
        Require.length(length, U32.LENGTH);
        short record = log.find(apdu, CDATA);
        if (record < 0) {
            refuseNotFound();
        }
        if (!session.isTerminal(log.records(), (short) (record + Wire.RECORD_TERMINAL_ID))) {
            requireReader();
        }
        return proofs.recordWithProof(log.records(), record, answer, (short) 0);
    }

    private short blockProof() {
        if (U32.isZero(lifeCycle.data, LifeCycle.BLOCK_NUMBER)) {
            refuseNotFound();
        }
        memory.load();
        return proofs.blockStatement(answer, (short) 0);
    }

    /** The closing statement, of a retired card only; and a retired card has sessions with desks only. */
    private short closingProof() {
        if (lifeCycle.state() != Wire.LIFE_RETIRED) {
            refusal.because(Wire.REASON_LIFE_CYCLE);
        }
        memory.load();
        return proofs.statement(Wire.STATEMENT_PURPOSE_CLOSING, answer, (short) 0);
    }

    /** READ LOG: records, kept cancel orders or totals, by P1. */
    short readLog(byte[] apdu, short length) {
        byte reference = apdu[ISO7816.OFFSET_P2];
        switch (apdu[ISO7816.OFFSET_P1]) {
            case Wire.LOG_VIEW_RECORDS:
                Require.p1p2(apdu, Wire.LOG_VIEW_RECORDS, (byte) 0);
                Require.length(length, U32.LENGTH);
                return records(apdu);
            case Wire.LOG_VIEW_CANCEL_ORDERS:
                requireP2(KeptCancelOrders.isPlace(reference));
                Require.length(length, (short) 0);
                return cancelOrder(reference);
            case Wire.LOG_VIEW_TOTALS:
                Require.p1p2(apdu, Wire.LOG_VIEW_TOTALS, (byte) 0);
                Require.length(length, (short) 0);
                return totals();
            default:
                requireP2(false);
                return 0;
        }
    }

    private void requireP2(boolean known) {
        if (!known) {
            refusal.because(Wire.REASON_NONE, Wire.SW_WRONG_P1_P2);
        }
    }

    private short records(byte[] apdu) {
        requireReader();
        memory.load();
        short end = log.copyFrom(apdu, CDATA, Wire.RECORDS_PER_READ, answer, (short) 0);
        if (end == 0) {
            refuseNotFound();
        }
        return end;
    }

    private short cancelOrder(byte place) {
        requireReader();
        short end = cancelOrders.copy(place, answer, (short) 0);
        if (end == 0) {
            refuseNotFound();
        }
        return end;
    }

    private short totals() {
        requireReader();
        memory.load();
        byte[] next = memory.next;
        short threeNumbers = (short) (Wire.PURSE_SLOTS * U32.LENGTH);
        U32.copy(next, PurseMemory.NT, answer, Wire.TOTALS_NT);
        U32.copy(next, PurseMemory.ACKNOWLEDGED, answer, Wire.TOTALS_ACKNOWLEDGED);
        Util.arrayCopyNonAtomic(next, PurseMemory.BALANCES, answer, Wire.TOTALS_BALANCES, threeNumbers);
        Util.arrayCopyNonAtomic(next, PurseMemory.PINLESS_SUMS, answer, Wire.TOTALS_PINLESS_SUMS, threeNumbers);
        Util.arrayCopyNonAtomic(next, PurseMemory.OFFLINE_SUMS, answer, Wire.TOTALS_OFFLINE_SUMS, threeNumbers);
        answer[Wire.TOTALS_OFFLINE_COUNT] = next[PurseMemory.OFFLINE_COUNT];
        answer[Wire.TOTALS_CANCELS] = next[PurseMemory.CANCELS];
        answer[Wire.TOTALS_PIN_TRIES] = pin.getTriesRemaining();
        U32.copy(next, PurseMemory.DATE, answer, Wire.TOTALS_DATE);
        U32.copy(lifeCycle.data, LifeCycle.ORDER_COUNTER, answer, Wire.TOTALS_ORDER_COUNTER);
        U32.copy(lifeCycle.data, LifeCycle.BLOCK_NUMBER, answer, Wire.TOTALS_BLOCK_NUMBER);
        U32.copy(lifeCycle.data, LifeCycle.UNBLOCK_NUMBER, answer, Wire.TOTALS_UNBLOCK_NUMBER);
        answer[Wire.TOTALS_ORDER_KEY_SWITCHED] = (byte) (publicKeys.hasSwitched(Wire.KEY_REF_ORDER) ? 1 : 0);
        Util.arrayCopyNonAtomic(parameters.data, (short) 0, answer, Wire.TOTALS_PARAMETERS, Wire.PARAMETERS_LENGTH);
        return Wire.TOTALS_LENGTH;
    }

    /** Only a desk, or a kiosk with the holder's PIN, reads what is not its own. */
    private void requireReader() {
        if (session.role() == Wire.ROLE_POS) {
            refusal.because(Wire.REASON_ROLE);
        }
        if (session.role() == Wire.ROLE_LOAD && !session.pinVerified()) {
            refusal.because(Wire.REASON_PIN_REQUIRED);
        }
    }

    private void refuseNotFound() {
        refusal.because(Wire.REASON_NONE, Wire.SW_RECORD_NOT_FOUND);
    }
}
