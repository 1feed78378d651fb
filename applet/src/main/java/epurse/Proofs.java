package epurse;

import javacard.framework.ISOException;
import javacard.framework.Util;
import javacard.security.CryptoException;

/**
 * What the card signs: records (S3, EN 1546), statements, block statements. A proof can be made again at any time from what is stored,
 * so a failing signature loses nothing: SW_EXECUTED_FETCH_PROOF says that the thing itself stands.
 */
final class Proofs {

    private final CardData card;
    private final CardKeys cardKeys;
    private final LifeCycle lifeCycle;
    private final PurseMemory memory;
    private final TransactionLog log;
    private final byte[] work;

    Proofs(Purse purse) {
        card = purse.card;
        cardKeys = purse.cardKeys;
        lifeCycle = purse.lifeCycle;
        memory = purse.memory;
        log = purse.log;
        work = purse.work;
    }

    /** Writes S3 over a record and returns where it ends. */
    short signRecord(byte[] record, short recordOffset, byte[] out, short outOffset) {
        return sign(Wire.DOMAIN_SIGNED_RECORD, record, recordOffset, Wire.RECORD_LENGTH, out, outOffset);
    }

    /** Writes record || S3 and returns where they end. */
    short recordWithProof(byte[] record, short recordOffset, byte[] out, short outOffset) {
        short end = Util.arrayCopyNonAtomic(record, recordOffset, out, outOffset, Wire.RECORD_LENGTH);
        return signRecord(record, recordOffset, out, end);
    }

    /** Writes a statement about the figures in the RAM copy, and its signature; returns where they end. */
    short statement(byte purpose, byte[] out, short at) {
        out[(short) (at + Wire.STATEMENT_PURPOSE)] = purpose;
        out[(short) (at + Wire.STATEMENT_STATE)] = lifeCycle.state();
        U32.copy(memory.next, PurseMemory.NT, out, (short) (at + Wire.STATEMENT_NT));
        U32.copy(memory.next, PurseMemory.ACKNOWLEDGED, out, (short) (at + Wire.STATEMENT_ACKNOWLEDGED));
        Util.arrayCopyNonAtomic(memory.next, PurseMemory.BALANCES, out, (short) (at + Wire.STATEMENT_BALANCES),
            (short) (Wire.PURSE_SLOTS * U32.LENGTH));
        log.runningHash(memory.unacknowledged(), work);
        Util.arrayCopyNonAtomic(work, (short) 0, out, (short) (at + Wire.STATEMENT_RUNNING_HASH), Wire.HASH_LENGTH);
        U32.copy(lifeCycle.data, LifeCycle.ORDER_COUNTER, out, (short) (at + Wire.STATEMENT_ORDER_COUNTER));
        U32.copy(lifeCycle.data, LifeCycle.BLOCK_NUMBER, out, (short) (at + Wire.STATEMENT_BLOCK_NUMBER));
        Util.arrayCopyNonAtomic(memory.next, PurseMemory.REGISTER, out, (short) (at + Wire.STATEMENT_REGISTER), Wire.LOAD_REGISTER_LENGTH);
        return sign(Wire.DOMAIN_SIGNED_STATEMENT, out, at, Wire.STATEMENT_LENGTH, out, (short) (at + Wire.STATEMENT_LENGTH));
    }

    /** Writes a block statement and its signature; returns where they end. */
    short blockStatement(byte[] out, short at) {
        U32.copy(lifeCycle.data, LifeCycle.BLOCK_NUMBER, out, (short) (at + Wire.BLOCK_STATEMENT_BLOCK_NUMBER));
        U32.copy(memory.next, PurseMemory.NT, out, (short) (at + Wire.BLOCK_STATEMENT_NT));
        return sign(Wire.DOMAIN_SIGNED_BLOCK_STATEMENT, out, at, Wire.BLOCK_STATEMENT_LENGTH,
            out, (short) (at + Wire.BLOCK_STATEMENT_LENGTH));
    }

    /** Signs DOMAIN || scheme || card id || key version || content. */
    private short sign(byte[] domain, byte[] content, short contentOffset, short contentLength, byte[] out, short outOffset) {
        short end = card.cardPrefix(domain, work, (short) 0);
        end = Util.arrayCopyNonAtomic(content, contentOffset, work, end, contentLength);
        try {
            return (short) (outOffset + cardKeys.sign(work, end, out, outOffset));
        } catch (CryptoException e) {
            ISOException.throwIt(Wire.SW_EXECUTED_FETCH_PROOF);
            return outOffset;
        }
    }
}
