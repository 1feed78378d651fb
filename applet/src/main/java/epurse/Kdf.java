package epurse;

import javacard.framework.Util;
import javacard.security.MessageDigest;

/**
 * X9.63 key derivation (SEC 1 section 3.6.1) with SHA-256, two rounds: 64 bytes. The block to be hashed is laid out once,
 * {@code Z ‖ counter ‖ SharedInfo}, and only the counter changes.
 */
final class Kdf {

    /** Length of Z, the x-coordinate of a P-256 point. */
    static final short SECRET_LENGTH = 32;

    static final short COUNTER = SECRET_LENGTH; // 4
    static final short INFO = COUNTER + 4;

    private Kdf() {
    }

    /**
     * Derives 64 bytes.
     *
     * @param block Z, four bytes of room, SharedInfo from {@link #INFO} on
     * @param length of all three
     * @param out not the block's array
     */
    static void derive(MessageDigest sha256, byte[] block, short length, byte[] out, short outOffset) {
        Util.arrayFillNonAtomic(block, COUNTER, (short) 4, (byte) 0);
        short lowest = INFO - 1;
        block[lowest] = 1;
        sha256.doFinal(block, (short) 0, length, out, outOffset);
        block[lowest] = 2;
        sha256.doFinal(block, (short) 0, length, out, (short) (outOffset + Wire.HASH_LENGTH));
    }
}
