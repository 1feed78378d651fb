package jcardsim.bridge;

import java.util.List;

/**
 * Memory of the applet, counted as a card would: payload of fields and arrays plus a header per object. An estimate in
 * the object headers, exact in the payload.
 *
 * @param persistentBytes non-volatile memory used by everything the applet can reach
 * @param persistentCapacity what {@link CardSpec#persistentCapacity()} allows
 * @param persistentByKind the same, by class of object, largest first
 * @param transientResetBytes RAM in CLEAR_ON_RESET arrays and keys
 * @param transientDeselectBytes RAM in CLEAR_ON_DESELECT arrays and keys
 * @param transientCapacity what {@link CardSpec#transientCapacity()} allows
 * @param largestCommitBytes largest use of the commit buffer since the card object was made
 * @param commitCapacity what {@link CardSpec#commitCapacity()} allows
 * @param allocations objects, arrays and transient arrays the applet has allocated since the card object was made
 * @param allocationsAfterInstall those asked for after install, granted or refused
 */
public record MemoryReport(
    int persistentBytes,
    int persistentCapacity,
    List<Usage> persistentByKind,
    int transientResetBytes,
    int transientDeselectBytes,
    int transientCapacity,
    int largestCommitBytes,
    int commitCapacity,
    int allocations,
    int allocationsAfterInstall) {

  /**
   * One class of objects.
   *
   * @param kind class name, or the element type and {@code []}
   * @param count how many
   * @param bytes all of them, headers included
   */
  public record Usage(String kind, int count, int bytes) {}
}
