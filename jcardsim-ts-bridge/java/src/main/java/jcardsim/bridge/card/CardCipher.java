package jcardsim.bridge.card;

import javacard.security.CryptoException;
import javacard.security.Key;
import javacardx.crypto.Cipher;
import jcardsim.bridge.Counters.Item;

/** A cipher object of the applet. */
final class CardCipher extends Cipher {
  private static final int AES_BLOCK = 16;

  /** Room for one RSA-4096 block. */
  private static final int LARGEST_BLOCK = 512;

  private final byte algorithm;
  private Key key;
  private byte mode;
  private byte[] iv;

  private transient Cipher engine;
  private transient int epoch;

  CardCipher(byte algorithm) {
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
    if (theMode != MODE_ENCRYPT && theMode != MODE_DECRYPT) {
      CryptoException.throwIt(CryptoException.ILLEGAL_VALUE);
    }
    Card.TALLY.add(Engine.isAes(theKey) ? Item.AES_CIPHER_INITS : Item.OTHER_CRYPTO_INITS);
    engine = build(theKey, theMode, theIv);
    key = theKey;
    mode = theMode;
    iv = theIv;
    epoch = Engine.epoch(theKey);
  }

  private Cipher build(Key theKey, byte theMode, byte[] theIv) {
    Cipher fresh = Cipher.getInstance(algorithm, false);
    try {
      if (theIv == null) {
        fresh.init(theKey, theMode);
      } else {
        fresh.init(theKey, theMode, theIv, (short) 0, (short) theIv.length);
      }
    } catch (RuntimeException e) {
      throw Engine.translate(e, CryptoException.ILLEGAL_VALUE);
    }
    return fresh;
  }

  private Cipher ready() {
    Engine.requireKey(key);
    if (engine == null || epoch != Engine.epoch(key)) {
      engine = build(key, mode, iv);
      epoch = Engine.epoch(key);
    }
    return engine;
  }

  @Override
  public short update(byte[] in, short inOffset, short inLength, byte[] out, short outOffset) {
    return run(ready(), false, in, inOffset, inLength, out, outOffset);
  }

  @Override
  public short doFinal(byte[] in, short inOffset, short inLength, byte[] out, short outOffset) {
    return run(ready(), true, in, inOffset, inLength, out, outOffset);
  }

  private short run(Cipher ready, boolean last, byte[] in, short inOffset, short inLength, byte[] out, short outOffset) {
    boolean persistent = Card.RAM.isPersistent(out);
    byte[] target = persistent ? new byte[inLength + LARGEST_BLOCK] : out;
    short offset = persistent ? 0 : outOffset;
    short length;
    try {
      length = last ? ready.doFinal(in, inOffset, inLength, target, offset) : ready.update(in, inOffset, inLength, target, offset);
    } catch (RuntimeException e) {
      throw Engine.translate(e, CryptoException.ILLEGAL_USE);
    }
    count(length);
    return persistent ? Engine.deliver(target, length, out, outOffset) : length;
  }

  private void count(int outputLength) {
    if (Engine.isAes(key)) {
      Card.TALLY.add(Item.AES_CIPHER_CALLS);
      Card.TALLY.add(Item.AES_BLOCKS, outputLength / AES_BLOCK);
    } else {
      Card.TALLY.add(Item.OTHER_CRYPTO_CALLS);
    }
  }

  @Override
  public byte getAlgorithm() {
    return algorithm;
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
