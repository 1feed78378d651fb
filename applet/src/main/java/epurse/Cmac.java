package epurse;

import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.AESKey;
import javacard.security.CryptoException;
import javacard.security.Signature;

/**
 * AES-CMAC (NIST SP 800-38B, RFC 4493), 16 bytes. Native where the card has it; else built on CBC-MAC: the last block is masked
 * in place, MACed, and unmasked again.
 */
final class Cmac {

    static final short LENGTH = 16;

    /** Signature.ALG_AES_CMAC_128, which has a name only from Java Card 3.0.5 on. */
    private static final byte ALG_AES_CMAC_128 = 49;

    /** Low byte of the reduction polynomial of GF(2^128). */
    private static final byte R128 = (byte) 0x87;

    private static final byte PADDING = (byte) 0x80;

    private final Signature engine;
    private final boolean nativeCmac;

    /** K1 for whole, K2 for padded last blocks (SP 800-38B section 6.1); {@code null} if the card does it itself. */
    private final byte[] subkeys;
    private static final short K1 = 0;
    private static final short K2 = K1 + LENGTH;

    /** @param build build it on CBC-MAC even where the card has CMAC */
    Cmac(boolean build) {
        Signature found = build ? null : nativeEngine();
        nativeCmac = found != null;
        if (nativeCmac) {
            engine = found;
            subkeys = null;
        } else {
            engine = Signature.getInstance(Signature.ALG_AES_MAC_128_NOPAD, false);
            subkeys = JCSystem.makeTransientByteArray((short) (K2 + LENGTH), JCSystem.CLEAR_ON_DESELECT);
        }
    }

    private static Signature nativeEngine() {
        try {
            return Signature.getInstance(ALG_AES_CMAC_128, false);
        } catch (CryptoException noSuchAlgorithm) {
            return null;
        }
    }

    /** Takes a key. The costly step: once a session. */
    void init(AESKey key) {
        engine.init(key, Signature.MODE_SIGN);
        if (!nativeCmac) {
            Util.arrayFillNonAtomic(subkeys, K1, LENGTH, (byte) 0);
            engine.sign(subkeys, K1, LENGTH, subkeys, K2);
            Util.arrayCopyNonAtomic(subkeys, K2, subkeys, K1, LENGTH);
            multiplyByX(subkeys, K1);
            Util.arrayCopyNonAtomic(subkeys, K1, subkeys, K2, LENGTH);
            multiplyByX(subkeys, K2);
        }
    }

    /**
     * MACs a message in one call.
     *
     * @param message with room behind it up to a whole block of 16, which may be overwritten
     * @param length 1 or more
     * @param out for 16 bytes, not within the message
     */
    void sign(byte[] message, short offset, short length, byte[] out, short outOffset) {
        if (nativeCmac) {
            engine.sign(message, offset, length, out, outOffset);
            return;
        }
        short end = (short) (offset + length);
        short over = (short) (length % LENGTH);
        short mask = K1;
        if (over != 0) {
            short pad = (short) (LENGTH - over);
            Util.arrayFillNonAtomic(message, end, pad, (byte) 0);
            message[end] = PADDING;
            end = (short) (end + pad);
            mask = K2;
        }
        short last = (short) (end - LENGTH);
        mask(message, last, mask);
        engine.sign(message, offset, (short) (end - offset), out, outOffset);
        mask(message, last, mask);
    }

    private void mask(byte[] block, short offset, short subkey) {
        for (short i = 0; i < LENGTH; i++) {
            short at = (short) (offset + i);
            block[at] = (byte) (block[at] ^ subkeys[(short) (subkey + i)]);
        }
    }

    private static void multiplyByX(byte[] block, short offset) {
        byte reduction = block[offset] < 0 ? R128 : 0;
        short carry = 0;
        for (short i = (short) (LENGTH - 1); i >= 0; i--) {
            short at = (short) (offset + i);
            carry = (short) ((short) ((block[at] & 0xFF) << 1) | carry);
            block[at] = (byte) carry;
            carry = (short) (carry >> 8);
        }
        short lowest = (short) (offset + LENGTH - 1);
        block[lowest] = (byte) (block[lowest] ^ reduction);
    }
}
