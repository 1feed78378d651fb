package jcardsim.bridge.card.platform;

import java.security.SecureRandomSpi;
import jcardsim.bridge.card.Card;

/** The card's generator in the form that BouncyCastle asks for. */
public final class CardRandomSource extends SecureRandomSpi {
  private static final long serialVersionUID = 1L;

  @Override
  protected void engineSetSeed(byte[] seed) {
    Card.RANDOM.addSeed(seed);
  }

  @Override
  protected void engineNextBytes(byte[] bytes) {
    Card.RANDOM.nextBytes(bytes, 0, bytes.length);
  }

  @Override
  protected byte[] engineGenerateSeed(int length) {
    byte[] seed = new byte[length];
    Card.RANDOM.nextBytes(seed, 0, length);
    return seed;
  }
}
