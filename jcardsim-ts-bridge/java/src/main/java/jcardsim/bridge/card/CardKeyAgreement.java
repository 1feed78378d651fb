package jcardsim.bridge.card;

import javacard.security.CryptoException;
import javacard.security.KeyAgreement;
import javacard.security.PrivateKey;
import jcardsim.bridge.Counters.Item;
import jcardsim.bridge.Strictness;

/** A key agreement object of the applet. */
final class CardKeyAgreement extends KeyAgreement {
  private static final int LARGEST_SECRET = 512;

  private final byte algorithm;
  private PrivateKey key;

  private transient KeyAgreement engine;

  CardKeyAgreement(byte algorithm) {
    this.algorithm = algorithm;
  }

  @Override
  public void init(PrivateKey privateKey) {
    if (privateKey == null) {
      CryptoException.throwIt(CryptoException.UNINITIALIZED_KEY);
    }
    Engine.requireKey(privateKey);
    Card.TALLY.add(Item.KEY_AGREEMENT_INITS);
    engine = build(privateKey);
    key = privateKey;
  }

  private KeyAgreement build(PrivateKey privateKey) {
    KeyAgreement fresh = KeyAgreement.getInstance(algorithm, false);
    fresh.init(privateKey);
    return fresh;
  }

  @Override
  public short generateSecret(byte[] publicData, short publicOffset, short publicLength, byte[] secret, short secretOffset) {
    Engine.requireKey(key);
    if (engine == null) {
      engine = build(key);
    }
    Card.TALLY.add(Item.KEY_AGREEMENTS);
    byte[] result = new byte[LARGEST_SECRET];
    short length;
    try {
      length = engine.generateSecret(publicData, publicOffset, publicLength, result, (short) 0);
    } catch (IllegalArgumentException | IllegalStateException badPoint) {
      if (Card.SPEC.isStrict(Strictness.POINT_ON_CURVE)) {
        throw new CryptoException(CryptoException.ILLEGAL_VALUE);
      }
      throw badPoint;
    }
    return Engine.deliver(result, length, secret, secretOffset);
  }

  @Override
  public byte getAlgorithm() {
    return algorithm;
  }
}
