package epurse;

import javacard.framework.ISO7816;
import javacard.framework.JCSystem;
import javacard.framework.Util;

/**
 * PUT ORDER: what the issuer orders, signed with its order key for this card (docs/protocol.md section 7). Each order is one transaction,
 * together with its counter and, where it is the first under the next order key, with the retirement of the current one. PIN reset alone takes
 * three steps; a cut between them leaves a blocked card that takes the same order again.
 */
final class Orders {

    private static final short CDATA = ISO7816.OFFSET_CDATA;
    private static final short SIGNATURE_MIN = 8;
    private static final byte CURRENT_KEY = 0;
    private static final byte NEXT_KEY = 1;

    private final CardData card;
    private final CardKeys cardKeys;
    private final PublicKeys publicKeys;
    private final PairSlots pairs;
    private final Session session;
    private final LifeCycle lifeCycle;
    private final PurseMemory memory;
    private final Parameters parameters;
    private final LoadRegister register;
    private final PinCommands pins;
    private final Proofs proofs;
    private final Synchronization synchronization;
    private final Refusal refusal;
    private final byte[] work;
    private final byte[] answer;

    Orders(Purse purse, Proofs proofs, Synchronization synchronization, LoadRegister register, PinCommands pins) {
        this.proofs = proofs;
        this.synchronization = synchronization;
        this.register = register;
        this.pins = pins;
        card = purse.card;
        cardKeys = purse.cardKeys;
        publicKeys = purse.publicKeys;
        pairs = purse.pairs;
        session = purse.session;
        lifeCycle = purse.lifeCycle;
        memory = purse.memory;
        parameters = purse.parameters;
        refusal = purse.refusal;
        work = purse.work;
        answer = purse.answer;
    }

    /** PUT ORDER: P1 the type, P2 the order key: 0 the first, 1 its successor. */
    short putOrder(byte[] apdu, short length) {
        byte type = apdu[ISO7816.OFFSET_P1];
        byte key = apdu[ISO7816.OFFSET_P2];
        short bodyLength = bodyLength(type);
        if (bodyLength < 0 || (key != CURRENT_KEY && key != NEXT_KEY)) {
            refusal.because(Wire.REASON_NONE, Wire.SW_WRONG_P1_P2);
        }
        short signature = type == Wire.ORDER_TYPE_PIN_RESET ? (short) (bodyLength + Wire.PIN_BLOCK_LENGTH) : bodyLength;
        Require.length(length, (short) (signature + SIGNATURE_MIN), (short) (signature + Wire.SIGNATURE_MAX));
        requireRole(type);
        refusal.when(key == CURRENT_KEY && publicKeys.hasSwitched(Wire.KEY_REF_ORDER), Wire.REASON_KEY);
        requireSignature(type, key, apdu, bodyLength, signature, length);
        memory.load();
        return obey(type, key, apdu);
    }

    private static short bodyLength(byte type) {
        switch (type) {
            case Wire.ORDER_TYPE_PARAMETERS:
                return Wire.ORDER_PARAMETERS_LENGTH;
            case Wire.ORDER_TYPE_UNBLOCK:
                return Wire.ORDER_UNBLOCK_LENGTH;
            case Wire.ORDER_TYPE_PIN_RESET:
                return Wire.ORDER_PIN_RESET_LENGTH;
            case Wire.ORDER_TYPE_RETIRE:
                return Wire.ORDER_RETIRE_LENGTH;
            case Wire.ORDER_TYPE_KEY_SWITCH:
                return Wire.ORDER_KEY_SWITCH_LENGTH;
            case Wire.ORDER_TYPE_BLOCK:
                return Wire.ORDER_BLOCK_LENGTH;
            case Wire.ORDER_TYPE_SYNC:
                return Wire.ORDER_SYNC_LENGTH;
            default:
                return -1;
        }
    }

    /** Anybody carries a block order; kiosks and desks what keeps a card going; desks alone what frees or ends it. */
    private void requireRole(byte type) {
        byte roles;
        switch (type) {
            case Wire.ORDER_TYPE_BLOCK:
                roles = Wire.ROLE_POS | Wire.ROLE_LOAD | Wire.ROLE_PERSO;
                break;
            case Wire.ORDER_TYPE_PARAMETERS:
            case Wire.ORDER_TYPE_KEY_SWITCH:
            case Wire.ORDER_TYPE_SYNC:
                roles = Wire.ROLE_LOAD | Wire.ROLE_PERSO;
                break;
            default:
                roles = Wire.ROLE_PERSO;
        }
        refusal.when((byte) (roles & session.role()) == 0, Wire.REASON_ROLE);
    }

    private void requireSignature(byte type, byte key, byte[] apdu, short bodyLength, short signature, short length) {
        short end = card.prefix(Wire.DOMAIN_ORDER, work, (short) 0);
        work[end] = type;
        end = Util.arrayCopyNonAtomic(apdu, CDATA, work, (short) (end + 1), bodyLength);
        byte reference = key == NEXT_KEY ? Wire.KEY_REF_ORDER_NEXT : Wire.KEY_REF_ORDER;
        refusal.when(!cardKeys.verify(publicKeys.get(reference), work, (short) 0, end,
            apdu, (short) (CDATA + signature), (short) (length - signature)), Wire.REASON_SIGNATURE);
    }

    private short obey(byte type, byte key, byte[] apdu) {
        switch (type) {
            case Wire.ORDER_TYPE_PARAMETERS:
                return setParameters(key, apdu);
            case Wire.ORDER_TYPE_UNBLOCK:
                return unblock(key, apdu);
            case Wire.ORDER_TYPE_PIN_RESET:
                return resetPin(key, apdu);
            case Wire.ORDER_TYPE_RETIRE:
                return retire(key, apdu);
            case Wire.ORDER_TYPE_KEY_SWITCH:
                return switchKey(key, apdu);
            case Wire.ORDER_TYPE_BLOCK:
                return block(key, apdu);
            default:
                return synchronize(key, apdu);
        }
    }

    private short setParameters(byte key, byte[] apdu) {
        short set = CDATA + Wire.ORDER_PARAMETERS_PARAMETERS;
        requireNextOrder(apdu);
        refusal.when(!Parameters.isValid(apdu, set), Wire.REASON_FORMAT);
        refusal.when(!parameters.isNewer(apdu, set), Wire.REASON_STALE);
        begin(key);
        countOrder(apdu);
        parameters.store(apdu, set);
        JCSystem.commitTransaction();
        return 0;
    }

    /** Takes the block flag away, nothing else. Block orders issued until now are dead from here on. */
    private short unblock(byte key, byte[] apdu) {
        short highest = CDATA + Wire.ORDER_UNBLOCK_HIGHEST_BLOCK_NUMBER;
        requireNextOrder(apdu);
        refusal.when(U32.compare(apdu, highest, lifeCycle.data, LifeCycle.BLOCK_NUMBER) < 0
            || U32.compare(apdu, highest, lifeCycle.data, LifeCycle.UNBLOCK_NUMBER) < 0, Wire.REASON_STALE);
        begin(key);
        countOrder(apdu);
        Util.arrayCopy(apdu, highest, lifeCycle.data, LifeCycle.UNBLOCK_NUMBER, U32.LENGTH);
        lifeCycle.setBlocked(false);
        JCSystem.commitTransaction();
        return 0;
    }

    /** The card is blocked from the first step to the last; the counter moves with the last, so the order stays due until all is done. */
    private short resetPin(byte key, byte[] apdu) {
        short newPin = CDATA + Wire.ORDER_PIN_RESET_LENGTH;
        requireNextOrder(apdu);
        pins.requireFormat(apdu, newPin);
        lifeCycle.setResetting(true);
        pins.set(apdu, newPin);
        begin(key);
        countOrder(apdu);
        lifeCycle.setResetting(false);
        JCSystem.commitTransaction();
        return 0;
    }

    private short retire(byte key, byte[] apdu) {
        requireNextOrder(apdu);
        begin(key);
        countOrder(apdu);
        lifeCycle.retire();
        if (register.isPending()) {
            register.cancel();
            memory.storeRegister();
        }
        pairs.clear();
        JCSystem.commitTransaction();
        session.endAfterAnswer();
        return proofs.statement(Wire.STATEMENT_PURPOSE_CLOSING, answer, (short) 0);
    }

    /** Each key has one successor; what was agreed under the old one is forgotten. */
    private short switchKey(byte key, byte[] apdu) {
        byte reference = apdu[(short) (CDATA + Wire.ORDER_KEY_SWITCH_KEY)];
        requireNextOrder(apdu);
        refusal.when(reference != Wire.KEY_REF_TERMINAL_CA && reference != Wire.KEY_REF_POS_CA && reference != Wire.KEY_REF_CREDIT,
            Wire.REASON_FORMAT);
        refusal.when(publicKeys.hasSwitched(reference), Wire.REASON_KEY);
        begin(key);
        countOrder(apdu);
        publicKeys.switchToNext(reference);
        pairs.clear();
        JCSystem.commitTransaction();
        session.endAfterAnswer();
        return 0;
    }

    /** Numbers of their own, made in advance: any above that of the last unblock blocks, again and again. */
    private short block(byte key, byte[] apdu) {
        short number = CDATA + Wire.ORDER_BLOCK_BLOCK_NUMBER;
        refusal.when(U32.compare(apdu, number, lifeCycle.data, LifeCycle.UNBLOCK_NUMBER) <= 0, Wire.REASON_STALE);
        begin(key);
        lifeCycle.setBlocked(true);
        if (U32.compare(apdu, number, lifeCycle.data, LifeCycle.BLOCK_NUMBER) > 0) {
            Util.arrayCopy(apdu, number, lifeCycle.data, LifeCycle.BLOCK_NUMBER, U32.LENGTH);
        }
        pairs.clear();
        JCSystem.commitTransaction();
        session.endAfterAnswer();
        return proofs.blockStatement(answer, (short) 0);
    }

    private short synchronize(byte key, byte[] apdu) {
        byte result = synchronization.advance(apdu, (short) (CDATA + Wire.ORDER_SYNC_ACKNOWLEDGED),
            (short) (CDATA + Wire.ORDER_SYNC_RUNNING_HASH));
        refusal.when(result == Synchronization.STALE, Wire.REASON_STALE);
        refusal.when(result == Synchronization.MISMATCH, Wire.REASON_FORMAT);
        synchronization.advanceDate(apdu, (short) (CDATA + Wire.ORDER_SYNC_DATE));
        begin(key);
        memory.storeAll();
        JCSystem.commitTransaction();
        return 0;
    }

    /** The order carries exactly the card's counter + 1, at the beginning of its body. */
    private void requireNextOrder(byte[] apdu) {
        U32.copy(lifeCycle.data, LifeCycle.ORDER_COUNTER, work, (short) 0);
        refusal.when(U32.increment(work, (short) 0), Wire.REASON_COUNTER);
        refusal.when(U32.compare(work, (short) 0, apdu, CDATA) != 0, Wire.REASON_STALE);
    }

    /** Opens the order's transaction; the first order under the next key retires the current one. */
    private void begin(byte key) {
        JCSystem.beginTransaction();
        if (key == NEXT_KEY && !publicKeys.hasSwitched(Wire.KEY_REF_ORDER)) {
            publicKeys.switchToNext(Wire.KEY_REF_ORDER);
        }
    }

    private void countOrder(byte[] apdu) {
        Util.arrayCopy(apdu, CDATA, lifeCycle.data, LifeCycle.ORDER_COUNTER, U32.LENGTH);
    }
}
