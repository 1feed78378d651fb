package toy;

import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.ISO7816;
import javacard.framework.ISOException;

/** Has one place for each kind of mutation, with an answer that shows it. */
public final class MutableApplet extends Applet {
  private static final short FIRST = 0;

  private short length;

  public static void install(byte[] data, short offset, byte length) {
    new MutableApplet().register();
  }

  @Override
  public void process(APDU apdu) {
    if (selectingApplet()) {
      return;
    }
    byte[] buffer = apdu.getBuffer();
    short number = buffer[ISO7816.OFFSET_P1];
    length = 0;
    switch (buffer[ISO7816.OFFSET_INS]) {
      case 0x01:
        append(buffer, doubled(number));
        break;
      case 0x02:
        guarded(number);
        break;
      default:
        ordered(buffer);
    }
    apdu.setOutgoingAndSend((short) 0, length);
  }

  private static short doubled(short number) {
    return (short) (twice(number) + FIRST);
  }

  private static short twice(short number) {
    if (number <= 5) {
      return (short) (2 * number);
    }
    return 7;
  }

  private static void guarded(short number) {
    requireNothing(number);
  }

  private static void requireNothing(short number) {
    if (number != 0) {
      ISOException.throwIt(ISO7816.SW_WRONG_DATA);
    }
  }

  private void ordered(byte[] buffer) {
    append(buffer, (short) 1);
    append(buffer, (short) 2);
  }

  private void append(byte[] buffer, short value) {
    buffer[length] = (byte) value;
    length++;
  }
}
