package epurse;

import javacard.framework.Util;

/** The load register, in the RAM copy of the figures: one load or unload at a time, from asked for to credited or cancelled. */
final class LoadRegister {

    private static final short RANDOM_LENGTH = 8;

    private static final short COUNTER = PurseMemory.REGISTER + Wire.LOAD_REGISTER_COUNTER;
    private static final short STATE = PurseMemory.REGISTER + Wire.LOAD_REGISTER_STATE;
    private static final short TYPE = PurseMemory.REGISTER + Wire.LOAD_REGISTER_TYPE;
    private static final short SLOT = PurseMemory.REGISTER + Wire.LOAD_REGISTER_SLOT;
    private static final short UNIT = PurseMemory.REGISTER + Wire.LOAD_REGISTER_UNIT;
    static final short AMOUNT = PurseMemory.REGISTER + Wire.LOAD_REGISTER_AMOUNT;
    static final short RANDOM = PurseMemory.REGISTER + Wire.LOAD_REGISTER_RANDOM;
    private static final short TERMINAL_ID = PurseMemory.REGISTER + Wire.LOAD_REGISTER_TERMINAL_ID;
    static final short CREDIT_NT = PurseMemory.REGISTER + Wire.LOAD_REGISTER_CREDIT_NT;
    private static final short PREVIOUS_STATE = PurseMemory.REGISTER + Wire.LOAD_REGISTER_PREVIOUS_STATE;

    /** Type, slot, unit and amount stand together here and in an authorisation. */
    private static final short TERMS_LENGTH = RANDOM - TYPE;

    private final byte[] next;

    LoadRegister(PurseMemory memory) {
        next = memory.next;
    }

    byte state() {
        return next[STATE];
    }

    byte type() {
        return next[TYPE];
    }

    byte slot() {
        return next[SLOT];
    }

    boolean isPending() {
        return next[STATE] == Wire.LOAD_STATE_PENDING;
    }

    boolean hasCounter(byte[] counter, short offset) {
        return next[STATE] != Wire.LOAD_STATE_NONE && U32.compare(next, COUNTER, counter, offset) == 0;
    }

    /** Whether the load at hand is of this type, slot and amount. */
    boolean isFor(byte type, byte slot, byte[] amount, short amountOffset) {
        return next[TYPE] == type && next[SLOT] == slot && U32.compare(next, AMOUNT, amount, amountOffset) == 0;
    }

    /**
     * Whether an authorisation is for the load at hand: counter, random, type, slot, unit and amount.
     *
     * @param request CREDIT request
     */
    boolean matches(byte[] request, short offset) {
        return hasCounter(request, (short) (offset + Wire.CREDIT_REQ_COUNTER))
            && Util.arrayCompare(next, RANDOM, request, (short) (offset + Wire.CREDIT_REQ_RANDOM), RANDOM_LENGTH) == 0
            && Util.arrayCompare(next, TYPE, request, (short) (offset + Wire.CREDIT_REQ_TYPE), TERMS_LENGTH) == 0;
    }

    /** Starts a new load; the random follows. True if the load counter has come to its end: nothing is started then. */
    boolean start(byte type, byte slot, byte[] unit, short unitOffset, byte[] amount, short amountOffset, byte[] terminalId, short idOffset) {
        if (U32.isLast(next, COUNTER)) {
            return true;
        }
        next[PREVIOUS_STATE] = next[STATE];
        U32.increment(next, COUNTER);
        next[STATE] = Wire.LOAD_STATE_PENDING;
        next[TYPE] = type;
        next[SLOT] = slot;
        Util.arrayCopyNonAtomic(unit, unitOffset, next, UNIT, (short) 2);
        U32.copy(amount, amountOffset, next, AMOUNT);
        Util.arrayCopyNonAtomic(terminalId, idOffset, next, TERMINAL_ID, Terminal.ID_LENGTH);
        U32.clear(next, CREDIT_NT);
        return false;
    }

    /** The load becomes record NT of the RAM copy. */
    void credit() {
        next[STATE] = Wire.LOAD_STATE_CREDITED;
        U32.copy(next, PurseMemory.NT, next, CREDIT_NT);
    }

    void cancel() {
        next[STATE] = Wire.LOAD_STATE_CANCELLED;
    }
}
