package jcardsim.bridge.card.platform;

import java.math.BigInteger;
import javacard.framework.JCSystem;
import javacard.security.CryptoException;
import jcardsim.bridge.card.Card;
import jcardsim.bridge.card.KeyCell;
import jcardsim.bridge.card.UtilCalls;

/**
 * Takes the place of {@code com.licel.jcardsim.crypto.ByteContainer}, through which all key material passes. The original keeps the
 * tail of a longer value under a shorter one, calls a wiped transient key initialised, clears RESET keys at deselect and
 * registers a new transient array with every read.
 *
 * <p>Layout of the storage: length (2 bytes), value. A wiped one has length 0, hence no value. Setting is one atomic write.
 */
public final class ByteContainerReplacement implements KeyCell {
  private static final int HEADER = 2;

  private final byte memoryType;
  private final byte[][] storage = new byte[1][];
  private int width;

  public ByteContainerReplacement() {
    this(JCSystem.MEMORY_TYPE_PERSISTENT);
  }

  public ByteContainerReplacement(byte memoryType) {
    this.memoryType = memoryType;
  }

  public ByteContainerReplacement(BigInteger number) {
    this();
    byte[] bytes = unsigned(number);
    storage[0] = filled(bytes, 0, bytes.length, bytes.length);
  }

  public ByteContainerReplacement(byte[] buff, short offset, short length) {
    this();
    storage[0] = filled(buff, offset, length, length);
  }

  private static byte[] filled(byte[] source, int offset, int length, int capacity) {
    byte[] cell = new byte[HEADER + capacity];
    put(cell, source, offset, length);
    return cell;
  }

  private static void put(byte[] cell, byte[] source, int offset, int length) {
    cell[0] = (byte) (length >> 8);
    cell[1] = (byte) length;
    System.arraycopy(source, offset, cell, HEADER, length);
    java.util.Arrays.fill(cell, HEADER + length, cell.length, (byte) 0);
  }

  @Override
  public void reserve(int length) {
    width = length;
    if (storage[0] == null) {
      storage[0] = new byte[HEADER + length];
      registerIfTransient(storage[0]);
    }
  }

  private boolean isTransient() {
    return memoryType == JCSystem.MEMORY_TYPE_TRANSIENT_RESET || memoryType == JCSystem.MEMORY_TYPE_TRANSIENT_DESELECT;
  }

  private void registerIfTransient(byte[] cell) {
    if (isTransient()) {
      byte event = memoryType == JCSystem.MEMORY_TYPE_TRANSIENT_RESET ? JCSystem.CLEAR_ON_RESET : JCSystem.CLEAR_ON_DESELECT;
      Card.RAM.register(cell, event, cell.length);
    }
  }

  private int length() {
    byte[] cell = storage[0];
    return cell == null ? 0 : (cell[0] & 0xFF) << 8 | cell[1] & 0xFF;
  }

  @Override
  public byte[] value() {
    return length() == 0 ? new byte[0] : java.util.Arrays.copyOfRange(storage[0], HEADER, HEADER + length());
  }

  private static byte[] unsigned(BigInteger number) {
    if (number.signum() < 0) {
      throw new IllegalArgumentException("Negative bInteger");
    }
    byte[] bytes = number.toByteArray();
    return bytes[0] == 0 && bytes.length > 1 ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }

  public void setBigInteger(BigInteger number) {
    byte[] bytes = unsigned(number);
    if (bytes.length < width) {
      byte[] padded = new byte[width];
      System.arraycopy(bytes, 0, padded, width - bytes.length, bytes.length);
      bytes = padded;
    }
    setBytes(bytes);
  }

  public void setBytes(byte[] buff) {
    setBytes(buff, (short) 0, (short) buff.length);
  }

  public void setBytes(byte[] buff, short offset, short length) {
    byte[] cell = storage[0];
    if (cell == null || cell.length < HEADER + length) {
      byte[] larger = filled(buff, offset, length, length);
      registerIfTransient(larger);
      if (!isTransient()) {
        Card.MEMORY.beforeReference(storage, 0, length);
      }
      storage[0] = larger;
      return;
    }
    if (!isTransient()) {
      announce(cell, length);
    }
    put(cell, buff, offset, length);
  }

  /** The header is written only when the length changes. */
  private void announce(byte[] cell, int length) {
    int old = length();
    int touched = Math.max(old, length);
    if (old == length) {
      Card.MEMORY.beforeBytes(cell, HEADER, touched);
    } else {
      Card.MEMORY.beforeBytes(cell, 0, HEADER + touched);
    }
  }

  public BigInteger getBigInteger() {
    requireValue();
    return new BigInteger(1, storage[0], HEADER, length());
  }

  /** A copy in plain memory; {@code event} is of no consequence, no card would allocate here. */
  public byte[] getBytes(byte event) {
    requireValue();
    return value();
  }

  public short getBytes(byte[] dest, short offset) {
    requireValue();
    int length = length();
    if (dest.length - offset < length) {
      CryptoException.throwIt(CryptoException.ILLEGAL_VALUE);
    }
    UtilCalls.arrayCopy(storage[0], (short) HEADER, dest, offset, (short) length);
    return (short) length;
  }

  private void requireValue() {
    if (length() == 0) {
      CryptoException.throwIt(CryptoException.UNINITIALIZED_KEY);
    }
  }

  public void clear() {
    byte[] cell = storage[0];
    if (cell != null) {
      if (!isTransient()) {
        Card.MEMORY.beforeBytes(cell, 0, HEADER + length());
      }
      java.util.Arrays.fill(cell, (byte) 0);
    }
  }

  public boolean isInitialized() {
    return length() > 0;
  }
}
