package epurse;

import javacard.framework.Util;

/** The card's own certificate, as the issuer made it. Written in two blocks, in RAW only. */
final class CardCertificate {

    private static final short BLOCKS = 2;

    /** Behind the certificate: length of each block, 0 while it is missing. */
    private static final short BLOCK_LENGTHS = Wire.CERTIFICATE_CARD_MAX;

    private final byte[] data = new byte[(short) (BLOCK_LENGTHS + BLOCKS)];

    static boolean isBlock(byte number) {
        return number >= 0 && number < BLOCKS;
    }

    /** Whether a block may have this length: the first is whole, the last has what is left. */
    static boolean isBlockLength(byte number, short length) {
        return number == 0 ? length == Wire.CERTIFICATE_BLOCK
            : length > 0 && length <= (short) (Wire.CERTIFICATE_CARD_MAX - Wire.CERTIFICATE_BLOCK);
    }

    /** Inside a transaction: stores one block. */
    void store(byte number, byte[] from, short offset, short length) {
        Util.arrayCopy(from, offset, data, (short) (number * Wire.CERTIFICATE_BLOCK), length);
        data[(short) (BLOCK_LENGTHS + number)] = (byte) length;
    }

    /** Length of the whole, or 0 while a block is missing. */
    short length() {
        short last = data[(short) (BLOCK_LENGTHS + 1)];
        boolean whole = data[BLOCK_LENGTHS] != 0 && last != 0;
        return whole ? (short) (Wire.CERTIFICATE_BLOCK + last) : 0;
    }

    /** To be read only. */
    byte[] bytes() {
        return data;
    }

    /** Writes the certificate and returns its length. */
    short copy(byte[] out, short offset) {
        short length = length();
        Util.arrayCopyNonAtomic(data, (short) 0, out, offset, length);
        return length;
    }
}
