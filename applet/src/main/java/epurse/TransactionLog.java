package epurse;

import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.MessageDigest;

/**
 * The last LOG_SIZE transaction records, in a ring: record NT lies in place NT mod LOG_SIZE. A record is written only while
 * NT - A is below LOG_SIZE, so none is overwritten before the issuer has it.
 */
final class TransactionLog {

    /** LOG_SIZE is a power of two of at most 256, so the lowest byte of NT gives the place. */
    private static final short PLACE_MASK = Wire.LOG_SIZE - 1;

    private static final short LOWEST_BYTE = U32.LENGTH - 1;

    private final byte[] records = new byte[(short) (Wire.LOG_SIZE * Wire.RECORD_LENGTH)];

    /** The record being made, in RAM. */
    final byte[] draft = JCSystem.makeTransientByteArray(Wire.RECORD_LENGTH, JCSystem.CLEAR_ON_DESELECT);

    private final PurseMemory memory;
    private final MessageDigest sha256;

    TransactionLog(PurseMemory memory, MessageDigest sha256) {
        this.memory = memory;
        this.sha256 = sha256;
    }

    private static short place(byte lowestByteOfNt) {
        return (short) ((short) (lowestByteOfNt & PLACE_MASK) * Wire.RECORD_LENGTH);
    }

    /** Starts a record: type, the number in the RAM copy, terminal, parameter version; the rest zero. */
    void begin(byte type, byte[] terminal, short terminalOffset, byte[] parameters) {
        Util.arrayFillNonAtomic(draft, (short) 0, Wire.RECORD_LENGTH, (byte) 0);
        draft[Wire.RECORD_TYPE] = type;
        U32.copy(memory.next, PurseMemory.NT, draft, Wire.RECORD_NT);
        Util.arrayCopyNonAtomic(terminal, (short) (terminalOffset + Terminal.ID), draft, Wire.RECORD_TERMINAL_ID, Terminal.PARTY_LENGTH);
        Util.arrayCopyNonAtomic(parameters, Wire.PARAMETERS_VERSION, draft, Wire.RECORD_PARAMETERS_VERSION, (short) 2);
    }

    /** Inside a transaction: puts the draft into its place. */
    void append() {
        Util.arrayCopy(draft, (short) 0, records, place(draft[(short) (Wire.RECORD_NT + LOWEST_BYTE)]), Wire.RECORD_LENGTH);
    }

    /** The array that {@link #find} and {@link #newest} give offsets in. */
    byte[] records() {
        return records;
    }

    /** Offset of the record with this number, or -1 if it never was or has left the log. */
    short find(byte[] nt, short ntOffset) {
        short place = place(nt[(short) (ntOffset + LOWEST_BYTE)]);
        boolean there = records[(short) (place + Wire.RECORD_TYPE)] != 0
            && U32.compare(records, (short) (place + Wire.RECORD_NT), nt, ntOffset) == 0;
        return there ? place : -1;
    }

    /** Offset of the newest record, or -1 on a new card. */
    short newest() {
        return find(memory.next, PurseMemory.NT);
    }

    /** Offset of the newest record made with the terminal at hand, or -1. */
    short newestOf(Session session) {
        byte low = memory.next[(short) (PurseMemory.NT + LOWEST_BYTE)];
        // One byte of the terminal id decides nearly always, and costs a card far less than a call.
        byte lastOfId = session.data[(short) (Session.TERMINAL + Terminal.ID + Terminal.ID_LENGTH - 1)];
        for (short i = 0; i < Wire.LOG_SIZE; i++) {
            short place = place((byte) (low - i));
            if (records[(short) (place + Wire.RECORD_TYPE)] == 0) {
                return -1;
            }
            short id = (short) (place + Wire.RECORD_TERMINAL_ID);
            if (records[(short) (id + Terminal.ID_LENGTH - 1)] == lastOfId && session.isTerminal(records, id)) {
                return place;
            }
        }
        return -1;
    }

    /**
     * R(A + steps), from R(A): R(n) = SHA-256(R(n-1) || record n).
     *
     * @param steps 0 to NT - A
     * @param work for R and one record; R(A + steps) stands at its beginning afterwards
     */
    void runningHash(short steps, byte[] work) {
        Util.arrayCopyNonAtomic(memory.next, PurseMemory.RUNNING_HASH, work, (short) 0, Wire.HASH_LENGTH);
        byte low = memory.next[(short) (PurseMemory.ACKNOWLEDGED + LOWEST_BYTE)];
        for (short i = 0; i < steps; i++) {
            low++;
            Util.arrayCopyNonAtomic(records, place(low), work, Wire.HASH_LENGTH, Wire.RECORD_LENGTH);
            sha256.doFinal(work, (short) 0, (short) (Wire.HASH_LENGTH + Wire.RECORD_LENGTH), work, (short) 0);
        }
    }

    /** Recomputes, in the RAM copy, the offline sums and counts from the records after A. */
    void recount() {
        byte[] next = memory.next;
        Util.arrayFillNonAtomic(next, PurseMemory.OFFLINE_SUMS, (short) (Wire.PURSE_SLOTS * U32.LENGTH), (byte) 0);
        next[PurseMemory.OFFLINE_COUNT] = 0;
        next[PurseMemory.CANCELS] = 0;
        short count = memory.unacknowledged();
        byte low = next[(short) (PurseMemory.ACKNOWLEDGED + LOWEST_BYTE)];
        for (short i = 0; i < count; i++) {
            low++;
            short place = place(low);
            byte type = records[(short) (place + Wire.RECORD_TYPE)];
            if (type == Wire.RECORD_TYPE_PURCHASE) {
                byte slot = records[(short) (place + Wire.RECORD_SLOT)];
                U32.add(next, PurseMemory.offlineSum(slot), records, (short) (place + Wire.RECORD_AMOUNT));
                next[PurseMemory.OFFLINE_COUNT]++;
            } else if (type == Wire.RECORD_TYPE_CANCEL) {
                next[PurseMemory.CANCELS]++;
            }
        }
    }

    /**
     * Writes up to a number of records from a given one on, oldest first; older ones than the log has are passed over.
     *
     * @param from first number wanted (u32); changed: counts along
     * @return where they end; outOffset itself if there is none
     */
    short copyFrom(byte[] from, short fromOffset, short most, byte[] out, short outOffset) {
        short end = outOffset;
        short copied = 0;
        skipToOldest(from, fromOffset);
        if (U32.isZero(from, fromOffset)) {
            return end; // an empty log
        }
        while (copied < most && U32.compare(from, fromOffset, memory.next, PurseMemory.NT) <= 0) {
            end = Util.arrayCopyNonAtomic(records, place(from[(short) (fromOffset + LOWEST_BYTE)]), out, end, Wire.RECORD_LENGTH);
            copied++;
            if (U32.increment(from, fromOffset)) {
                break;
            }
        }
        return end;
    }

    /** Raises a number to that of the oldest record in the log: the one in the place after the newest, or 1 in a log not yet full. */
    private void skipToOldest(byte[] nt, short offset) {
        short following = place((byte) (memory.next[(short) (PurseMemory.NT + LOWEST_BYTE)] + 1));
        if (records[(short) (following + Wire.RECORD_TYPE)] == 0) {
            following = place((byte) 1);
        }
        if (U32.compare(nt, offset, records, (short) (following + Wire.RECORD_NT)) < 0) {
            U32.copy(records, (short) (following + Wire.RECORD_NT), nt, offset);
        }
    }
}
