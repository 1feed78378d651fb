package jcardsim.bridge.card;

import com.licel.jcardsim.base.TransientMemory;
import java.util.Arrays;
import javacard.framework.JCSystem;
import javacard.framework.SystemException;

/**
 * Which arrays are RAM. The applet's transient arrays are registered by identity; arrays that jCardSim makes for its own use are
 * not, so the registry does not grow with the number of commands.
 */
public final class TransientArrays extends TransientMemory {
  /** Volatile, but no applet's: the APDU buffer, install parameters. Never cleared by an event, never counted. */
  private static final byte PLATFORM = 3;

  private Object[] arrays = new Object[64];
  private byte[] kinds = new byte[64];
  /** A store goes mostly where the last one went, which is mostly the APDU buffer. */
  private Object lastVolatile;
  private int count;
  private int resetBytes;
  private int deselectBytes;

  TransientArrays() {}

  /** Registers an array as CLEAR_ON_RESET or CLEAR_ON_DESELECT. */
  public void register(Object array, byte event, int bytes) {
    if (event == JCSystem.CLEAR_ON_RESET) {
      resetBytes += bytes;
    } else {
      deselectBytes += bytes;
    }
    put(array, event);
  }

  void registerPlatform(Object array) {
    put(array, PLATFORM);
  }

  private void put(Object array, byte kind) {
    if (2 * ++count > arrays.length) {
      Object[] oldArrays = arrays;
      byte[] oldKinds = kinds;
      arrays = new Object[2 * oldArrays.length];
      kinds = new byte[arrays.length];
      for (int i = 0; i < oldArrays.length; i++) {
        if (oldArrays[i] != null) {
          insert(oldArrays[i], oldKinds[i]);
        }
      }
    }
    insert(array, kind);
  }

  private void insert(Object array, byte kind) {
    int slot = slotOf(array);
    arrays[slot] = array;
    kinds[slot] = kind;
  }

  /** The array's slot, or the free one where it belongs. */
  private int slotOf(Object array) {
    int mask = arrays.length - 1;
    int slot = System.identityHashCode(array) & mask;
    while (arrays[slot] != null && arrays[slot] != array) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Whether a store into this array is a write to non-volatile memory. */
  public boolean isPersistent(Object array) {
    if (array == lastVolatile) {
      return false;
    }
    boolean persistent = kinds[slotOf(array)] == 0;
    if (!persistent) {
      lastVolatile = array;
    }
    return persistent;
  }

  /** CLEAR_ON_RESET, CLEAR_ON_DESELECT or NOT_A_TRANSIENT_OBJECT. */
  byte eventOf(Object array) {
    byte kind = kinds[slotOf(array)];
    return kind == PLATFORM ? JCSystem.NOT_A_TRANSIENT_OBJECT : kind;
  }

  int resetBytes() {
    return resetBytes;
  }

  int deselectBytes() {
    return deselectBytes;
  }

  void clear(boolean alsoOnReset) {
    for (int i = 0; i < arrays.length; i++) {
      if (kinds[i] == JCSystem.CLEAR_ON_DESELECT || alsoOnReset && kinds[i] == JCSystem.CLEAR_ON_RESET) {
        zero(arrays[i]);
      }
    }
  }

  private static void zero(Object array) {
    if (array instanceof byte[] bytes) {
      Arrays.fill(bytes, (byte) 0);
    } else if (array instanceof short[] shorts) {
      Arrays.fill(shorts, (short) 0);
    } else if (array instanceof boolean[] booleans) {
      Arrays.fill(booleans, false);
    } else if (array instanceof int[] ints) {
      Arrays.fill(ints, 0);
    } else {
      Arrays.fill((Object[]) array, null);
    }
  }

  // --- jCardSim's own view: what it allocates for itself is plain Java memory --------------------------------------------

  @Override
  public byte isTransient(Object array) {
    return array == null ? JCSystem.NOT_A_TRANSIENT_OBJECT : eventOf(array);
  }

  @Override
  protected void storeArray(Object array, byte event) {
    if (event != JCSystem.CLEAR_ON_RESET && event != JCSystem.CLEAR_ON_DESELECT) {
      SystemException.throwIt(SystemException.ILLEGAL_VALUE);
    }
  }

  @Override
  protected void clearOnDeselect() {
    clear(false);
  }

  @Override
  protected void clearOnReset() {
    clear(true);
  }

  @Override
  protected void forgetBuffers() {
    // The runtime calls this only when it is made; the bridge never reuses a runtime.
  }
}
