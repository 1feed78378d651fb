package jcardsim.bridge.card;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The card's only source of randomness: HMAC_DRBG with SHA-256 (NIST SP 800-90A, 10.1.2). Key pairs, signatures and random
 * data all draw from it; its state lives in the image.
 *
 * <p>Every power-on mixes something new in, so a card loaded twice from one image never repeats itself: entropy of the
 * operating system, or, where a test asked for repeatability, its seed and a counter of power-ons.
 */
public final class CardRandom {
  private static final int LENGTH = 32;
  private static final SecureRandom ENTROPY = new SecureRandom();

  private final byte[] testSeed = Card.SPEC.cardSeed();
  private final Mac hmac;
  private byte[] key = new byte[LENGTH];
  private byte[] value = new byte[LENGTH];
  private long powerOns;

  CardRandom() {
    try {
      hmac = Mac.getInstance("HmacSHA256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    Arrays.fill(value, (byte) 1);
    update(testSeed == null ? ENTROPY.generateSeed(48) : testSeed);
  }

  /** Starts a new stream that no earlier session of this card has produced. */
  void powerOn() {
    powerOns++;
    byte[] fresh = new byte[LENGTH];
    if (testSeed == null) {
      ENTROPY.nextBytes(fresh);
    } else {
      System.arraycopy(testSeed, 0, fresh, 0, LENGTH);
    }
    update(ByteBuffer.allocate(Long.BYTES + LENGTH).putLong(powerOns).put(fresh).array());
  }

  /** Fills {@code length} bytes. */
  public void nextBytes(byte[] into, int offset, int length) {
    int done = 0;
    while (done < length) {
      value = mac(key, value);
      int part = Math.min(LENGTH, length - done);
      System.arraycopy(value, 0, into, offset + done, part);
      done += part;
    }
    update(new byte[0]);
  }

  /** Mixes data in; never takes entropy away. */
  public void addSeed(byte[] data) {
    update(data);
  }

  private void update(byte[] data) {
    key = mac(key, value, new byte[] {0}, data);
    value = mac(key, value);
    if (data.length > 0) {
      key = mac(key, value, new byte[] {1}, data);
      value = mac(key, value);
    }
  }

  private byte[] mac(byte[] macKey, byte[]... parts) {
    try {
      hmac.init(new SecretKeySpec(macKey, "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    for (byte[] part : parts) {
      hmac.update(part);
    }
    return hmac.doFinal();
  }

  /** 72 bytes: key, value, number of power-ons. */
  byte[] state() {
    return ByteBuffer.allocate(2 * LENGTH + Long.BYTES).put(key).put(value).putLong(powerOns).array();
  }

  void restore(byte[] state) {
    ByteBuffer in = ByteBuffer.wrap(state);
    byte[] k = new byte[LENGTH];
    byte[] v = new byte[LENGTH];
    in.get(k).get(v);
    key = k;
    value = v;
    powerOns = in.getLong();
  }
}
