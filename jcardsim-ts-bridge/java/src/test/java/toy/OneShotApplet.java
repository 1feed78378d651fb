package toy;

import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.security.MessageDigest;

/** Uses an engine that jCardSim declares and does not have. */
public final class OneShotApplet extends Applet {
  public static void install(byte[] data, short offset, byte length) {
    new OneShotApplet().register();
  }

  @Override
  public void process(APDU apdu) {
    MessageDigest.OneShot sha = MessageDigest.OneShot.open(MessageDigest.ALG_SHA_256);
    sha.close();
  }
}
