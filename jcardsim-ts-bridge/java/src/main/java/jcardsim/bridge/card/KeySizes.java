package jcardsim.bridge.card;

import javacard.framework.JCSystem;
import javacard.security.CryptoException;
import javacard.security.KeyBuilder;

/** Types of keys: where they live and how many bytes they take. */
final class KeySizes {
  private KeySizes() {}

  /** CLEAR_ON_RESET, CLEAR_ON_DESELECT or NOT_A_TRANSIENT_OBJECT. */
  static byte event(byte type) {
    return switch (type) {
      case KeyBuilder.TYPE_DES_TRANSIENT_RESET, KeyBuilder.TYPE_AES_TRANSIENT_RESET, KeyBuilder.TYPE_HMAC_TRANSIENT_RESET,
        KeyBuilder.TYPE_KOREAN_SEED_TRANSIENT_RESET -> JCSystem.CLEAR_ON_RESET;
      case KeyBuilder.TYPE_DES_TRANSIENT_DESELECT, KeyBuilder.TYPE_AES_TRANSIENT_DESELECT, KeyBuilder.TYPE_HMAC_TRANSIENT_DESELECT,
        KeyBuilder.TYPE_KOREAN_SEED_TRANSIENT_DESELECT -> JCSystem.CLEAR_ON_DESELECT;
      default -> JCSystem.NOT_A_TRANSIENT_OBJECT;
    };
  }

  /** Bytes of key material, domain parameters included. */
  static int payload(byte type, short bits) {
    int n = (bits + 7) / 8;
    return switch (type) {
      case KeyBuilder.TYPE_EC_FP_PRIVATE, KeyBuilder.TYPE_EC_F2M_PRIVATE -> 7 * n + 1;
      case KeyBuilder.TYPE_EC_FP_PUBLIC, KeyBuilder.TYPE_EC_F2M_PUBLIC -> 8 * n + 2;
      case KeyBuilder.TYPE_RSA_PUBLIC -> n + 4;
      case KeyBuilder.TYPE_RSA_PRIVATE -> 2 * n;
      case KeyBuilder.TYPE_RSA_CRT_PRIVATE -> 5 * n / 2;
      case KeyBuilder.TYPE_HMAC, KeyBuilder.TYPE_HMAC_TRANSIENT_RESET, KeyBuilder.TYPE_HMAC_TRANSIENT_DESELECT -> bits;
      case KeyBuilder.TYPE_DSA_PUBLIC, KeyBuilder.TYPE_DSA_PRIVATE, KeyBuilder.TYPE_DH_PUBLIC, KeyBuilder.TYPE_DH_PRIVATE -> 4 * n;
      default -> n;
    };
  }

  /** The one-byte type for an algorithmic type and a memory type. */
  static byte keyType(byte algorithmicType, byte memoryType) {
    return switch (algorithmicType) {
      case KeyBuilder.ALG_TYPE_AES -> choose(memoryType, KeyBuilder.TYPE_AES, KeyBuilder.TYPE_AES_TRANSIENT_RESET, KeyBuilder.TYPE_AES_TRANSIENT_DESELECT);
      case KeyBuilder.ALG_TYPE_DES -> choose(memoryType, KeyBuilder.TYPE_DES, KeyBuilder.TYPE_DES_TRANSIENT_RESET, KeyBuilder.TYPE_DES_TRANSIENT_DESELECT);
      case KeyBuilder.ALG_TYPE_HMAC -> choose(memoryType, KeyBuilder.TYPE_HMAC, KeyBuilder.TYPE_HMAC_TRANSIENT_RESET, KeyBuilder.TYPE_HMAC_TRANSIENT_DESELECT);
      case KeyBuilder.ALG_TYPE_EC_FP_PUBLIC -> persistent(memoryType, KeyBuilder.TYPE_EC_FP_PUBLIC);
      case KeyBuilder.ALG_TYPE_EC_FP_PRIVATE -> persistent(memoryType, KeyBuilder.TYPE_EC_FP_PRIVATE);
      case KeyBuilder.ALG_TYPE_RSA_PUBLIC -> persistent(memoryType, KeyBuilder.TYPE_RSA_PUBLIC);
      case KeyBuilder.ALG_TYPE_RSA_PRIVATE -> persistent(memoryType, KeyBuilder.TYPE_RSA_PRIVATE);
      case KeyBuilder.ALG_TYPE_RSA_CRT_PRIVATE -> persistent(memoryType, KeyBuilder.TYPE_RSA_CRT_PRIVATE);
      default -> throw new CryptoException(CryptoException.NO_SUCH_ALGORITHM);
    };
  }

  private static byte choose(byte memoryType, byte persistent, byte reset, byte deselect) {
    return switch (memoryType) {
      case JCSystem.MEMORY_TYPE_PERSISTENT -> persistent;
      case JCSystem.MEMORY_TYPE_TRANSIENT_RESET -> reset;
      case JCSystem.MEMORY_TYPE_TRANSIENT_DESELECT -> deselect;
      default -> throw new CryptoException(CryptoException.ILLEGAL_VALUE);
    };
  }

  /** jCardSim has no transient asymmetric keys. */
  private static byte persistent(byte memoryType, byte type) {
    if (memoryType != JCSystem.MEMORY_TYPE_PERSISTENT) {
      throw new CryptoException(CryptoException.NO_SUCH_ALGORITHM);
    }
    return type;
  }
}
