package jcardsim.bridge.card;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import jcardsim.bridge.load.FieldTable.FieldName;

/** Old values in the order they were overwritten; undone from the newest to the oldest. */
final class UndoLog {
  private enum Kind { BYTES, BOOLEAN, SHORT, INT, ELEMENT, FIELD, TRIES }

  private static final int START = 64;

  private Kind[] kinds = new Kind[START];
  private Object[] targets = new Object[START];
  private int[] where = new int[START];
  private int[] values = new int[START];
  private Object[] references = new Object[START];
  private int size;
  private byte[] pool = new byte[1024];
  private int poolSize;
  private final Map<Integer, Field> resolved = new HashMap<>();

  private void add(Kind kind, Object target, int at, int value, Object reference) {
    if (size == kinds.length) {
      int larger = size * 2;
      kinds = Arrays.copyOf(kinds, larger);
      targets = Arrays.copyOf(targets, larger);
      where = Arrays.copyOf(where, larger);
      values = Arrays.copyOf(values, larger);
      references = Arrays.copyOf(references, larger);
    }
    kinds[size] = kind;
    targets[size] = target;
    where[size] = at;
    values[size] = value;
    references[size++] = reference;
  }

  void bytes(byte[] array, int offset, int length) {
    if (poolSize + length > pool.length) {
      pool = Arrays.copyOf(pool, Math.max(pool.length * 2, poolSize + length));
    }
    System.arraycopy(array, offset, pool, poolSize, length);
    add(Kind.BYTES, array, offset, length, null);
    poolSize += length;
  }

  void element(boolean[] array, int index) {
    add(Kind.BOOLEAN, array, index, array[index] ? 1 : 0, null);
  }

  void element(short[] array, int index) {
    add(Kind.SHORT, array, index, array[index], null);
  }

  void element(int[] array, int index) {
    add(Kind.INT, array, index, array[index], null);
  }

  void element(Object[] array, int index) {
    add(Kind.ELEMENT, array, index, 0, array[index]);
  }

  /** @param target the object, or {@code null} for a static field */
  void field(Object target, int handle, int value, Object reference) {
    add(Kind.FIELD, target, handle, value, reference);
  }

  /** A PIN's try counter, which an abort never raises. */
  void tries(byte[] counter) {
    add(Kind.TRIES, counter, 0, counter[0], null);
  }

  void forget() {
    Arrays.fill(targets, 0, size, null);
    Arrays.fill(references, 0, size, null);
    size = 0;
    poolSize = 0;
  }

  void undo() {
    for (int i = size - 1; i >= 0; i--) {
      undo(i);
    }
    forget();
  }

  private void undo(int i) {
    Object target = targets[i];
    switch (kinds[i]) {
      case BYTES -> {
        poolSize -= values[i];
        System.arraycopy(pool, poolSize, target, where[i], values[i]);
      }
      case BOOLEAN -> ((boolean[]) target)[where[i]] = values[i] != 0;
      case SHORT -> ((short[]) target)[where[i]] = (short) values[i];
      case INT -> ((int[]) target)[where[i]] = values[i];
      case ELEMENT -> ((Object[]) target)[where[i]] = references[i];
      case FIELD -> undoField(resolved.computeIfAbsent(where[i], UndoLog::resolve), target, values[i], references[i]);
      case TRIES -> ((byte[]) target)[0] = (byte) Math.min(values[i], ((byte[]) target)[0]);
    }
  }

  private static void undoField(Field field, Object target, int value, Object reference) {
    try {
      Class<?> type = field.getType();
      if (type == byte.class) {
        field.setByte(target, (byte) value);
      } else if (type == short.class) {
        field.setShort(target, (short) value);
      } else if (type == boolean.class) {
        field.setBoolean(target, value != 0);
      } else if (type == int.class) {
        field.setInt(target, value);
      } else {
        field.set(target, reference);
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Field resolve(int handle) {
    FieldName name = Card.LOADER.fields().field(handle);
    try {
      for (Class<?> c = Card.LOADER.loadClass(name.owner().replace('/', '.')); c != null; c = c.getSuperclass()) {
        for (Field field : c.getDeclaredFields()) {
          if (field.getName().equals(name.name())) {
            field.setAccessible(true);
            return field;
          }
        }
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
    throw new IllegalStateException("no field " + name);
  }
}
