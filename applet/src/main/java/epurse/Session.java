package epurse;

import javacard.framework.JCSystem;
import javacard.framework.Util;

/**
 * The one session there can be: transient, so that reset, deselection and power-off end it. Who the terminal is, how far the
 * session has come, and the secrets that live no longer than it.
 */
final class Session {

    /** Selected, nothing more. Zero, so that clearing memory ends a session. */
    static final byte NONE = 0;
    /** Terminal certificate verified, card nonce given. */
    static final byte PRESENTED = 1;
    /** Keys agreed, CONFIRM SESSION due. */
    static final byte AGREED = 2;
    /** Open and confirmed; the terminal's public key is at hand. */
    static final byte FULL = 3;
    /** Open under the keys of a pair slot, or under the transport keys of a raw card. */
    static final byte RESUMED = 4;

    static final short STATE = 0; // 1
    static final short SLOT = STATE + 1; // 1, purse slot of S1
    private static final short PIN_VERIFIED = SLOT + 1; // 1
    private static final short ENDING = PIN_VERIFIED + 1; // 1
    static final short REASON = ENDING + 1; // 1, of the refusal under way
    static final short TERMINAL = REASON + 1; // Terminal.LENGTH
    static final short CARD_NONCE = TERMINAL + Terminal.LENGTH; // 16
    static final short PAIR_KEYS = CARD_NONCE + Wire.NONCE_LENGTH; // 32, from OPEN full to CONFIRM
    private static final short LENGTH = PAIR_KEYS + 32;

    final byte[] data = JCSystem.makeTransientByteArray(LENGTH, JCSystem.CLEAR_ON_DESELECT);

    /** Forgets everything: no session. */
    void end() {
        Util.arrayFillNonAtomic(data, (short) 0, LENGTH, (byte) 0);
    }

    byte state() {
        return data[STATE];
    }

    void become(byte state) {
        data[STATE] = state;
    }

    /** Whether commands of class 84 can be unwrapped. */
    boolean hasKeys() {
        return data[STATE] >= AGREED;
    }

    byte role() {
        return data[(short) (TERMINAL + Terminal.ROLE)];
    }

    byte slot() {
        return data[SLOT];
    }

    boolean isTerminal(byte[] other, short offset) {
        return Util.arrayCompare(data, (short) (TERMINAL + Terminal.ID), other, offset, Terminal.ID_LENGTH) == 0;
    }

    boolean pinVerified() {
        return data[PIN_VERIFIED] != 0;
    }

    void setPinVerified(boolean verified) {
        data[PIN_VERIFIED] = (byte) (verified ? 1 : 0);
    }

    /** Lets the command at hand be answered; then the session is over. */
    void endAfterAnswer() {
        data[ENDING] = 1;
    }

    boolean isEnding() {
        return data[ENDING] != 0;
    }

    /**
     * Where the terminal's limit for a unit is.
     *
     * @param unit array and offset of the unit's two bytes
     * @return offset in {@link #data} of the limit (4 bytes), or -1 if the certificate does not grant the unit
     */
    short limitOffset(byte[] unit, short unitOffset) {
        byte count = data[(short) (TERMINAL + Terminal.LIMIT_COUNT)];
        short entry = TERMINAL + Terminal.LIMITS;
        for (byte i = 0; i < count; i++) {
            if (Util.arrayCompare(data, (short) (entry + Wire.UNIT_LIMIT_UNIT), unit, unitOffset, (short) 2) == 0) {
                return (short) (entry + Wire.UNIT_LIMIT_LIMIT);
            }
            entry = (short) (entry + Wire.UNIT_LIMIT_LENGTH);
        }
        return -1;
    }
}
