package jcardsim.bridge.card;

/** Power is gone. An Error, so that no applet code that catches exceptions sees it; hooks in its handlers pass it on. */
final class PowerCut extends Error {
  private static final long serialVersionUID = 1L;

  static final PowerCut NOW = new PowerCut();

  private PowerCut() {
    super("power cut", null, false, false);
  }
}
