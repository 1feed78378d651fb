package jcardsim.bridge.card;

import javacard.security.Signature;

/** Which signature algorithms are MACs. */
final class SymmetricAlgorithms {
  private SymmetricAlgorithms() {}

  static boolean isSignature(byte algorithm) {
    return switch (algorithm) {
      case Signature.ALG_DES_MAC4_NOPAD, Signature.ALG_DES_MAC8_NOPAD, Signature.ALG_DES_MAC4_ISO9797_M1, Signature.ALG_DES_MAC8_ISO9797_M1,
        Signature.ALG_DES_MAC4_ISO9797_M2, Signature.ALG_DES_MAC8_ISO9797_M2, Signature.ALG_DES_MAC8_ISO9797_1_M2_ALG3,
        Signature.ALG_DES_MAC4_PKCS5, Signature.ALG_DES_MAC8_PKCS5, Signature.ALG_AES_MAC_128_NOPAD, Signature.ALG_AES_CMAC_128,
        Signature.ALG_HMAC_SHA1, Signature.ALG_HMAC_SHA_256, Signature.ALG_HMAC_SHA_384, Signature.ALG_HMAC_SHA_512,
        Signature.ALG_HMAC_MD5, Signature.ALG_HMAC_RIPEMD160 -> true;
      default -> false;
    };
  }
}
