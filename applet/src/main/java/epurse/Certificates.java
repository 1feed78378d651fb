package epurse;

import javacard.framework.JCSystem;

/**
 * Reads card-verifiable certificates (ISO 7816-8, 7F21). There is one encoding of a certificate and no other: fixed order, shortest
 * lengths (ISO 7816-4 section 5.2.2.2), nothing between and nothing after (apdu-specs/tlv.yaml, templates). Says where the fields are; checks no
 * signature.
 */
final class Certificates {

    private static final short CURSOR = 0;
    private static final short END = 1;
    private static final short BODY = 2;
    private static final short BODY_END = 3;
    private static final short AUTHORITY = 4;
    private static final short HOLDER = 5;
    private static final short SIGN_POINT = 6;
    private static final short AGREE_POINT = 7;
    private static final short AUTHORISATION = 8;
    private static final short LIMIT_COUNT = 9;
    private static final short EXPIRY = 10;
    private static final short SIGNATURE = 11;
    private static final short PART_COUNT = 12;

    private static final short DATE_LENGTH = 4;
    private static final short SIGNATURE_MIN = 8;

    private final short[] parts = JCSystem.makeTransientShortArray(PART_COUNT, JCSystem.CLEAR_ON_DESELECT);

    /**
     * Reads a terminal's certificate.
     *
     * @throws javacard.framework.ISOException SW_INCORRECT_DATA unless it has the one encoding
     */
    void parseTerminal(byte[] certificate, short offset, short length) {
        open(certificate, offset, length, Wire.PROFILE_TERMINAL, Terminal.ID_LENGTH);
        short keyEnd = enter(certificate, Wire.TAG_PUBLIC_KEY);
        parts[SIGN_POINT] = field(certificate, (short) (Wire.TAG_SIGN_POINT & 0xFF), Wire.POINT_LENGTH);
        require(parts[CURSOR] == keyEnd);
        authorisation(certificate);
        close(certificate);
    }

    /**
     * Reads a card's certificate.
     *
     * @throws javacard.framework.ISOException SW_INCORRECT_DATA unless it has the one encoding
     */
    void parseCard(byte[] certificate, short length) {
        open(certificate, (short) 0, length, Wire.PROFILE_CARD, Wire.CARD_HOLDER_LENGTH);
        short keyEnd = enter(certificate, Wire.TAG_PUBLIC_KEY);
        parts[SIGN_POINT] = field(certificate, (short) (Wire.TAG_SIGN_POINT & 0xFF), Wire.POINT_LENGTH);
        parts[AGREE_POINT] = field(certificate, (short) (Wire.TAG_AGREE_POINT & 0xFF), Wire.POINT_LENGTH);
        require(parts[CURSOR] == keyEnd);
        close(certificate);
    }

    /** From the outer tag to the holder reference. */
    private void open(byte[] certificate, short offset, short length, byte profile, short holderLength) {
        parts[CURSOR] = offset;
        parts[END] = (short) (offset + length);
        require(enter(certificate, Wire.TAG_CERTIFICATE) == parts[END]);
        parts[BODY] = parts[CURSOR];
        parts[BODY_END] = enter(certificate, Wire.TAG_CERTIFICATE_BODY);
        require(certificate[field(certificate, Wire.TAG_PROFILE, (short) 1)] == profile);
        parts[AUTHORITY] = field(certificate, Wire.TAG_AUTHORITY_REFERENCE, Wire.KEY_ID_LENGTH);
        parts[HOLDER] = field(certificate, Wire.TAG_HOLDER_REFERENCE, holderLength);
    }

    private void authorisation(byte[] certificate) {
        short templateEnd = enter(certificate, Wire.TAG_AUTHORISATION);
        short end = enter(certificate, Wire.TAG_DISCRETIONARY);
        parts[AUTHORISATION] = parts[CURSOR];
        short limits = (short) (end - parts[CURSOR] - Wire.TERMINAL_AUTHORISATION_LIMITS);
        require(limits >= 0 && (short) (limits % Wire.UNIT_LIMIT_LENGTH) == 0);
        parts[LIMIT_COUNT] = (short) (limits / Wire.UNIT_LIMIT_LENGTH);
        require(parts[LIMIT_COUNT] <= Wire.UNIT_LIMITS);
        parts[CURSOR] = end;
        require(end == templateEnd);
        byte role = certificate[(short) (parts[AUTHORISATION] + Wire.TERMINAL_AUTHORISATION_ROLE)];
        require(role == Wire.ROLE_POS || (limits == 0 && (role == Wire.ROLE_LOAD || role == Wire.ROLE_PERSO)));
    }

    /** From the dates to the end. */
    private void close(byte[] certificate) {
        short effective = field(certificate, Wire.TAG_EFFECTIVE, DATE_LENGTH);
        parts[EXPIRY] = field(certificate, Wire.TAG_EXPIRY, DATE_LENGTH);
        require(U32.compare(certificate, effective, certificate, parts[EXPIRY]) < 0);
        require(parts[CURSOR] == parts[BODY_END]);
        require(enter(certificate, Wire.TAG_SIGNATURE) == parts[END]);
        parts[SIGNATURE] = parts[CURSOR];
        require(signatureLength() >= SIGNATURE_MIN && signatureLength() <= Wire.SIGNATURE_MAX);
    }

    /** Reads tag and length at the cursor, moves it to the value, and returns where the value ends. */
    private short enter(byte[] from, short tag) {
        short at = parts[CURSOR];
        short end = parts[END];
        byte high = (byte) (tag >> 8);
        if (high != 0) {
            require(at < end && from[at] == high);
            at++;
        }
        require(at < end && from[at] == (byte) tag);
        at++;
        require(at < end);
        short length = (short) (from[at] & 0xFF);
        at++;
        if (length > 0x7F) {
            require(length == 0x81 && at < end && from[at] < 0);
            length = (short) (from[at] & 0xFF);
            at++;
        }
        require(length <= (short) (end - at));
        parts[CURSOR] = at;
        return (short) (at + length);
    }

    /** Reads a primitive object of a fixed length and returns where its value is. */
    private short field(byte[] from, short tag, short length) {
        short end = enter(from, tag);
        short value = parts[CURSOR];
        require((short) (end - value) == length);
        parts[CURSOR] = end;
        return value;
    }

    private static void require(boolean condition) {
        Require.that(condition, Wire.SW_INCORRECT_DATA);
    }

    // --- where the fields of the last certificate are ---

    /** What is signed: the body with its tag and length. */
    short body() {
        return parts[BODY];
    }

    short bodyLength() {
        return (short) (parts[BODY_END] - parts[BODY]);
    }

    /** Key identifier of the CA, 4 bytes. */
    short authority() {
        return parts[AUTHORITY];
    }

    /** Terminal id, or card id and key version. */
    short holder() {
        return parts[HOLDER];
    }

    short signPoint() {
        return parts[SIGN_POINT];
    }

    /** Cards only. */
    short agreePoint() {
        return parts[AGREE_POINT];
    }

    /** Terminals only: terminalAuthorisation. */
    short authorisation() {
        return parts[AUTHORISATION];
    }

    /** Terminals only: (unit, limit) entries, 0 to 3. */
    short limitCount() {
        return parts[LIMIT_COUNT];
    }

    short expiry() {
        return parts[EXPIRY];
    }

    short signature() {
        return parts[SIGNATURE];
    }

    short signatureLength() {
        return (short) (parts[END] - parts[SIGNATURE]);
    }
}
