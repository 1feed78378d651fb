package jcardsim.bridge;

import static jcardsim.bridge.Toys.HEX;
import static jcardsim.bridge.Toys.hex;
import static jcardsim.bridge.Toys.ok;
import static jcardsim.bridge.Toys.send;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Set;
import jcardsim.bridge.CardImageException.Reason;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ImageTest {
  private static SimulatedCard reopened(SimulatedCard card) {
    return SimulatedCard.open(card.saveImage(), card.spec());
  }

  private static Reason refusal(byte[] image, CardSpec spec) {
    return assertThrows(CardImageException.class, () -> SimulatedCard.open(image, spec)).reason();
  }

  @Test
  void everythingCommittedSurvivesByteForByte() {
    SimulatedCard card = Toys.vault();
    ok(card, 0x10, 0);
    ok(card, 0x21, 0, hex("08070605"));
    assertEquals("63C2", send(card, 0x20, 0, hex("01020304")));
    String dump = card.persistentDump(Set.of());
    byte[] image = card.saveImage();
    SimulatedCard other = SimulatedCard.open(image, card.spec());
    assertEquals(dump, other.persistentDump(Set.of()));
    assertArrayEquals(image, other.saveImage());
    assertFalse(other.isPowered());
    Toys.started(other);
    assertEquals("0200", HEX.formatHex(ok(other, 0x22, 0)), "tries too");
    assertEquals("9000", send(other, 0x20, 0, hex("08070605")));
    assertEquals("C0FFEE", HEX.formatHex(ok(other, 0x44, 0)));
  }

  @Test
  void transientMemoryComesBackClearedAndStaysTransient() {
    SimulatedCard card = Toys.vault();
    ok(card, 0x41, 0x5A);
    SimulatedCard other = Toys.started(reopened(card));
    assertEquals("00000001005A", HEX.formatHex(ok(other, 0x42, 0)), "RAM cleared, kinds kept, static final array filled");
    ok(other, 0x41, 0x33);
    other.reset();
    Toys.select(other);
    assertEquals("000000010033", HEX.formatHex(ok(other, 0x42, 0)));
  }

  @Test
  void keysSurviveSessionKeysDoNotAndEnginesWorkAgain() {
    SimulatedCard card = Toys.crypto();
    byte[] w = ok(card, 0x20, 0);
    byte[] s = ok(card, 0x22, 0);
    ok(card, 0x10, 0, hex("10".repeat(16)));
    ok(card, 0x10, 1, hex("20".repeat(16)));
    byte[] mac = ok(card, 0x13, 0, hex("010203"));
    SimulatedCard other = Toys.started(reopened(card));
    assertArrayEquals(s, ok(other, 0x22, 0));
    assertArrayEquals(mac, ok(other, 0x13, 0, hex("010203")));
    assertEquals("00", HEX.formatHex(ok(other, 0x15, 1)));
    assertEquals("6F02", send(other, 0x13, 1, hex("01")), "UNINITIALIZED_KEY");
    byte[] signature = ok(other, 0x21, 0, hex("0A0B"));
    assertEquals("01", HEX.formatHex(ok(other, 0x27, signature.length, Toys.concat(signature, hex("0A0B")))));
    assertFalse(Arrays.equals(w, ok(other, 0x20, 0)), "and a new key pair can be made");
  }

  @Test
  void anEngineKeepsItsInitButNotHalfAMessage() {
    SimulatedCard card = Toys.crypto();
    ok(card, 0x10, 0, hex("10".repeat(16)));
    byte[] expected = ok(card, 0x13, 0, hex("06"));
    ok(card, 0x17, 0, hex("0102030405"));
    SimulatedCard other = Toys.started(reopened(card));
    assertArrayEquals(expected, ok(other, 0x18, 0, hex("06")));
    ok(card, 0x17, 0, hex("0102030405"));
    card.reset();
    Toys.select(card);
    assertArrayEquals(expected, ok(card, 0x18, 0, hex("06")), "the same after a reset");
  }

  @Test
  void aCardThatChangedHasAnotherPersistentVersion() {
    SimulatedCard card = Toys.vault();
    long version = card.persistentVersion();
    ok(card, 0x43, 0);
    assertEquals(version, card.persistentVersion());
    ok(card, 0x11, 0);
    assertNotEquals(version, card.persistentVersion());
  }

  @Tag("slow")
  @Test
  void aFlippedByteOrATruncationAnywhereIsRefused() {
    SimulatedCard card = Toys.vault();
    byte[] image = card.saveImage();
    for (int i = 0; i < image.length; i = i < 90 ? i + 1 : i + 41) {
      byte[] flipped = image.clone();
      flipped[i] ^= 0x40;
      Reason reason = refusal(flipped, card.spec());
      assertEquals(i < 4 ? Reason.NOT_AN_IMAGE : i < 6 ? Reason.UNSUPPORTED_VERSION : Reason.DAMAGED, reason);
      assertEquals(i < 4 ? Reason.NOT_AN_IMAGE : Reason.DAMAGED, refusal(Arrays.copyOf(image, i), card.spec()));
    }
    assertEquals(Reason.NOT_AN_IMAGE, refusal("not a card at all".getBytes(), card.spec()));
  }

  @Test
  void anImageOfOtherCodeOrAnotherInstanceIsRefused() {
    byte[] image = Toys.vault().saveImage();
    assertEquals(Reason.OTHER_APPLET, refusal(image, Toys.spec("toy.CryptoApplet").build()));
    assertEquals(Reason.OTHER_APPLET, refusal(image, Toys.spec("toy.VaultApplet").appletAid(hex("F00102030405")).build()));
  }

  @Test
  void anAppletThatKeepsAnObjectNoCardHasCannotBeSaved() {
    SimulatedCard card = SimulatedCard.create(Toys.spec("toy.OddApplet").build());
    assertEquals(Reason.NOT_STORABLE, assertThrows(CardImageException.class, card::saveImage).reason());
  }

  @Test
  void namedFieldsCanBeLeftOutOfTheDumpAndTheDigestFollowsIt() {
    SimulatedCard card = Toys.vault();
    Set<String> without = Set.of("VaultApplet.note", "VaultApplet.visits", "VaultApplet.slots");
    byte[] before = card.persistentDigest(without);
    Toys.select(card);
    assertArrayEquals(before, card.persistentDigest(without));
    assertFalse(Arrays.equals(card.persistentDigest(Set.of()), card.persistentDigest(without)));
    send(card, 0x20, 0, hex("09"));
    assertArrayEquals(before, card.persistentDigest(without), "PIN tries never count");
    ok(card, 0x21, 0, hex("0909"));
    assertFalse(Arrays.equals(before, card.persistentDigest(without)), "the PIN itself does");
  }
}
