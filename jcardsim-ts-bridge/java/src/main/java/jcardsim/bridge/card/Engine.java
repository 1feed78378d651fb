package jcardsim.bridge.card;

import com.licel.jcardsim.crypto.SymmetricKeyImpl;
import javacard.security.CryptoException;
import javacard.security.Key;
import javacard.security.KeyBuilder;

/**
 * What the bridge's cipher, signature, digest and key agreement objects have in common. Each wraps an engine of jCardSim, remembers
 * key and parameters of its last init, which survive power-off, and makes its engine anew after a reset: half a message
 * does not survive (javacard.security.Signature, "a tear or card reset event …").
 */
final class Engine {
  private static int resets;
  private static int deselects;

  private Engine() {}

  static void cardReset() {
    resets++;
    deselects++;
  }

  static void appletDeselected() {
    deselects++;
  }

  static int[] epochs() {
    return new int[] {resets, deselects};
  }

  static void restoreEpochs(int[] epochs) {
    resets = epochs[0];
    deselects = epochs[1];
  }

  /** A number that changes when an engine initialised with this key (or none) has lost its state. */
  static int epoch(Key key) {
    return key != null && diesOnDeselect(key) ? deselects : resets;
  }

  private static boolean diesOnDeselect(Key key) {
    return switch (key.getType()) {
      case KeyBuilder.TYPE_DES_TRANSIENT_DESELECT, KeyBuilder.TYPE_AES_TRANSIENT_DESELECT, KeyBuilder.TYPE_HMAC_TRANSIENT_DESELECT,
        KeyBuilder.TYPE_KOREAN_SEED_TRANSIENT_DESELECT -> true;
      default -> false;
    };
  }

  static boolean isAes(Key key) {
    return switch (key.getType()) {
      case KeyBuilder.TYPE_AES, KeyBuilder.TYPE_AES_TRANSIENT_RESET, KeyBuilder.TYPE_AES_TRANSIENT_DESELECT -> true;
      default -> false;
    };
  }

  static boolean isHmac(Key key) {
    return switch (key.getType()) {
      case KeyBuilder.TYPE_HMAC, KeyBuilder.TYPE_HMAC_TRANSIENT_RESET, KeyBuilder.TYPE_HMAC_TRANSIENT_DESELECT -> true;
      default -> false;
    };
  }

  static boolean isSymmetric(Key key) {
    return key instanceof SymmetricKeyImpl;
  }

  /**
   * @throws CryptoException INVALID_INIT without init, UNINITIALIZED_KEY if the key has lost its value since
   */
  static void requireKey(Key key) {
    Card.MEMORY.requirePower();
    if (key == null) {
      CryptoException.throwIt(CryptoException.INVALID_INIT);
    }
    if (!key.isInitialized()) {
      CryptoException.throwIt(CryptoException.UNINITIALIZED_KEY);
    }
  }

  /** BouncyCastle reports bad lengths, padding and points with exceptions of its own, which no applet can catch by type. */
  static CryptoException translate(RuntimeException thrown, short reason) {
    if (thrown instanceof CryptoException || thrown instanceof ArrayIndexOutOfBoundsException || thrown instanceof NullPointerException) {
      throw thrown;
    }
    return new CryptoException(reason);
  }

  static byte[] copy(byte[] array, int offset, int length) {
    return java.util.Arrays.copyOfRange(array, offset, offset + length);
  }

  /** Hands a result out: straight into RAM, or as one atomic write into persistent memory. */
  static short deliver(byte[] result, int length, byte[] out, short offset) {
    UtilCalls.arrayCopy(result, (short) 0, out, offset, (short) length);
    return (short) length;
  }
}
