package toy;

import javacard.framework.APDU;
import javacard.framework.Applet;
import javacardx.apdu.ExtendedLength;

/** Sends its command data back, however long. */
public final class LongApplet extends Applet implements ExtendedLength {
  public static void install(byte[] data, short offset, byte length) {
    new LongApplet().register();
  }

  @Override
  public void process(APDU apdu) {
    if (selectingApplet()) {
      return;
    }
    short length = apdu.setIncomingAndReceive();
    short offset = apdu.getOffsetCdata();
    apdu.setOutgoing();
    apdu.setOutgoingLength(length);
    apdu.sendBytes(offset, length);
  }
}
