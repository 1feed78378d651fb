package epurse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import jcardsim.bridge.Snapshot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PersonalizationTest {

    private static final Issuer ISSUER = new Issuer();
    private TestCard card;

    @BeforeEach
    void newCard() {
        card = TestCard.raw(ISSUER);
    }

    @AfterEach
    void close() {
        card.close();
    }

    private static void assertMissing(Answer answer) {
        IssuedCardTest.assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_MISSING, answer);
    }

    private static Answer activate(TestSession session) {
        return session.send(Wire.INS_ACTIVATE, 0, 0);
    }

    @Test
    void aRawCardShowsItsSerialAndAnIssuedOneNothingOfItsOwn() {
        String raw = HexFormat.of().formatHex(card.select());
        assertTrue(raw.endsWith("81020000" + "820101" + "8308" + HexFormat.of().formatHex(TestCard.SERIAL)), raw);
        card.personalize();
        String issued = HexFormat.of().formatHex(card.select());
        assertEquals("6f18" + "8409" + "f04550555253450101" + "a50b" + "80020100" + "81020101" + "820102", issued);
    }

    @Test
    void whoHasNotTheTransportKeysPersonalizesNothing() { // [R4] [M6]
        card.select();
        byte[] request = Bytes.concat(new byte[8], new byte[16], Bytes.u8(0));
        card.plain(0x80, 0x50, 1, 0, request).expectOk();
        byte[] forged = Bytes.concat(new byte[] {(byte) 0x84, Wire.INS_GENERATE_KEYS, 0, 0, 8}, new byte[8], Bytes.u8(0));
        assertEquals(Wire.SW_SM_INCORRECT, (short) Answer.of(card.transmit(forged)).statusWord());
        assertEquals(Wire.SW_SECURITY_STATUS, (short) Answer.of(card.transmit(forged)).statusWord());
        assertEquals(Wire.SW_CONDITIONS, (short) card.plain(0x80, 0x2A, 0, 0xBE, new byte[200]).statusWord());
    }

    @Test
    void keysAreMadeOnceAndDifferFromCardToCard() { // [R5] [R15]
        TestSession session = TestSession.openRaw(card);
        byte[] points = session.send(Wire.INS_GENERATE_KEYS, 0, 0).expectOk();
        assertEquals(128, points.length);
        assertArrayEquals(points, session.send(Wire.INS_GENERATE_KEYS, 0, 0).expectOk());
        assertArrayEquals(points, TestSession.openRaw(card).send(Wire.INS_GENERATE_KEYS, 0, 0).expectOk());
        assertFalse(Arrays.equals(Bytes.slice(points, 0, 64), Bytes.slice(points, 64, 64)));
        try (TestCard other = TestCard.raw(ISSUER)) {
            assertFalse(Arrays.equals(points, TestSession.openRaw(other).send(Wire.INS_GENERATE_KEYS, 0, 0).expectOk()));
        }
    }

    @Test
    void activationNeedsEveryGroup() {
        TestSession session = TestSession.openRaw(card);
        assertMissing(activate(session));
        byte[] points = session.send(Wire.INS_GENERATE_KEYS, 0, 0).expectOk();
        assertMissing(activate(session));
        session.store(Wire.DATA_GROUP_CARD_DATA, 0, card.cardData()).expectOk();
        session.store(Wire.DATA_GROUP_PARAMETERS, 0, Issuer.parameters(1)).expectOk();
        assertMissing(activate(session));
        session.store(Wire.DATA_GROUP_PIN, 0, TestCard.PIN).expectOk();
        TestCard.storeCertificate(session, ISSUER.cardCertificate(TestCard.CARD_ID, TestCard.KEY_VERSION, points, card.expiry));
        for (int ref = 0; ref < 8; ref++) {
            assertMissing(activate(session));
            session.store(Wire.DATA_GROUP_KEY, ref, ISSUER.keyData(ref)).expectOk();
        }
        activate(session).expectOk();
        assertEquals(Wire.LIFE_ACTIVE, card.state());
    }

    @Test
    void activationNeedsACertificateOverTheCardsOwnKeysIdVersionAndExpiry() { // [R4]
        TestSession session = TestSession.openRaw(card);
        card.storeAll(session);
        byte[] otherId = TestCard.CARD_ID.clone();
        otherId[7]++;
        byte[] swapped = Bytes.concat(card.agreePoint(), card.signPoint());
        byte[] foreign = Crypto.point(Crypto.newKeyPair().getPublic());
        byte[] good = ISSUER.cardCertificate(TestCard.CARD_ID, TestCard.KEY_VERSION, card.points, card.expiry);
        byte[] loose = good.clone();
        loose[8] ^= 1;
        for (byte[] certificate : new byte[][] {
            ISSUER.cardCertificate(otherId, TestCard.KEY_VERSION, card.points, card.expiry),
            ISSUER.cardCertificate(TestCard.CARD_ID, TestCard.KEY_VERSION + 1, card.points, card.expiry),
            ISSUER.cardCertificate(TestCard.CARD_ID, TestCard.KEY_VERSION, card.points, card.expiry + 1),
            ISSUER.cardCertificate(TestCard.CARD_ID, TestCard.KEY_VERSION, swapped, card.expiry),
            ISSUER.cardCertificate(TestCard.CARD_ID, TestCard.KEY_VERSION, Bytes.concat(card.signPoint(), foreign), card.expiry),
            ISSUER.cardCertificate(TestCard.CARD_ID, TestCard.KEY_VERSION, Bytes.concat(foreign, card.agreePoint()), card.expiry),
            loose, Bytes.slice(good, 0, good.length - 1)}) {
            TestCard.storeCertificate(session, certificate);
            assertMissing(activate(session));
        }
        TestCard.storeCertificate(session, good);
        activate(session).expectOk();
    }

    @Test
    void dataOfTheWrongShapeAreRefused() {
        TestSession session = TestSession.openRaw(card);
        byte[] posCa = ISSUER.keyData(Wire.KEY_REF_POS_CA);
        byte[] desks = posCa.clone();
        desks[Wire.KEY_DATA_ROLES] = Wire.ROLE_POS | Wire.ROLE_PERSO;
        byte[] backwards = card.cardData();
        System.arraycopy(backwards, Wire.CARD_DATA_EXPIRY, backwards, Wire.CARD_DATA_DATE, 4);
        IssuedCardTest.assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_FORMAT, session.store(Wire.DATA_GROUP_KEY, Wire.KEY_REF_CREDIT, posCa));
        IssuedCardTest.assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_FORMAT, session.store(Wire.DATA_GROUP_KEY, Wire.KEY_REF_POS_CA, desks));
        IssuedCardTest.assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_FORMAT, session.store(Wire.DATA_GROUP_CARD_DATA, 0, backwards));
        IssuedCardTest.assertRefused(Wire.SW_WRONG_P1_P2, 0, session.store(Wire.DATA_GROUP_KEY, 8, posCa));
        IssuedCardTest.assertRefused(Wire.SW_WRONG_P1_P2, 0, session.store(Wire.DATA_GROUP_CERTIFICATE, 2, new byte[128]));
        IssuedCardTest.assertRefused(Wire.SW_WRONG_P1_P2, 0, session.store((byte) 9, 0, new byte[1]));
        IssuedCardTest.assertRefused(Wire.SW_WRONG_LENGTH, 0, session.store(Wire.DATA_GROUP_CERTIFICATE, 0, new byte[127]));
        IssuedCardTest.assertRefused(Wire.SW_WRONG_LENGTH, 0, session.store(Wire.DATA_GROUP_CERTIFICATE, 1, new byte[128]));
        IssuedCardTest.assertRefused(Wire.SW_WRONG_LENGTH, 0, session.store(Wire.DATA_GROUP_PARAMETERS, 0, new byte[75]));
        session.store(Wire.DATA_GROUP_PIN, 0, TestCard.PIN).expectOk();
        byte[] before = card.simulated.persistentDigest(Set.of());
        IssuedCardTest.assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_FORMAT, session.store(Wire.DATA_GROUP_PIN, 0, new byte[8]));
        assertArrayEquals(before, card.simulated.persistentDigest(Set.of()));
        IssuedCardTest.assertRefused(Wire.SW_WRONG_P1_P2, 0, session.store(Wire.DATA_GROUP_KEY, 8, new byte[3]));
        IssuedCardTest.assertRefused(Wire.SW_WRONG_P1_P2, 0, session.send(Wire.INS_GENERATE_KEYS, 1, 0, new byte[1]));
        IssuedCardTest.assertRefused(Wire.SW_WRONG_LENGTH, 0, session.send(Wire.INS_GENERATE_KEYS, 0, 0, new byte[1]));
        IssuedCardTest.assertRefused(Wire.SW_WRONG_P1_P2, 0, session.send(Wire.INS_ACTIVATE, 1, 0, new byte[1]));
        IssuedCardTest.assertRefused(Wire.SW_WRONG_LENGTH, 0, session.send(Wire.INS_ACTIVATE, 0, 0, new byte[1]));
        session.store(Wire.DATA_GROUP_KEY, Wire.KEY_REF_POS_CA, posCa).expectOk();
    }

    @Test
    void aKeyThatIsBeingReplacedIsNotThereUntilItIsWhole() { // [M5]
        TestSession stored = TestSession.openRaw(card);
        card.storeAll(stored);
        Snapshot complete = card.simulated.snapshot();
        byte[] other = ISSUER.keyData(Wire.KEY_REF_ORDER_NEXT);
        System.arraycopy(Crypto.point(Crypto.newKeyPair().getPublic()), 0, other, Wire.KEY_DATA_POINT, 64);
        for (int cut = 0;; cut++) {
            card.simulated.restore(complete);
            byte[] command = TestSession.openRaw(card).wrap(Wire.INS_STORE_DATA, Wire.DATA_GROUP_KEY, Wire.KEY_REF_ORDER_NEXT, other);
            if (!Cut.during(card, command, cut)) {
                assertTrue(cut >= 4, "only " + cut + " writes");
                return;
            }
            Answer answer = activate(TestSession.openRaw(card));
            if (cut > 0 && cut < 4) {
                assertMissing(answer);
            } else {
                answer.expectOk();
            }
        }
    }

    @Test
    void afterActivationTheTransportKeysOpenNothing() { // [R4]
        card.personalize();
        byte[] request = Bytes.concat(Bytes.fill(0xDE, 8), new byte[16], Bytes.u8(0));
        assertEquals(Wire.SW_REFERENCE_NOT_FOUND, (short) card.plain(0x80, 0x50, 1, 0, request).statusWord());
        String dump = card.simulated.persistentDump(Set.of());
        String key = HexFormat.of().withUpperCase().formatHex(TestCard.transportKey(1));
        assertFalse(dump.toUpperCase().contains(key), "the transport key is still there");
    }

    @Test
    void aCutAnywhereInActivationLeavesARawOrAnActiveCardAndNoTransportKeys() { // [R4] [M5]
        TestSession opened = TestSession.openRaw(card);
        card.storeAll(opened);
        Snapshot stored = card.simulated.snapshot();
        for (int cut = 0;; cut++) {
            card.simulated.restore(stored);
            byte[] command = TestSession.openRaw(card).wrap(Wire.INS_ACTIVATE, 0, 0, new byte[0]);
            boolean lost = Cut.during(card, command, cut);
            if (card.state() == Wire.LIFE_RAW) {
                activate(TestSession.openRaw(card)).expectOk();
            }
            assertEquals(Wire.LIFE_ACTIVE, card.state());
            String dump = card.simulated.persistentDump(Set.of()).toUpperCase();
            for (int purpose = 1; purpose <= 2; purpose++) {
                String key = HexFormat.of().withUpperCase().formatHex(TestCard.transportKey(purpose));
                assertFalse(dump.contains(key), "transport key " + purpose + " after a cut at write " + cut);
            }
            if (!lost) {
                assertTrue(cut >= 3, "only " + cut + " writes");
                return;
            }
        }
    }

    @Tag("slow")
    @Test
    void aCutAtAnyWriteOfAnyStepIsMadeGoodByBeginningAgain() { // [M5]
        Snapshot blank = card.simulated.snapshot();
        for (int step = 0; step < 13; step++) {
            for (int cut = 0;; cut++) {
                card.simulated.restore(blank);
                TestSession session = TestSession.openRaw(card);
                card.points = session.send(Wire.INS_GENERATE_KEYS, 0, 0).expectOk();
                if (!Cut.during(card, step(step, session), cut)) {
                    break;
                }
                assertEquals(Wire.LIFE_RAW, card.state());
                card.personalize();
                assertEquals(Wire.LIFE_ACTIVE, card.state(), "step " + step + " cut at write " + cut);
            }
        }
    }

    private byte[] step(int step, TestSession session) {
        byte[] certificate = ISSUER.cardCertificate(TestCard.CARD_ID, TestCard.KEY_VERSION, card.points, card.expiry);
        return switch (step) {
            case 0 -> session.wrap(Wire.INS_STORE_DATA, Wire.DATA_GROUP_CARD_DATA, 0, card.cardData());
            case 1 -> session.wrap(Wire.INS_STORE_DATA, Wire.DATA_GROUP_PARAMETERS, 0, Issuer.parameters(1));
            case 2 -> session.wrap(Wire.INS_STORE_DATA, Wire.DATA_GROUP_PIN, 0, TestCard.PIN);
            case 3 -> session.wrap(Wire.INS_STORE_DATA, Wire.DATA_GROUP_CERTIFICATE, 0, Bytes.slice(certificate, 0, 128));
            case 4 -> session.wrap(Wire.INS_STORE_DATA, Wire.DATA_GROUP_CERTIFICATE, 1, Bytes.from(certificate, 128));
            default -> session.wrap(Wire.INS_STORE_DATA, Wire.DATA_GROUP_KEY, step - 5, ISSUER.keyData(step - 5));
        };
    }

    @Tag("slow")
    @Test
    void aCutWhileKeysAreMadeMeansNewKeysAndOneAfterMeansTheSame() { // [M5]
        Snapshot blank = card.simulated.snapshot();
        for (int cut = 0;; cut++) {
            card.simulated.restore(blank);
            byte[] command = TestSession.openRaw(card).wrap(Wire.INS_GENERATE_KEYS, 0, 0, new byte[0]);
            boolean lost = Cut.during(card, command, cut);
            byte[] points = TestSession.openRaw(card).send(Wire.INS_GENERATE_KEYS, 0, 0).expectOk();
            assertArrayEquals(points, TestSession.openRaw(card).send(Wire.INS_GENERATE_KEYS, 0, 0).expectOk());
            card.personalize();
            assertArrayEquals(points, card.points);
            TestSession.openFull(card, TestTerminal.pos(ISSUER, "POS-0001"), 0);
            if (!lost) {
                assertTrue(cut > 4, "only " + cut + " writes");
                return;
            }
        }
    }
}
