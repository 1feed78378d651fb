package toy;

import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.Util;

/** Counts its commands (INS 10), or only tells the count (INS 12). */
public final class CountApplet extends Applet {
  private static final byte INS_COUNT = 0x10;

  private short count;

  private CountApplet() {
    register();
  }

  public static void install(byte[] parameters, short offset, byte length) {
    new CountApplet();
  }

  @Override
  public void process(APDU apdu) {
    byte[] buffer = apdu.getBuffer();
    if (selectingApplet()) {
      return;
    }
    if (buffer[1] == INS_COUNT) {
      count++;
    }
    Util.setShort(buffer, (short) 0, count);
    apdu.setOutgoingAndSend((short) 0, (short) 2);
  }
}
