package jcardsim.bridge.link;

import static jcardsim.bridge.link.LinkException.Code.BAD_REQUEST;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the fields of a frame body: big-endian integers, and strings and byte strings behind a 4-byte length. */
final class FieldReader {
  private final byte[] bytes;
  private final int end;
  private int at;

  FieldReader(byte[] bytes, int offset, int end) {
    this.bytes = bytes;
    this.at = offset;
    this.end = end;
  }

  int u8() {
    return bytes[take(1)] & 0xFF;
  }

  int u32() {
    int from = take(4);
    return (bytes[from] & 0xFF) << 24 | (bytes[from + 1] & 0xFF) << 16 | (bytes[from + 2] & 0xFF) << 8
        | bytes[from + 3] & 0xFF;
  }

  long u64() {
    return (long) u32() << 32 | u32() & 0xFFFFFFFFL;
  }

  boolean flag() {
    int value = u8();
    if (value > 1) {
      throw new LinkException(BAD_REQUEST, "A flag is 0 or 1, not " + value + ".");
    }
    return value == 1;
  }

  byte[] bytes() {
    int length = count("byte string");
    int from = take(length);
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  /** What is left of the body. */
  byte[] rest() {
    return Arrays.copyOfRange(bytes, take(end - at), end);
  }

  String string() {
    int length = count("string");
    return new String(bytes, take(length), length, StandardCharsets.UTF_8);
  }

  /** A number of items that follow; never more than there are bytes left, so a wrong count cannot exhaust memory. */
  int count(String what) {
    int count = u32();
    if (count < 0 || count > end - at) {
      throw new LinkException(BAD_REQUEST, "The " + what + " says " + Integer.toUnsignedString(count)
          + " but only " + (end - at) + " bytes follow.");
    }
    return count;
  }

  void done() {
    if (at != end) {
      throw new LinkException(BAD_REQUEST, (end - at) + " bytes too many at the end of the request.");
    }
  }

  private int take(int length) {
    if (length > end - at) {
      throw new LinkException(BAD_REQUEST, "The request ends too early.");
    }
    int from = at;
    at += length;
    return from;
  }
}
