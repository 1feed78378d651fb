package jcardsim.bridge.card;

import javacard.framework.JCSystem;
import javacard.framework.SystemException;
import jcardsim.bridge.AppletFault;
import jcardsim.bridge.CardSpec;
import jcardsim.bridge.Strictness;
import jcardsim.bridge.load.SizeModel;

/** Says yes or no to every allocation: after install never (JCRE without object deletion), and never beyond the chip's memory. */
public final class Allocator {
  private final boolean refuseAfterInstall;
  private final boolean budget;
  private final int persistentCapacity;
  private final int transientCapacity;
  private boolean installed;
  private int persistentBytes;
  private int allocations;
  private int late;

  Allocator(CardSpec spec) {
    refuseAfterInstall = spec.isStrict(Strictness.NO_ALLOCATION_AFTER_INSTALL);
    budget = spec.isStrict(Strictness.MEMORY_BUDGET);
    persistentCapacity = spec.persistentCapacity();
    transientCapacity = spec.transientCapacity();
  }

  /** Asks for an object or array in non-volatile memory. */
  public void persistent(String what, int payload) {
    request(what);
    int bytes = SizeModel.HEADER + payload;
    if (budget && persistentBytes + bytes > persistentCapacity) {
      refuse("no room for " + what + ": " + bytes + " bytes wanted, " + (persistentCapacity - persistentBytes) + " of " + persistentCapacity + " left");
    }
    allocate(bytes);
  }

  private void allocate(int bytes) {
    Card.MEMORY.beforeAllocation(SizeModel.HEADER);
    persistentBytes += bytes;
  }

  /** Asks for RAM; the array's object header is non-volatile. */
  public void ram(String what, int payload) {
    request(what);
    int used = Card.RAM.resetBytes() + Card.RAM.deselectBytes();
    if (budget && used + payload > transientCapacity) {
      refuse("no RAM for " + what + ": " + payload + " bytes wanted, " + (transientCapacity - used) + " of " + transientCapacity + " left");
    }
    allocate(SizeModel.HEADER);
  }

  private void request(String what) {
    Card.MEMORY.requirePower();
    allocations++;
    if (installed) {
      late++;
      if (refuseAfterInstall) {
        Card.FAULTS.record(AppletFault.Kind.ALLOCATION_AFTER_INSTALL, "the applet asks for " + what + " after install");
        SystemException.throwIt(SystemException.NO_RESOURCE);
      }
    }
  }

  private static void refuse(String message) {
    Card.FAULTS.record(AppletFault.Kind.OUT_OF_MEMORY, message);
    SystemException.throwIt(SystemException.NO_RESOURCE);
  }

  /** From now on the applet is installed. */
  void close(int persistentBytesInUse) {
    installed = true;
    persistentBytes = persistentBytesInUse;
  }

  int freePersistent() {
    return Math.max(0, persistentCapacity - persistentBytes);
  }

  int freeTransient() {
    return Math.max(0, transientCapacity - Card.RAM.resetBytes() - Card.RAM.deselectBytes());
  }

  int allocations() {
    return allocations;
  }

  int lateAllocations() {
    return late;
  }

  /** Validates a transient event (JCSystem.makeTransient…Array). */
  static byte event(byte event) {
    if (event != JCSystem.CLEAR_ON_RESET && event != JCSystem.CLEAR_ON_DESELECT) {
      SystemException.throwIt(SystemException.ILLEGAL_VALUE);
    }
    return event;
  }
}
