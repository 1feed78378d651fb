package jcardsim.bridge.card;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import jcardsim.bridge.load.SizeModel;

/** What rewritten code calls. Checks null and bounds first, as the replaced instruction would: a store that fails is no write. */
public final class Hooks {
  private static final Map<String, Integer> OBJECT_SIZES = new HashMap<>();

  private Hooks() {}

  /** BASTORE, which serves byte[] and boolean[]. */
  public static void storeByte(Object array, int index, int value) {
    if (array instanceof byte[] bytes) {
      byte old = bytes[index];
      if (Card.RAM.isPersistent(bytes)) {
        Card.MEMORY.beforeBytes(bytes, index, 1);
      } else {
        Card.MEMORY.requirePower();
      }
      bytes[index] = (byte) value;
    } else {
      storeBoolean((boolean[]) array, index, value);
    }
  }

  private static void storeBoolean(boolean[] array, int index, int value) {
    boolean old = array[index];
    if (Card.RAM.isPersistent(array)) {
      Card.MEMORY.beforeElement(array, index);
    } else {
      Card.MEMORY.requirePower();
    }
    array[index] = (value & 1) != 0;
  }

  public static void storeShort(short[] array, int index, int value) {
    short old = array[index];
    if (Card.RAM.isPersistent(array)) {
      Card.MEMORY.beforeElement(array, index);
    } else {
      Card.MEMORY.requirePower();
    }
    array[index] = (short) value;
  }

  public static void storeInt(int[] array, int index, int value) {
    int old = array[index];
    if (Card.RAM.isPersistent(array)) {
      Card.MEMORY.beforeElement(array, index);
    } else {
      Card.MEMORY.requirePower();
    }
    array[index] = value;
  }

  public static void storeReference(Object[] array, int index, Object value) {
    Object old = array[index];
    if (value != null && !array.getClass().getComponentType().isInstance(value)) {
      throw new ArrayStoreException(value.getClass().getName());
    }
    if (Card.RAM.isPersistent(array)) {
      Card.MEMORY.beforeElement(array, index);
    } else {
      Card.MEMORY.requirePower();
    }
    array[index] = value;
  }

  public static void putField(Object target, int old, int handle) {
    Card.MEMORY.beforeField(target, handle, old, null);
  }

  public static void putField(Object target, Object old, int handle) {
    Card.MEMORY.beforeField(target, handle, 0, old);
  }

  public static void putStatic(int old, int handle) {
    Card.MEMORY.beforeField(null, handle, old, null);
  }

  public static void putStatic(Object old, int handle) {
    Card.MEMORY.beforeField(null, handle, 0, old);
  }

  /** First thing in every catch and finally. */
  public static void caught(Throwable thrown) {
    if (thrown instanceof PowerCut) {
      throw PowerCut.NOW;
    }
    Card.MEMORY.requirePower();
  }

  /** NEW. */
  public static void allocateObject(String internalName) {
    Card.ALLOCATOR.persistent("a " + internalName, OBJECT_SIZES.computeIfAbsent(internalName, Hooks::payloadOf));
  }

  /** NEWARRAY and ANEWARRAY; gives the count back. */
  public static int allocateArray(int count, int elementWidth) {
    if (count < 0) {
      throw new NegativeArraySizeException();
    }
    Card.ALLOCATOR.persistent("an array of " + count, count * elementWidth);
    return count;
  }

  /** Fields of the object; what a platform object keeps beyond them is counted by the memory report. */
  private static int payloadOf(String internalName) {
    int bytes = 0;
    try {
      for (Class<?> c = Card.LOADER.loadClass(internalName.replace('/', '.')); c != null && c.getClassLoader() != null; c = c.getSuperclass()) {
        for (Field field : c.getDeclaredFields()) {
          if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers())) {
            bytes += SizeModel.ofDescriptor(field.getType().descriptorString());
          }
        }
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
    return bytes;
  }
}
