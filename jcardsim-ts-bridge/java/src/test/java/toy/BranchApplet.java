package toy;

import javacard.framework.APDU;
import javacard.framework.Applet;

/** Branches while a new object waits for its constructor, and branches to a {@code new}. */
public final class BranchApplet extends Applet {
  Flag flag;

  static final class Flag {
    final boolean set;
    final Flag next;

    Flag(boolean set, Flag next) {
      this.set = set;
      this.next = next;
    }
  }

  private BranchApplet(byte[] data, short at) {
    flag = new Flag(data[at] != 0, data[at] == 0 ? null : new Flag(data[at] > 1, null));
  }

  public static void install(byte[] data, short offset, byte length) {
    new BranchApplet(data, (short) (offset + length - 1)).register();
  }

  @Override
  public void process(APDU apdu) {
    if (selectingApplet()) {
      return;
    }
    byte[] buffer = apdu.getBuffer();
    if (buffer[1] == 0x10) {
      flag = buffer[2] == 0 ? new Flag(false, null) : new Flag(buffer[2] > 1, flag.set ? flag : null);
    }
    buffer[0] = (byte) ((flag.set ? 1 : 0) | (flag.next == null ? 0 : 2) | (flag.next != null && flag.next.set ? 4 : 0));
    apdu.setOutgoingAndSend((short) 0, (short) 1);
  }
}
