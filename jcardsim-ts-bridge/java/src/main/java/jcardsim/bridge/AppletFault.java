package jcardsim.bridge;

/**
 * Something the applet's author should know, and a terminal must not: an exception nobody caught, an allocation after
 * install, an exception out of {@code deselect()}.
 *
 * @param kind what happened
 * @param commandNumber number of the command since the card object was made, from 1; 0 during install
 * @param apduHeader the first bytes of the command (CLA INS P1 P2), empty outside a command
 * @param message one sentence
 * @param stackTrace the Java stack as text; may be empty
 */
public record AppletFault(Kind kind, long commandNumber, byte[] apduHeader, String message, String stackTrace) {
  /** Kinds of fault. */
  public enum Kind {
    UNCAUGHT_EXCEPTION,
    DESELECT_FAILED,
    ALLOCATION_AFTER_INSTALL,
    TRANSACTION_LEFT_OPEN,
    OUT_OF_MEMORY,
    COMMIT_BUFFER_FULL
  }
}
