package epurse;

import javacard.framework.ISO7816;
import javacard.framework.Util;
import javacard.security.AESKey;
import javacard.security.KeyBuilder;
import javacard.security.MessageDigest;
import javacard.security.RandomData;

/**
 * Opens sessions (docs/protocol.md sections 2 and 3): PRESENT CERTIFICATE, OPEN SESSION, CONFIRM SESSION. The plain ones refuse with a bare
 * status word and leave no session; nothing of the card is shown before the terminal has signed the card's nonce.
 */
final class Handshake {

    private static final short CDATA = ISO7816.OFFSET_CDATA;
    private static final short DOMAIN_LENGTH = 4;
    private static final short SIGNATURE_MIN = 8;
    private static final short KEY_LENGTH = 16;

    private final Session session;
    private final SecureMessaging messaging;
    private final CardData card;
    private final LifeCycle lifeCycle;
    private final PurseMemory memory;
    private final PublicKeys publicKeys;
    private final CardKeys cardKeys;
    private final CardCertificate certificate;
    private final PairSlots pairs;
    private final OpeningAnswer opening;
    private final Refusal refusal;
    private final MessageDigest sha256;
    private final RandomData random;
    private final Certificates certificates;
    private final AESKey sessionEncryption = newSessionKey();
    private final AESKey sessionMac = newSessionKey();
    private final byte[] work;
    private final byte[] answer;

    Handshake(Purse purse) {
        session = purse.session;
        messaging = purse.messaging;
        card = purse.card;
        lifeCycle = purse.lifeCycle;
        memory = purse.memory;
        publicKeys = purse.publicKeys;
        cardKeys = purse.cardKeys;
        certificate = purse.certificate;
        certificates = purse.certificates;
        pairs = purse.pairs;
        opening = new OpeningAnswer(purse);
        refusal = purse.refusal;
        sha256 = purse.sha256;
        random = purse.random;
        work = purse.work;
        answer = purse.answer;
    }

    private static AESKey newSessionKey() {
        return (AESKey) KeyBuilder.buildKey(KeyBuilder.TYPE_AES_TRANSIENT_DESELECT, KeyBuilder.LENGTH_AES_128, false);
    }

    /** PRESENT CERTIFICATE, with no session open: first check. Answers with the card's nonce, in the APDU buffer; returns its length. */
    short presentCertificate(byte[] apdu, short length) {
        byte state = lifeCycle.state();
        Require.that((byte) (Wire.STATES_PRESENT_CERTIFICATE & state) != 0, Wire.SW_CONDITIONS);
        Require.p1p2(apdu, Wire.P1_PRESENT_CERTIFICATE, Wire.P2_PRESENT_CERTIFICATE);
        Require.length(length, (short) 1, Wire.CERTIFICATE_TERMINAL_MAX);
        certificates.parseTerminal(apdu, CDATA, length);
        byte role = apdu[(short) (certificates.authorisation() + Wire.TERMINAL_AUTHORISATION_ROLE)];
        requireServed(role, state);
        byte authority = publicKeys.findAuthority(apdu, certificates.authority());
        Require.that(authority >= 0, Wire.SW_REFERENCE_NOT_FOUND);
        Require.that(publicKeys.mayGrant(authority, role), Wire.SW_INCORRECT_DATA);
        Require.that(!memory.isPast(apdu, certificates.expiry()), Wire.SW_CONDITIONS);
        Require.that(cardKeys.verify(publicKeys.get(authority), apdu, certificates.body(), certificates.bodyLength(),
            apdu, certificates.signature(), certificates.signatureLength()), Wire.SW_INCORRECT_DATA);

        encodePoint(apdu, certificates.signPoint());
        cardKeys.setTerminalPoint(work, (short) 0);
        keepTerminal(apdu);
        random.generateData(session.data, Session.CARD_NONCE, Wire.NONCE_LENGTH);
        session.become(Session.PRESENTED);
        Util.arrayCopyNonAtomic(session.data, Session.CARD_NONCE, apdu, (short) 0, Wire.NONCE_LENGTH);
        return Wire.PRESENT_CERTIFICATE_RES_LENGTH;
    }

    /** A blocked or retired card opens sessions for desks alone. */
    private static void requireServed(byte role, byte state) {
        if (role != Wire.ROLE_PERSO) {
            Require.that(state != Wire.LIFE_BLOCKED, Wire.SW_BLOCKED);
            Require.that(state != Wire.LIFE_RETIRED, Wire.SW_CONDITIONS);
        }
    }

    /** Puts 04 || X || Y at the beginning of the working memory. */
    private void encodePoint(byte[] from, short offset) {
        work[0] = P256.UNCOMPRESSED;
        Util.arrayCopyNonAtomic(from, offset, work, (short) 1, Wire.POINT_LENGTH);
    }

    private void keepTerminal(byte[] apdu) {
        short terminal = Session.TERMINAL;
        byte[] data = session.data;
        short authorisation = certificates.authorisation();
        Util.arrayCopyNonAtomic(apdu, certificates.holder(), data, (short) (terminal + Terminal.ID), Terminal.ID_LENGTH);
        Util.arrayCopyNonAtomic(apdu, (short) (authorisation + Wire.TERMINAL_AUTHORISATION_ACQUIRER_ID),
            data, (short) (terminal + Terminal.ACQUIRER_ID), (short) (Terminal.ROLE - Terminal.ACQUIRER_ID));
        data[(short) (terminal + Terminal.ROLE)] = apdu[(short) (authorisation + Wire.TERMINAL_AUTHORISATION_ROLE)];
        U32.copy(apdu, certificates.expiry(), data, (short) (terminal + Terminal.EXPIRY));
        short count = certificates.limitCount();
        data[(short) (terminal + Terminal.LIMIT_COUNT)] = (byte) count;
        Util.arrayCopyNonAtomic(apdu, (short) (authorisation + Wire.TERMINAL_AUTHORISATION_LIMITS),
            data, (short) (terminal + Terminal.LIMITS), (short) (count * Wire.UNIT_LIMIT_LENGTH));
    }

    /** OPEN SESSION full: second check and key agreement. Answers with the card's certificate; returns its length. */
    short openFull(byte[] apdu, short length) {
        boolean presented = session.state() == Session.PRESENTED;
        session.become(Session.NONE); // a nonce serves one attempt
        Require.that(presented, Wire.SW_CONDITIONS);
        Require.p1p2(apdu, Wire.P1_OPEN_SESSION_FULL, Wire.P2_OPEN_SESSION_FULL);
        Require.length(length, (short) (Wire.OPEN_SESSION_FULL_REQ_LENGTH + SIGNATURE_MIN), Wire.OPEN_SESSION_FULL_REQ_MAX);
        requireTerminalSignature(apdu, length);
        agreeKeys(apdu);
        session.become(Session.AGREED);
        return certificate.copy(apdu, (short) 0);
    }

    private void requireTerminalSignature(byte[] apdu, short length) {
        short end = Util.arrayCopyNonAtomic(Wire.DOMAIN_TERMINAL_AUTHENTICATION, (short) 0, work, (short) 0, DOMAIN_LENGTH);
        end = Util.arrayCopyNonAtomic(card.data, Wire.CARD_DATA_SCHEME, work, end, (short) 2);
        end = copyTranscript(apdu, end);
        short signature = CDATA + Wire.OPEN_SESSION_FULL_REQ_SIGNATURE;
        Require.that(cardKeys.verify(cardKeys.terminalKey(), work, (short) 0, end,
            apdu, signature, (short) (length - Wire.OPEN_SESSION_FULL_REQ_SIGNATURE)), Wire.SW_INCORRECT_DATA);
    }

    /** Terminal id, certificate expiry, both nonces, ephemeral key: what signature and key derivation have in common. */
    private short copyTranscript(byte[] apdu, short at) {
        short end = Util.arrayCopyNonAtomic(session.data, (short) (Session.TERMINAL + Terminal.ID), work, at, Terminal.ID_LENGTH);
        end = Util.arrayCopyNonAtomic(session.data, (short) (Session.TERMINAL + Terminal.EXPIRY), work, end, U32.LENGTH);
        end = Util.arrayCopyNonAtomic(session.data, Session.CARD_NONCE, work, end, Wire.NONCE_LENGTH);
        return Util.arrayCopyNonAtomic(apdu, (short) (CDATA + Wire.OPEN_SESSION_FULL_REQ_TERMINAL_NONCE), work, end,
            (short) (Wire.NONCE_LENGTH + Wire.POINT_LENGTH));
    }

    /** ECDH, derivation of session and pair keys, start of secure messaging. */
    private void agreeKeys(byte[] apdu) {
        answer[0] = P256.UNCOMPRESSED;
        Util.arrayCopyNonAtomic(apdu, (short) (CDATA + Wire.OPEN_SESSION_FULL_REQ_EPHEMERAL), answer, (short) 1, Wire.POINT_LENGTH);
        cardKeys.agree(answer, (short) 0, work, (short) 0);
        short end = Util.arrayCopyNonAtomic(Wire.DOMAIN_SESSION_KEY_INFO, (short) 0, work, Kdf.INFO, DOMAIN_LENGTH);
        end = Util.arrayCopyNonAtomic(card.data, Wire.CARD_DATA_CARD_ID, work, end, CardData.ID_LENGTH);
        end = copyTranscript(apdu, end);
        Kdf.derive(sha256, work, end, answer, (short) 0);
        sessionEncryption.setKey(answer, (short) 0);
        sessionMac.setKey(answer, KEY_LENGTH);
        Util.arrayCopyNonAtomic(answer, (short) (2 * KEY_LENGTH), session.data, Session.PAIR_KEYS, (short) (2 * KEY_LENGTH));
        Util.arrayFillNonAtomic(answer, (short) 0, (short) (4 * KEY_LENGTH), (byte) 0);
        Util.arrayFillNonAtomic(work, (short) 0, end, (byte) 0);
        messaging.start(sessionEncryption, sessionMac);
        messaging.chainFromNonce(session.data, Session.CARD_NONCE);
    }

    /** CONFIRM SESSION: the terminal has shown that it has the keys; remembers it and answers with slot name and S1. */
    short confirm(byte[] apdu, short length) {
        Require.p1p2(apdu, Wire.P1_CONFIRM_SESSION, Wire.P2_CONFIRM_SESSION);
        Require.length(length, Wire.CONFIRM_SESSION_REQ_LENGTH);
        byte slot = apdu[(short) (CDATA + Wire.CONFIRM_SESSION_REQ_SLOT)];
        if (!CardData.hasSlot(slot)) {
            refusal.because(Wire.REASON_UNIT);
        }
        session.data[Session.SLOT] = slot;
        random.generateData(answer, Wire.CONFIRM_SESSION_RES_PAIR_NAME, PairSlots.NAME_LENGTH);
        pairs.store(session.data, Session.TERMINAL, answer, Wire.CONFIRM_SESSION_RES_PAIR_NAME, session.data, Session.PAIR_KEYS, work);
        Util.arrayFillNonAtomic(session.data, Session.PAIR_KEYS, (short) (2 * KEY_LENGTH), (byte) 0);
        session.become(Session.FULL);
        return opening.write(answer, Wire.CONFIRM_SESSION_RES_S1);
    }

    /** OPEN SESSION resumed, with no session open: no public-key operation, nothing written. Returns the length of the answer in the APDU buffer. */
    short openResumed(byte[] apdu, short length) {
        Require.p1p2(apdu, Wire.P1_OPEN_SESSION_RESUMED, Wire.P2_OPEN_SESSION_RESUMED);
        Require.length(length, Wire.OPEN_SESSION_RESUMED_REQ_LENGTH);
        boolean raw = lifeCycle.isRaw();
        byte pair = -1;
        if (raw) {
            session.data[(short) (Session.TERMINAL + Terminal.ROLE)] = Wire.ROLE_PERSO;
            messaging.start(cardKeys.transportEncryption, cardKeys.transportMac);
        } else {
            pair = knownTerminal(apdu);
            messaging.start(pairs.encryptionKey(pair), pairs.macKey(pair));
        }
        random.generateData(session.data, Session.CARD_NONCE, Wire.NONCE_LENGTH);
        startResumedChain(apdu, pair);

        short answerLength = 0;
        if (!raw) {
            session.data[Session.SLOT] = apdu[(short) (CDATA + Wire.OPEN_SESSION_RESUMED_REQ_SLOT)];
            answerLength = opening.write(answer, (short) 0);
        }
        short end = copyPairName(pair, apdu, Wire.OPEN_SESSION_RESUMED_RES_PAIR_NAME);
        end = Util.arrayCopyNonAtomic(session.data, Session.CARD_NONCE, apdu, end, Wire.NONCE_LENGTH);
        end = (short) (end + messaging.wrap(answer, answerLength, Wire.SW_OK, apdu, end));
        session.become(Session.RESUMED);
        return end;
    }

    /** Finds the terminal's slot and takes what is known of it into the session. */
    private byte knownTerminal(byte[] apdu) {
        Require.that(CardData.hasSlot(apdu[(short) (CDATA + Wire.OPEN_SESSION_RESUMED_REQ_SLOT)]), Wire.SW_INCORRECT_DATA);
        byte pair = pairs.find(apdu, (short) (CDATA + Wire.OPEN_SESSION_RESUMED_REQ_TERMINAL_ID));
        Require.that(pair >= 0 && !pairs.hasExpired(pair, memory), Wire.SW_REFERENCE_NOT_FOUND);
        requireServed(pairs.role(pair), lifeCycle.state());
        pairs.copyTerminal(pair, session.data, Session.TERMINAL);
        return pair;
    }

    /** The transcript: header and data of the command, slot name, card nonce. */
    private void startResumedChain(byte[] apdu, byte pair) {
        short end = Util.arrayCopyNonAtomic(Wire.DOMAIN_RESUMED_TRANSCRIPT, (short) 0, work, (short) 0, DOMAIN_LENGTH);
        end = Util.arrayCopyNonAtomic(apdu, ISO7816.OFFSET_CLA, work, end, (short) 4);
        end = Util.arrayCopyNonAtomic(apdu, CDATA, work, end, Wire.OPEN_SESSION_RESUMED_REQ_LENGTH);
        end = copyPairName(pair, work, end);
        end = Util.arrayCopyNonAtomic(session.data, Session.CARD_NONCE, work, end, Wire.NONCE_LENGTH);
        messaging.chainFromTranscript(work, (short) 0, end);
    }

    /** A raw card has no slot: its name is zero. */
    private short copyPairName(byte pair, byte[] out, short offset) {
        if (pair < 0) {
            Util.arrayFillNonAtomic(out, offset, PairSlots.NAME_LENGTH, (byte) 0);
            return (short) (offset + PairSlots.NAME_LENGTH);
        }
        return pairs.copyName(pair, out, offset);
    }

    /** Erases the derived keys when a session ends. */
    void forgetKeys() {
        if (sessionEncryption.isInitialized()) {
            sessionEncryption.clearKey();
        }
        if (sessionMac.isInitialized()) {
            sessionMac.clearKey();
        }
    }
}
