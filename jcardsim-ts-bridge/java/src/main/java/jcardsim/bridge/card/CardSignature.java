package jcardsim.bridge.card;

import javacard.security.CryptoException;
import javacard.security.Key;
import javacard.security.Signature;
import jcardsim.bridge.Counters.Item;
import jcardsim.bridge.Strictness;

/** A signature or MAC object of the applet. */
class CardSignature extends Signature {
  private static final int AES_BLOCK = 16;

  /** Room for one RSA-4096 signature. */
  private static final int LARGEST_SIGNATURE = 512;

  private final byte algorithm;
  private Key key;
  private byte mode;
  private byte[] iv;

  private transient Signature engine;
  private transient int epoch;
  private transient int macBytes;

  CardSignature(byte algorithm) {
    this.algorithm = algorithm;
  }

  @Override
  public void init(Key theKey, byte theMode) {
    start(theKey, theMode, null);
  }

  @Override
  public void init(Key theKey, byte theMode, byte[] bArray, short bOff, short bLen) {
    start(theKey, theMode, Engine.copy(bArray, bOff, bLen));
  }

  private void start(Key theKey, byte theMode, byte[] theIv) {
    if (theKey == null) {
      CryptoException.throwIt(CryptoException.UNINITIALIZED_KEY);
    }
    Engine.requireKey(theKey);
    if (Engine.isSymmetric(theKey) != SymmetricAlgorithms.isSignature(algorithm)) {
      CryptoException.throwIt(CryptoException.ILLEGAL_VALUE);
    }
    countInit(theKey);
    engine = build(theKey, theMode, theIv);
    key = theKey;
    mode = theMode;
    iv = theIv;
    epoch = Engine.epoch(theKey);
  }

  private void countInit(Key theKey) {
    if (!Engine.isSymmetric(theKey)) {
      Card.TALLY.add(Item.SIGNATURE_INITS);
    } else if (Engine.isAes(theKey)) {
      Card.TALLY.add(Item.AES_MAC_INITS);
      // A CMAC enciphers a zero block to derive its subkeys (NIST SP 800-38B, 6.1).
      Card.TALLY.add(Item.AES_BLOCKS, algorithm == ALG_AES_CMAC_128 ? 1 : 0);
    } else {
      Card.TALLY.add(Engine.isHmac(theKey) ? Item.HMAC_INITS : Item.OTHER_CRYPTO_INITS);
    }
  }

  private Signature build(Key theKey, byte theMode, byte[] theIv) {
    Signature fresh = Engines.signatureEngine(algorithm);
    macBytes = 0;
    try {
      if (theIv == null) {
        fresh.init(theKey, theMode);
      } else {
        fresh.init(theKey, theMode, theIv, (short) 0, (short) theIv.length);
      }
    } catch (IllegalArgumentException badPoint) {
      if (Card.SPEC.isStrict(Strictness.POINT_ON_CURVE)) {
        throw new CryptoException(CryptoException.ILLEGAL_VALUE);
      }
      throw badPoint;
    } catch (RuntimeException e) {
      throw Engine.translate(e, CryptoException.ILLEGAL_VALUE);
    }
    return fresh;
  }

  /** The engine, made anew if a reset has taken the old one; {@code forMode} 0 for both. */
  final Signature ready(byte forMode) {
    Engine.requireKey(key);
    if (forMode != 0 && mode != forMode) {
      CryptoException.throwIt(CryptoException.INVALID_INIT);
    }
    if (engine == null || epoch != Engine.epoch(key)) {
      engine = build(key, mode, iv);
      epoch = Engine.epoch(key);
    }
    return engine;
  }

  private void count(Item asymmetric, int bytes, boolean last) {
    if (!Engine.isSymmetric(key)) {
      if (asymmetric != null) {
        Card.TALLY.add(asymmetric);
      }
    } else if (Engine.isAes(key)) {
      Card.TALLY.add(Item.AES_MAC_CALLS);
      int before = blocks(macBytes);
      macBytes += bytes;
      Card.TALLY.add(Item.AES_BLOCKS, (last ? Math.max(1, blocks(macBytes)) : blocks(macBytes)) - before);
      macBytes = last ? 0 : macBytes;
    } else {
      Card.TALLY.add(Engine.isHmac(key) ? Item.HMAC_CALLS : Item.OTHER_CRYPTO_CALLS);
    }
  }

  private static int blocks(int bytes) {
    return (bytes + AES_BLOCK - 1) / AES_BLOCK;
  }

  @Override
  public void update(byte[] in, short inOffset, short inLength) {
    Signature ready = ready((byte) 0);
    count(null, inLength, false);
    ready.update(in, inOffset, inLength);
  }

  @Override
  public short sign(byte[] in, short inOffset, short inLength, byte[] out, short outOffset) {
    Signature ready = ready(MODE_SIGN);
    count(Item.SIGN, inLength, true);
    byte[] signature = new byte[LARGEST_SIGNATURE];
    try {
      return Engine.deliver(signature, ready.sign(in, inOffset, inLength, signature, (short) 0), out, outOffset);
    } catch (RuntimeException e) {
      throw Engine.translate(e, CryptoException.ILLEGAL_USE);
    }
  }

  @Override
  public short signPreComputedHash(byte[] hash, short hashOffset, short hashLength, byte[] out, short outOffset) {
    Signature ready = ready(MODE_SIGN);
    requireAsymmetric();
    count(Item.SIGN, 0, true);
    byte[] signature = new byte[LARGEST_SIGNATURE];
    try {
      return Engine.deliver(signature, ready.signPreComputedHash(hash, hashOffset, hashLength, signature, (short) 0), out, outOffset);
    } catch (RuntimeException e) {
      throw Engine.translate(e, CryptoException.ILLEGAL_USE);
    }
  }

  @Override
  public boolean verify(byte[] in, short inOffset, short inLength, byte[] signature, short offset, short length) {
    Signature ready = ready(MODE_VERIFY);
    count(Item.VERIFY, inLength, true);
    try {
      return ready.verify(in, inOffset, inLength, signature, offset, length);
    } catch (RuntimeException e) {
      throw Engine.translate(e, CryptoException.ILLEGAL_USE);
    }
  }

  @Override
  public boolean verifyPreComputedHash(byte[] hash, short hashOffset, short hashLength, byte[] signature, short offset, short length) {
    Signature ready = ready(MODE_VERIFY);
    requireAsymmetric();
    count(Item.VERIFY, 0, true);
    try {
      return ready.verifyPreComputedHash(hash, hashOffset, hashLength, signature, offset, length);
    } catch (RuntimeException e) {
      throw Engine.translate(e, CryptoException.ILLEGAL_USE);
    }
  }

  private void requireAsymmetric() {
    if (Engine.isSymmetric(key)) {
      CryptoException.throwIt(CryptoException.ILLEGAL_USE);
    }
  }

  @Override
  public void setInitialDigest(byte[] state, short stateOffset, short stateLength, byte[] counted, short countedOffset, short countedLength) {
    throw new CryptoException(CryptoException.ILLEGAL_USE);
  }

  @Override
  public short getLength() {
    return ready((byte) 0).getLength();
  }

  @Override
  public byte getAlgorithm() {
    return algorithm;
  }

  @Override
  public byte getMessageDigestAlgorithm() {
    throw new CryptoException(CryptoException.ILLEGAL_USE);
  }

  @Override
  public byte getCipherAlgorithm() {
    throw new CryptoException(CryptoException.ILLEGAL_USE);
  }

  @Override
  public byte getPaddingAlgorithm() {
    throw new CryptoException(CryptoException.ILLEGAL_USE);
  }
}
