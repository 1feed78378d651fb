package jcardsim.bridge.card;

/** Objects met so far, by identity; open addressing, because {@code IdentityHashMap} costs twice as much per snapshot. */
final class IdentitySet {
  private Object[] table = new Object[1024];
  private int size;

  /** False if it was there already. */
  boolean add(Object object) {
    int slot = slot(object);
    if (table[slot] != null) {
      return false;
    }
    table[slot] = object;
    if (2 * ++size > table.length) {
      grow();
    }
    return true;
  }

  private int slot(Object object) {
    int mask = table.length - 1;
    int slot = System.identityHashCode(object) & mask;
    while (table[slot] != null && table[slot] != object) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    Object[] old = table;
    table = new Object[2 * old.length];
    for (Object object : old) {
      if (object != null) {
        table[slot(object)] = object;
      }
    }
  }
}
