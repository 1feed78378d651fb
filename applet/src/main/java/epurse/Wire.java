// Generated from apdu-specs by "npm run generate". Do not edit.
package epurse;

/**
 * The wire: instructions, status words, tags, sets of values, byte offsets and the guard table.
 * Offsets count from the first byte of a structure, behind its domain tag where it has one; X_LENGTH is the whole length, or that
 * of the part in front of the first field of variable length, and then X_MAX is the longest there can be.
 */
final class Wire {

    private Wire() {
    }

    // --- Classes and applet version ---

    /** SELECT (ISO 7816-4) */
    static final byte CLA_INTERINDUSTRY = 0x00;
    /** proprietary, no secure messaging */
    static final byte CLA_PLAIN = (byte) 0x80;
    /** proprietary, secure messaging */
    static final byte CLA_PROTECTED = (byte) 0x84;
    /** applet version shown by SELECT */
    static final byte VERSION_MAJOR = 0x01;
    /** applet version shown by SELECT */
    static final byte VERSION_MINOR = 0x00;

    // --- Parameters ---

    /** purse slots on a card: two currencies and one loyalty slot */
    static final short PURSE_SLOTS = 3;
    /** the loyalty slot; takes awarded points, is never loaded */
    static final short POINTS_SLOT = 2;
    /** terminals a card remembers for resumed sessions */
    static final short PAIR_SLOTS = 8;
    /** transaction records kept on the card; a record is written only while NT - A < logSize */
    static final short LOG_SIZE = 32;
    /** log places a purchase leaves free: cancel, load, unload */
    static final short PURCHASE_RESERVE = 3;
    /** most records in one READ LOG answer */
    static final short RECORDS_PER_READ = 4;
    /** cancel orders kept on the card; upper bound of the parameter cancelsBetweenSyncs */
    static final short CANCEL_ORDERS = 4;
    /** last values of NT refused to purchases, so that the way out always has a number */
    static final short COUNTER_RESERVE = 16;
    /** wrong PINs that block the card (R16) */
    static final short PIN_TRIES = 5;
    /** shortest PIN */
    static final short PIN_MIN_DIGITS = 4;
    /** longest PIN (ISO 9564-1) */
    static final short PIN_MAX_DIGITS = 12;
    /** most (unit, limit) entries in a terminal certificate */
    static final short UNIT_LIMITS = 3;
    /** bytes of a CMAC sent (the full 16 stay in the chain) */
    static final short MAC_LENGTH = 8;
    /** bytes of a session nonce, either side */
    static final short NONCE_LENGTH = 16;
    /** SHA-256 */
    static final short HASH_LENGTH = 32;
    /** P-256 public key as X || Y */
    static final short POINT_LENGTH = 64;
    /** longest DER ECDSA signature on P-256 */
    static final short SIGNATURE_MAX = 72;
    /** longest terminal certificate: one PRESENT CERTIFICATE */
    static final short CERTIFICATE_TERMINAL_MAX = 239;
    /** longest card certificate: one OPEN answer */
    static final short CERTIFICATE_CARD_MAX = 255;
    /** most plaintext bytes in a protected command */
    static final short PROTECTED_COMMAND_MAX = 239;
    /** most plaintext bytes in a protected answer, status word apart */
    static final short PROTECTED_ANSWER_MAX = 237;
    /** card certificate bytes in one STORE DATA block (the last may be shorter) */
    static final short CERTIFICATE_BLOCK = 128;

    // --- Instructions, with P1 and P2 where they are fixed ---

    /** Choose the purse. Ends any session, finishes a torn erase of the transport keys, checks the stored date. */
    static final byte INS_SELECT = (byte) 0xA4;
    static final byte P1_SELECT = 0x04;
    static final byte P2_SELECT = 0x00;
    /** First check on the card: the terminal's certificate against the CA named in it, roles, stored date. Blocked
     *  cards: PERSO only; retired cards: PERSO only. */
    static final byte INS_PRESENT_CERTIFICATE = 0x2A;
    static final byte P1_PRESENT_CERTIFICATE = 0x00;
    static final byte P2_PRESENT_CERTIFICATE = (byte) 0xBE;
    /** Second check: the terminal's signature over both nonces and its ephemeral key. Only then the card shows its
     *  certificate. */
    static final byte INS_OPEN_SESSION_FULL = 0x50;
    static final byte P1_OPEN_SESSION_FULL = 0x00;
    static final byte P2_OPEN_SESSION_FULL = 0x00;
    /** Known terminal: no public-key operation. On a raw card the transport key stands for the pair key, the pair
     *  name is zero and there is no S1. Unknown, expired or evicted: 6A88. The card's own MAC answers; the terminal
     *  is confirmed by its next command. */
    static final byte INS_OPEN_SESSION_RESUMED = 0x50;
    static final byte P1_OPEN_SESSION_RESUMED = 0x01;
    static final byte P2_OPEN_SESSION_RESUMED = 0x00;
    /** Key confirmation of a full session; the card now remembers the terminal in a pair slot. */
    static final byte INS_CONFIRM_SESSION = (byte) 0x82;
    static final byte P1_CONFIRM_SESSION = 0x00;
    static final byte P2_CONFIRM_SESSION = 0x00;
    /** Make the card's two key pairs, once; asked again it gives the same public keys. */
    static final byte INS_GENERATE_KEYS = 0x46;
    static final byte P1_GENERATE_KEYS = 0x00;
    static final byte P2_GENERATE_KEYS = 0x00;
    /** One group of personalization data, P1 dataGroup; may be repeated while RAW. */
    static final byte INS_STORE_DATA = (byte) 0xE2;
    /** RAW to ACTIVE: every group present, the certificate holds this card's own keys, id, key version and expiry.
     *  Then the transport keys are erased and the session ends. */
    static final byte INS_ACTIVATE = 0x44;
    static final byte P1_ACTIVATE = 0x00;
    static final byte P2_ACTIVATE = 0x00;
    /** Check the PIN: five tries, decremented before comparing. Serves one transaction. */
    static final byte INS_VERIFY_PIN = 0x20;
    static final byte P1_VERIFY_PIN = 0x00;
    static final byte P2_VERIFY_PIN = 0x01;
    /** Old PIN and new PIN; a wrong old one costs a try. */
    static final byte INS_CHANGE_PIN = 0x24;
    static final byte P1_CHANGE_PIN = 0x00;
    static final byte P2_CHANGE_PIN = 0x01;
    /** S2 to S3: take an amount from a slot. Checks in order: state, dates, role and terminal limit, unit, amount,
     *  maximum per transaction, PIN rule, offline limits, log room, balance, counter; then one transaction; then the
     *  signature. */
    static final byte INS_DEBIT = 0x54;
    static final byte P1_DEBIT = 0x00;
    static final byte P2_DEBIT = 0x00;
    /** Undo the last purchase, whole, once, if it is this terminal's and the newest record. */
    static final byte INS_CANCEL_LAST = 0x56;
    static final byte P1_CANCEL_LAST = 0x00;
    static final byte P2_CANCEL_LAST = 0x00;
    /** Ask for a load or unload: PIN verified just before; maximum balance checked here and never again for this
     *  load; the same type, slot and amount asked again gets the same counter and random. */
    static final byte INS_INIT_LOAD = 0x58;
    static final byte P1_INIT_LOAD = 0x00;
    static final byte P2_INIT_LOAD = 0x00;
    /** Present the issuer's authorisation (current credit key). Applied exactly once; presented again it answers with
     *  the same record's S3. */
    static final byte INS_CREDIT = 0x52;
    static final byte P1_CREDIT = 0x00;
    static final byte P2_CREDIT = 0x00;
    /** Give up a pending load, then sign how it ended, again whenever asked. kind 01: the record of the credit with
     *  S3; kind 02: the statement (purpose register). */
    static final byte INS_CANCEL_LOAD = 0x5E;
    static final byte P1_CANCEL_LOAD = 0x00;
    static final byte P2_CANCEL_LOAD = 0x00;
    /** P1 proof. record: a POS and a kiosk without PIN get their own records only. log: LOAD with PIN, PERSO. block:
     *  any role, once a block order was taken. closing: PERSO on a retired card. */
    static final byte INS_GET_PROOF = 0x5A;
    static final byte P2_GET_PROOF = 0x00;
    /** P1 logView. LOAD with the holder's PIN (which it does not use up), PERSO without. */
    static final byte INS_READ_LOG = (byte) 0xB2;
    /** An issuer order: P1 orderType, P2 0 = current order key, 1 = next order key (the first valid order under it
     *  retires the current one). Unblock, PIN reset and RETIRE from PERSO only; parameters, KEY SWITCH and SYNC from
     *  LOAD or PERSO; block from any role. Block, KEY SWITCH and RETIRE end the session with their answer. */
    static final byte INS_PUT_ORDER = (byte) 0xDA;

    // --- Status words ---

    /** done */
    static final short SW_OK = (short) 0x9000;
    /** executed, but the signature could not be made: fetch it with GET PROOF */
    static final short SW_EXECUTED_FETCH_PROOF = 0x6300;
    /** wrong PIN; the last digit is the number of tries left */
    static final short SW_PIN_WRONG = 0x63C0;
    /** the card could not write its memory */
    static final short SW_MEMORY_FAILURE = 0x6581;
    /** wrong length */
    static final short SW_WRONG_LENGTH = 0x6700;
    /** logical channel not supported */
    static final short SW_CHANNEL_NOT_SUPPORTED = 0x6881;
    /** not allowed to this terminal now: no session, wrong role, or the PIN is needed */
    static final short SW_SECURITY_STATUS = 0x6982;
    /** the card is blocked */
    static final short SW_BLOCKED = 0x6983;
    /** conditions of use not satisfied; the reason says which */
    static final short SW_CONDITIONS = 0x6985;
    /** secure messaging expected; the session ended */
    static final short SW_SM_MISSING = 0x6987;
    /** secure messaging wrong; the session ended */
    static final short SW_SM_INCORRECT = 0x6988;
    /** wrong data: certificate, signature, unit or amount */
    static final short SW_INCORRECT_DATA = 0x6A80;
    /** no such record on the card any more */
    static final short SW_RECORD_NOT_FOUND = 0x6A83;
    /** no room in the card's log */
    static final short SW_LOG_FULL = 0x6A84;
    /** wrong P1 or P2 */
    static final short SW_WRONG_P1_P2 = 0x6A86;
    /** terminal, key or data not known to the card */
    static final short SW_REFERENCE_NOT_FOUND = 0x6A88;
    /** instruction not supported */
    static final short SW_INS_NOT_SUPPORTED = 0x6D00;
    /** class not supported */
    static final short SW_CLA_NOT_SUPPORTED = 0x6E00;
    /** the card failed without a reason */
    static final short SW_NO_DIAGNOSIS = 0x6F00;

    // --- Data object tags ---

    /** FCI template (ISO 7816-4) */
    static final byte TAG_FCI = 0x6F;
    /** DF name (AID) */
    static final byte TAG_DF_NAME = (byte) 0x84;
    /** proprietary information */
    static final byte TAG_PROPRIETARY = (byte) 0xA5;
    /** in A5: applet version, major minor */
    static final byte TAG_VERSION = (byte) 0x80;
    /** in A5: scheme id (2); 0000 while RAW */
    static final byte TAG_SCHEME = (byte) 0x81;
    /** in A5: lifeCycle (1) */
    static final byte TAG_STATE = (byte) 0x82;
    /** in A5: chip serial (8), RAW only */
    static final byte TAG_SERIAL = (byte) 0x83;
    /** card-verifiable certificate (ISO 7816-8) */
    static final short TAG_CERTIFICATE = 0x7F21;
    /** certificate body, what is signed (with its tag and length) */
    static final short TAG_CERTIFICATE_BODY = 0x7F4E;
    /** profile: 01 terminal, 02 card */
    static final short TAG_PROFILE = 0x5F29;
    /** CAR: keyId of the signing CA */
    static final byte TAG_AUTHORITY_REFERENCE = 0x42;
    /** CHR: terminal id (8), or card id (8) || key version (1) */
    static final short TAG_HOLDER_REFERENCE = 0x5F20;
    /** public key template */
    static final short TAG_PUBLIC_KEY = 0x7F49;
    /** X || Y (64): signature key */
    static final byte TAG_SIGN_POINT = (byte) 0x86;
    /** X || Y (64): key agreement key, cards only */
    static final byte TAG_AGREE_POINT = (byte) 0x87;
    /** certificate holder authorisation, terminals only */
    static final short TAG_AUTHORISATION = 0x7F4C;
    /** in 7F4C: terminalAuthorisation */
    static final byte TAG_DISCRETIONARY = 0x53;
    /** effective from, u32 seconds */
    static final short TAG_EFFECTIVE = 0x5F25;
    /** expires at, u32 seconds (first second that is refused) */
    static final short TAG_EXPIRY = 0x5F24;
    /** DER ECDSA-SHA-256 over the body with its tag and length */
    static final short TAG_SIGNATURE = 0x5F37;

    // --- Certificate profiles ---

    static final byte PROFILE_TERMINAL = 0x01;
    static final byte PROFILE_CARD = 0x02;

    // --- Life cycle, one bit each so that a set fits a byte. EXPIRED and BLOCKED are computed, never stored. ---

    /** installed; knows its serial and transport keys */
    static final byte LIFE_RAW = 0x01;
    /** personalized */
    static final byte LIFE_ACTIVE = 0x02;
    /** active past its date: reads and syncs, moves no money */
    static final byte LIFE_EXPIRED = 0x04;
    /** block flag, reset flag or no PIN try left; PERSO only */
    static final byte LIFE_BLOCKED = 0x08;
    /** frozen; gives its closing statement */
    static final byte LIFE_RETIRED = 0x10;

    // --- Role of a terminal certificate; also the bit a CA must have to grant it. ---

    /** point of sale: debit, cancel its own last debit, pass on block orders */
    static final byte ROLE_POS = 0x01;
    /** reload kiosk: carries credit authorisations, SYNC, parameters, block orders */
    static final byte ROLE_LOAD = 0x02;
    /** personalization desk: issues once, later passes on orders */
    static final byte ROLE_PERSO = 0x04;

    // --- What a transaction record says happened. ---

    /** slot balance down, points up */
    static final byte RECORD_TYPE_PURCHASE = 0x01;
    /** the last purchase undone whole; ref = its NT */
    static final byte RECORD_TYPE_CANCEL = 0x02;
    /** slot balance up under an issuer authorisation; ref = load counter */
    static final byte RECORD_TYPE_LOAD = 0x03;
    /** slot balance down under an issuer authorisation; ref = load counter */
    static final byte RECORD_TYPE_UNLOAD = 0x04;

    // --- Direction of the load register. ---

    /** issuer to card */
    static final byte LOAD_TYPE_LOAD = 0x01;
    /** card to the holder's account */
    static final byte LOAD_TYPE_UNLOAD = 0x02;

    // --- State of the load register. ---

    /** no load yet */
    static final byte LOAD_STATE_NONE = 0x00;
    /** asked for, neither credited nor cancelled */
    static final byte LOAD_STATE_PENDING = 0x01;
    /** applied */
    static final byte LOAD_STATE_CREDITED = 0x02;
    /** given up for ever */
    static final byte LOAD_STATE_CANCELLED = 0x03;

    // --- Why the card signed a statement. ---

    /** INIT LOAD: asks the issuer for an authorisation */
    static final byte STATEMENT_PURPOSE_INIT_LOAD = 0x01;
    /** GET PROOF: seals the records after A (upload) */
    static final byte STATEMENT_PURPOSE_LOG = 0x02;
    /** CANCEL LOAD: how the load ended */
    static final byte STATEMENT_PURPOSE_REGISTER = 0x03;
    /** GET PROOF on a retired card: what it is owed */
    static final byte STATEMENT_PURPOSE_CLOSING = 0x04;

    // --- Issuer orders, P1 of PUT ORDER. ---

    /** new parameter set; order counter */
    static final byte ORDER_TYPE_PARAMETERS = 0x01;
    /** block flag off; order counter; PERSO */
    static final byte ORDER_TYPE_UNBLOCK = 0x02;
    /** new PIN, tries back; order counter; PERSO */
    static final byte ORDER_TYPE_PIN_RESET = 0x03;
    /** freeze; order counter; PERSO */
    static final byte ORDER_TYPE_RETIRE = 0x04;
    /** next key becomes current; order counter */
    static final byte ORDER_TYPE_KEY_SWITCH = 0x05;
    /** block flag on; own numbers; any role */
    static final byte ORDER_TYPE_BLOCK = 0x06;
    /** A, date; outside the order counter */
    static final byte ORDER_TYPE_SYNC = 0x07;

    // --- Public keys on the card, P2 of STORE DATA keys. Each has exactly one successor, stored at issue. ---

    /** issuer's CA for kiosks and desks, current */
    static final byte KEY_REF_TERMINAL_CA = 0x00;
    /** its successor */
    static final byte KEY_REF_TERMINAL_CA_NEXT = 0x01;
    /** acquirer's CA for POS, current */
    static final byte KEY_REF_POS_CA = 0x02;
    /** its successor */
    static final byte KEY_REF_POS_CA_NEXT = 0x03;
    /** issuer's credit key, current */
    static final byte KEY_REF_CREDIT = 0x04;
    /** its successor */
    static final byte KEY_REF_CREDIT_NEXT = 0x05;
    /** issuer's order key, current */
    static final byte KEY_REF_ORDER = 0x06;
    /** its successor */
    static final byte KEY_REF_ORDER_NEXT = 0x07;

    // --- Third byte of a key identifier. ---

    /** 'C' signs card certificates */
    static final byte AUTHORITY_CARD_CA = 0x43;
    /** 'T' signs LOAD and PERSO certificates */
    static final byte AUTHORITY_TERMINAL_CA = 0x54;
    /** 'P' signs POS certificates */
    static final byte AUTHORITY_POS_CA = 0x50;
    /** 'L' signs credit authorisations */
    static final byte AUTHORITY_CREDIT = 0x4C;
    /** 'O' signs orders, hot lists, acknowledgements */
    static final byte AUTHORITY_ORDER = 0x4F;

    // --- P1 of STORE DATA. ---

    /** identity, dates, units */
    static final byte DATA_GROUP_CARD_DATA = 0x01;
    /** one public key; P2 = keyRef */
    static final byte DATA_GROUP_KEY = 0x02;
    /** card certificate; P2 = block number */
    static final byte DATA_GROUP_CERTIFICATE = 0x03;
    /** first parameter set */
    static final byte DATA_GROUP_PARAMETERS = 0x04;
    /** first PIN */
    static final byte DATA_GROUP_PIN = 0x05;

    // --- P1 of GET PROOF. ---

    /** a record by its NT, with S3 */
    static final byte PROOF_RECORD = 0x01;
    /** statement sealing the log */
    static final byte PROOF_LOG = 0x02;
    /** block statement */
    static final byte PROOF_BLOCK = 0x03;
    /** closing statement */
    static final byte PROOF_CLOSING = 0x04;

    // --- P1 of READ LOG. ---

    /** records from a given NT on */
    static final byte LOG_VIEW_RECORDS = 0x01;
    /** one kept cancel order; P2 = index */
    static final byte LOG_VIEW_CANCEL_ORDERS = 0x02;
    /** all balances, sums and counters */
    static final byte LOG_VIEW_TOTALS = 0x03;

    // --- P1 of OPEN SESSION. ---

    /** after PRESENT CERTIFICATE: signature, ECDH */
    static final byte OPEN_FORM_FULL = 0x00;
    /** pair key of a known terminal, or the transport key of a raw card */
    static final byte OPEN_FORM_RESUMED = 0x01;

    // --- What a terminal says in a batch about one of its transaction numbers. ---

    /** goods given for a valid S3 */
    static final byte OUTCOME_SOLD = 0x01;
    /** sale undone by a later CANCEL LAST of this terminal */
    static final byte OUTCOME_CANCELLED = 0x02;
    /** not executed; final */
    static final byte OUTCOME_VOID = 0x03;
    /** not known yet; reported again as a correction */
    static final byte OUTCOME_OPEN = 0x04;
    /** this number is itself a CANCEL LAST */
    static final byte OUTCOME_CANCEL = 0x05;

    // --- One byte before the status word of a refusal inside a session: which condition failed. ---

    /** no more is said than the status word */
    static final byte REASON_NONE = 0x00;
    /** not in this life-cycle state */
    static final byte REASON_LIFE_CYCLE = 0x01;
    /** card past its date */
    static final byte REASON_CARD_EXPIRED = 0x02;
    /** terminal certificate past its date */
    static final byte REASON_TERMINAL_EXPIRED = 0x03;
    /** not for a terminal of this role */
    static final byte REASON_ROLE = 0x04;
    /** needs a full session */
    static final byte REASON_FULL_SESSION = 0x05;
    /** no such slot, or unit not granted to this terminal */
    static final byte REASON_UNIT = 0x06;
    /** amount is zero */
    static final byte REASON_AMOUNT = 0x07;
    /** above the limit in the terminal's certificate */
    static final byte REASON_TERMINAL_LIMIT = 0x08;
    /** above the card's maximum per transaction */
    static final byte REASON_TRANSACTION_LIMIT = 0x09;
    /** needs the PIN */
    static final byte REASON_PIN_REQUIRED = 0x0A;
    /** offline amount used up: go and synchronise */
    static final byte REASON_OFFLINE_AMOUNT = 0x0B;
    /** offline count used up: go and synchronise */
    static final byte REASON_OFFLINE_COUNT = 0x0C;
    /** log full: go and synchronise */
    static final byte REASON_LOG_FULL = 0x0D;
    /** balance too small */
    static final byte REASON_BALANCE = 0x0E;
    /** balance would pass its maximum */
    static final byte REASON_MAX_BALANCE = 0x0F;
    /** a counter is used up */
    static final byte REASON_COUNTER = 0x10;
    /** not the last record, or not a purchase of this terminal */
    static final byte REASON_NOT_LAST = 0x11;
    /** no cancel left before the next synchronisation */
    static final byte REASON_CANCEL_LIMIT = 0x12;
    /** another load is pending */
    static final byte REASON_LOAD_PENDING = 0x13;
    /** no such load pending */
    static final byte REASON_NO_LOAD = 0x14;
    /** counter or number of the order is not the one due */
    static final byte REASON_STALE = 0x15;
    /** signature does not verify */
    static final byte REASON_SIGNATURE = 0x16;
    /** key unknown, retired or not yet due */
    static final byte REASON_KEY = 0x17;
    /** personalization data missing or not matching */
    static final byte REASON_MISSING = 0x18;
    /** a field has a value it cannot have */
    static final byte REASON_FORMAT = 0x19;

    // --- installParameters: Application-specific install parameters (C9) of a raw card. ---

    /** 8 bytes: chip serial, shown by SELECT while RAW */
    static final short INSTALL_PARAMETERS_SERIAL = 0;
    /** 16 bytes: CMAC(batch key, 01 || serial) */
    static final short INSTALL_PARAMETERS_TRANSPORT_ENC = 8;
    /** 16 bytes: CMAC(batch key, 02 || serial) */
    static final short INSTALL_PARAMETERS_TRANSPORT_MAC = 24;
    /** u8: bit 0: build CMAC on AES_MAC_128_NOPAD even where the card has it */
    static final short INSTALL_PARAMETERS_OPTIONS = 40;
    static final short INSTALL_PARAMETERS_LENGTH = 41;

    // --- keyId: Key identifier (the certificate's CAR, ISO 7816-8 tag 42). ---

    /** u16 */
    static final short KEY_ID_SCHEME = 0;
    /** u8 */
    static final short KEY_ID_AUTHORITY = 2;
    /** u8 */
    static final short KEY_ID_VERSION = 3;
    static final short KEY_ID_LENGTH = 4;

    // --- cardData: STORE DATA cardData. ---

    /** 8 bytes */
    static final short CARD_DATA_CARD_ID = 0;
    /** u16 */
    static final short CARD_DATA_SCHEME = 8;
    /** u8: version of the card's own key pairs, in its certificate */
    static final short CARD_DATA_KEY_VERSION = 10;
    /** u32: issuer's time of issue, seconds since 1970-01-01 UTC; the card's first stored date */
    static final short CARD_DATA_DATE = 11;
    /** u32: five years from issue (R8); equals the certificate's */
    static final short CARD_DATA_EXPIRY = 15;
    /** 3 × unitCode: unit of each purse slot */
    static final short CARD_DATA_UNITS = 19;
    static final short CARD_DATA_LENGTH = 25;

    // --- unitCode: Unit of a purse slot. ---

    /** u16 */
    static final short UNIT_CODE_UNIT = 0;
    static final short UNIT_CODE_LENGTH = 2;

    // --- keyData: STORE DATA key. ---

    /** keyId */
    static final short KEY_DATA_KEY_ID = 0;
    /** u8: roles this CA may grant (bits of role); 0 for credit and order keys */
    static final short KEY_DATA_ROLES = 4;
    /** 64 bytes: X || Y */
    static final short KEY_DATA_POINT = 5;
    static final short KEY_DATA_LENGTH = 69;

    // --- slotParameters: Limits of one purse slot. ---

    /** u32 */
    static final short SLOT_PARAMETERS_MAX_BALANCE = 0;
    /** u32 */
    static final short SLOT_PARAMETERS_MAX_TRANSACTION = 4;
    /** u32: most one debit may take without PIN */
    static final short SLOT_PARAMETERS_PINLESS_SINGLE = 8;
    /** u32: most debits may take together without PIN; cleared only by a debit with PIN */
    static final short SLOT_PARAMETERS_PINLESS_SUM = 12;
    /** u32: most debits may take together between two synchronisations */
    static final short SLOT_PARAMETERS_OFFLINE_SUM = 16;
    /** u32: one point for each full step of a purchase; 0 = none */
    static final short SLOT_PARAMETERS_POINTS_STEP = 20;
    static final short SLOT_PARAMETERS_LENGTH = 24;

    // --- parameters: Parameter set (issuer-signed when it changes). ---

    /** u16 */
    static final short PARAMETERS_VERSION = 0;
    /** u8: debits between two synchronisations, all slots together */
    static final short PARAMETERS_OFFLINE_COUNT = 2;
    /** u8: at most cancelOrders */
    static final short PARAMETERS_CANCELS_BETWEEN_SYNCS = 3;
    /** 3 × slotParameters */
    static final short PARAMETERS_SLOTS = 4;
    static final short PARAMETERS_LENGTH = 76;

    // --- pinBlock: PIN as in EMV Book 3 section 6.5.12 / ISO 9564-1 format 2: 2L, L digits packed, padded with F. ---

    /** 8 bytes */
    static final short PIN_BLOCK_BLOCK = 0;
    static final short PIN_BLOCK_LENGTH = 8;

    // --- unitLimit: One unit a POS may debit, and how much at once. ---

    /** u16 */
    static final short UNIT_LIMIT_UNIT = 0;
    /** u32 */
    static final short UNIT_LIMIT_LIMIT = 2;
    static final short UNIT_LIMIT_LENGTH = 6;

    // --- terminalAuthorisation: Discretionary data (53) of a terminal certificate's holder authorisation. ---

    /** u8 */
    static final short TERMINAL_AUTHORISATION_ROLE = 0;
    /** 4 bytes */
    static final short TERMINAL_AUTHORISATION_ACQUIRER_ID = 1;
    /** 4 bytes */
    static final short TERMINAL_AUTHORISATION_MERCHANT_ID = 5;
    /** list of unitLimit: none unless the role is pos */
    static final short TERMINAL_AUTHORISATION_LIMITS = 9;
    static final short TERMINAL_AUTHORISATION_LENGTH = 9;
    static final short TERMINAL_AUTHORISATION_MAX = 27;

    // --- cardHolder: Holder reference (5F20) of a card certificate. ---

    /** 8 bytes */
    static final short CARD_HOLDER_CARD_ID = 0;
    /** u8 */
    static final short CARD_HOLDER_KEY_VERSION = 8;
    static final short CARD_HOLDER_LENGTH = 9;

    // --- terminalAuthentication: What the terminal signs in OPEN (TR-03110 terminal authentication version 2). ---

    /** "EPT1" */
    static final byte[] DOMAIN_TERMINAL_AUTHENTICATION = {0x45, 0x50, 0x54, 0x31};
    /** u16 */
    static final short TERMINAL_AUTHENTICATION_SCHEME = 0;
    /** 8 bytes */
    static final short TERMINAL_AUTHENTICATION_TERMINAL_ID = 2;
    /** u32: names which certificate of the terminal */
    static final short TERMINAL_AUTHENTICATION_CERTIFICATE_EXPIRY = 10;
    /** 16 bytes */
    static final short TERMINAL_AUTHENTICATION_CARD_NONCE = 14;
    /** 16 bytes */
    static final short TERMINAL_AUTHENTICATION_TERMINAL_NONCE = 30;
    /** 64 bytes: X || Y */
    static final short TERMINAL_AUTHENTICATION_EPHEMERAL = 46;
    static final short TERMINAL_AUTHENTICATION_LENGTH = 110;

    // --- sessionKeyInfo: SharedInfo of the X9.63 KDF (SEC 1 section 3.6.1, SHA-256); 64 bytes out: session K-ENC,
    // K-MAC, pair K-ENC, K-MAC. ---

    /** "EPK1" */
    static final byte[] DOMAIN_SESSION_KEY_INFO = {0x45, 0x50, 0x4B, 0x31};
    /** 8 bytes */
    static final short SESSION_KEY_INFO_CARD_ID = 0;
    /** 8 bytes */
    static final short SESSION_KEY_INFO_TERMINAL_ID = 8;
    /** u32 */
    static final short SESSION_KEY_INFO_CERTIFICATE_EXPIRY = 16;
    /** 16 bytes */
    static final short SESSION_KEY_INFO_CARD_NONCE = 20;
    /** 16 bytes */
    static final short SESSION_KEY_INFO_TERMINAL_NONCE = 36;
    /** 64 bytes */
    static final short SESSION_KEY_INFO_EPHEMERAL = 52;
    static final short SESSION_KEY_INFO_LENGTH = 116;

    // --- resumedTranscript: CMAC'ed under K-MAC: the first chaining value of a resumed session. ---

    /** "EPS1" */
    static final byte[] DOMAIN_RESUMED_TRANSCRIPT = {0x45, 0x50, 0x53, 0x31};
    /** 4 bytes: CLA INS P1 P2 of OPEN */
    static final short RESUMED_TRANSCRIPT_HEADER = 0;
    /** 8 bytes */
    static final short RESUMED_TRANSCRIPT_TERMINAL_ID = 4;
    /** 16 bytes */
    static final short RESUMED_TRANSCRIPT_TERMINAL_NONCE = 12;
    /** u8 */
    static final short RESUMED_TRANSCRIPT_SLOT = 28;
    /** 8 bytes */
    static final short RESUMED_TRANSCRIPT_PAIR_NAME = 29;
    /** 16 bytes */
    static final short RESUMED_TRANSCRIPT_CARD_NONCE = 37;
    static final short RESUMED_TRANSCRIPT_LENGTH = 53;

    // --- newestRecord: Newest record of this terminal on the card; all zero when there is none. ---

    /** u32 */
    static final short NEWEST_RECORD_NT = 0;
    /** u8 */
    static final short NEWEST_RECORD_TYPE = 4;
    /** u32 */
    static final short NEWEST_RECORD_TN = 5;
    /** u8 */
    static final short NEWEST_RECORD_SLOT = 9;
    /** u32 */
    static final short NEWEST_RECORD_AMOUNT = 10;
    static final short NEWEST_RECORD_LENGTH = 14;

    // --- headroom: S1 for POS: what this terminal may debit in the slot now. ---

    /** u32: per transaction: card's maximum and terminal's limit, the lesser; 0 when the unit is not granted */
    static final short HEADROOM_TRANSACTION = 0;
    /** u32: without PIN */
    static final short HEADROOM_PINLESS = 4;
    /** u32: before the next synchronisation; 0 when the count is used up */
    static final short HEADROOM_OFFLINE = 8;
    static final short HEADROOM_LENGTH = 12;

    // --- loadRegisterBrief: S1 for LOAD and PERSO, in place of the headroom. ---

    /** u32 */
    static final short LOAD_REGISTER_BRIEF_COUNTER = 0;
    /** u8 */
    static final short LOAD_REGISTER_BRIEF_STATE = 4;
    /** u8: loadType; 0 before the first load */
    static final short LOAD_REGISTER_BRIEF_TYPE = 5;
    /** u8 */
    static final short LOAD_REGISTER_BRIEF_SLOT = 6;
    /** u32 */
    static final short LOAD_REGISTER_BRIEF_AMOUNT = 7;
    /** u8: 0 */
    static final short LOAD_REGISTER_BRIEF_RFU = 11;
    static final short LOAD_REGISTER_BRIEF_LENGTH = 12;

    // --- openingAnswer: S1 (EN 1546): the card's opening answer. flags: bit 0 PIN verified is never set here; bit 1
    // blocked; bit 2 expired; bit 3 retired; bit 4 no log room for a purchase. ---

    /** u8 */
    static final short OPENING_ANSWER_FLAGS = 0;
    /** u8: tries left */
    static final short OPENING_ANSWER_PIN_TRIES = 1;
    /** 8 bytes */
    static final short OPENING_ANSWER_CARD_ID = 2;
    /** u32: stored date */
    static final short OPENING_ANSWER_DATE = 10;
    /** u32 */
    static final short OPENING_ANSWER_NT = 14;
    /** u8 */
    static final short OPENING_ANSWER_SLOT = 18;
    /** u16 */
    static final short OPENING_ANSWER_UNIT = 19;
    /** u32 */
    static final short OPENING_ANSWER_BALANCE = 21;
    /** u16 */
    static final short OPENING_ANSWER_PARAMETERS_VERSION = 25;
    /** 12 bytes: headroom for POS, loadRegisterBrief for LOAD and PERSO */
    static final short OPENING_ANSWER_ROOM = 27;
    /** newestRecord */
    static final short OPENING_ANSWER_NEWEST = 39;
    static final short OPENING_ANSWER_LENGTH = 53;

    // --- record: Transaction record as kept in the log and handed out. Newest balance and points balance are after the
    // transaction. ---

    /** u8 */
    static final short RECORD_TYPE = 0;
    /** u32: card's transaction counter */
    static final short RECORD_NT = 1;
    /** u32: terminal's transaction number; 0 for load and unload */
    static final short RECORD_TN = 5;
    /** 8 bytes */
    static final short RECORD_TERMINAL_ID = 9;
    /** 4 bytes */
    static final short RECORD_ACQUIRER_ID = 17;
    /** 4 bytes */
    static final short RECORD_MERCHANT_ID = 21;
    /** u8 */
    static final short RECORD_SLOT = 25;
    /** u16 */
    static final short RECORD_UNIT = 26;
    /** u32 */
    static final short RECORD_AMOUNT = 28;
    /** u32 */
    static final short RECORD_BALANCE = 32;
    /** u32: points awarded (purchase) or taken back (cancel) */
    static final short RECORD_POINTS = 36;
    /** u32 */
    static final short RECORD_POINTS_BALANCE = 40;
    /** u32: terminal's time; for load and unload the authorisation's */
    static final short RECORD_TIME = 44;
    /** u8: bit 0: PIN verified */
    static final short RECORD_FLAGS = 48;
    /** u16 */
    static final short RECORD_PARAMETERS_VERSION = 49;
    /** u32: cancelled NT, or load counter; else 0 */
    static final short RECORD_REF = 51;
    static final short RECORD_LENGTH = 55;

    // --- signedRecord: S3 (EN 1546): the card's signature over a record. ---

    /** "EPR1" */
    static final byte[] DOMAIN_SIGNED_RECORD = {0x45, 0x50, 0x52, 0x31};
    /** u16 */
    static final short SIGNED_RECORD_SCHEME = 0;
    /** 8 bytes */
    static final short SIGNED_RECORD_CARD_ID = 2;
    /** u8 */
    static final short SIGNED_RECORD_KEY_VERSION = 10;
    /** record */
    static final short SIGNED_RECORD_RECORD = 11;
    static final short SIGNED_RECORD_LENGTH = 66;

    // --- loadRegister: Load register (not in the log). ---

    /** u32 */
    static final short LOAD_REGISTER_COUNTER = 0;
    /** u8 */
    static final short LOAD_REGISTER_STATE = 4;
    /** u8: loadType; 0 before the first load */
    static final short LOAD_REGISTER_TYPE = 5;
    /** u8 */
    static final short LOAD_REGISTER_SLOT = 6;
    /** u16 */
    static final short LOAD_REGISTER_UNIT = 7;
    /** u32 */
    static final short LOAD_REGISTER_AMOUNT = 9;
    /** 8 bytes */
    static final short LOAD_REGISTER_RANDOM = 13;
    /** 8 bytes: kiosk that asked first */
    static final short LOAD_REGISTER_TERMINAL_ID = 21;
    /** u32: NT of the credit, 0 while not credited */
    static final short LOAD_REGISTER_CREDIT_NT = 29;
    /** u8: loadState in which the load before this one ended */
    static final short LOAD_REGISTER_PREVIOUS_STATE = 33;
    static final short LOAD_REGISTER_LENGTH = 34;

    // --- balance: Balance of one purse slot. ---

    /** u32 */
    static final short BALANCE_BALANCE = 0;
    static final short BALANCE_LENGTH = 4;

    // --- statement: The card's account of itself, as sent. ---

    /** u8 */
    static final short STATEMENT_PURPOSE = 0;
    /** u8 */
    static final short STATEMENT_STATE = 1;
    /** u32 */
    static final short STATEMENT_NT = 2;
    /** u32: A: highest NT up to which the issuer holds every record */
    static final short STATEMENT_ACKNOWLEDGED = 6;
    /** 3 × balance */
    static final short STATEMENT_BALANCES = 10;
    /** 32 bytes: R(NT); R(0) = 32 zero bytes, R(n) = SHA-256(R(n-1) || record n) */
    static final short STATEMENT_RUNNING_HASH = 22;
    /** u32 */
    static final short STATEMENT_ORDER_COUNTER = 54;
    /** u32: number of the last block order taken */
    static final short STATEMENT_BLOCK_NUMBER = 58;
    /** loadRegister */
    static final short STATEMENT_REGISTER = 62;
    static final short STATEMENT_LENGTH = 96;

    // --- signedStatement: What the card signs for a statement. ---

    /** "EPQ1" */
    static final byte[] DOMAIN_SIGNED_STATEMENT = {0x45, 0x50, 0x51, 0x31};
    /** u16 */
    static final short SIGNED_STATEMENT_SCHEME = 0;
    /** 8 bytes */
    static final short SIGNED_STATEMENT_CARD_ID = 2;
    /** u8 */
    static final short SIGNED_STATEMENT_KEY_VERSION = 10;
    /** statement */
    static final short SIGNED_STATEMENT_STATEMENT = 11;
    static final short SIGNED_STATEMENT_LENGTH = 107;

    // --- blockStatement: Proof that a block order was taken, as sent; tells a POS nothing else. ---

    /** u32 */
    static final short BLOCK_STATEMENT_BLOCK_NUMBER = 0;
    /** u32 */
    static final short BLOCK_STATEMENT_NT = 4;
    static final short BLOCK_STATEMENT_LENGTH = 8;

    // --- signedBlockStatement: What the card signs for a block statement. ---

    /** "EPB1" */
    static final byte[] DOMAIN_SIGNED_BLOCK_STATEMENT = {0x45, 0x50, 0x42, 0x31};
    /** u16 */
    static final short SIGNED_BLOCK_STATEMENT_SCHEME = 0;
    /** 8 bytes */
    static final short SIGNED_BLOCK_STATEMENT_CARD_ID = 2;
    /** u8 */
    static final short SIGNED_BLOCK_STATEMENT_KEY_VERSION = 10;
    /** blockStatement */
    static final short SIGNED_BLOCK_STATEMENT_STATEMENT = 11;
    static final short SIGNED_BLOCK_STATEMENT_LENGTH = 19;

    // --- totals: READ LOG totals. ---

    /** u32 */
    static final short TOTALS_NT = 0;
    /** u32 */
    static final short TOTALS_ACKNOWLEDGED = 4;
    /** 3 × balance */
    static final short TOTALS_BALANCES = 8;
    /** 3 × balance */
    static final short TOTALS_PINLESS_SUMS = 20;
    /** 3 × balance */
    static final short TOTALS_OFFLINE_SUMS = 32;
    /** u8: debits since A */
    static final short TOTALS_OFFLINE_COUNT = 44;
    /** u8: cancels since A */
    static final short TOTALS_CANCELS = 45;
    /** u8 */
    static final short TOTALS_PIN_TRIES = 46;
    /** u32 */
    static final short TOTALS_DATE = 47;
    /** u32 */
    static final short TOTALS_ORDER_COUNTER = 51;
    /** u32 */
    static final short TOTALS_BLOCK_NUMBER = 55;
    /** u32 */
    static final short TOTALS_UNBLOCK_NUMBER = 59;
    /** u8: 1 once the next order key is in force */
    static final short TOTALS_ORDER_KEY_SWITCHED = 63;
    /** parameters */
    static final short TOTALS_PARAMETERS = 64;
    static final short TOTALS_LENGTH = 140;

    // --- cancelOrder: What the terminal signs to undo its last purchase; the card keeps it and hands it out at sync. ---

    /** "EPX1" */
    static final byte[] DOMAIN_CANCEL_ORDER = {0x45, 0x50, 0x58, 0x31};
    /** u16 */
    static final short CANCEL_ORDER_SCHEME = 0;
    /** 8 bytes */
    static final short CANCEL_ORDER_CARD_ID = 2;
    /** 8 bytes */
    static final short CANCEL_ORDER_TERMINAL_ID = 10;
    /** u32 */
    static final short CANCEL_ORDER_CANCELLED_NT = 18;
    /** u32 */
    static final short CANCEL_ORDER_CANCELLED_TN = 22;
    /** u32: the cancel's own number */
    static final short CANCEL_ORDER_TN = 26;
    /** u8 */
    static final short CANCEL_ORDER_SLOT = 30;
    /** u32 */
    static final short CANCEL_ORDER_AMOUNT = 31;
    static final short CANCEL_ORDER_LENGTH = 35;

    // --- keptCancelOrder: READ LOG cancelOrders: all a reader needs beside the records to rebuild the order. ---

    /** u32 */
    static final short KEPT_CANCEL_ORDER_CANCELLED_NT = 0;
    /** u32 */
    static final short KEPT_CANCEL_ORDER_CANCELLED_TN = 4;
    /** u32 */
    static final short KEPT_CANCEL_ORDER_TN = 8;
    /** length byte and up to 72 bytes */
    static final short KEPT_CANCEL_ORDER_SIGNATURE = 12;
    static final short KEPT_CANCEL_ORDER_LENGTH = 12;
    static final short KEPT_CANCEL_ORDER_MAX = 85;

    // --- creditAuthorisation: Authorisation of one load or unload, the same bytes on every repeat. ---

    /** "EPC1" */
    static final byte[] DOMAIN_CREDIT_AUTHORISATION = {0x45, 0x50, 0x43, 0x31};
    /** u16 */
    static final short CREDIT_AUTHORISATION_SCHEME = 0;
    /** 8 bytes */
    static final short CREDIT_AUTHORISATION_CARD_ID = 2;
    /** u32 */
    static final short CREDIT_AUTHORISATION_COUNTER = 10;
    /** 8 bytes */
    static final short CREDIT_AUTHORISATION_RANDOM = 14;
    /** u8 */
    static final short CREDIT_AUTHORISATION_TYPE = 22;
    /** u8 */
    static final short CREDIT_AUTHORISATION_SLOT = 23;
    /** u16 */
    static final short CREDIT_AUTHORISATION_UNIT = 24;
    /** u32 */
    static final short CREDIT_AUTHORISATION_AMOUNT = 26;
    /** u32: A */
    static final short CREDIT_AUTHORISATION_ACKNOWLEDGED = 30;
    /** 32 bytes: R(A) */
    static final short CREDIT_AUTHORISATION_RUNNING_HASH = 34;
    /** u32 */
    static final short CREDIT_AUTHORISATION_DATE = 66;
    static final short CREDIT_AUTHORISATION_LENGTH = 70;

    // --- order: What the order key signs; body by type, below. ---

    /** "EPO1" */
    static final byte[] DOMAIN_ORDER = {0x45, 0x50, 0x4F, 0x31};
    /** u16 */
    static final short ORDER_SCHEME = 0;
    /** 8 bytes */
    static final short ORDER_CARD_ID = 2;
    /** u8 */
    static final short ORDER_TYPE = 10;
    /** up to 80 bytes */
    static final short ORDER_BODY = 11;
    static final short ORDER_LENGTH = 11;
    static final short ORDER_MAX = 91;

    // --- orderParameters: Body of a parameters order. ---

    /** u32 */
    static final short ORDER_PARAMETERS_ORDER_COUNTER = 0;
    /** parameters */
    static final short ORDER_PARAMETERS_PARAMETERS = 4;
    static final short ORDER_PARAMETERS_LENGTH = 80;

    // --- orderUnblock: Body of an unblock order. ---

    /** u32 */
    static final short ORDER_UNBLOCK_ORDER_COUNTER = 0;
    /** u32: highest block number issued so far */
    static final short ORDER_UNBLOCK_HIGHEST_BLOCK_NUMBER = 4;
    static final short ORDER_UNBLOCK_LENGTH = 8;

    // --- orderPinReset: Body of a PIN reset order; the new PIN travels beside it, never in it. ---

    /** u32 */
    static final short ORDER_PIN_RESET_ORDER_COUNTER = 0;
    static final short ORDER_PIN_RESET_LENGTH = 4;

    // --- orderRetire: Body of a RETIRE order. ---

    /** u32 */
    static final short ORDER_RETIRE_ORDER_COUNTER = 0;
    static final short ORDER_RETIRE_LENGTH = 4;

    // --- orderKeySwitch: Body of a KEY SWITCH order; key is the current keyRef (terminalCa, posCa or credit) whose
    // successor takes over. ---

    /** u32 */
    static final short ORDER_KEY_SWITCH_ORDER_COUNTER = 0;
    /** u8 */
    static final short ORDER_KEY_SWITCH_KEY = 4;
    static final short ORDER_KEY_SWITCH_LENGTH = 5;

    // --- orderBlock: Body of a block order. ---

    /** u32 */
    static final short ORDER_BLOCK_BLOCK_NUMBER = 0;
    static final short ORDER_BLOCK_LENGTH = 4;

    // --- orderSync: Body of a SYNC order. ---

    /** u32 */
    static final short ORDER_SYNC_ACKNOWLEDGED = 0;
    /** 32 bytes */
    static final short ORDER_SYNC_RUNNING_HASH = 4;
    /** u32 */
    static final short ORDER_SYNC_DATE = 36;
    static final short ORDER_SYNC_LENGTH = 40;

    // --- SELECT: request ---

    /** up to 16 bytes */
    static final short SELECT_REQ_AID = 0;
    static final short SELECT_REQ_LENGTH = 0;
    static final short SELECT_REQ_MAX = 16;

    // --- SELECT: response ---

    /** up to 62 bytes: TLV */
    static final short SELECT_RES_FCI = 0;
    static final short SELECT_RES_LENGTH = 0;
    static final short SELECT_RES_MAX = 62;

    // --- PRESENT_CERTIFICATE: request ---

    /** up to 239 bytes: TLV */
    static final short PRESENT_CERTIFICATE_REQ_CERTIFICATE = 0;
    static final short PRESENT_CERTIFICATE_REQ_LENGTH = 0;
    static final short PRESENT_CERTIFICATE_REQ_MAX = 239;

    // --- PRESENT_CERTIFICATE: response ---

    /** 16 bytes */
    static final short PRESENT_CERTIFICATE_RES_CARD_NONCE = 0;
    static final short PRESENT_CERTIFICATE_RES_LENGTH = 16;

    // --- OPEN_SESSION_FULL: request ---

    /** 16 bytes */
    static final short OPEN_SESSION_FULL_REQ_TERMINAL_NONCE = 0;
    /** 64 bytes: X || Y */
    static final short OPEN_SESSION_FULL_REQ_EPHEMERAL = 16;
    /** up to 72 bytes: over terminalAuthentication */
    static final short OPEN_SESSION_FULL_REQ_SIGNATURE = 80;
    static final short OPEN_SESSION_FULL_REQ_LENGTH = 80;
    static final short OPEN_SESSION_FULL_REQ_MAX = 152;

    // --- OPEN_SESSION_FULL: response ---

    /** up to 255 bytes: TLV */
    static final short OPEN_SESSION_FULL_RES_CERTIFICATE = 0;
    static final short OPEN_SESSION_FULL_RES_LENGTH = 0;
    static final short OPEN_SESSION_FULL_RES_MAX = 255;

    // --- OPEN_SESSION_RESUMED: request ---

    /** 8 bytes */
    static final short OPEN_SESSION_RESUMED_REQ_TERMINAL_ID = 0;
    /** 16 bytes */
    static final short OPEN_SESSION_RESUMED_REQ_TERMINAL_NONCE = 8;
    /** u8 */
    static final short OPEN_SESSION_RESUMED_REQ_SLOT = 24;
    static final short OPEN_SESSION_RESUMED_REQ_LENGTH = 25;

    // --- OPEN_SESSION_RESUMED: response ---

    /** 8 bytes */
    static final short OPEN_SESSION_RESUMED_RES_PAIR_NAME = 0;
    /** 16 bytes */
    static final short OPEN_SESSION_RESUMED_RES_CARD_NONCE = 8;
    /** up to 72 bytes: S1 (openingAnswer) and status, encrypted and MACed */
    static final short OPEN_SESSION_RESUMED_RES_PROTECTED = 24;
    static final short OPEN_SESSION_RESUMED_RES_LENGTH = 24;
    static final short OPEN_SESSION_RESUMED_RES_MAX = 96;

    // --- CONFIRM_SESSION: request ---

    /** u8 */
    static final short CONFIRM_SESSION_REQ_SLOT = 0;
    static final short CONFIRM_SESSION_REQ_LENGTH = 1;

    // --- CONFIRM_SESSION: response ---

    /** 8 bytes */
    static final short CONFIRM_SESSION_RES_PAIR_NAME = 0;
    /** openingAnswer */
    static final short CONFIRM_SESSION_RES_S1 = 8;
    static final short CONFIRM_SESSION_RES_LENGTH = 61;

    // --- GENERATE_KEYS: response ---

    /** 64 bytes */
    static final short GENERATE_KEYS_RES_SIGN_POINT = 0;
    /** 64 bytes */
    static final short GENERATE_KEYS_RES_AGREE_POINT = 64;
    static final short GENERATE_KEYS_RES_LENGTH = 128;

    // --- STORE_DATA: request ---

    /** up to 239 bytes: by P1; keyData: P2 keyRef; certificate block: P2 number, 128 bytes, the last shorter */
    static final short STORE_DATA_REQ_DATA = 0;
    static final short STORE_DATA_REQ_LENGTH = 0;
    static final short STORE_DATA_REQ_MAX = 239;

    // --- VERIFY_PIN: request ---

    /** pinBlock */
    static final short VERIFY_PIN_REQ_PIN = 0;
    static final short VERIFY_PIN_REQ_LENGTH = 8;

    // --- CHANGE_PIN: request ---

    /** pinBlock */
    static final short CHANGE_PIN_REQ_OLD_PIN = 0;
    /** pinBlock */
    static final short CHANGE_PIN_REQ_NEW_PIN = 8;
    static final short CHANGE_PIN_REQ_LENGTH = 16;

    // --- DEBIT: request ---

    /** u8 */
    static final short DEBIT_REQ_SLOT = 0;
    /** u32 */
    static final short DEBIT_REQ_AMOUNT = 1;
    /** u32 */
    static final short DEBIT_REQ_TN = 5;
    /** u32 */
    static final short DEBIT_REQ_TIME = 9;
    static final short DEBIT_REQ_LENGTH = 13;

    // --- DEBIT: response ---

    /** u32 */
    static final short DEBIT_RES_POINTS = 0;
    /** u32 */
    static final short DEBIT_RES_POINTS_BALANCE = 4;
    /** u8 */
    static final short DEBIT_RES_FLAGS = 8;
    /** u16 */
    static final short DEBIT_RES_PARAMETERS_VERSION = 9;
    /** up to 72 bytes: over signedRecord */
    static final short DEBIT_RES_S3 = 11;
    static final short DEBIT_RES_LENGTH = 11;
    static final short DEBIT_RES_MAX = 83;

    // --- CANCEL_LAST: request ---

    /** u8 */
    static final short CANCEL_LAST_REQ_SLOT = 0;
    /** u32 */
    static final short CANCEL_LAST_REQ_AMOUNT = 1;
    /** u32 */
    static final short CANCEL_LAST_REQ_CANCELLED_NT = 5;
    /** u32 */
    static final short CANCEL_LAST_REQ_CANCELLED_TN = 9;
    /** u32 */
    static final short CANCEL_LAST_REQ_TN = 13;
    /** u32 */
    static final short CANCEL_LAST_REQ_TIME = 17;
    /** up to 72 bytes: over cancelOrder */
    static final short CANCEL_LAST_REQ_SIGNATURE = 21;
    static final short CANCEL_LAST_REQ_LENGTH = 21;
    static final short CANCEL_LAST_REQ_MAX = 93;

    // --- CANCEL_LAST: response ---

    /** u32 */
    static final short CANCEL_LAST_RES_POINTS = 0;
    /** u32 */
    static final short CANCEL_LAST_RES_POINTS_BALANCE = 4;
    /** u8 */
    static final short CANCEL_LAST_RES_FLAGS = 8;
    /** u16 */
    static final short CANCEL_LAST_RES_PARAMETERS_VERSION = 9;
    /** up to 72 bytes: over signedRecord */
    static final short CANCEL_LAST_RES_S3 = 11;
    static final short CANCEL_LAST_RES_LENGTH = 11;
    static final short CANCEL_LAST_RES_MAX = 83;

    // --- INIT_LOAD: request ---

    /** u8 */
    static final short INIT_LOAD_REQ_TYPE = 0;
    /** u8 */
    static final short INIT_LOAD_REQ_SLOT = 1;
    /** u32 */
    static final short INIT_LOAD_REQ_AMOUNT = 2;
    /** u32 */
    static final short INIT_LOAD_REQ_TIME = 6;
    static final short INIT_LOAD_REQ_LENGTH = 10;

    // --- INIT_LOAD: response ---

    /** statement */
    static final short INIT_LOAD_RES_STATEMENT = 0;
    /** up to 72 bytes: over signedStatement */
    static final short INIT_LOAD_RES_SIGNATURE = 96;
    static final short INIT_LOAD_RES_LENGTH = 96;
    static final short INIT_LOAD_RES_MAX = 168;

    // --- CREDIT: request ---

    /** u32 */
    static final short CREDIT_REQ_COUNTER = 0;
    /** 8 bytes */
    static final short CREDIT_REQ_RANDOM = 4;
    /** u8 */
    static final short CREDIT_REQ_TYPE = 12;
    /** u8 */
    static final short CREDIT_REQ_SLOT = 13;
    /** u16 */
    static final short CREDIT_REQ_UNIT = 14;
    /** u32 */
    static final short CREDIT_REQ_AMOUNT = 16;
    /** u32 */
    static final short CREDIT_REQ_ACKNOWLEDGED = 20;
    /** 32 bytes */
    static final short CREDIT_REQ_RUNNING_HASH = 24;
    /** u32 */
    static final short CREDIT_REQ_DATE = 56;
    /** up to 72 bytes: over creditAuthorisation */
    static final short CREDIT_REQ_SIGNATURE = 60;
    static final short CREDIT_REQ_LENGTH = 60;
    static final short CREDIT_REQ_MAX = 132;

    // --- CREDIT: response ---

    /** record */
    static final short CREDIT_RES_RECORD = 0;
    /** up to 72 bytes: over signedRecord */
    static final short CREDIT_RES_S3 = 55;
    static final short CREDIT_RES_LENGTH = 55;
    static final short CREDIT_RES_MAX = 127;

    // --- CANCEL_LOAD: request ---

    /** u32 */
    static final short CANCEL_LOAD_REQ_COUNTER = 0;
    static final short CANCEL_LOAD_REQ_LENGTH = 4;

    // --- CANCEL_LOAD: response ---

    /** u8 */
    static final short CANCEL_LOAD_RES_KIND = 0;
    /** up to 236 bytes: kind 01: record and S3; kind 02: statement and signature */
    static final short CANCEL_LOAD_RES_BODY = 1;
    static final short CANCEL_LOAD_RES_LENGTH = 1;
    static final short CANCEL_LOAD_RES_MAX = 237;

    // --- GET_PROOF: request ---

    /** up to 4 bytes: record: NT (4); else empty */
    static final short GET_PROOF_REQ_DATA = 0;
    static final short GET_PROOF_REQ_LENGTH = 0;
    static final short GET_PROOF_REQ_MAX = 4;

    // --- GET_PROOF: response ---

    /** up to 237 bytes: by P1: record; log and closing; block */
    static final short GET_PROOF_RES_BODY = 0;
    static final short GET_PROOF_RES_LENGTH = 0;
    static final short GET_PROOF_RES_MAX = 237;

    // --- READ_LOG: request ---

    /** up to 4 bytes: records: first NT wanted (4); else empty */
    static final short READ_LOG_REQ_DATA = 0;
    static final short READ_LOG_REQ_LENGTH = 0;
    static final short READ_LOG_REQ_MAX = 4;

    // --- READ_LOG: response ---

    /** up to 237 bytes: records: up to 4 records from that NT on, oldest first · cancelOrders: keptCancelOrder number
     *  P2 · totals */
    static final short READ_LOG_RES_BODY = 0;
    static final short READ_LOG_RES_LENGTH = 0;
    static final short READ_LOG_RES_MAX = 237;

    // --- PUT_ORDER: request ---

    /** up to 161 bytes: order body by type, for pinReset the new PIN, signature over order */
    static final short PUT_ORDER_REQ_BODY = 0;
    static final short PUT_ORDER_REQ_LENGTH = 0;
    static final short PUT_ORDER_REQ_MAX = 161;

    // --- PUT_ORDER: response ---

    /** up to 237 bytes: block: block statement; retire: closing statement; else empty */
    static final short PUT_ORDER_RES_BODY = 0;
    static final short PUT_ORDER_RES_LENGTH = 0;
    static final short PUT_ORDER_RES_MAX = 237;

    // --- Life-cycle states in which a command outside a session is allowed ---

    /** raw, active, expired, blocked, retired */
    static final byte STATES_SELECT = 0x1F;
    /** active, expired, blocked, retired */
    static final byte STATES_PRESENT_CERTIFICATE = 0x1E;
    /** active, expired, blocked, retired */
    static final byte STATES_OPEN_SESSION_FULL = 0x1E;
    /** raw, active, expired, blocked, retired */
    static final byte STATES_OPEN_SESSION_RESUMED = 0x1F;

    // --- Guard: ordinals of the protected commands ---

    static final short COMMAND_CONFIRM_SESSION = 0;
    static final short COMMAND_GENERATE_KEYS = 1;
    static final short COMMAND_STORE_DATA = 2;
    static final short COMMAND_ACTIVATE = 3;
    static final short COMMAND_VERIFY_PIN = 4;
    static final short COMMAND_CHANGE_PIN = 5;
    static final short COMMAND_DEBIT = 6;
    static final short COMMAND_CANCEL_LAST = 7;
    static final short COMMAND_INIT_LOAD = 8;
    static final short COMMAND_CREDIT = 9;
    static final short COMMAND_CANCEL_LOAD = 10;
    static final short COMMAND_GET_PROOF = 11;
    static final short COMMAND_READ_LOG = 12;
    static final short COMMAND_PUT_ORDER = 13;
    static final short COMMAND_COUNT = 14;
    /** rows of ALLOWED; the index of a role is its bit shifted right by one */
    static final short ROLE_COUNT = 3;

    // --- Guard tables ---

    /** Instruction of each protected command, by ordinal. */
    static final byte[] INSTRUCTIONS = {
        (byte) 0x82, // CONFIRM_SESSION
        0x46, // GENERATE_KEYS
        (byte) 0xE2, // STORE_DATA
        0x44, // ACTIVATE
        0x20, // VERIFY_PIN
        0x24, // CHANGE_PIN
        0x54, // DEBIT
        0x56, // CANCEL_LAST
        0x58, // INIT_LOAD
        0x52, // CREDIT
        0x5E, // CANCEL_LOAD
        0x5A, // GET_PROOF
        (byte) 0xB2, // READ_LOG
        (byte) 0xDA, // PUT_ORDER
    };

    /** By ordinal * ROLE_COUNT + role index (pos 0, load 1, perso 2): the set of life-cycle states in which it is allowed. */
    static final byte[] ALLOWED = {
        0x06, 0x06, 0x1E, // CONFIRM_SESSION
        0x00, 0x00, 0x01, // GENERATE_KEYS
        0x00, 0x00, 0x01, // STORE_DATA
        0x00, 0x00, 0x01, // ACTIVATE
        0x02, 0x06, 0x00, // VERIFY_PIN
        0x00, 0x02, 0x00, // CHANGE_PIN
        0x02, 0x00, 0x00, // DEBIT
        0x02, 0x00, 0x00, // CANCEL_LAST
        0x00, 0x02, 0x00, // INIT_LOAD
        0x00, 0x02, 0x00, // CREDIT
        0x00, 0x06, 0x0E, // CANCEL_LOAD
        0x06, 0x06, 0x1E, // GET_PROOF
        0x00, 0x06, 0x1E, // READ_LOG
        0x06, 0x06, 0x0E, // PUT_ORDER
    };

    /** By ordinal: 1 where the command needs a full session. */
    static final byte[] FULL_ONLY = {
        0, // CONFIRM_SESSION
        0, // GENERATE_KEYS
        0, // STORE_DATA
        0, // ACTIVATE
        0, // VERIFY_PIN
        0, // CHANGE_PIN
        0, // DEBIT
        1, // CANCEL_LAST
        0, // INIT_LOAD
        0, // CREDIT
        0, // CANCEL_LOAD
        0, // GET_PROOF
        0, // READ_LOG
        0, // PUT_ORDER
    };
}
