package epurse;

import javacard.framework.ISO7816;
import javacard.framework.OwnerPIN;

/**
 * VERIFY PIN and CHANGE PIN. OwnerPIN takes a try off before it compares, and does so even inside an aborted transaction (JCRE 7.7), so
 * pulled power wins nobody a try. What is compared is the whole PIN block, so PINs of different length differ.
 */
final class PinCommands {

    private static final short CDATA = ISO7816.OFFSET_CDATA;

    /** High half of the first byte: ISO 9564-1 format 2. */
    private static final byte FORMAT_2 = 0x20;

    private static final byte FILLER = 0x0F;

    private final OwnerPIN pin;
    private final Session session;
    private final Refusal refusal;

    PinCommands(Purse purse) {
        pin = purse.pin;
        session = purse.session;
        refusal = purse.refusal;
    }

    /** VERIFY PIN: the PIN then serves one transaction. */
    short verify(byte[] apdu, short length) {
        session.setPinVerified(false);
        Require.p1p2(apdu, Wire.P1_VERIFY_PIN, Wire.P2_VERIFY_PIN);
        Require.length(length, Wire.VERIFY_PIN_REQ_LENGTH);
        short block = CDATA + Wire.VERIFY_PIN_REQ_PIN;
        requireFormat(apdu, block);
        check(apdu, block);
        session.setPinVerified(true);
        return 0;
    }

    /** CHANGE PIN: one update, atomic by itself (OwnerPIN.update); it also gives the tries back, which the right old PIN has done already. */
    short change(byte[] apdu, short length) {
        Require.p1p2(apdu, Wire.P1_CHANGE_PIN, Wire.P2_CHANGE_PIN);
        Require.length(length, Wire.CHANGE_PIN_REQ_LENGTH);
        short oldBlock = CDATA + Wire.CHANGE_PIN_REQ_OLD_PIN;
        short newBlock = CDATA + Wire.CHANGE_PIN_REQ_NEW_PIN;
        requireFormat(apdu, oldBlock);
        requireFormat(apdu, newBlock);
        check(apdu, oldBlock);
        set(apdu, newBlock);
        return 0;
    }

    /** Sets the PIN and all tries: in personalization, by CHANGE PIN, by an issuer order. */
    void set(byte[] block, short offset) {
        pin.update(block, offset, (byte) Wire.PIN_BLOCK_LENGTH);
    }

    private void check(byte[] block, short offset) {
        if (!pin.check(block, offset, (byte) Wire.PIN_BLOCK_LENGTH)) {
            session.setPinVerified(false);
            refusal.because(Wire.REASON_NONE, (short) (Wire.SW_PIN_WRONG | pin.getTriesRemaining()));
        }
    }

    /** Refuses what is no PIN block of 4 to 12 digits; that costs no try, since it cannot be the PIN. */
    void requireFormat(byte[] block, short offset) {
        short digits = (short) (block[offset] & 0x0F);
        boolean valid = (byte) (block[offset] & 0xF0) == FORMAT_2 && digits >= Wire.PIN_MIN_DIGITS && digits <= Wire.PIN_MAX_DIGITS;
        for (short i = 0; i < (short) (2 * (Wire.PIN_BLOCK_LENGTH - 1)); i++) {
            byte pair = block[(short) (offset + 1 + (short) (i >> 1))];
            byte digit = (byte) ((short) (i & 1) == 0 ? (short) (pair >> 4) & 0x0F : pair & 0x0F);
            valid = valid && (i < digits ? digit <= 9 : digit == FILLER);
        }
        if (!valid) {
            refusal.because(Wire.REASON_FORMAT);
        }
    }
}
