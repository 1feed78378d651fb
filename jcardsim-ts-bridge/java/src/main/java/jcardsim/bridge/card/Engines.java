package jcardsim.bridge.card;

import com.licel.jcardsim.crypto.AsymmetricSignatureImpl;
import com.licel.jcardsim.crypto.SymmetricSignatureImpl;
import javacard.security.Checksum;
import javacard.security.CryptoException;
import javacard.security.InitializedMessageDigest;
import javacard.security.KeyAgreement;
import javacard.security.MessageDigest;
import javacard.security.RandomData;
import javacard.security.Signature;
import javacardx.crypto.AEADCipher;
import javacardx.crypto.Cipher;
import jcardsim.bridge.Strictness;

/** The {@code getInstance} methods of the platform, as the applet calls them. */
public final class Engines {
  /** Non-volatile bytes of one engine object, an estimate. */
  static final int PAYLOAD = 32;

  private Engines() {}

  private static void allocate(String what) {
    Card.ALLOCATOR.persistent(what, PAYLOAD);
  }

  /** Authenticated ciphers (Java Card 3.0.5) come as jCardSim makes them: not counted, not storable in an image. */
  public static Cipher newCipher(byte algorithm, boolean externalAccess) {
    allocate("a Cipher");
    Cipher engine = Cipher.getInstance(algorithm, externalAccess);
    return engine instanceof AEADCipher ? engine : new CardCipher(algorithm);
  }

  /** Algorithm and padding apart (Java Card 3.0.4); jCardSim's own returns null. */
  public static Cipher newCipher(byte cipher, byte padding, boolean externalAccess) {
    return newCipher(Algorithms.cipher(cipher, padding), externalAccess);
  }

  public static Signature newSignature(byte algorithm, boolean externalAccess) {
    allocate("a Signature");
    requireSupported(algorithm);
    return isRecovery(algorithm) ? new CardRecoverySignature(algorithm) : new CardSignature(algorithm);
  }

  public static Signature newSignature(byte digest, byte cipher, byte padding, boolean externalAccess) {
    return newSignature(Algorithms.signature(digest, cipher, padding), externalAccess);
  }

  private static void requireSupported(byte algorithm) {
    try {
      if (!SymmetricAlgorithms.isSignature(algorithm)) {
        new AsymmetricSignatureImpl(algorithm);
      }
    } catch (CryptoException unsupported) {
      throw unsupported;
    } catch (RuntimeException notImplemented) {
      throw new CryptoException(CryptoException.NO_SUCH_ALGORITHM);
    }
  }

  /** jCardSim's own factory prints to the standard output. */
  static Signature signatureEngine(byte algorithm) {
    return SymmetricAlgorithms.isSignature(algorithm) ? new SymmetricSignatureImpl(algorithm) : new AsymmetricSignatureImpl(algorithm);
  }

  private static boolean isRecovery(byte algorithm) {
    return algorithm == Signature.ALG_RSA_SHA_ISO9796_MR || algorithm == Signature.ALG_RSA_RIPEMD160_ISO9796_MR;
  }

  public static MessageDigest newDigest(byte algorithm, boolean externalAccess) {
    return newInitializedDigest(algorithm, externalAccess);
  }

  public static InitializedMessageDigest newInitializedDigest(byte algorithm, boolean externalAccess) {
    allocate("a MessageDigest");
    MessageDigest.getInstance(algorithm, externalAccess);
    return new CardDigest(algorithm);
  }

  public static KeyAgreement newKeyAgreement(byte algorithm, boolean externalAccess) {
    allocate("a KeyAgreement");
    KeyAgreement.getInstance(algorithm, externalAccess);
    return new CardKeyAgreement(algorithm);
  }

  public static RandomData newRandomData(byte algorithm) {
    allocate("a RandomData");
    boolean known = algorithm == RandomData.ALG_PSEUDO_RANDOM || algorithm == RandomData.ALG_SECURE_RANDOM
      || !Card.SPEC.isStrict(Strictness.API_3_0_4) && algorithm > 0 && algorithm <= RandomData.ALG_KEYGENERATION;
    if (!known) {
      CryptoException.throwIt(CryptoException.NO_SUCH_ALGORITHM);
    }
    return new CardRandomData(algorithm);
  }

  public static Checksum newChecksum(byte algorithm, boolean externalAccess) {
    allocate("a Checksum");
    return Checksum.getInstance(algorithm, externalAccess);
  }
}
