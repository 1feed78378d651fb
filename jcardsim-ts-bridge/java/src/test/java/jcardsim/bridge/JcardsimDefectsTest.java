package jcardsim.bridge;

import static jcardsim.bridge.Toys.HEX;
import static jcardsim.bridge.Toys.apdu;
import static jcardsim.bridge.Toys.hex;
import static jcardsim.bridge.Toys.ok;
import static jcardsim.bridge.Toys.send;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigInteger;
import java.util.Set;
import jcardsim.bridge.Counters.Item;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Defects of jCardSim 3.0.6.0, each with the behaviour of a card in its place. */
class JcardsimDefectsTest {

  @Tag("slow")
  @Test
  void aPrivateKeyAlwaysComesOutWithItsFullLengthAndAlwaysWorks() {
    SimulatedCard card = Toys.crypto();
    int leadingZeros = 0;
    for (int i = 0; i < 600; i++) {
      byte[] w = ok(card, 0x20, 0);
      byte[] s = ok(card, 0x22, 0);
      assertEquals(32, s.length);
      leadingZeros += s[0] == 0 ? 1 : 0;
      if (s[0] == 0 || i % 100 == 0) {
        byte[] signature = ok(card, 0x21, 0, hex("0102"));
        assertEquals("01", HEX.formatHex(ok(card, 0x27, signature.length, Toys.concat(signature, hex("0102")))));
        assertEquals(65, w.length);
      }
    }
    assertTrue(leadingZeros <= 12, "one in 256, not " + leadingZeros + " in 600");
  }

  @Test
  void aShorterValueLeavesNothingOfTheLongerOneBehind() {
    SimulatedCard card = Toys.crypto();
    assertEquals("11".repeat(32), HEX.formatHex(ok(card, 0x26, 0, hex("11".repeat(32)))));
    assertEquals("2222", HEX.formatHex(ok(card, 0x26, 0, hex("2222"))));
    assertEquals("33".repeat(32), HEX.formatHex(ok(card, 0x26, 0, hex("33".repeat(32)))));
  }

  @Test
  void aTransientKeyIsUninitialisedAfterItsEventAndNoEngineKeepsItAlive() {
    SimulatedCard card = Toys.crypto();
    byte[] key = hex("0F".repeat(16));
    for (int which = 1; which <= 2; which++) {
      ok(card, 0x10, which, key);
      ok(card, 0x17, which, hex("01"));
    }
    Toys.select(card);
    assertEquals("01", HEX.formatHex(ok(card, 0x15, 1)), "CLEAR_ON_RESET lives on when the applet is selected again");
    assertEquals("00", HEX.formatHex(ok(card, 0x15, 2)), "CLEAR_ON_DESELECT does not");
    assertEquals("6F02", send(card, 0x18, 0, hex("01")), "the engine's key is gone");
    card.reset();
    Toys.select(card);
    assertEquals("00", HEX.formatHex(ok(card, 0x15, 1)));
    assertEquals("6F02", send(card, 0x13, 1, hex("01")));
    assertEquals("6F02", send(card, 0x16, 1));
  }

  @Test
  void aClearedKeyIsUninitialisedToo() {
    SimulatedCard card = Toys.crypto();
    ok(card, 0x10, 0, hex("0F".repeat(16)));
    ok(card, 0x19, 0);
    assertEquals(1, card.lastCommand().get(Item.CLEAR_KEY));
    assertEquals("00", HEX.formatHex(ok(card, 0x15, 0)));
    assertEquals("6F02", send(card, 0x13, 0, hex("01")));
  }

  @Tag("slow")
  @Test
  void aHundredThousandCommandsDoNotMakeAResetSlow() {
    SimulatedCard card = Toys.crypto();
    ok(card, 0x10, 1, hex("0F".repeat(16)));
    byte[] encrypt = apdu(0x11, 1, hex("00".repeat(32)));
    for (int i = 0; i < 100_000; i++) {
      card.transmit(encrypt);
    }
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 20; i++) {
      long start = System.nanoTime();
      card.reset();
      best = Math.min(best, System.nanoTime() - start);
    }
    assertTrue(best < 100_000, "reset takes " + best + " ns");
  }

  @Test
  void theSimulatorWritesNothingToTheConsole() {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed));
    try {
      SimulatedCard card = Toys.crypto();
      ok(card, 0x20, 0);
      ok(card, 0x21, 0, hex("01"));
    } finally {
      System.setOut(console);
    }
    assertEquals("", printed.toString());
  }

  @Test
  void twoCardsInOneProcessShareNothing() {
    SimulatedCard one = Toys.vault();
    SimulatedCard two = Toys.vault();
    ok(one, 0x10, 0);
    ok(one, 0x41, 0x22);
    ok(one, 0x20, 0, hex("01020304"));
    assertEquals("0300", HEX.formatHex(ok(two, 0x22, 0)));
    assertTrue(two.persistentDump(Set.of()).contains("VaultApplet.visits = 1\n"), "statics are per card");
    assertEquals("000000010001", HEX.formatHex(ok(two, 0x42, 0)));
    SimulatedCard third = Toys.vault();
    assertEquals("222201010022", HEX.formatHex(ok(one, 0x42, 0)), "making a third card does not wipe the first");
    third.close();
    ok(two, 0x43, 0);
  }

  @Test
  void ciphersAskedForByAlgorithmAndPaddingExist() {
    SimulatedCard card = Toys.crypto();
    ok(card, 0x10, 0, hex("2B7E151628AED2A6ABF7158809CF4F3C"));
    assertEquals("3AD77BB40D7A3660A89ECAF32466EF97", HEX.formatHex(ok(card, 0x12, 0, hex("6BC1BEE22E409F96E93D7E117393172A"))), "NIST SP 800-38A F.1.1");
    assertEquals("070A16B46B4D4144F79BDD9DD04A287C", HEX.formatHex(ok(card, 0x13, 0, hex("6BC1BEE22E409F96E93D7E117393172A"))), "RFC 4493 example 2");
    assertEquals("6F05", send(card, 0x12, 0, hex("00")), "ILLEGAL_USE for a length that is no multiple of 16");
  }

  @Test
  void aSignedHashVerifiesLikeTheSignedMessage() {
    SimulatedCard card = Toys.crypto();
    ok(card, 0x20, 0);
    byte[] message = hex("00112233");
    byte[] hash = ok(card, 0x31, 0, message);
    byte[] signature = ok(card, 0x25, 0, hash);
    assertEquals("01", HEX.formatHex(ok(card, 0x27, signature.length, Toys.concat(signature, message))));
    signature[signature.length - 1] ^= 1;
    assertEquals("00", HEX.formatHex(ok(card, 0x27, signature.length, Toys.concat(signature, message))));
  }

  @Test
  void cryptographyIsCountedByKind() {
    SimulatedCard card = Toys.crypto();
    ok(card, 0x10, 0, hex("00".repeat(16)));
    assertEquals(1, card.lastCommand().get(Item.SET_KEY_PERSISTENT));
    ok(card, 0x10, 1, hex("00".repeat(16)));
    assertEquals(1, card.lastCommand().get(Item.SET_KEY_TRANSIENT));
    assertEquals(0, card.lastCommand().persistentWrites());
    ok(card, 0x11, 1, hex("00".repeat(48)));
    assertEquals("1 1 3", figures(card, Item.AES_CIPHER_INITS, Item.AES_CIPHER_CALLS, Item.AES_BLOCKS));
    ok(card, 0x13, 1, hex("00".repeat(33)));
    assertEquals("1 1 4", figures(card, Item.AES_MAC_INITS, Item.AES_MAC_CALLS, Item.AES_BLOCKS), "three blocks and the subkey");
    ok(card, 0x14, 1, hex("00".repeat(32)));
    assertEquals("1 1 2", figures(card, Item.AES_MAC_INITS, Item.AES_MAC_CALLS, Item.AES_BLOCKS));
    byte[] w = ok(card, 0x20, 0);
    assertEquals("1", figures(card, Item.KEY_PAIRS));
    ok(card, 0x21, 0, hex("01"));
    assertEquals("1 1 0", figures(card, Item.SIGNATURE_INITS, Item.SIGN, Item.VERIFY));
    ok(card, 0x23, 0, w);
    assertEquals("1 1", figures(card, Item.KEY_AGREEMENT_INITS, Item.KEY_AGREEMENTS));
    ok(card, 0x24, 0, w);
    assertEquals("1 1", figures(card, Item.SET_W, Item.SIGNATURE_INITS));
    ok(card, 0x30, 20);
    assertEquals("1 20", figures(card, Item.RANDOM_CALLS, Item.RANDOM_BYTES));
    ok(card, 0x31, 0, hex("010203"));
    assertEquals("1 3", figures(card, Item.DIGEST_CALLS, Item.DIGEST_BYTES));
  }

  private static String figures(SimulatedCard card, Item... items) {
    StringBuilder text = new StringBuilder();
    for (Item item : items) {
      text.append(text.length() == 0 ? "" : " ").append(card.lastCommand().get(item));
    }
    return text.toString();
  }

  @Tag("slow")
  @Test
  void aSharedSecretHasTheLengthOfTheField() {
    SimulatedCard card = Toys.crypto();
    for (int i = 0; i < 40; i++) {
      byte[] w = ok(card, 0x20, 0);
      byte[] secret = ok(card, 0x23, 0, w);
      assertEquals(32, secret.length);
      assertNotEquals(BigInteger.ZERO, new BigInteger(1, secret));
      assertArrayEquals(secret, ok(card, 0x23, 0, w));
    }
  }
}
