package toy;

import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.AESKey;
import javacard.security.CryptoException;
import javacard.security.ECPrivateKey;
import javacard.security.ECPublicKey;
import javacard.security.KeyAgreement;
import javacard.security.KeyBuilder;
import javacard.security.KeyPair;
import javacard.security.MessageDigest;
import javacard.security.RandomData;
import javacard.security.Signature;
import javacardx.crypto.Cipher;

/** One of each engine, keys of every memory kind. A CryptoException is answered as 6F00 plus its reason. */
public final class CryptoApplet extends Applet {
  static final byte ALG_AES_CMAC_128 = 49;
  static final short OUT = 128;

  final AESKey stored = (AESKey) KeyBuilder.buildKey(KeyBuilder.TYPE_AES, (short) 128, false);
  final AESKey session = (AESKey) KeyBuilder.buildKey(KeyBuilder.TYPE_AES_TRANSIENT_RESET, (short) 128, false);
  final AESKey visit = (AESKey) KeyBuilder.buildKey(KeyBuilder.TYPE_AES_TRANSIENT_DESELECT, (short) 128, false);
  final KeyPair pair = new KeyPair(KeyPair.ALG_EC_FP, (short) 256);
  final ECPublicKey other = (ECPublicKey) KeyBuilder.buildKey(KeyBuilder.TYPE_EC_FP_PUBLIC, (short) 256, false);
  final ECPrivateKey scalar = (ECPrivateKey) KeyBuilder.buildKey(KeyBuilder.TYPE_EC_FP_PRIVATE, (short) 256, false);
  final Cipher cbc = Cipher.getInstance(Cipher.ALG_AES_BLOCK_128_CBC_NOPAD, false);
  final Cipher ecb = Cipher.getInstance(Cipher.CIPHER_AES_ECB, Cipher.PAD_NOPAD, false);
  final Signature mac = Signature.getInstance(Signature.ALG_AES_MAC_128_NOPAD, false);
  final Signature cmac = Signature.getInstance(ALG_AES_CMAC_128, false);
  final Signature ecdsa = Signature.getInstance(Signature.ALG_ECDSA_SHA_256, false);
  final KeyAgreement ecdh = KeyAgreement.getInstance(KeyAgreement.ALG_EC_SVDP_DH_PLAIN, false);
  final MessageDigest sha = MessageDigest.getInstance(MessageDigest.ALG_SHA_256, false);
  final RandomData random = RandomData.getInstance(RandomData.ALG_SECURE_RANDOM);
  final byte[] kept = new byte[80];

  private CryptoApplet() {
    register();
  }

  public static void install(byte[] data, short offset, byte length) {
    new CryptoApplet();
  }

  @Override
  public void process(APDU apdu) {
    if (selectingApplet()) {
      return;
    }
    try {
      run(apdu);
    } catch (CryptoException e) {
      ISOException.throwIt((short) (0x6F00 + e.getReason()));
    }
  }

  private AESKey key(byte which) {
    return which == 0 ? stored : which == 1 ? session : visit;
  }

  private void run(APDU apdu) {
    byte[] buffer = apdu.getBuffer();
    byte ins = buffer[ISO7816.OFFSET_INS];
    byte p1 = buffer[ISO7816.OFFSET_P1];
    byte p2 = buffer[ISO7816.OFFSET_P2];
    short lc = apdu.setIncomingAndReceive();
    short length = 0;
    switch (ins) {
      case 0x10:
        key(p1).setKey(buffer, ISO7816.OFFSET_CDATA);
        break;
      case 0x11:
        cbc.init(key(p1), p2 == 0 ? Cipher.MODE_ENCRYPT : Cipher.MODE_DECRYPT);
        length = cbc.doFinal(buffer, ISO7816.OFFSET_CDATA, lc, buffer, OUT);
        break;
      case 0x12:
        ecb.init(key(p1), Cipher.MODE_ENCRYPT);
        length = ecb.doFinal(buffer, ISO7816.OFFSET_CDATA, lc, buffer, OUT);
        break;
      case 0x13:
        cmac.init(key(p1), Signature.MODE_SIGN);
        length = cmac.sign(buffer, ISO7816.OFFSET_CDATA, lc, buffer, OUT);
        break;
      case 0x14:
        mac.init(key(p1), Signature.MODE_SIGN);
        length = mac.sign(buffer, ISO7816.OFFSET_CDATA, lc, buffer, OUT);
        break;
      case 0x15:
        buffer[OUT] = (byte) (key(p1).isInitialized() ? 1 : 0);
        length = 1;
        break;
      case 0x16:
        length = key(p1).getKey(buffer, OUT);
        break;
      case 0x17:
        cmac.init(key(p1), Signature.MODE_SIGN);
        cmac.update(buffer, ISO7816.OFFSET_CDATA, lc);
        break;
      case 0x18:
        length = cmac.sign(buffer, ISO7816.OFFSET_CDATA, lc, buffer, OUT);
        break;
      case 0x19:
        key(p1).clearKey();
        break;
      case 0x1A:
        JCSystem.beginTransaction();
        key(p1).setKey(buffer, ISO7816.OFFSET_CDATA);
        if (p2 != 0) {
          JCSystem.abortTransaction();
        } else {
          JCSystem.commitTransaction();
        }
        break;
      case 0x20:
        pair.genKeyPair();
        length = ((ECPublicKey) pair.getPublic()).getW(buffer, OUT);
        break;
      case 0x21:
        ecdsa.init(pair.getPrivate(), Signature.MODE_SIGN);
        length = ecdsa.sign(buffer, ISO7816.OFFSET_CDATA, lc, buffer, OUT);
        break;
      case 0x22:
        length = ((ECPrivateKey) pair.getPrivate()).getS(buffer, OUT);
        break;
      case 0x23:
        ecdh.init(pair.getPrivate());
        length = ecdh.generateSecret(buffer, ISO7816.OFFSET_CDATA, lc, buffer, OUT);
        break;
      case 0x24:
        other.setW(buffer, ISO7816.OFFSET_CDATA, lc);
        ecdsa.init(other, Signature.MODE_VERIFY);
        break;
      case 0x25:
        ecdsa.init(pair.getPrivate(), Signature.MODE_SIGN);
        length = ecdsa.signPreComputedHash(buffer, ISO7816.OFFSET_CDATA, lc, buffer, OUT);
        break;
      case 0x26:
        scalar.setS(buffer, ISO7816.OFFSET_CDATA, lc);
        length = scalar.getS(buffer, OUT);
        break;
      case 0x27:
        ecdsa.init(pair.getPublic(), Signature.MODE_VERIFY);
        buffer[OUT] = (byte) (ecdsa.verify(buffer, (short) (ISO7816.OFFSET_CDATA + p1), (short) (lc - p1), buffer, ISO7816.OFFSET_CDATA, p1) ? 1 : 0);
        length = 1;
        break;
      case 0x30:
        length = (short) (p1 & 0xFF);
        random.generateData(buffer, OUT, length);
        break;
      case 0x31:
        length = sha.doFinal(buffer, ISO7816.OFFSET_CDATA, lc, buffer, OUT);
        break;
      case 0x32:
        sha.update(buffer, ISO7816.OFFSET_CDATA, lc);
        break;
      case 0x33:
        random.generateData(kept, (short) 0, (short) 16);
        sha.doFinal(kept, (short) 0, (short) 16, kept, (short) 16);
        break;
      case 0x34:
        Util.arrayCopyNonAtomic(kept, (short) 0, buffer, OUT, (short) 48);
        length = 48;
        break;
      default:
        ISOException.throwIt(ISO7816.SW_INS_NOT_SUPPORTED);
    }
    Util.arrayCopyNonAtomic(buffer, OUT, buffer, (short) 0, length);
    apdu.setOutgoingAndSend((short) 0, length);
  }
}
