package jcardsim.bridge.card;

import javacard.framework.APDU;

/** Methods of {@code javacard.framework.APDU} that need help. */
public final class ApduCalls {
  private ApduCalls() {}

  /** Only now does the command data arrive in the buffer. */
  public static short setIncomingAndReceive(APDU apdu) {
    Card.MEMORY.requirePower();
    short received = apdu.setIncomingAndReceive();
    Card.RUNTIME.deliverData();
    return received;
  }

  /** jCardSim's own version throws for data longer than 258 bytes. */
  public static void sendBytesLong(APDU apdu, byte[] data, short offset, short length) {
    byte[] buffer = apdu.getBuffer();
    int chunk = Math.min(256, buffer.length);
    for (int sent = 0; sent < length; sent += chunk) {
      short part = (short) Math.min(chunk, length - sent);
      System.arraycopy(data, offset + sent, buffer, 0, part);
      apdu.sendBytes((short) 0, part);
    }
  }
}
