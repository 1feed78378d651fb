package jcardsim.bridge.card;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import jcardsim.bridge.internal.HmacDrbg;

/**
 * The card's only source of randomness. Key pairs, signatures and random data all draw from it; its state lives in the image.
 *
 * <p>Every power-on mixes something new in, so a card loaded twice from one image does not repeat itself: entropy of the
 * operating system, or, where a test asked for repeatability, its seed and the number of the power-on.
 */
public final class CardRandom {
  private static final SecureRandom ENTROPY = new SecureRandom();

  /** 256 bits of entropy and 128 of nonce (SP 800-90A, 8.6.7). */
  private static final int SEED_MATERIAL = 48;

  private final byte[] testSeed = Card.SPEC.cardSeed();
  private final HmacDrbg generator = new HmacDrbg(freshSeed());
  private long powerOns;

  CardRandom() {}

  private byte[] freshSeed() {
    if (testSeed != null) {
      return testSeed;
    }
    byte[] entropy = new byte[SEED_MATERIAL];
    ENTROPY.nextBytes(entropy);
    return entropy;
  }

  /** Starts a stream that no earlier session of this card has produced. */
  void powerOn() {
    powerOns++;
    byte[] fresh = freshSeed();
    generator.reseed(ByteBuffer.allocate(Long.BYTES + fresh.length).putLong(powerOns).put(fresh).array());
  }

  /** Fills {@code length} bytes. */
  public void nextBytes(byte[] into, int offset, int length) {
    generator.generate(into, offset, length);
  }

  /** Mixes data in; never takes entropy away. */
  public void addSeed(byte[] data) {
    generator.reseed(data);
  }

  /** 72 bytes: generator, number of power-ons (8). */
  byte[] state() {
    return ByteBuffer.allocate(HmacDrbg.STATE + Long.BYTES).put(generator.state()).putLong(powerOns).array();
  }

  void restore(byte[] state) {
    generator.restore(state);
    powerOns = ByteBuffer.wrap(state).getLong(HmacDrbg.STATE);
  }
}
