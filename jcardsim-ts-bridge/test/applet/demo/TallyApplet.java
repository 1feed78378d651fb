package demo;

import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.RandomData;

/** A toy: counts, in a transaction and without, keeps a byte for the session, draws random bytes, and misbehaves on request. */
public class TallyApplet extends Applet {
  private static final byte CLA_TALLY = (byte) 0x80;
  /** Data: number, 2 bytes. Adds it to the total and counts the entry, both or neither. Answer: total, 2 bytes. */
  private static final byte INS_ADD = 0x10;
  /** Answer: total, entries, left, right; 2 bytes each. */
  private static final byte INS_READ = 0x12;
  /** Answer: 16 random bytes. */
  private static final byte INS_RANDOM = 0x14;
  /** P1 is kept until power-off. */
  private static final byte INS_REMEMBER = 0x16;
  /** Answer: what was kept, 1 byte. */
  private static final byte INS_RECALL = 0x18;
  /** Counts left, then right, without a transaction. */
  private static final byte INS_STEP = 0x1A;
  private static final byte INS_HANG = 0x1C;
  private static final byte INS_FAIL = 0x1E;

  private static final short RANDOM_LENGTH = 16;

  private short total;
  private short entries;
  private short left;
  private short right;
  private final byte[] session;
  private final RandomData random;

  private TallyApplet() {
    session = JCSystem.makeTransientByteArray((short) 1, JCSystem.CLEAR_ON_RESET);
    random = RandomData.getInstance(RandomData.ALG_SECURE_RANDOM);
    register();
  }

  public static void install(byte[] parameters, short offset, byte length) {
    new TallyApplet();
  }

  @Override
  public void process(APDU apdu) {
    if (selectingApplet()) {
      return;
    }
    byte[] buffer = apdu.getBuffer();
    if (buffer[ISO7816.OFFSET_CLA] != CLA_TALLY) {
      ISOException.throwIt(ISO7816.SW_CLA_NOT_SUPPORTED);
    }
    switch (buffer[ISO7816.OFFSET_INS]) {
      case INS_ADD:
        add(apdu, buffer);
        return;
      case INS_READ:
        read(apdu, buffer);
        return;
      case INS_RANDOM:
        random.generateData(buffer, (short) 0, RANDOM_LENGTH);
        apdu.setOutgoingAndSend((short) 0, RANDOM_LENGTH);
        return;
      case INS_REMEMBER:
        session[0] = buffer[ISO7816.OFFSET_P1];
        return;
      case INS_RECALL:
        buffer[0] = session[0];
        apdu.setOutgoingAndSend((short) 0, (short) 1);
        return;
      case INS_STEP:
        left++;
        right++;
        return;
      case INS_HANG:
        while (buffer[ISO7816.OFFSET_INS] == INS_HANG) {
          session[0]++;
        }
        return;
      case INS_FAIL:
        session[(short) session.length] = 0;
        return;
      default:
        ISOException.throwIt(ISO7816.SW_INS_NOT_SUPPORTED);
    }
  }

  private void add(APDU apdu, byte[] buffer) {
    short length = apdu.setIncomingAndReceive();
    if (length != (short) 2) {
      ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
    }
    short number = Util.getShort(buffer, ISO7816.OFFSET_CDATA);
    JCSystem.beginTransaction();
    total = (short) (total + number);
    entries++;
    JCSystem.commitTransaction();
    Util.setShort(buffer, (short) 0, total);
    apdu.setOutgoingAndSend((short) 0, (short) 2);
  }

  private void read(APDU apdu, byte[] buffer) {
    Util.setShort(buffer, (short) 0, total);
    Util.setShort(buffer, (short) 2, entries);
    Util.setShort(buffer, (short) 4, left);
    Util.setShort(buffer, (short) 6, right);
    apdu.setOutgoingAndSend((short) 0, (short) 8);
  }
}
