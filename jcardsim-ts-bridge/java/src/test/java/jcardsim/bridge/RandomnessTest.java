package jcardsim.bridge;

import static jcardsim.bridge.Toys.HEX;
import static jcardsim.bridge.Toys.hex;
import static jcardsim.bridge.Toys.ok;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RandomnessTest {
  private static final byte[] SEED = hex("5A".repeat(32));

  private static SimulatedCard seeded() {
    return Toys.started(SimulatedCard.create(Toys.spec("toy.CryptoApplet").cardSeed(SEED).build()));
  }

  /** r of an ECDSA signature in DER. */
  private static BigInteger r(byte[] signature) {
    return new BigInteger(1, Arrays.copyOfRange(signature, 4, 4 + signature[3]));
  }

  private static String draw(SimulatedCard card) {
    return HEX.formatHex(ok(card, 0x30, 32));
  }

  @Test
  void twoCardsDifferInKeysAndRandomData() {
    SimulatedCard one = Toys.crypto();
    SimulatedCard two = Toys.crypto();
    assertNotEquals(draw(one), draw(two));
    assertFalse(Arrays.equals(ok(one, 0x20, 0), ok(two, 0x20, 0)));
    assertFalse(Arrays.equals(ok(one, 0x22, 0), ok(two, 0x22, 0)));
  }

  @Test
  void twoCardsWithOneSeedAreTheSame() {
    SimulatedCard one = seeded();
    SimulatedCard two = seeded();
    assertEquals(draw(one), draw(two));
    assertArrayEquals(ok(one, 0x20, 0), ok(two, 0x20, 0));
    assertArrayEquals(ok(one, 0x21, 0, hex("01")), ok(two, 0x21, 0, hex("01")));
  }

  @Test
  void noTwoSignaturesShareANonceAndNoNonceIsThePrivateKey() {
    SimulatedCard card = Toys.crypto();
    byte[] w = ok(card, 0x20, 0);
    BigInteger keyAsNonce = new BigInteger(1, Arrays.copyOfRange(w, 1, 33));
    Set<BigInteger> seen = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      BigInteger r = r(ok(card, i % 2 == 0 ? 0x21 : 0x25, 0, hex("AB".repeat(32))));
      assertTrue(seen.add(r), "nonce used twice");
      assertNotEquals(keyAsNonce, r, "r is the x of the public key, so the nonce is the private key");
    }
  }

  @Tag("slow")
  @Test
  void aCardLoadedTwiceFromOneImageNeverRepeatsItself() {
    SimulatedCard card = Toys.crypto();
    ok(card, 0x20, 0);
    byte[] image = card.saveImage();
    Set<String> drawn = new HashSet<>();
    Set<BigInteger> nonces = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      SimulatedCard again = Toys.started(SimulatedCard.open(image, card.spec()));
      assertTrue(drawn.add(draw(again)));
      assertTrue(nonces.add(r(ok(again, 0x21, 0, hex("01")))));
    }
  }

  @Tag("slow")
  @Test
  void withATestSeedEveryPowerOnStartsANewStream() {
    SimulatedCard card = seeded();
    Set<String> drawn = new HashSet<>();
    SimulatedCard loaded = card;
    for (int i = 0; i < 10; i++) {
      assertTrue(drawn.add(draw(loaded)));
      loaded = Toys.started(SimulatedCard.open(loaded.saveImage(), card.spec()));
    }
    assertEquals(powerCycled(), powerCycled(), "and still repeats from run to run");
  }

  private static String powerCycled() {
    SimulatedCard card = seeded();
    card.powerOff();
    return draw(Toys.started(card));
  }

  @Test
  void randomBitsAreBalanced() {
    SimulatedCard card = seeded();
    int ones = 0;
    for (int i = 0; i < 200; i++) {
      for (byte b : ok(card, 0x30, 120)) {
        ones += Integer.bitCount(b & 0xFF);
      }
    }
    int bits = 200 * 120 * 8;
    assertTrue(Math.abs(ones - bits / 2) < 5 * Math.sqrt(bits) / 2, ones + " ones in " + bits);
  }
}
