package epurse;

import javacard.framework.ISO7816;
import javacard.framework.JCSystem;
import javacard.framework.Util;

/**
 * From RAW to ACTIVE: GENERATE KEYS, STORE DATA, ACTIVATE. A cut anywhere leaves the card RAW, and whatever was being written absent or
 * whole; the desk begins again and nothing is lost.
 */
final class Personalization {

    private static final short CDATA = ISO7816.OFFSET_CDATA;

    private static final byte HAS_CARD_DATA = 0x01;
    private static final byte HAS_PARAMETERS = 0x02;
    private static final byte HAS_PIN = 0x04;
    private static final byte HAS_ALL = HAS_CARD_DATA | HAS_PARAMETERS | HAS_PIN;

    private final CardData card;
    private final CardKeys cardKeys;
    private final PublicKeys publicKeys;
    private final CardCertificate certificate;
    private final Certificates certificates;
    private final Parameters parameters;
    private final PinCommands pins;
    private final PurseMemory memory;
    private final LifeCycle lifeCycle;
    private final Session session;
    private final Refusal refusal;
    private final byte[] work;
    private final byte[] answer;

    /** HAS_ bits of the groups stored. */
    private byte groups;

    Personalization(Purse purse, PinCommands pins) {
        this.pins = pins;
        card = purse.card;
        cardKeys = purse.cardKeys;
        publicKeys = purse.publicKeys;
        certificate = purse.certificate;
        certificates = purse.certificates;
        parameters = purse.parameters;
        memory = purse.memory;
        lifeCycle = purse.lifeCycle;
        session = purse.session;
        refusal = purse.refusal;
        work = purse.work;
        answer = purse.answer;
    }

    /** GENERATE KEYS: once; asked again, the same public keys. */
    short generateKeys(byte[] apdu, short length) {
        Require.p1p2(apdu, Wire.P1_GENERATE_KEYS, Wire.P2_GENERATE_KEYS);
        Require.length(length, (short) 0);
        if (!cardKeys.areMade()) {
            cardKeys.make(work);
        }
        Util.arrayCopyNonAtomic(cardKeys.points, (short) 0, answer, Wire.GENERATE_KEYS_RES_SIGN_POINT, (short) (2 * Wire.POINT_LENGTH));
        return Wire.GENERATE_KEYS_RES_LENGTH;
    }

    /** STORE DATA: one group. */
    short storeData(byte[] apdu, short length) {
        byte reference = apdu[ISO7816.OFFSET_P2];
        switch (apdu[ISO7816.OFFSET_P1]) {
            case Wire.DATA_GROUP_CARD_DATA:
                Require.p1p2(apdu, Wire.DATA_GROUP_CARD_DATA, (byte) 0);
                storeCardData(apdu, length);
                break;
            case Wire.DATA_GROUP_KEY:
                storeKey(reference, apdu, length);
                break;
            case Wire.DATA_GROUP_CERTIFICATE:
                storeCertificateBlock(reference, apdu, length);
                break;
            case Wire.DATA_GROUP_PARAMETERS:
                Require.p1p2(apdu, Wire.DATA_GROUP_PARAMETERS, (byte) 0);
                storeParameters(apdu, length);
                break;
            case Wire.DATA_GROUP_PIN:
                Require.p1p2(apdu, Wire.DATA_GROUP_PIN, (byte) 0);
                storePin(apdu, length);
                break;
            default:
                refusal.because(Wire.REASON_NONE, Wire.SW_WRONG_P1_P2);
        }
        return 0;
    }

    private void storeCardData(byte[] apdu, short length) {
        Require.length(length, Wire.CARD_DATA_LENGTH);
        short date = CDATA + Wire.CARD_DATA_DATE;
        if (U32.compare(apdu, date, apdu, (short) (CDATA + Wire.CARD_DATA_EXPIRY)) >= 0) {
            refusal.because(Wire.REASON_FORMAT);
        }
        JCSystem.beginTransaction();
        Util.arrayCopy(apdu, CDATA, card.data, (short) 0, Wire.CARD_DATA_LENGTH);
        memory.storeDate(apdu, date);
        groups = (byte) (groups | HAS_CARD_DATA);
        JCSystem.commitTransaction();
    }

    private void storeKey(byte reference, byte[] apdu, short length) {
        requireReference(PublicKeys.isReference(reference));
        Require.length(length, Wire.KEY_DATA_LENGTH);
        if (!PublicKeys.isValid(reference, apdu, CDATA)) {
            refusal.because(Wire.REASON_FORMAT);
        }
        work[0] = P256.UNCOMPRESSED;
        Util.arrayCopyNonAtomic(apdu, (short) (CDATA + Wire.KEY_DATA_POINT), work, (short) 1, Wire.POINT_LENGTH);
        publicKeys.store(reference, apdu, CDATA, work, (short) 0);
    }

    private void storeCertificateBlock(byte number, byte[] apdu, short length) {
        requireReference(CardCertificate.isBlock(number));
        if (!CardCertificate.isBlockLength(number, length)) {
            refusal.because(Wire.REASON_NONE, Wire.SW_WRONG_LENGTH);
        }
        JCSystem.beginTransaction();
        certificate.store(number, apdu, CDATA, length);
        JCSystem.commitTransaction();
    }

    private void requireReference(boolean known) {
        if (!known) {
            refusal.because(Wire.REASON_NONE, Wire.SW_WRONG_P1_P2);
        }
    }

    private void storeParameters(byte[] apdu, short length) {
        Require.length(length, Wire.PARAMETERS_LENGTH);
        if (!Parameters.isValid(apdu, CDATA)) {
            refusal.because(Wire.REASON_FORMAT);
        }
        JCSystem.beginTransaction();
        parameters.store(apdu, CDATA);
        groups = (byte) (groups | HAS_PARAMETERS);
        JCSystem.commitTransaction();
    }

    /** The PIN first, then the flag: a cut between leaves a PIN that is written again. */
    private void storePin(byte[] apdu, short length) {
        Require.length(length, Wire.PIN_BLOCK_LENGTH);
        pins.requireFormat(apdu, CDATA);
        pins.set(apdu, CDATA);
        groups = (byte) (groups | HAS_PIN);
    }

    /**
     * ACTIVATE: everything there and matching. One byte makes the card ACTIVE; the transport keys are erased after the answer
     * was made with them, by the next SELECT if power fails between.
     */
    short activate(byte[] apdu, short length) {
        Require.p1p2(apdu, Wire.P1_ACTIVATE, Wire.P2_ACTIVATE);
        Require.length(length, (short) 0);
        if (groups != HAS_ALL || !cardKeys.areMade() || certificate.length() == 0
            || !publicKeys.isComplete(card.data, Wire.CARD_DATA_SCHEME)) {
            refusal.because(Wire.REASON_MISSING);
        }
        requireOwnCertificate();
        lifeCycle.activate();
        session.endAfterAnswer();
        return 0;
    }

    /** The certificate is for this card: scheme, id, key version, expiry, and the two public keys the card made itself (R4). */
    private void requireOwnCertificate() {
        byte[] bytes = certificate.bytes();
        refusal.expect(Wire.REASON_MISSING);
        certificates.parseCard(bytes, certificate.length());
        short authority = certificates.authority();
        short holder = certificates.holder();
        boolean own = bytes[(short) (authority + Wire.KEY_ID_AUTHORITY)] == Wire.AUTHORITY_CARD_CA
            && same(bytes, (short) (authority + Wire.KEY_ID_SCHEME), card.data, Wire.CARD_DATA_SCHEME, (short) 2)
            && same(bytes, (short) (holder + Wire.CARD_HOLDER_CARD_ID), card.data, Wire.CARD_DATA_CARD_ID, CardData.ID_LENGTH)
            && bytes[(short) (holder + Wire.CARD_HOLDER_KEY_VERSION)] == card.keyVersion()
            && same(bytes, certificates.expiry(), card.data, Wire.CARD_DATA_EXPIRY, U32.LENGTH)
            && same(bytes, certificates.signPoint(), cardKeys.points, (short) 0, Wire.POINT_LENGTH)
            && same(bytes, certificates.agreePoint(), cardKeys.points, Wire.POINT_LENGTH, Wire.POINT_LENGTH);
        if (!own) {
            refusal.because(Wire.REASON_MISSING);
        }
        refusal.clear();
    }

    private static boolean same(byte[] a, short aOffset, byte[] b, short bOffset, short length) {
        return Util.arrayCompare(a, aOffset, b, bOffset, length) == 0;
    }
}
