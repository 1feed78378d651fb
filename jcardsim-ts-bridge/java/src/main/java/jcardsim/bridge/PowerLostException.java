package jcardsim.bridge;

/** Power failed where {@link SimulatedCard#cutPowerAt} said. The card is off; no answer was sent. */
public final class PowerLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int writesDone;

  PowerLostException(int writesDone) {
    super("power lost after " + writesDone + " persistent writes, before the answer was sent", null, false, false);
    this.writesDone = writesDone;
  }

  /** Persistent writes the command had completed when power failed. */
  public int writesDone() {
    return writesDone;
  }
}
