package toy;

import javacard.framework.APDU;
import javacard.framework.Applet;

/** Fails in install. */
public final class BrokenApplet extends Applet {
  public static void install(byte[] data, short offset, byte length) {
    new BrokenApplet().register();
    data[0] = (byte) (1 / (data[0] - data[0]));
  }

  @Override
  public void process(APDU apdu) {
    // Never gets here.
  }
}
