package epurse;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Byte strings for tests. */
final class Bytes {

    private Bytes() {
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static byte[] u8(int value) {
        return new byte[] {(byte) value};
    }

    static byte[] u16(int value) {
        return new byte[] {(byte) (value >> 8), (byte) value};
    }

    static byte[] u32(long value) {
        return ByteBuffer.allocate(4).putInt((int) value).array();
    }

    static long u32(byte[] from, int offset) {
        return ByteBuffer.wrap(from).getInt(offset) & 0xFFFFFFFFL;
    }

    static int u16(byte[] from, int offset) {
        return ByteBuffer.wrap(from).getShort(offset) & 0xFFFF;
    }

    static byte[] slice(byte[] from, int offset, int length) {
        return Arrays.copyOfRange(from, offset, offset + length);
    }

    static byte[] from(byte[] bytes, int offset) {
        return Arrays.copyOfRange(bytes, offset, bytes.length);
    }

    static byte[] fill(int value, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
