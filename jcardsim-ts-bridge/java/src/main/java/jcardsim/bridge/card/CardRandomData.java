package jcardsim.bridge.card;

import javacard.security.CryptoException;
import javacard.security.RandomData;
import jcardsim.bridge.Counters.Item;

/** A random data object of the applet; all of them draw from the card's one generator. */
final class CardRandomData extends RandomData {
  private final byte algorithm;

  CardRandomData(byte algorithm) {
    this.algorithm = algorithm;
  }

  @Override
  public void generateData(byte[] out, short offset, short length) {
    if (length == 0) {
      CryptoException.throwIt(CryptoException.ILLEGAL_VALUE);
    }
    nextBytes(out, offset, length);
  }

  @Override
  public short nextBytes(byte[] out, short offset, short length) {
    Card.MEMORY.requirePower();
    if (length < 0) {
      throw new ArrayIndexOutOfBoundsException(length);
    }
    byte[] data = new byte[length];
    Card.RANDOM.nextBytes(data, 0, length);
    Card.TALLY.add(Item.RANDOM_CALLS);
    Card.TALLY.add(Item.RANDOM_BYTES, length);
    Engine.deliver(data, length, out, offset);
    return (short) (offset + length);
  }

  @Override
  public void setSeed(byte[] seed, short offset, short length) {
    Card.RANDOM.addSeed(Engine.copy(seed, offset, length));
  }

  @Override
  public byte getAlgorithm() {
    return algorithm;
  }
}
