package epurse;

import javacard.framework.ISO7816;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.RandomData;

/**
 * INIT LOAD, CREDIT, CANCEL LOAD (docs/protocol.md section 6). A kiosk can neither make nor change a load: the card gives counter and
 * random, the issuer signs them with the terms, the card compares and applies it once. A cut leaves the register as it was or as it will be.
 */
final class Loads {

    private static final short CDATA = ISO7816.OFFSET_CDATA;
    private static final short SIGNATURE_MIN = 8;
    private static final short RANDOM_LENGTH = 8;
    private static final byte KIND_RECORD = 0x01;
    private static final byte KIND_STATEMENT = 0x02;

    private final CardData card;
    private final CardKeys cardKeys;
    private final PublicKeys publicKeys;
    private final Session session;
    private final PurseMemory memory;
    private final Parameters parameters;
    private final TransactionLog log;
    private final LoadRegister register;
    private final Dates dates;
    private final Proofs proofs;
    private final Synchronization synchronization;
    private final RandomData random;
    private final Refusal refusal;
    private final byte[] work;
    private final byte[] answer;

    Loads(Purse purse, Proofs proofs, Dates dates, Synchronization synchronization, LoadRegister register) {
        this.proofs = proofs;
        this.dates = dates;
        this.synchronization = synchronization;
        this.register = register;
        card = purse.card;
        cardKeys = purse.cardKeys;
        publicKeys = purse.publicKeys;
        session = purse.session;
        memory = purse.memory;
        parameters = purse.parameters;
        log = purse.log;
        random = purse.random;
        refusal = purse.refusal;
        work = purse.work;
        answer = purse.answer;
    }

    /** INIT LOAD: with the holder's PIN. The same load asked again gets the same counter and random, with the figures of now. */
    short initLoad(byte[] apdu, short length) {
        Require.p1p2(apdu, Wire.P1_INIT_LOAD, Wire.P2_INIT_LOAD);
        Require.length(length, Wire.INIT_LOAD_REQ_LENGTH);
        refusal.when(!session.pinVerified(), Wire.REASON_PIN_REQUIRED);
        memory.load();
        byte type = apdu[(short) (CDATA + Wire.INIT_LOAD_REQ_TYPE)];
        byte slot = apdu[(short) (CDATA + Wire.INIT_LOAD_REQ_SLOT)];
        short amount = CDATA + Wire.INIT_LOAD_REQ_AMOUNT;
        dates.requireValid(apdu, (short) (CDATA + Wire.INIT_LOAD_REQ_TIME));
        refusal.when(type != Wire.LOAD_TYPE_LOAD && type != Wire.LOAD_TYPE_UNLOAD, Wire.REASON_FORMAT);
        refusal.when(!CardData.hasSlot(slot) || slot == Wire.POINTS_SLOT, Wire.REASON_UNIT);
        refusal.when(U32.isZero(apdu, amount), Wire.REASON_AMOUNT);
        if (register.isPending()) {
            refusal.when(!register.isFor(type, slot, apdu, amount), Wire.REASON_LOAD_PENDING);
        } else {
            startLoad(type, slot, apdu, amount);
        }
        return proofs.statement(Wire.STATEMENT_PURPOSE_INIT_LOAD, answer, Wire.INIT_LOAD_RES_STATEMENT);
    }

    private void startLoad(byte type, byte slot, byte[] apdu, short amount) {
        requireRoom(type, slot, apdu, amount);
        refusal.when(register.start(type, slot, card.data, card.unitOffset(slot), apdu, amount,
            session.data, (short) (Session.TERMINAL + Terminal.ID)), Wire.REASON_COUNTER);
        random.generateData(memory.next, LoadRegister.RANDOM, RANDOM_LENGTH);
        memory.storeRegister();
    }

    /** A load must not pass the maximum balance, an unload not the balance. */
    private void requireRoom(byte type, byte slot, byte[] apdu, short amount) {
        short balance = PurseMemory.balance(slot);
        if (type == Wire.LOAD_TYPE_UNLOAD) {
            refusal.when(U32.compare(apdu, amount, memory.next, balance) > 0, Wire.REASON_BALANCE);
            return;
        }
        U32.copy(memory.next, balance, work, (short) 0);
        boolean beyond = U32.add(work, (short) 0, apdu, amount)
            || U32.compare(work, (short) 0, parameters.data, (short) (Parameters.slot(slot) + Wire.SLOT_PARAMETERS_MAX_BALANCE)) > 0;
        refusal.when(beyond, Wire.REASON_MAX_BALANCE);
    }

    /** CREDIT: the issuer's authorisation. Applied once; presented again it answers with the same record. */
    short credit(byte[] apdu, short length) {
        Require.p1p2(apdu, Wire.P1_CREDIT, Wire.P2_CREDIT);
        Require.length(length, (short) (Wire.CREDIT_REQ_LENGTH + SIGNATURE_MIN), Wire.CREDIT_REQ_MAX);
        memory.load();
        requireAuthorisation(apdu, length);
        refusal.when(!register.matches(apdu, CDATA), Wire.REASON_NO_LOAD);
        switch (register.state()) {
            case Wire.LOAD_STATE_PENDING:
                apply(apdu);
                return proofs.recordWithProof(log.draft, (short) 0, answer, (short) 0);
            case Wire.LOAD_STATE_CREDITED:
                return creditRecord((short) 0);
            default:
                refusal.because(Wire.REASON_NO_LOAD);
                return 0;
        }
    }

    private void requireAuthorisation(byte[] apdu, short length) {
        short end = card.prefix(Wire.DOMAIN_CREDIT_AUTHORISATION, work, (short) 0);
        end = Util.arrayCopyNonAtomic(apdu, CDATA, work, end, Wire.CREDIT_REQ_SIGNATURE);
        short signature = CDATA + Wire.CREDIT_REQ_SIGNATURE;
        refusal.when(!cardKeys.verify(publicKeys.inForce(Wire.KEY_REF_CREDIT), work, (short) 0, end,
            apdu, signature, (short) (length - Wire.CREDIT_REQ_SIGNATURE)), Wire.REASON_SIGNATURE);
    }

    /** Writes the record of the credit and its S3, or refuses if it has left the log. */
    private short creditRecord(short at) {
        short record = log.find(memory.next, LoadRegister.CREDIT_NT);
        if (record < 0) {
            refusal.because(Wire.REASON_NONE, Wire.SW_RECORD_NOT_FOUND);
        }
        return proofs.recordWithProof(log.records(), record, answer, at);
    }

    /** Balance, NT, record, register, A and date in one transaction. An A that does not fit is left alone: the credit goes on. */
    private void apply(byte[] apdu) {
        byte slot = register.slot();
        short balance = PurseMemory.balance(slot);
        boolean unload = register.type() == Wire.LOAD_TYPE_UNLOAD;
        synchronization.advance(apdu, (short) (CDATA + Wire.CREDIT_REQ_ACKNOWLEDGED), (short) (CDATA + Wire.CREDIT_REQ_RUNNING_HASH));
        synchronization.advanceDate(apdu, (short) (CDATA + Wire.CREDIT_REQ_DATE));
        refusal.when(U32.compare(memory.next, PurseMemory.DATE, card.data, Wire.CARD_DATA_EXPIRY) >= 0, Wire.REASON_CARD_EXPIRED);
        refusal.when(memory.unacknowledged() >= Wire.LOG_SIZE, Wire.REASON_LOG_FULL);
        if (unload) {
            refusal.when(U32.subtract(memory.next, balance, memory.next, LoadRegister.AMOUNT), Wire.REASON_BALANCE);
        } else {
            refusal.when(U32.add(memory.next, balance, memory.next, LoadRegister.AMOUNT), Wire.REASON_MAX_BALANCE);
        }
        refusal.when(U32.increment(memory.next, PurseMemory.NT), Wire.REASON_COUNTER);
        register.credit();
        writeRecord(unload ? Wire.RECORD_TYPE_UNLOAD : Wire.RECORD_TYPE_LOAD, slot, apdu);

        JCSystem.beginTransaction();
        memory.storeAll();
        log.append();
        JCSystem.commitTransaction();
    }

    private void writeRecord(byte type, byte slot, byte[] apdu) {
        log.begin(type, session.data, Session.TERMINAL, parameters.data);
        byte[] draft = log.draft;
        draft[Wire.RECORD_SLOT] = slot;
        Util.arrayCopyNonAtomic(card.data, card.unitOffset(slot), draft, Wire.RECORD_UNIT, (short) 2);
        U32.copy(memory.next, LoadRegister.AMOUNT, draft, Wire.RECORD_AMOUNT);
        U32.copy(memory.next, PurseMemory.balance(slot), draft, Wire.RECORD_BALANCE);
        U32.copy(memory.next, PurseMemory.balance((byte) Wire.POINTS_SLOT), draft, Wire.RECORD_POINTS_BALANCE);
        U32.copy(apdu, (short) (CDATA + Wire.CREDIT_REQ_DATE), draft, Wire.RECORD_TIME);
        U32.copy(apdu, (short) (CDATA + Wire.CREDIT_REQ_COUNTER), draft, Wire.RECORD_REF);
    }

    /** CANCEL LOAD: pending becomes cancelled; then, as often as asked, how the load ended. */
    short cancelLoad(byte[] apdu, short length) {
        Require.p1p2(apdu, Wire.P1_CANCEL_LOAD, Wire.P2_CANCEL_LOAD);
        Require.length(length, Wire.CANCEL_LOAD_REQ_LENGTH);
        memory.load();
        refusal.when(!register.hasCounter(apdu, (short) (CDATA + Wire.CANCEL_LOAD_REQ_COUNTER)), Wire.REASON_NO_LOAD);
        if (register.isPending()) {
            register.cancel();
            memory.storeRegister();
        }
        boolean recordKept = register.state() == Wire.LOAD_STATE_CREDITED && log.find(memory.next, LoadRegister.CREDIT_NT) >= 0;
        if (recordKept) {
            answer[Wire.CANCEL_LOAD_RES_KIND] = KIND_RECORD;
            return creditRecord(Wire.CANCEL_LOAD_RES_BODY);
        }
        answer[Wire.CANCEL_LOAD_RES_KIND] = KIND_STATEMENT;
        return proofs.statement(Wire.STATEMENT_PURPOSE_REGISTER, answer, Wire.CANCEL_LOAD_RES_BODY);
    }
}
