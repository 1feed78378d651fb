package epurse;

/** What the card knows of a terminal from its certificate: the layout, in the session and in the pair slots alike. */
final class Terminal {

    static final short ID = 0; // 8
    static final short ACQUIRER_ID = ID + 8; // 4
    static final short MERCHANT_ID = ACQUIRER_ID + 4; // 4; the three together as a record has them
    static final short ROLE = MERCHANT_ID + 4; // 1
    static final short EXPIRY = ROLE + 1; // 4
    static final short LIMIT_COUNT = EXPIRY + 4; // 1
    static final short LIMITS = LIMIT_COUNT + 1; // unitLimit each
    static final short LENGTH = LIMITS + Wire.UNIT_LIMITS * Wire.UNIT_LIMIT_LENGTH;

    static final short ID_LENGTH = 8;

    /** Terminal id, acquirer id and merchant id. */
    static final short PARTY_LENGTH = ROLE - ID;

    private Terminal() {
    }
}
