package jcardsim.bridge.card;

import javacard.framework.JCSystem;
import javacard.framework.SystemException;

/** The allocating methods of {@code javacard.framework.JCSystem}, as the applet calls them. */
public final class SystemCalls {
  private SystemCalls() {}

  public static boolean[] makeTransientBooleanArray(short length, byte event) {
    reserve(length, 1, event);
    boolean[] array = new boolean[length];
    Card.RAM.register(array, event, length);
    return array;
  }

  public static byte[] makeTransientByteArray(short length, byte event) {
    reserve(length, 1, event);
    byte[] array = new byte[length];
    Card.RAM.register(array, event, length);
    return array;
  }

  public static short[] makeTransientShortArray(short length, byte event) {
    reserve(length, 2, event);
    short[] array = new short[length];
    Card.RAM.register(array, event, 2 * length);
    return array;
  }

  public static Object[] makeTransientObjectArray(short length, byte event) {
    reserve(length, 2, event);
    Object[] array = new Object[length];
    Card.RAM.register(array, event, 2 * length);
    return array;
  }

  public static Object makeGlobalArray(byte type, short length) {
    return switch (type) {
      case JCSystem.ARRAY_TYPE_BOOLEAN -> makeTransientBooleanArray(length, JCSystem.CLEAR_ON_RESET);
      case JCSystem.ARRAY_TYPE_BYTE -> makeTransientByteArray(length, JCSystem.CLEAR_ON_RESET);
      case JCSystem.ARRAY_TYPE_SHORT -> makeTransientShortArray(length, JCSystem.CLEAR_ON_RESET);
      case JCSystem.ARRAY_TYPE_OBJECT -> makeTransientObjectArray(length, JCSystem.CLEAR_ON_RESET);
      default -> throw new SystemException(SystemException.ILLEGAL_VALUE);
    };
  }

  private static void reserve(short length, int elementWidth, byte event) {
    if (length < 0) {
      throw new NegativeArraySizeException();
    }
    Allocator.event(event);
    Card.ALLOCATOR.ram("a transient array of " + length, length * elementWidth);
  }
}
