package jcardsim.bridge.card;

import javacard.security.CryptoException;
import javacard.security.MessageDigest;
import javacard.security.Signature;
import javacardx.crypto.Cipher;

/** Maps the three-part algorithm names of Java Card 3.0.4 to the one-byte ones that jCardSim implements. */
final class Algorithms {
  private Algorithms() {}

  private static byte unsupported() {
    throw new CryptoException(CryptoException.NO_SUCH_ALGORITHM);
  }

  static byte cipher(byte cipher, byte padding) {
    return switch (cipher) {
      case Cipher.CIPHER_AES_CBC -> padding(padding, Cipher.ALG_AES_BLOCK_128_CBC_NOPAD, Cipher.ALG_AES_CBC_ISO9797_M1,
        Cipher.ALG_AES_CBC_ISO9797_M2, Cipher.ALG_AES_CBC_PKCS5);
      case Cipher.CIPHER_AES_ECB -> padding(padding, Cipher.ALG_AES_BLOCK_128_ECB_NOPAD, Cipher.ALG_AES_ECB_ISO9797_M1,
        Cipher.ALG_AES_ECB_ISO9797_M2, Cipher.ALG_AES_ECB_PKCS5);
      case Cipher.CIPHER_DES_CBC -> padding(padding, Cipher.ALG_DES_CBC_NOPAD, Cipher.ALG_DES_CBC_ISO9797_M1,
        Cipher.ALG_DES_CBC_ISO9797_M2, Cipher.ALG_DES_CBC_PKCS5);
      case Cipher.CIPHER_DES_ECB -> padding(padding, Cipher.ALG_DES_ECB_NOPAD, Cipher.ALG_DES_ECB_ISO9797_M1,
        Cipher.ALG_DES_ECB_ISO9797_M2, Cipher.ALG_DES_ECB_PKCS5);
      case Cipher.CIPHER_RSA -> switch (padding) {
        case Cipher.PAD_NOPAD -> Cipher.ALG_RSA_NOPAD;
        case Cipher.PAD_PKCS1 -> Cipher.ALG_RSA_PKCS1;
        case Cipher.PAD_PKCS1_OAEP -> Cipher.ALG_RSA_PKCS1_OAEP;
        default -> unsupported();
      };
      default -> unsupported();
    };
  }

  private static byte padding(byte padding, byte none, byte method1, byte method2, byte pkcs5) {
    return switch (padding) {
      case Cipher.PAD_NOPAD -> none;
      case Cipher.PAD_ISO9797_M1 -> method1;
      case Cipher.PAD_ISO9797_M2 -> method2;
      case Cipher.PAD_PKCS5 -> pkcs5;
      default -> unsupported();
    };
  }

  static byte signature(byte digest, byte cipher, byte padding) {
    return switch (cipher) {
      case Signature.SIG_CIPHER_ECDSA -> padding == Cipher.PAD_NULL ? ecdsa(digest) : unsupported();
      case Signature.SIG_CIPHER_AES_MAC128 -> digest == MessageDigest.ALG_NULL && padding == Cipher.PAD_NOPAD
        ? Signature.ALG_AES_MAC_128_NOPAD : unsupported();
      case Signature.SIG_CIPHER_AES_CMAC128 -> digest == MessageDigest.ALG_NULL ? Signature.ALG_AES_CMAC_128 : unsupported();
      case Signature.SIG_CIPHER_HMAC -> padding == Cipher.PAD_NULL ? hmac(digest) : unsupported();
      case Signature.SIG_CIPHER_RSA -> padding == Cipher.PAD_PKCS1 ? rsaPkcs1(digest) : padding == Cipher.PAD_PKCS1_PSS ? rsaPss(digest) : unsupported();
      default -> unsupported();
    };
  }

  private static byte ecdsa(byte digest) {
    return switch (digest) {
      case MessageDigest.ALG_SHA -> Signature.ALG_ECDSA_SHA;
      case MessageDigest.ALG_SHA_224 -> Signature.ALG_ECDSA_SHA_224;
      case MessageDigest.ALG_SHA_256 -> Signature.ALG_ECDSA_SHA_256;
      case MessageDigest.ALG_SHA_384 -> Signature.ALG_ECDSA_SHA_384;
      case MessageDigest.ALG_SHA_512 -> Signature.ALG_ECDSA_SHA_512;
      default -> unsupported();
    };
  }

  private static byte hmac(byte digest) {
    return switch (digest) {
      case MessageDigest.ALG_SHA -> Signature.ALG_HMAC_SHA1;
      case MessageDigest.ALG_SHA_256 -> Signature.ALG_HMAC_SHA_256;
      case MessageDigest.ALG_SHA_384 -> Signature.ALG_HMAC_SHA_384;
      case MessageDigest.ALG_SHA_512 -> Signature.ALG_HMAC_SHA_512;
      default -> unsupported();
    };
  }

  private static byte rsaPkcs1(byte digest) {
    return switch (digest) {
      case MessageDigest.ALG_SHA -> Signature.ALG_RSA_SHA_PKCS1;
      case MessageDigest.ALG_SHA_256 -> Signature.ALG_RSA_SHA_256_PKCS1;
      case MessageDigest.ALG_SHA_384 -> Signature.ALG_RSA_SHA_384_PKCS1;
      case MessageDigest.ALG_SHA_512 -> Signature.ALG_RSA_SHA_512_PKCS1;
      default -> unsupported();
    };
  }

  private static byte rsaPss(byte digest) {
    return switch (digest) {
      case MessageDigest.ALG_SHA -> Signature.ALG_RSA_SHA_PKCS1_PSS;
      case MessageDigest.ALG_SHA_256 -> Signature.ALG_RSA_SHA_256_PKCS1_PSS;
      case MessageDigest.ALG_SHA_384 -> Signature.ALG_RSA_SHA_384_PKCS1_PSS;
      case MessageDigest.ALG_SHA_512 -> Signature.ALG_RSA_SHA_512_PKCS1_PSS;
      default -> unsupported();
    };
  }
}
