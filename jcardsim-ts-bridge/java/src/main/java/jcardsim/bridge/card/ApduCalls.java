package jcardsim.bridge.card;

import java.util.Arrays;
import javacard.framework.APDU;

/** Methods of {@code javacard.framework.APDU} that need help. */
public final class ApduCalls {
  private static final int OUT_BLOCK = 258;

  private ApduCalls() {}

  /** Only now does the command data arrive in the buffer. */
  public static short setIncomingAndReceive(APDU apdu) {
    Card.MEMORY.requirePower();
    short received = apdu.setIncomingAndReceive();
    Card.RUNTIME.deliverData();
    return received;
  }

  /** jCardSim refuses what ends beyond byte 258 of the buffer, although the buffer goes on. */
  public static void sendBytes(APDU apdu, short offset, short length) {
    Card.MEMORY.requirePower();
    byte[] buffer = apdu.getBuffer();
    if (offset <= 0 || length <= 0 || length > OUT_BLOCK || offset + length <= OUT_BLOCK || offset + length > buffer.length) {
      apdu.sendBytes(offset, length);
      return;
    }
    byte[] start = Arrays.copyOf(buffer, length);
    System.arraycopy(buffer, offset, buffer, 0, length);
    apdu.sendBytes((short) 0, length);
    System.arraycopy(start, 0, buffer, 0, length);
  }

  public static void setOutgoingAndSend(APDU apdu, short offset, short length) {
    apdu.setOutgoing();
    apdu.setOutgoingLength(length);
    sendBytes(apdu, offset, length);
  }

  /** jCardSim's own version throws for data longer than 258 bytes. */
  public static void sendBytesLong(APDU apdu, byte[] data, short offset, short length) {
    byte[] buffer = apdu.getBuffer();
    int chunk = Math.min(OUT_BLOCK, buffer.length);
    for (int sent = 0; sent < length; sent += chunk) {
      short part = (short) Math.min(chunk, length - sent);
      System.arraycopy(data, offset + sent, buffer, 0, part);
      apdu.sendBytes((short) 0, part);
    }
  }
}
