package jcardsim.bridge.link;

/** A request that cannot be carried out: a stable code for the caller and one sentence for a person. */
public final class LinkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The closed list of codes; the TypeScript side has the same names in its own spelling. */
  public enum Code {
    /** A frame or value that is malformed: a defect of the caller. */
    BAD_REQUEST,
    /** No card has this handle (any more). */
    CARD_CLOSED,
    CARD_OFF,
    /** The card lies in a virtual reader, which alone may power it and talk to it. */
    CARD_IN_READER,
    NOT_IN_READER,
    /** Power failed where a cut was armed; detail: persistent writes done. */
    POWER_LOST,
    APPLET_NOT_FOUND,
    API_TOO_NEW,
    INSTALL_FAILED,
    REWRITE_FAILED,
    /** Detail: pid of the owner, 0 if unknown. */
    IMAGE_IN_USE,
    IMAGE_MISSING,
    IMAGE_EXISTS,
    IMAGE_DAMAGED,
    IMAGE_OTHER_APPLET,
    IMAGE_NOT_STORABLE,
    /** The disk refused: no space, no right, no folder. */
    IMAGE_FAILED,
    SNAPSHOT_UNKNOWN,
    READER_UNREACHABLE,
    /** The reader has another card. */
    READER_OCCUPIED,
    /** Another keeper has the pid file; detail: its pid. */
    KEEPER_RUNNING,
    /** A defect of the bridge; the stack is on standard error. */
    INTERNAL
  }

  private final Code code;
  private final long detail;

  public LinkException(Code code, String sentence) {
    this(code, sentence, 0, null);
  }

  public LinkException(Code code, String sentence, Throwable cause) {
    this(code, sentence, 0, cause);
  }

  public LinkException(Code code, String sentence, long detail, Throwable cause) {
    super(sentence, cause);
    this.code = code;
    this.detail = detail;
  }

  public Code code() {
    return code;
  }

  /** A number that belongs to the code, as told there; 0 for the others. */
  public long detail() {
    return detail;
  }
}
