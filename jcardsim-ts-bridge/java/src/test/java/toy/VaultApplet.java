package toy;

import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.OwnerPIN;
import javacard.framework.Util;

/** A vault with fields and arrays of every type, a PIN, and commands that use memory in every way a test wants to see. */
public final class VaultApplet extends Applet {
  static final byte[] LABEL = {1, 2, 3};
  static short visits;
  static byte[] shared;

  final byte[] note = new byte[64];
  final short[] shorts = new short[4];
  final boolean[] flags = new boolean[4];
  final Object[] slots = new Object[2];
  final byte[] parameters;
  final OwnerPIN pin;
  final byte[] ram;
  final byte[] ramDeselect;
  final Object[] ramRefs;
  short counter;
  byte level;
  boolean open;
  Object link;

  private VaultApplet(byte[] data, short offset, byte length) {
    short at = (short) (offset + 1 + data[offset]);
    at = (short) (at + 1 + data[at]);
    parameters = new byte[data[at]];
    Util.arrayCopy(data, (short) (at + 1), parameters, (short) 0, (short) parameters.length);
    pin = new OwnerPIN((byte) 3, (byte) 8);
    pin.update(new byte[] {1, 2, 3, 4}, (short) 0, (byte) 4);
    ram = JCSystem.makeTransientByteArray((short) 32, JCSystem.CLEAR_ON_RESET);
    ramDeselect = JCSystem.makeTransientByteArray((short) 16, JCSystem.CLEAR_ON_DESELECT);
    ramRefs = JCSystem.makeTransientObjectArray((short) 2, JCSystem.CLEAR_ON_RESET);
    shared = new byte[8];
    slots[0] = note;
    register();
  }

  public static void install(byte[] data, short offset, byte length) {
    new VaultApplet(data, offset, length);
  }

  @Override
  public boolean select() {
    visits++;
    if (level == 7) {
      return false;
    }
    return true;
  }

  @Override
  public void deselect() {
    if (level == 8) {
      deselect();
    }
    if (level == 9) {
      JCSystem.beginTransaction();
    }
    note[63]++;
  }

  @Override
  public void process(APDU apdu) {
    byte[] buffer = apdu.getBuffer();
    if (selectingApplet()) {
      return;
    }
    short p1 = (short) (buffer[ISO7816.OFFSET_P1] & 0xFF);
    short p2 = (short) (buffer[ISO7816.OFFSET_P2] & 0xFF);
    switch (buffer[ISO7816.OFFSET_INS]) {
      case 0x10:
        JCSystem.beginTransaction();
        changeEverything(apdu);
        end(p1);
        break;
      case 0x11:
        changeEverything(apdu);
        break;
      case 0x12:
        JCSystem.beginTransaction();
        JCSystem.beginTransaction();
        break;
      case 0x13:
        JCSystem.beginTransaction();
        Util.arrayCopy(note, (short) 0, note, (short) 0, p1);
        Util.setShort(buffer, (short) 0, JCSystem.getUnusedCommitCapacity());
        JCSystem.commitTransaction();
        apdu.setOutgoingAndSend((short) 0, (short) 2);
        break;
      case 0x14:
        swallowEverything();
        break;
      case 0x15:
        JCSystem.beginTransaction();
        counter++;
        Util.arrayFillNonAtomic(note, (short) 0, (short) 8, (byte) p1);
        Util.arrayCopyNonAtomic(note, (short) 0, note, (short) 8, (short) 8);
        ram[0] = (byte) p1;
        JCSystem.abortTransaction();
        break;
      case 0x16:
        level = (byte) p1;
        break;
      case 0x17:
        JCSystem.beginTransaction();
        for (short i = 0; i < p1; i++) {
          note[0]++;
        }
        JCSystem.commitTransaction();
        break;
      case 0x18:
        Util.arrayFillNonAtomic(note, (short) 0, p2, (byte) p1);
        break;
      case 0x20:
        apdu.setIncomingAndReceive();
        if (!pin.check(buffer, ISO7816.OFFSET_CDATA, buffer[ISO7816.OFFSET_LC])) {
          ISOException.throwIt((short) (0x63C0 | pin.getTriesRemaining()));
        }
        break;
      case 0x21:
        changePin(apdu, p1);
        break;
      case 0x22:
        buffer[0] = pin.getTriesRemaining();
        buffer[1] = (byte) (pin.isValidated() ? 1 : 0);
        apdu.setOutgoingAndSend((short) 0, (short) 2);
        break;
      case 0x23:
        JCSystem.beginTransaction();
        apdu.setIncomingAndReceive();
        pin.check(buffer, ISO7816.OFFSET_CDATA, buffer[ISO7816.OFFSET_LC]);
        JCSystem.abortTransaction();
        break;
      case 0x24:
        pin.resetAndUnblock();
        break;
      case 0x30:
        slots[1] = new byte[p1];
        break;
      case 0x31:
        JCSystem.makeTransientByteArray(p1, JCSystem.CLEAR_ON_RESET);
        break;
      case 0x40:
        echo(apdu, p1);
        break;
      case 0x41:
        ram[1] = (byte) p1;
        ramDeselect[1] = (byte) p1;
        ramRefs[0] = note;
        LABEL[0] = (byte) p1;
        break;
      case 0x42:
        buffer[0] = ram[1];
        buffer[1] = ramDeselect[1];
        buffer[2] = (byte) (ramRefs[0] == null ? 0 : 1);
        buffer[3] = JCSystem.isTransient(ram);
        buffer[4] = JCSystem.isTransient(note);
        buffer[5] = LABEL[0];
        apdu.setOutgoingAndSend((short) 0, (short) 6);
        break;
      case 0x43:
        state(apdu);
        break;
      case 0x44:
        apdu.setIncomingAndReceive();
        Util.arrayCopy(parameters, (short) 0, buffer, (short) 0, (short) parameters.length);
        apdu.setOutgoingAndSend((short) 0, (short) parameters.length);
        break;
      case 0x45:
        note[(short) 64] = 1;
        break;
      default:
        ISOException.throwIt(ISO7816.SW_INS_NOT_SUPPORTED);
    }
  }

  /** Every kind of store there is: ten persistent writes and some in RAM. */
  private void changeEverything(APDU apdu) {
    byte[] buffer = apdu.getBuffer();
    counter++;
    level = 5;
    open = true;
    link = LABEL;
    visits = 100;
    note[1] = 11;
    shorts[1] = 12;
    flags[1] = true;
    slots[1] = LABEL;
    Util.arrayCopy(LABEL, (short) 0, note, (short) 10, (short) 3);
    Util.setShort(note, (short) 20, (short) 0x1234);
    ram[0] = 99;
    Util.setShort(buffer, (short) 0, counter);
  }

  private static void end(short how) {
    switch (how) {
      case 0:
        JCSystem.commitTransaction();
        break;
      case 1:
        JCSystem.abortTransaction();
        break;
      case 2:
        break;
      case 3:
        ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        break;
      default:
        shared[99] = 1;
    }
  }

  private void swallowEverything() {
    try {
      counter++;
      counter++;
    } catch (Throwable t) {
      note[5] = 1;
    } finally {
      note[6] = 1;
    }
    note[7] = 1;
  }

  private void changePin(APDU apdu, short p1) {
    byte[] buffer = apdu.getBuffer();
    apdu.setIncomingAndReceive();
    if (p1 == 1) {
      JCSystem.beginTransaction();
    }
    pin.update(buffer, ISO7816.OFFSET_CDATA, buffer[ISO7816.OFFSET_LC]);
    if (p1 == 1) {
      JCSystem.abortTransaction();
    }
  }

  private void echo(APDU apdu, short receive) {
    byte[] buffer = apdu.getBuffer();
    short length = (short) (buffer[ISO7816.OFFSET_LC] & 0xFF);
    if (receive != 0) {
      length = apdu.setIncomingAndReceive();
    }
    short le = apdu.setOutgoing();
    apdu.setOutgoingLength(length < le ? length : le);
    apdu.sendBytes(ISO7816.OFFSET_CDATA, length < le ? length : le);
  }

  /** counter 2, level, open, link?, visits 2, note[1], shorts[1] 2, flags[1], slots[1]?, note[10], note[20..21], ram[0]. */
  private void state(APDU apdu) {
    byte[] buffer = apdu.getBuffer();
    Util.setShort(buffer, (short) 0, counter);
    buffer[2] = level;
    buffer[3] = (byte) (open ? 1 : 0);
    buffer[4] = (byte) (link == null ? 0 : 1);
    Util.setShort(buffer, (short) 5, visits);
    buffer[7] = note[1];
    Util.setShort(buffer, (short) 8, shorts[1]);
    buffer[10] = (byte) (flags[1] ? 1 : 0);
    buffer[11] = (byte) (slots[1] == null ? 0 : 1);
    buffer[12] = note[10];
    buffer[13] = note[20];
    buffer[14] = note[21];
    buffer[15] = ram[0];
    apdu.setOutgoingAndSend((short) 0, (short) 16);
  }
}
