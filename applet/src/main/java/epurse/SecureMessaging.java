package epurse;

import javacard.framework.ISO7816;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.AESKey;
import javacardx.crypto.Cipher;

/**
 * Secure messaging (docs/protocol.md section 4): encrypt then MAC, AES-CTR from the chaining value, one CMAC chain over commands and
 * answers. Cipher and CMAC are initialised once a session; each message costs one call of either, because cards charge by the call.
 *
 * <p>What is MACed is put together in one frame, whose first 16 bytes are the chaining value itself:
 * {@code chain ‖ 43 ‖ CLA INS P1 P2 Lc ‖ c} for a command, {@code chain ‖ 52 ‖ r} for an answer.
 */
final class SecureMessaging {

    private static final byte DIRECTION_COMMAND = 0x43;
    private static final byte DIRECTION_ANSWER = 0x52;

    private static final short BLOCK = 16;
    private static final short STATUS_LENGTH = 2;

    private static final short CHAIN = 0; // 16
    private static final short DIRECTION = CHAIN + Cmac.LENGTH; // 1
    private static final short BODY = DIRECTION + 1;
    /** CLA INS P1 P2 Lc, in front of a command's data. */
    private static final short HEADER_LENGTH = ISO7816.OFFSET_CDATA;
    /** Up to the end of the longest command, in whole blocks: Cmac pads in place. */
    private static final short FRAME_LENGTH = (BODY + HEADER_LENGTH + Wire.PROTECTED_COMMAND_MAX + BLOCK - 1) / BLOCK * BLOCK;
    /** Behind the key stream of the longest message: a CMAC just made. */
    private static final short MAC = (Wire.PROTECTED_COMMAND_MAX + BLOCK - 1) / BLOCK * BLOCK;

    private final Cipher cipher = Cipher.getInstance(Cipher.ALG_AES_BLOCK_128_ECB_NOPAD, false);
    private final Cmac cmac;
    private final byte[] frame = JCSystem.makeTransientByteArray(FRAME_LENGTH, JCSystem.CLEAR_ON_DESELECT);
    private final byte[] stream = JCSystem.makeTransientByteArray((short) (MAC + Cmac.LENGTH), JCSystem.CLEAR_ON_DESELECT);

    SecureMessaging(boolean buildCmac) {
        cmac = new Cmac(buildCmac);
    }

    /** Takes the keys of a session. */
    void start(AESKey encryptionKey, AESKey macKey) {
        cipher.init(encryptionKey, Cipher.MODE_ENCRYPT);
        cmac.init(macKey);
    }

    /** First chaining value of a full session: the card's nonce. */
    void chainFromNonce(byte[] nonce, short offset) {
        Util.arrayCopyNonAtomic(nonce, offset, frame, CHAIN, Cmac.LENGTH);
    }

    /**
     * First chaining value of a resumed session: the CMAC of the transcript.
     *
     * @param transcript with room behind it up to a whole block
     */
    void chainFromTranscript(byte[] transcript, short offset, short length) {
        cmac.sign(transcript, offset, length, stream, MAC);
        Util.arrayCopyNonAtomic(stream, MAC, frame, CHAIN, Cmac.LENGTH);
    }

    /**
     * Checks a protected command and decrypts its data in place, from OFFSET_CDATA on. arrayCompare may stop at the first difference; that
     * tells nothing, since the session ends with the first wrong MAC.
     *
     * @param length Lc: data and MAC
     * @return length of the data, or -1 if the MAC is wrong
     */
    short unwrap(byte[] apdu, short length) {
        short dataLength = (short) (length - Wire.MAC_LENGTH);
        if (dataLength < 0 || dataLength > Wire.PROTECTED_COMMAND_MAX) {
            return -1;
        }
        short blocks = counterBlocks(dataLength);
        frame[DIRECTION] = DIRECTION_COMMAND;
        short covered = (short) (HEADER_LENGTH + dataLength);
        Util.arrayCopyNonAtomic(apdu, (short) 0, frame, BODY, covered);
        cmac.sign(frame, (short) 0, (short) (BODY + covered), stream, MAC);
        if (Util.arrayCompare(stream, MAC, apdu, covered, Wire.MAC_LENGTH) != 0) {
            return -1;
        }
        Util.arrayCopyNonAtomic(stream, MAC, frame, CHAIN, Cmac.LENGTH);
        applyStream(apdu, HEADER_LENGTH, apdu, HEADER_LENGTH, dataLength, blocks);
        return dataLength;
    }

    /**
     * Encrypts and MACs an answer.
     *
     * @param answer with room for two bytes behind it: the status word is put there
     * @param length of the answer, status word apart
     * @param out receives r ‖ MAC; not the answer's array
     * @return length of r ‖ MAC
     */
    short wrap(byte[] answer, short length, short statusWord, byte[] out, short outOffset) {
        Util.setShort(answer, length, statusWord);
        short covered = (short) (length + STATUS_LENGTH);
        short blocks = counterBlocks(covered);
        frame[DIRECTION] = DIRECTION_ANSWER;
        applyStream(answer, (short) 0, frame, BODY, covered, blocks);
        cmac.sign(frame, (short) 0, (short) (BODY + covered), stream, MAC);
        Util.arrayCopyNonAtomic(stream, MAC, frame, CHAIN, Cmac.LENGTH);
        short end = Util.arrayCopyNonAtomic(frame, BODY, out, outOffset, covered);
        end = Util.arrayCopyNonAtomic(stream, MAC, out, end, Wire.MAC_LENGTH);
        return (short) (end - outOffset);
    }

    /** Lays out the counter blocks for so many bytes: the chaining value, its last byte counting from 00. Returns their length. */
    private short counterBlocks(short bytes) {
        short at = 0;
        byte counter = 0;
        while (at < bytes) {
            short next = Util.arrayCopyNonAtomic(frame, CHAIN, stream, at, BLOCK);
            stream[(short) (next - 1)] = counter;
            counter++;
            at = next;
        }
        return at;
    }

    /** to = from XOR key stream (SP 800-38A section 6.5), for counter blocks laid out before. */
    private void applyStream(byte[] from, short fromOffset, byte[] to, short toOffset, short length, short blocks) {
        if (blocks == 0) {
            return;
        }
        cipher.doFinal(stream, (short) 0, blocks, stream, (short) 0);
        for (short i = 0; i < length; i++) {
            to[(short) (toOffset + i)] = (byte) (from[(short) (fromOffset + i)] ^ stream[i]);
        }
    }
}
