package jcardsim.bridge.card;

import javacard.framework.TransactionException;
import jcardsim.bridge.AppletFault;
import jcardsim.bridge.Counters.Item;
import jcardsim.bridge.load.FieldTable;

/**
 * The non-volatile memory: every write is announced here before it happens. Counts it, cuts the power where a test asked for
 * it, and keeps the old value while a transaction is open (JCRE 3.0.4, chapter 7).
 *
 * <p>An announcement either returns, and then the caller writes at once, or throws, and then nothing is written.
 */
public final class Memory {
  private static final int NEVER = -1;

  private final int commitCapacity;
  private final UndoLog log = new UndoLog();
  private boolean transaction;
  private int commitBytes;

  private boolean dead;
  private int cutAt = NEVER;
  private int writes;
  private long version;
  private int unannounced;

  Memory(int commitCapacity) {
    this.commitCapacity = commitCapacity;
  }

  // --- announcements ---------------------------------------------------------------------------------------------------

  /** Throws once power is gone; every hook passes here, also those that write only RAM. */
  public void requirePower() {
    if (dead) {
      throw PowerCut.NOW;
    }
  }

  /** Announces an atomic write of {@code length} bytes: all of them are written, or none. */
  public void beforeBytes(byte[] array, int offset, int length) {
    if (length > 0 && write(length)) {
      log.bytes(array, offset, length);
    }
  }

  void beforeElement(boolean[] array, int index) {
    if (write(1)) {
      log.element(array, index);
    }
  }

  void beforeElement(short[] array, int index) {
    if (write(2)) {
      log.element(array, index);
    }
  }

  void beforeElement(int[] array, int index) {
    if (write(4)) {
      log.element(array, index);
    }
  }

  void beforeElement(Object[] array, int index) {
    if (write(2)) {
      log.element(array, index);
    }
  }

  /** Announces that a larger storage, already filled with {@code bytes} bytes, replaces another. */
  public void beforeReference(Object[] array, int index, int bytes) {
    if (write(bytes)) {
      log.element(array, index);
    }
  }

  void beforeField(Object target, int handle, int oldValue, Object oldReference) {
    if (write(FieldTable.width(handle))) {
      log.field(target, handle, oldValue, oldReference);
    }
  }

  /** Announces a write that an abort does not undo: a non-atomic copy, or a part of one. */
  void beforeNonAtomic(int bytes) {
    if (unannounced == 0) {
      step();
      Card.TALLY.add(Item.WRITES_NON_ATOMIC);
      Card.TALLY.add(Item.BYTES_NON_ATOMIC, bytes);
    }
  }

  /** Announces a PIN's own bookkeeping, atomic but outside any transaction. */
  public void beforeTries() {
    step();
    Card.TALLY.add(Item.WRITES_ATOMIC);
    Card.TALLY.add(Item.BYTES_ATOMIC);
  }

  /** Announces the new value of a PIN, try counter included: one atomic write. */
  public void beforePinUpdate(byte[] value, byte[] tries) {
    if (write(value.length + tries.length)) {
      log.bytes(value, 0, value.length);
      log.tries(tries);
    }
  }

  /** Announces that an object's header is written; nothing refers to it yet, so there is nothing to undo. */
  void beforeAllocation(int bytes) {
    step();
    Card.TALLY.add(Item.WRITES_ATOMIC);
    Card.TALLY.add(Item.BYTES_ATOMIC, bytes);
  }

  /** True if the old value must go to the log. */
  private boolean write(int bytes) {
    if (unannounced > 0) {
      return false;
    }
    if (!transaction) {
      step();
      Card.TALLY.add(Item.WRITES_ATOMIC);
      Card.TALLY.add(Item.BYTES_ATOMIC, bytes);
      return false;
    }
    requirePower();
    if (commitBytes + bytes > commitCapacity) {
      Card.FAULTS.record(AppletFault.Kind.COMMIT_BUFFER_FULL, "a transaction needs more than the " + commitCapacity + " bytes of the commit buffer");
      TransactionException.throwIt(TransactionException.BUFFER_FULL);
    }
    step();
    commitBytes += bytes;
    Card.TALLY.commitBytes(commitBytes);
    Card.TALLY.add(Item.WRITES_IN_TRANSACTION);
    Card.TALLY.add(Item.BYTES_IN_TRANSACTION, bytes);
    return true;
  }

  private void step() {
    requirePower();
    if (writes == cutAt) {
      dead = true;
      throw PowerCut.NOW;
    }
    writes++;
    version++;
  }

  /** Between this and {@link #endFresh} writes are not announced: they fill an object that nothing refers to yet. */
  void beginFresh() {
    unannounced++;
  }

  void endFresh() {
    unannounced--;
  }

  // --- transactions ----------------------------------------------------------------------------------------------------

  void begin() {
    requirePower();
    if (transaction) {
      TransactionException.throwIt(TransactionException.IN_PROGRESS);
    }
    transaction = true;
    commitBytes = 0;
  }

  void commit() {
    requireTransaction();
    close(Item.COMMITS);
    log.forget();
  }

  void abort() {
    requireTransaction();
    close(Item.ABORTS);
    log.undo();
    version++;
  }

  private void requireTransaction() {
    requirePower();
    if (!transaction) {
      TransactionException.throwIt(TransactionException.NOT_IN_PROGRESS);
    }
  }

  private void close(Item outcome) {
    transaction = false;
    commitBytes = 0;
    Card.TALLY.add(outcome);
  }

  boolean inTransaction() {
    return transaction;
  }

  int unusedCommitCapacity() {
    return commitCapacity - commitBytes;
  }

  int commitCapacity() {
    return commitCapacity;
  }

  // --- power -----------------------------------------------------------------------------------------------------------

  void cutPowerAt(int write) {
    cutAt = write;
  }

  void disarm() {
    cutAt = NEVER;
  }

  void beginCommand() {
    writes = 0;
    dead = false;
  }

  /** Ends the command; true if power was lost, on the way or after the last write. */
  boolean endCommand() {
    boolean lost = dead || writes == cutAt;
    disarm();
    return lost;
  }

  /** What the power-up code of a card does: rolls an open transaction back. */
  void recover() {
    dead = false;
    if (transaction) {
      close(Item.ABORTS);
      log.undo();
    }
  }

  int writes() {
    return writes;
  }

  long version() {
    return version;
  }

  void touch() {
    version++;
  }
}
