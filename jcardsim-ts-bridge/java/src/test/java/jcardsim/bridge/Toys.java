package jcardsim.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/** Cards with the toy applets, and short ways to talk to them. */
final class Toys {
  static final byte[] AID = hex("F0746F7900000001");
  static final HexFormat HEX = HexFormat.of().withUpperCase();

  private Toys() {}

  static CardSpec.Builder spec(String appletClass) {
    return CardSpec.builder().appletClasspath(Path.of("target", "test-classes")).appletClassName(appletClass).appletAid(AID);
  }

  static SimulatedCard vault() {
    return started(SimulatedCard.create(spec("toy.VaultApplet").installParameters(hex("C0FFEE")).build()));
  }

  static SimulatedCard crypto() {
    return started(SimulatedCard.create(spec("toy.CryptoApplet").build()));
  }

  static SimulatedCard started(SimulatedCard card) {
    card.powerOn();
    select(card);
    return card;
  }

  static byte[] selectApdu() {
    return concat(hex("00A40400"), new byte[] {(byte) AID.length}, AID);
  }

  static void select(SimulatedCard card) {
    assertEquals("9000", HEX.formatHex(card.transmit(selectApdu())));
  }

  static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  static byte[] concat(byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(p -> p.length).sum();
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  /** CLA 80, INS, P1, 00 and data if there is any. */
  static byte[] apdu(int ins, int p1, byte... data) {
    byte[] head = {(byte) 0x80, (byte) ins, (byte) p1, 0};
    return data.length == 0 ? head : concat(head, new byte[] {(byte) data.length}, data);
  }

  static String send(SimulatedCard card, byte[] apdu) {
    return HEX.formatHex(card.transmit(apdu));
  }

  static String send(SimulatedCard card, int ins, int p1, byte... data) {
    return send(card, apdu(ins, p1, data));
  }

  /** Sends, expects 9000, gives the data. */
  static byte[] ok(SimulatedCard card, int ins, int p1, byte... data) {
    byte[] answer = card.transmit(apdu(ins, p1, data));
    assertEquals("9000", HEX.formatHex(answer, answer.length - 2, answer.length), () -> "faults: " + card.faults());
    return Arrays.copyOf(answer, answer.length - 2);
  }
}
