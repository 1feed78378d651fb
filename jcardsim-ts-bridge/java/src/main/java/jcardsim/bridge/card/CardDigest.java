package jcardsim.bridge.card;

import javacard.security.InitializedMessageDigest;
import javacard.security.MessageDigest;
import jcardsim.bridge.Counters.Item;

/** A message digest object of the applet. */
final class CardDigest extends InitializedMessageDigest {
  private static final int LARGEST_DIGEST = 64;

  private final byte algorithm;

  private transient InitializedMessageDigest engine;
  private transient int epoch;

  CardDigest(byte algorithm) {
    this.algorithm = algorithm;
  }

  private InitializedMessageDigest ready() {
    Card.MEMORY.requirePower();
    if (engine == null || epoch != Engine.epoch(null)) {
      engine = MessageDigest.getInitializedMessageDigestInstance(algorithm, false);
      epoch = Engine.epoch(null);
    }
    return engine;
  }

  private static void count(int bytes) {
    Card.TALLY.add(Item.DIGEST_CALLS);
    Card.TALLY.add(Item.DIGEST_BYTES, bytes);
  }

  @Override
  public void update(byte[] in, short inOffset, short inLength) {
    ready().update(in, inOffset, inLength);
    count(inLength);
  }

  @Override
  public short doFinal(byte[] in, short inOffset, short inLength, byte[] out, short outOffset) {
    byte[] digest = new byte[LARGEST_DIGEST];
    short length = ready().doFinal(in, inOffset, inLength, digest, (short) 0);
    count(inLength);
    return Engine.deliver(digest, length, out, outOffset);
  }

  @Override
  public void reset() {
    ready().reset();
  }

  @Override
  public void setInitialDigest(byte[] state, short stateOffset, short stateLength, byte[] counted, short countedOffset, short countedLength) {
    ready().setInitialDigest(state, stateOffset, stateLength, counted, countedOffset, countedLength);
  }

  @Override
  public byte getAlgorithm() {
    return algorithm;
  }

  @Override
  public byte getLength() {
    return ready().getLength();
  }
}
