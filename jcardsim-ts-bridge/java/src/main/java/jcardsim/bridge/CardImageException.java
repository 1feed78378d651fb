package jcardsim.bridge;

/** A card image that cannot be used. {@link #reason()} says which way. */
public final class CardImageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why an image was refused. */
  public enum Reason {
    /** Not an image of this bridge at all. */
    NOT_AN_IMAGE,
    /** Written by a format version that this bridge does not read. */
    UNSUPPORTED_VERSION,
    /** Cut short or changed: the checksum does not fit. */
    DAMAGED,
    /** Made by other applet classes, another AID, or a class this card does not have. */
    OTHER_APPLET,
    /** The applet keeps an object that cannot be stored, such as a thread. */
    NOT_STORABLE
  }

  private final Reason reason;

  public CardImageException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public CardImageException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
