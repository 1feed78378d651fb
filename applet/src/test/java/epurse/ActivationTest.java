package epurse;

import static epurse.IssuedCardTest.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.UnaryOperator;
import jcardsim.bridge.CardLoadException;
import jcardsim.bridge.CardSpec;
import jcardsim.bridge.Counters;
import jcardsim.bridge.Counters.Item;
import jcardsim.bridge.SimulatedCard;
import jcardsim.bridge.Snapshot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A card becomes ACTIVE with everything and all of it its own, or stays RAW; and is personalized once in its life. [R4] */
@Tag("slow")
class ActivationTest {

    private final Issuer issuer = new Issuer();
    private TestCard card;

    @BeforeEach
    void newCard() {
        card = TestCard.raw(issuer);
    }

    @AfterEach
    void close() {
        card.close();
    }

    private void assertStaysRaw(TestSession session) {
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_MISSING, session.send(Wire.INS_ACTIVATE, 0, 0));
    }

    private void storeAllButCertificate(TestSession session) {
        session.store(Wire.DATA_GROUP_CARD_DATA, 0, card.cardData()).expectOk();
        for (int ref = 0; ref < 8; ref++) {
            session.store(Wire.DATA_GROUP_KEY, ref, issuer.keyData(ref)).expectOk();
        }
        session.store(Wire.DATA_GROUP_PARAMETERS, 0, Issuer.parameters(1)).expectOk();
        session.store(Wire.DATA_GROUP_PIN, 0, TestCard.PIN).expectOk();
    }

    @Test
    void aCardWithoutKeysOfItsOwnOrWithHalfACertificateStaysRaw() {
        TestSession session = TestSession.openRaw(card);
        storeAllButCertificate(session);
        assertStaysRaw(session);
        byte[] points = session.send(Wire.INS_GENERATE_KEYS, 0, 0).expectOk();
        assertStaysRaw(session);
        byte[] certificate = issuer.cardCertificate(TestCard.CARD_ID, TestCard.KEY_VERSION, points, card.expiry);
        session.store(Wire.DATA_GROUP_CERTIFICATE, 1, Bytes.from(certificate, 128)).expectOk();
        assertStaysRaw(session);
        session.store(Wire.DATA_GROUP_CERTIFICATE, 0, Bytes.slice(certificate, 0, 128)).expectOk();
        session.send(Wire.INS_ACTIVATE, 0, 0).expectOk();
    }

    @Test
    void aCertificateWithoutKeysBehindItActivatesNothing() {
        TestSession session = TestSession.openRaw(card);
        storeAllButCertificate(session);
        TestCard.storeCertificate(session, issuer.cardCertificate(TestCard.CARD_ID, TestCard.KEY_VERSION, new byte[128], card.expiry));
        assertStaysRaw(session);
    }

    @Test
    void theFirstBlockOfACertificateAloneActivatesNothing() {
        TestSession session = TestSession.openRaw(card);
        storeAllButCertificate(session);
        byte[] points = session.send(Wire.INS_GENERATE_KEYS, 0, 0).expectOk();
        byte[] certificate = issuer.cardCertificate(TestCard.CARD_ID, TestCard.KEY_VERSION, points, card.expiry);
        session.store(Wire.DATA_GROUP_CERTIFICATE, 0, Bytes.slice(certificate, 0, 128)).expectOk();
        assertStaysRaw(session);
        session.store(Wire.DATA_GROUP_CERTIFICATE, 1, Bytes.from(certificate, 128)).expectOk();
        session.send(Wire.INS_ACTIVATE, 0, 0).expectOk();
        byte[] terminalNonce = new byte[16];
        TestTerminal pos = TestTerminal.pos(issuer, "POS-0001");
        card.select();
        byte[] cardNonce = card.plain(0x80, Wire.INS_PRESENT_CERTIFICATE, 0, 0xBE, pos.certificate).expectOk();
        byte[] request = TestSession.openRequest(pos, cardNonce, terminalNonce, Crypto.point(Crypto.newKeyPair().getPublic()));
        assertArrayEquals(certificate, card.plain(0x80, Wire.INS_OPEN_SESSION_FULL, 0, 0, request).expectOk());
    }

    @Test
    void anIssuersKeyOfAnotherSchemeActivatesNothing() {
        for (int ref = 0; ref < 8; ref++) {
            TestSession session = TestSession.openRaw(card);
            card.storeAll(session);
            byte[] foreign = issuer.keyData(ref);
            foreign[Wire.KEY_ID_SCHEME + 1] ^= 1;
            session.store(Wire.DATA_GROUP_KEY, ref, foreign).expectOk();
            assertStaysRaw(session);
            session.store(Wire.DATA_GROUP_KEY, ref, issuer.keyData(ref)).expectOk();
        }
        TestSession.openRaw(card).send(Wire.INS_ACTIVATE, 0, 0).expectOk();
    }

    /** The parts of a card's certificate that a test may replace; the card does not verify its own. */
    private byte[] certificate(byte[] authority, byte[] keys, byte[] afterKeys) {
        byte[] body = Tlv.tlv(Wire.TAG_CERTIFICATE_BODY,
            Tlv.tlv(Wire.TAG_PROFILE, Bytes.u8(Wire.PROFILE_CARD)),
            Tlv.tlv(Wire.TAG_AUTHORITY_REFERENCE, authority),
            Tlv.tlv(Wire.TAG_HOLDER_REFERENCE, TestCard.CARD_ID, Bytes.u8(TestCard.KEY_VERSION)),
            Tlv.tlv(Wire.TAG_PUBLIC_KEY, keys, afterKeys),
            Tlv.tlv(Wire.TAG_EFFECTIVE, Bytes.u32(Issuer.NOW)),
            Tlv.tlv(Wire.TAG_EXPIRY, Bytes.u32(card.expiry)));
        return Tlv.tlv(Wire.TAG_CERTIFICATE, body, Tlv.tlv(Wire.TAG_SIGNATURE, new byte[70]));
    }

    /** Where the length of the template of keys is: 7F49 81 L, once, before the keys themselves. */
    private static int lengthOfKeys(byte[] certificate) {
        int at = 0;
        while (Bytes.u16(certificate, at) != (Wire.TAG_PUBLIC_KEY & 0xFFFF)) {
            at++;
        }
        return at + 3;
    }

    @Test
    void aCertificateOfAnotherAuthorityOrSchemeOrWithMoreThanTwoKeysActivatesNothing() {
        TestSession session = TestSession.openRaw(card);
        card.storeAll(session);
        byte[] authority = Bytes.concat(Bytes.u16(Issuer.SCHEME), Bytes.u8(Wire.AUTHORITY_CARD_CA), Bytes.u8(1));
        byte[] keys = Bytes.concat(Tlv.tlv(Tlv.tag(Wire.TAG_SIGN_POINT), card.signPoint()), Tlv.tlv(Tlv.tag(Wire.TAG_AGREE_POINT), card.agreePoint()));
        byte[] otherScheme = authority.clone();
        otherScheme[1] ^= 1;
        byte[] otherAuthority = authority.clone();
        otherAuthority[2] = Wire.AUTHORITY_ORDER;
        byte[] shorter = certificate(authority, keys, new byte[0]);
        byte[] longer = shorter.clone();
        int template = lengthOfKeys(shorter);
        shorter[template]--;
        longer[template]++;
        for (byte[] bad : new byte[][] {certificate(otherScheme, keys, new byte[0]), certificate(otherAuthority, keys, new byte[0]),
            certificate(authority, keys, new byte[] {0}), shorter, longer}) {
            TestCard.storeCertificate(session, bad);
            assertStaysRaw(session);
        }
        TestCard.storeCertificate(session, certificate(authority, keys, new byte[0]));
        session.send(Wire.INS_ACTIVATE, 0, 0).expectOk();
    }

    @Test
    void theEnginesAreReadyOnceTheKeysAreMade() {
        card.personalize();
        TestTerminal kiosk = TestTerminal.kiosk(issuer, "KIOSK-01");
        card.simulated.mark();
        TestSession session = TestSession.openFull(card, kiosk, 0);
        session.verifyPin(TestCard.PIN).expectOk();
        session.send(Wire.INS_GET_PROOF, Wire.PROOF_LOG, 0).expectOk();
        Counters cost = card.simulated.sinceMark();
        assertEquals(1, cost.get(Item.SIGN));
        assertEquals(2, cost.get(Item.SIGNATURE_INITS), "of the two verifications");
        assertEquals(0, cost.get(Item.KEY_AGREEMENT_INITS));
    }

    @Test
    void anIssuedCardIsNotPersonalizedAgain() {
        card.personalize();
        TestTerminal desk = TestTerminal.desk(issuer, "DESK-001");
        TestSession session = TestSession.openFull(card, desk, 0);
        for (byte instruction : new byte[] {Wire.INS_GENERATE_KEYS, Wire.INS_STORE_DATA, Wire.INS_ACTIVATE}) {
            assertRefused(Wire.SW_CONDITIONS, Wire.REASON_LIFE_CYCLE, session.send(instruction, 0, 0));
        }
        byte[] sync = Bytes.concat(Bytes.u32(0), new byte[32], Bytes.u32(card.expiry));
        session.order(Wire.ORDER_TYPE_SYNC, 0, issuer.order(Wire.KEY_REF_ORDER, TestCard.CARD_ID, Wire.ORDER_TYPE_SYNC, sync)).expectOk();
        assertEquals(Wire.LIFE_EXPIRED, card.state());
        for (byte instruction : new byte[] {Wire.INS_GENERATE_KEYS, Wire.INS_STORE_DATA, Wire.INS_ACTIVATE}) {
            assertRefused(Wire.SW_CONDITIONS, Wire.REASON_CARD_EXPIRED, TestSession.openResumed(card, desk, 0).send(instruction, 0, 0));
        }
    }

    @Test
    void aRawCardHasNoSlotNameAndShowsNothingElse() {
        card.select();
        byte[] answer = card.plain(0x80, Wire.INS_OPEN_SESSION_RESUMED, 1, 0, new byte[25]).expectOk();
        assertEquals(8 + 16 + 2 + 8, answer.length);
        assertArrayEquals(new byte[8], Bytes.slice(answer, 0, 8));
    }

    @Test
    void installParametersOfAnotherLengthInstallNothing() {
        for (UnaryOperator<byte[]> change : List.<UnaryOperator<byte[]>>of(bytes -> Bytes.slice(bytes, 0, bytes.length - 1),
            bytes -> Bytes.concat(bytes, Bytes.u8(0)))) {
            CardLoadException refused = assertThrows(CardLoadException.class, () -> install(change));
            assertTrue(refused.getMessage().endsWith("reason " + Wire.SW_WRONG_LENGTH), refused.getMessage());
        }
    }

    @Test
    void eachGroupOfDataIsMissedWhenItAloneIsMissing() {
        TestSession first = TestSession.openRaw(card);
        byte[] points = first.send(Wire.INS_GENERATE_KEYS, 0, 0).expectOk();
        TestCard.storeCertificate(first, issuer.cardCertificate(TestCard.CARD_ID, TestCard.KEY_VERSION, points, card.expiry));
        for (int ref = 0; ref < 8; ref++) {
            first.store(Wire.DATA_GROUP_KEY, ref, issuer.keyData(ref)).expectOk();
        }
        Snapshot without = card.simulated.snapshot();
        for (byte missing : new byte[] {Wire.DATA_GROUP_CARD_DATA, Wire.DATA_GROUP_PARAMETERS, Wire.DATA_GROUP_PIN, 0}) {
            card.simulated.restore(without);
            TestSession session = TestSession.openRaw(card);
            if (missing != Wire.DATA_GROUP_CARD_DATA) {
                session.store(Wire.DATA_GROUP_CARD_DATA, 0, card.cardData()).expectOk();
            }
            if (missing != Wire.DATA_GROUP_PARAMETERS) {
                session.store(Wire.DATA_GROUP_PARAMETERS, 0, Issuer.parameters(1)).expectOk();
            }
            if (missing != Wire.DATA_GROUP_PIN) {
                session.store(Wire.DATA_GROUP_PIN, 0, TestCard.PIN).expectOk();
            }
            assertEquals(missing == 0, session.send(Wire.INS_ACTIVATE, 0, 0).ok(), "without group " + missing);
        }
    }

    @Test
    void theSerialStaysWhateverCardDataAreStored() {
        byte[] before = card.select();
        TestSession.openRaw(card).store(Wire.DATA_GROUP_CARD_DATA, 0, card.cardData()).expectOk();
        assertArrayEquals(before, card.select());
    }

    private static boolean install(UnaryOperator<byte[]> change) {
        CardSpec right = TestCard.spec(0).build();
        try (SimulatedCard made = SimulatedCard.create(TestCard.spec(0).installParameters(change.apply(right.installParameters())).build())) {
            return made.powerOn().length > 0;
        }
    }
}
