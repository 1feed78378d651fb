package epurse;

/** Data objects in their shortest encoding (ISO 7816-4). */
final class Tlv {

    private Tlv() {
    }

    static byte[] tlv(int tag, byte[]... parts) {
        byte[] value = Bytes.concat(parts);
        byte[] tagBytes = (tag & 0xFFFF) > 0xFF ? Bytes.u16(tag) : Bytes.u8(tag);
        byte[] length = value.length < 0x80 ? Bytes.u8(value.length) : new byte[] {(byte) 0x81, (byte) value.length};
        return Bytes.concat(tagBytes, length, value);
    }

    static int tag(byte oneByteTag) {
        return oneByteTag & 0xFF;
    }
}
