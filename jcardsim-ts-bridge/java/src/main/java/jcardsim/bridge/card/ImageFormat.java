package jcardsim.bridge.card;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Layout of a card image, all numbers big-endian:
 *
 * <pre>
 * magic      4  "JCSB"
 * version    2  1
 * code hash 32  SHA-256 of the applet's class files
 * AID      1+n  instance AID of the card's spec
 * random    72  generator state
 * statics       count 4, then per field: class, name (UTF), value
 * classes       count 4, then per class: name, number of fields 2, per field name and descriptor
 * objects       count 4, then per object its kind and head, then for all of them their contents
 * roots         instance AID and applet, 4 each
 * checksum  32  SHA-256 of all before
 * </pre>
 */
final class ImageFormat {
  static final int MAGIC = 0x4A435342;
  static final int VERSION = 1;
  static final int CHECKSUM = 32;
  static final int RANDOM_STATE = 72;

  static final int OBJECT = 0;
  static final int BYTES = 1;
  static final int SHORTS = 2;
  static final int BOOLEANS = 3;
  static final int INTS = 4;
  static final int REFERENCES = 5;
  static final int RANDOM = 6;

  private ImageFormat() {}

  static byte[] checksum(byte[] data, int length) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(data, 0, length);
      return sha.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
