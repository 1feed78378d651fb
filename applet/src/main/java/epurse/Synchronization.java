package epurse;

import javacard.framework.Util;

/**
 * Takes over what the issuer says it holds: A, the highest NT up to which it has every record, and its date. Both only grow. Sums since A are
 * recomputed from the records after it, never just cleared, so an old or replayed A gives nothing.
 */
final class Synchronization {

    static final byte DONE = 0;
    /** A is below the card's, or above NT. */
    static final byte STALE = 1;
    /** The issuer's running hash is not the card's: it holds other records. */
    static final byte MISMATCH = 2;

    private final PurseMemory memory;
    private final TransactionLog log;
    private final byte[] work;

    Synchronization(Purse purse) {
        memory = purse.memory;
        log = purse.log;
        work = purse.work;
    }

    /**
     * Advances A in the RAM copy, or leaves it as it was.
     *
     * @param from array with A (u32) and R(A) (32) at the offsets
     * @return DONE (also for the A the card has), STALE or MISMATCH
     */
    byte advance(byte[] from, short acknowledged, short runningHash) {
        byte[] next = memory.next;
        if (U32.compare(from, acknowledged, next, PurseMemory.ACKNOWLEDGED) < 0 || U32.compare(from, acknowledged, next, PurseMemory.NT) > 0) {
            return STALE;
        }
        short lowest = U32.LENGTH - 1;
        short steps = (short) ((short) (from[(short) (acknowledged + lowest)] - next[(short) (PurseMemory.ACKNOWLEDGED + lowest)]) & 0xFF);
        log.runningHash(steps, work);
        if (Util.arrayCompare(work, (short) 0, from, runningHash, Wire.HASH_LENGTH) != 0) {
            return MISMATCH;
        }
        U32.copy(from, acknowledged, next, PurseMemory.ACKNOWLEDGED);
        Util.arrayCopyNonAtomic(work, (short) 0, next, PurseMemory.RUNNING_HASH, Wire.HASH_LENGTH);
        log.recount();
        return DONE;
    }

    /** Advances the date in the RAM copy; an earlier one is passed over. */
    void advanceDate(byte[] from, short date) {
        if (U32.compare(from, date, memory.next, PurseMemory.DATE) > 0) {
            U32.copy(from, date, memory.next, PurseMemory.DATE);
        }
    }
}
