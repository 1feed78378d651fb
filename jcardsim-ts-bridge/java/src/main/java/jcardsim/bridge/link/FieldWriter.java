package jcardsim.bridge.link;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the fields of a frame body; the counterpart of {@link FieldReader}. */
final class FieldWriter {
  private byte[] bytes = new byte[512];
  private int at;

  FieldWriter u8(int value) {
    room(1);
    bytes[at++] = (byte) value;
    return this;
  }

  FieldWriter u32(int value) {
    room(4);
    putU32(at, value);
    at += 4;
    return this;
  }

  FieldWriter u64(long value) {
    return u32((int) (value >>> 32)).u32((int) value);
  }

  FieldWriter flag(boolean value) {
    return u8(value ? 1 : 0);
  }

  FieldWriter bytes(byte[] value) {
    return u32(value.length).raw(value);
  }

  /** Without a length: the rest of the frame. */
  FieldWriter raw(byte[] value) {
    room(value.length);
    System.arraycopy(value, 0, bytes, at, value.length);
    at += value.length;
    return this;
  }

  FieldWriter string(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Starts afresh; {@code reserve} bytes are left for a header that {@link #putU32} fills in later. */
  FieldWriter clear(int reserve) {
    at = 0;
    room(reserve);
    at = reserve;
    return this;
  }

  void putU32(int offset, int value) {
    bytes[offset] = (byte) (value >>> 24);
    bytes[offset + 1] = (byte) (value >>> 16);
    bytes[offset + 2] = (byte) (value >>> 8);
    bytes[offset + 3] = (byte) value;
  }

  /** The buffer itself, valid up to {@link #length()}, until the next write. */
  byte[] buffer() {
    return bytes;
  }

  int length() {
    return at;
  }

  private void room(int more) {
    if (at + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, at + more));
    }
  }
}
