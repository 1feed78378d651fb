package jcardsim.bridge.internal;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC_DRBG with SHA-256 (NIST SP 800-90A Rev. 1, 10.1.2), without a reseed counter: its owner reseeds at every power-on. */
public final class HmacDrbg {
  /** Bytes of {@link #state()}: key and value. */
  public static final int STATE = 64;

  private static final int LENGTH = 32;
  private static final String ALGORITHM = "HmacSHA256";

  private final Mac hmac;
  private byte[] key;
  private byte[] value = new byte[LENGTH];

  /**
   * @param seedMaterial entropy, nonce and personalization, one after the other; 32 bytes of entropy or more
   */
  public HmacDrbg(byte[] seedMaterial) {
    try {
      hmac = Mac.getInstance(ALGORITHM);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    Arrays.fill(value, (byte) 1);
    rekey(new byte[LENGTH]);
    update(seedMaterial);
  }

  /** Mixes {@code seedMaterial} into the state. */
  public void reseed(byte[] seedMaterial) {
    update(seedMaterial);
  }

  /** Writes {@code length} random bytes to {@code into} from {@code offset} on. */
  public void generate(byte[] into, int offset, int length) {
    int done = 0;
    while (done < length) {
      value = mac(value);
      int part = Math.min(LENGTH, length - done);
      System.arraycopy(value, 0, into, offset + done, part);
      done += part;
    }
    update(new byte[0]);
  }

  private void update(byte[] data) {
    rekey(mac(value, new byte[] {0}, data));
    value = mac(value);
    if (data.length > 0) {
      rekey(mac(value, new byte[] {1}, data));
      value = mac(value);
    }
  }

  /** The MAC keeps its key from one call to the next. */
  private void rekey(byte[] newKey) {
    key = newKey;
    try {
      hmac.init(new SecretKeySpec(newKey, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] mac(byte[]... parts) {
    for (byte[] part : parts) {
      hmac.update(part);
    }
    return hmac.doFinal();
  }

  /** 64 bytes: key, value. */
  public byte[] state() {
    return ByteBuffer.allocate(STATE).put(key).put(value).array();
  }

  /** Back to a state that {@link #state()} gave. */
  public void restore(byte[] state) {
    rekey(Arrays.copyOfRange(state, 0, LENGTH));
    value = Arrays.copyOfRange(state, LENGTH, STATE);
  }
}
