package jcardsim.bridge.card;

import javacard.framework.AID;

/** {@code javacard.framework.Util} and the other platform methods that fill an applet's array. */
public final class UtilCalls {
  private UtilCalls() {}

  /** Atomic: after a tear all of the destination is new, or none. */
  public static short arrayCopy(byte[] src, short srcOff, byte[] dest, short destOff, short length) {
    requireRange(src, srcOff, length);
    requireRange(dest, destOff, length);
    if (Card.RAM.isPersistent(dest)) {
      Card.MEMORY.beforeBytes(dest, destOff, length);
    } else {
      Card.MEMORY.requirePower();
    }
    System.arraycopy(src, srcOff, dest, destOff, length);
    return (short) (destOff + length);
  }

  /** Not undone by an abort, and torn in the middle: two writes, one for each half. */
  public static short arrayCopyNonAtomic(byte[] src, short srcOff, byte[] dest, short destOff, short length) {
    requireRange(src, srcOff, length);
    requireRange(dest, destOff, length);
    if (length > 0 && Card.RAM.isPersistent(dest)) {
      byte[] data = java.util.Arrays.copyOfRange(src, srcOff, srcOff + length);
      writeInHalves(data, dest, destOff);
    } else {
      Card.MEMORY.requirePower();
      System.arraycopy(src, srcOff, dest, destOff, length);
    }
    return (short) (destOff + length);
  }

  /** Java Card 3.0.5: the atomic sister of {@code arrayFillNonAtomic}. In jCardSim a native method without a body. */
  public static short arrayFill(byte[] array, short offset, short length, byte value) {
    requireRange(array, offset, length);
    if (Card.RAM.isPersistent(array)) {
      Card.MEMORY.beforeBytes(array, offset, length);
    } else {
      Card.MEMORY.requirePower();
    }
    java.util.Arrays.fill(array, offset, offset + length, value);
    return (short) (offset + length);
  }

  public static short arrayFillNonAtomic(byte[] array, short offset, short length, byte value) {
    requireRange(array, offset, length);
    if (length > 0 && Card.RAM.isPersistent(array)) {
      byte[] data = new byte[length];
      java.util.Arrays.fill(data, value);
      writeInHalves(data, array, offset);
    } else {
      Card.MEMORY.requirePower();
      java.util.Arrays.fill(array, offset, offset + length, value);
    }
    return (short) (offset + length);
  }

  private static void writeInHalves(byte[] data, byte[] dest, int offset) {
    int half = data.length / 2;
    if (half > 0) {
      Card.MEMORY.beforeNonAtomic(half);
      System.arraycopy(data, 0, dest, offset, half);
    }
    Card.MEMORY.beforeNonAtomic(data.length - half);
    System.arraycopy(data, half, dest, offset + half, data.length - half);
  }

  public static short setShort(byte[] array, short offset, short value) {
    requireRange(array, offset, 2);
    if (Card.RAM.isPersistent(array)) {
      Card.MEMORY.beforeBytes(array, offset, 2);
    } else {
      Card.MEMORY.requirePower();
    }
    array[offset] = (byte) (value >> 8);
    array[offset + 1] = (byte) value;
    return (short) (offset + 2);
  }

  public static byte getBytes(AID aid, byte[] dest, short offset) {
    byte[] bytes = new byte[16];
    byte length = aid.getBytes(bytes, (short) 0);
    arrayCopy(bytes, (short) 0, dest, offset, length);
    return length;
  }

  public static byte getPartialBytes(AID aid, short aidOffset, byte[] dest, short offset, byte length) {
    byte[] bytes = new byte[16];
    byte copied = aid.getPartialBytes(aidOffset, bytes, (short) 0, length);
    arrayCopy(bytes, (short) 0, dest, offset, copied);
    return copied;
  }

  private static void requireRange(byte[] array, int offset, int length) {
    if (offset < 0 || length < 0 || offset + length > array.length) {
      throw new ArrayIndexOutOfBoundsException("offset " + offset + ", length " + length + ", array of " + array.length);
    }
  }
}
