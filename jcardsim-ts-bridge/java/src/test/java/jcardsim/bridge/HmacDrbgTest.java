package jcardsim.bridge;

import static jcardsim.bridge.Toys.HEX;
import static jcardsim.bridge.Toys.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import jcardsim.bridge.internal.HmacDrbg;
import org.junit.jupiter.api.Test;

class HmacDrbgTest {

  /** NIST CAVP, drbgvectors_no_reseed, HMAC_DRBG SHA-256, no prediction resistance, COUNT 0: the second output counts. */
  @Test
  void theGeneratorFollowsTheNistVector() {
    HmacDrbg drbg = new HmacDrbg(hex("ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488" + "659ba96c601dc69fc902940805ec0ca8"));
    byte[] out = new byte[128];
    drbg.generate(out, 0, 128);
    drbg.generate(out, 0, 128);
    assertEquals(("e528e9abf2dece54d47c7e75e5fe302149f817ea9fb4bee6f4199697d04d5b89d54fbb978a15b5c443c9ec21036d2460b6f73ebad0dc2aba6e624abf07745bc1"
      + "07694bb7547bb0995f70de25d6b29e2d3011bb19d27676c07162c8b5ccde0668961df86803482cb37ed6d5c0bb8d50cf1f50d476aa0458bdaba806f48be9dcb8").toUpperCase(),
      HEX.formatHex(out));
  }

  @Test
  void aRestoredStateRepeatsAndAReseedDoesNot() {
    HmacDrbg drbg = new HmacDrbg(hex("00".repeat(48)));
    byte[] state = drbg.state();
    byte[] first = new byte[40];
    byte[] second = new byte[40];
    drbg.generate(first, 0, 40);
    drbg.restore(state);
    drbg.generate(second, 0, 40);
    assertEquals(HEX.formatHex(first), HEX.formatHex(second));
    drbg.restore(state);
    drbg.reseed(hex("01"));
    drbg.generate(second, 0, 40);
    assertNotEquals(HEX.formatHex(first), HEX.formatHex(second));
  }
}
