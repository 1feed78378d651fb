package toy;

import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.Util;
import javacard.security.RandomData;

/** Uses API of Java Card 3.0.5. */
public final class ModernApplet extends Applet {
  final byte[] kept = new byte[8];
  final RandomData random = RandomData.getInstance(RandomData.ALG_SECURE_RANDOM);

  public static void install(byte[] data, short offset, byte length) {
    new ModernApplet().register();
  }

  @Override
  public void process(APDU apdu) {
    if (selectingApplet()) {
      return;
    }
    byte[] buffer = apdu.getBuffer();
    short length = 8;
    if (buffer[1] == 0x10) {
      Util.arrayFill(kept, (short) 0, (short) 8, buffer[2]);
      Util.arrayCopy(kept, (short) 0, buffer, (short) 0, (short) 8);
    } else {
      length = random.nextBytes(buffer, (short) 0, (short) 16);
    }
    apdu.setOutgoingAndSend((short) 0, length);
  }
}
