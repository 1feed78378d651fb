package toy;

import javacard.framework.APDU;
import javacard.framework.Applet;

/** Keeps something that exists in Java, but on no card. */
public final class OddApplet extends Applet {
  final Thread thread = new Thread();

  public static void install(byte[] data, short offset, byte length) {
    new OddApplet().register();
  }

  @Override
  public void process(APDU apdu) {
    // Nothing to do.
  }
}
