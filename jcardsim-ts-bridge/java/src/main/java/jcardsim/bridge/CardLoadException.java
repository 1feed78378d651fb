package jcardsim.bridge;

/** The applet could not be loaded or installed. {@link #reason()} says which way, the cause carries the applet's own exception. */
public final class CardLoadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why the applet is not on the card. */
  public enum Reason {
    /** A class path entry or the applet class does not exist. */
    CLASS_NOT_FOUND,
    /** The applet uses platform API that a Java Card 3.0.4 does not have. */
    API_TOO_NEW,
    /** The applet's {@code install()} threw, or did not register an instance. */
    INSTALL_FAILED,
    /** A transform or the bridge could not rewrite a class. */
    REWRITE_FAILED
  }

  private final Reason reason;

  public CardLoadException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public CardLoadException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
