package jcardsim.bridge.card;

/** Storage of one value of a key, as the replacement of jCardSim's ByteContainer offers it to the bridge. */
public interface KeyCell {
  /** Makes room for {@code length} bytes, and lets shorter numbers be padded to it. */
  void reserve(int length);

  /** The value, or an empty array if there is none. */
  byte[] value();
}
