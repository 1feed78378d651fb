package epurse;

import javacard.framework.JCSystem;
import javacard.framework.Util;

/**
 * The running figures of the purse: persistent in one array, and a copy in RAM that a command changes freely before anything is
 * written. What a debit changes comes first, so that one transaction with two copies, figures and record, is the whole debit.
 *
 * <p>What a tear leaves: the old figures with the old log, or the new figures with the new record; nothing between, because both
 * copies are in one transaction of at most {@code LENGTH + RECORD_LENGTH} bytes of commit buffer.
 */
final class PurseMemory {

    static final short NT = 0; // u32, number of the newest record
    static final short BALANCES = NT + U32.LENGTH; // u32 per slot
    static final short PINLESS_SUMS = BALANCES + Wire.PURSE_SLOTS * U32.LENGTH; // u32 per slot, debits without PIN
    static final short OFFLINE_SUMS = PINLESS_SUMS + Wire.PURSE_SLOTS * U32.LENGTH; // u32 per slot, debits after A
    static final short OFFLINE_COUNT = OFFLINE_SUMS + Wire.PURSE_SLOTS * U32.LENGTH; // u8, debits after A
    static final short CANCELS = OFFLINE_COUNT + 1; // u8, cancels after A
    static final short CANCEL_PLACE = CANCELS + 1; // u8, place of the next kept cancel order
    private static final short SPENDING_LENGTH = CANCEL_PLACE + 1;
    static final short ACKNOWLEDGED = SPENDING_LENGTH; // u32, A
    static final short RUNNING_HASH = ACKNOWLEDGED + U32.LENGTH; // R(A)
    static final short DATE = RUNNING_HASH + Wire.HASH_LENGTH; // u32, latest date signed by the issuer
    static final short REGISTER = DATE + U32.LENGTH; // loadRegister
    static final short LENGTH = REGISTER + Wire.LOAD_REGISTER_LENGTH;

    private final byte[] stored = new byte[LENGTH];

    /** The copy in RAM; the offsets above hold for it. Valid from {@link #load()} to the end of the command. */
    final byte[] next = JCSystem.makeTransientByteArray(LENGTH, JCSystem.CLEAR_ON_DESELECT);

    /** Makes the copy equal to what is stored. */
    void load() {
        Util.arrayCopyNonAtomic(stored, (short) 0, next, (short) 0, LENGTH);
    }

    /** Inside a transaction: stores what a debit or cancel changes. */
    void storeSpending() {
        Util.arrayCopy(next, (short) 0, stored, (short) 0, SPENDING_LENGTH);
    }

    /** Inside a transaction: stores all figures. */
    void storeAll() {
        Util.arrayCopy(next, (short) 0, stored, (short) 0, LENGTH);
    }

    /** Stores the load register alone; atomic by itself (JCRE 7.6). */
    void storeRegister() {
        Util.arrayCopy(next, REGISTER, stored, REGISTER, Wire.LOAD_REGISTER_LENGTH);
    }

    /** Stores the date alone; in personalization. */
    void storeDate(byte[] from, short offset) {
        Util.arrayCopy(from, offset, stored, DATE, U32.LENGTH);
    }

    /** Whether the stored date has reached an expiry date. Reads what is stored. */
    boolean isPast(byte[] expiry, short offset) {
        return U32.compare(stored, DATE, expiry, offset) >= 0;
    }

    /** Records that the issuer does not hold: NT - A, at most LOG_SIZE, so the lowest bytes suffice. */
    short unacknowledged() {
        return (short) ((short) (next[(short) (NT + U32.LENGTH - 1)] - next[(short) (ACKNOWLEDGED + U32.LENGTH - 1)]) & 0xFF);
    }

    static short balance(byte slot) {
        return (short) (BALANCES + (short) (slot * U32.LENGTH));
    }

    static short pinlessSum(byte slot) {
        return (short) (PINLESS_SUMS + (short) (slot * U32.LENGTH));
    }

    static short offlineSum(byte slot) {
        return (short) (OFFLINE_SUMS + (short) (slot * U32.LENGTH));
    }
}
