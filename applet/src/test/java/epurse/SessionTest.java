package epurse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import jcardsim.bridge.Counters;
import jcardsim.bridge.Counters.Item;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTest extends IssuedCardTest {

    private Answer present(byte[] certificate) {
        return card.plain(0x80, Wire.INS_PRESENT_CERTIFICATE, 0, 0xBE, certificate);
    }

    private Answer resume(TestTerminal terminal) {
        return card.plain(0x80, Wire.INS_OPEN_SESSION_RESUMED, 1, 0, Bytes.concat(terminal.id, new byte[16], Bytes.u8(EUR)));
    }

    private static void assertClear(short statusWord, Answer answer) {
        assertEquals(String.format("%04X", statusWord), String.format("%04X", answer.statusWord()));
        assertEquals(0, answer.data().length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aCardIsIssuedOpenedAndResumedWithNativeAndWithBuiltCmac(int options) {
        try (TestCard own = TestCard.raw(issuer, options, UnaryOperator.identity())) {
            own.personalize();
            TestTerminal shop = TestTerminal.pos(issuer, "POS-0001");
            TestSession full = TestSession.openFull(own, shop, EUR);
            assertRefused(Wire.SW_CONDITIONS, Wire.REASON_BALANCE, full.debit(EUR, 1, 1));
            TestSession resumed = TestSession.openResumed(own, shop, EUR);
            // Every length of the last block: data and padding of all sizes go through the CMAC.
            for (int length = 0; length < 40; length++) {
                resumed.send(Wire.INS_VERIFY_PIN, 0, 1, new byte[length]);
            }
            assertRefused(Wire.SW_CONDITIONS, Wire.REASON_BALANCE, resumed.debit(EUR, 1, 1));
            TestSession inside = TestSession.resumeAgain(own, shop, EUR);
            assertRefused(Wire.SW_CONDITIONS, Wire.REASON_BALANCE, inside.debit(EUR, 1, 1));
        }
    }

    @Test
    void aFirstMeetingCostsTwoVerificationsAndOneKeyAgreement() {
        card.simulated.mark();
        TestSession.openFull(card, TestTerminal.pos(issuer, "POS-0002"), EUR);
        Counters cost = card.simulated.sinceMark();
        assertEquals(4, cost.get(Item.COMMANDS));
        assertEquals(2, cost.get(Item.VERIFY));
        assertEquals(2, cost.get(Item.SIGNATURE_INITS));
        assertEquals(1, cost.get(Item.KEY_AGREEMENTS));
        assertEquals(0, cost.get(Item.KEY_AGREEMENT_INITS));
        assertEquals(0, cost.get(Item.SIGN));
        assertEquals(1, cost.get(Item.AES_CIPHER_INITS));
        assertEquals(1, cost.get(Item.AES_MAC_INITS));
    }

    @Test
    void aCertificateIsTakenOnlyFromTheRightAuthorityForItsRoleAndInTime() { // [R6] [M6]
        byte[] before = state();
        TestTerminal shopAsDesk = TestTerminal.other(issuer, "POS-0666", Wire.ROLE_PERSO, Wire.KEY_REF_POS_CA);
        assertClear(Wire.SW_INCORRECT_DATA, present(shopAsDesk.certificate));
        TestTerminal deskAsShop = TestTerminal.pos(issuer, "DESK-666", Wire.KEY_REF_TERMINAL_CA, Issuer.NOW + Issuer.DAY, new byte[0]);
        assertClear(Wire.SW_INCORRECT_DATA, present(deskAsShop.certificate));
        TestTerminal stranger = TestTerminal.pos(new Issuer(), "POS-0001");
        assertClear(Wire.SW_INCORRECT_DATA, present(stranger.certificate));
        TestTerminal next = TestTerminal.pos(issuer, "POS-0001", Wire.KEY_REF_POS_CA_NEXT, Issuer.NOW + Issuer.DAY, new byte[0]);
        assertClear(Wire.SW_REFERENCE_NOT_FOUND, present(next.certificate));
        TestTerminal expired = TestTerminal.pos(issuer, "POS-0001", Wire.KEY_REF_POS_CA, Issuer.NOW, new byte[0]);
        assertClear(Wire.SW_INCORRECT_DATA, present(expired.certificate));
        synchronise(Issuer.NOW + 10);
        before = state();
        TestTerminal late = TestTerminal.pos(issuer, "POS-0001", Wire.KEY_REF_POS_CA, Issuer.NOW + 10, new byte[0]);
        assertClear(Wire.SW_CONDITIONS, present(late.certificate));
        assertArrayEquals(before, state());
    }

    @Tag("slow")
    @Test
    void thereIsOneEncodingOfACertificateAndNoOther() {
        byte[] good = pos.certificate;
        byte[] before = state();
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= (byte) (1 << (i % 8));
            assertFalse(present(bad).ok(), "bit flip in byte " + i);
            assertFalse(present(Bytes.slice(good, 0, i)).ok(), "cut to " + i);
        }
        assertFalse(present(Bytes.concat(good, Bytes.u8(0))).ok());
        assertArrayEquals(before, state());
        present(good).expectOk();
    }

    @Test
    void theTerminalMustSignTheNonceOfThisMeetingAndHasOneAttempt() { // [R6] [R12] [M7]
        byte[] point = Crypto.point(Crypto.newKeyPair().getPublic());
        byte[] firstNonce = present(pos.certificate).expectOk();
        byte[] replayed = TestSession.openRequest(pos, firstNonce, new byte[16], point);
        byte[] secondNonce = present(pos.certificate).expectOk();
        assertFalse(Arrays.equals(firstNonce, secondNonce));
        assertClear(Wire.SW_INCORRECT_DATA, card.plain(0x80, 0x50, 0, 0, replayed));
        byte[] right = TestSession.openRequest(pos, secondNonce, new byte[16], point);
        assertClear(Wire.SW_CONDITIONS, card.plain(0x80, 0x50, 0, 0, right));
    }

    @Test
    void aPointThatIsNotOnTheCurveEndsTheAttempt() {
        byte[] point = Crypto.point(Crypto.newKeyPair().getPublic());
        point[63] ^= 1;
        byte[] nonce = present(pos.certificate).expectOk();
        assertClear(Wire.SW_INCORRECT_DATA, card.plain(0x80, 0x50, 0, 0, TestSession.openRequest(pos, nonce, new byte[16], point)));
        byte[] command = {(byte) 0x84, Wire.INS_CONFIRM_SESSION, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        assertClear(Wire.SW_SECURITY_STATUS, Answer.of(card.transmit(command)));
    }

    @Test
    void aReplayedCertificateOrAnUnconfirmedOpeningEvictsNobody() {
        byte[] before = state();
        for (int i = 0; i < 10; i++) {
            card.select();
            TestSession.agree(card, TestTerminal.pos(issuer, "POS-1%03d".formatted(i)));
        }
        assertArrayEquals(before, state());
        atPos();
    }

    @Tag("slow")
    @Test
    void theNinthTerminalTakesTheOldestPlaceAndAReturningOneItsOwn() {
        for (int i = 0; i < 5; i++) {
            TestSession.openFull(card, TestTerminal.pos(issuer, "POS-2%03d".formatted(i)), EUR);
        }
        TestSession.openFull(card, pos, EUR); // now the youngest, still eight
        atKiosk();
        atDesk();
        TestSession.openFull(card, TestTerminal.pos(issuer, "POS-2999"), EUR);
        assertClear(Wire.SW_REFERENCE_NOT_FOUND, resume(kiosk));
        atDesk();
        atPos();
    }

    @Test
    void aCutInConfirmLeavesTheSlotEmptyOrWholeAndNeverMixed() { // [M5]
        for (int cut = 0;; cut++) {
            beginAgain();
            card.select();
            TestSession session = TestSession.agree(card, pos);
            TestTerminal.Pair old = pos.pairs.get("card");
            if (!Cut.during(card, session.wrap(Wire.INS_CONFIRM_SESSION, 0, 0, Bytes.u8(EUR)), cut)) {
                return;
            }
            card.select();
            Answer answer = resume(pos);
            if (answer.ok()) {
                byte[] name = Bytes.slice(answer.data(), 0, 8);
                assertEquals(cut == 0, Arrays.equals(old.name(), name), "cut at write " + cut);
            } else {
                assertClear(Wire.SW_REFERENCE_NOT_FOUND, answer);
            }
            atKiosk();
            TestSession.openFull(card, pos, EUR);
            atPos();
        }
    }

    @Test
    void whatIsNotUnderSecureMessagingEndsTheSessionInClear() { // [M7]
        TestSession session = atPos();
        byte[] next = session.wrap(Wire.INS_VERIFY_PIN, 0, 1, TestCard.PIN);
        assertClear(Wire.SW_SM_MISSING, card.plain(0x80, Wire.INS_VERIFY_PIN, 0, 1, TestCard.PIN));
        assertClear(Wire.SW_SECURITY_STATUS, Answer.of(card.transmit(next)));
        assertClear(Wire.SW_INS_NOT_SUPPORTED, card.plain(0x80, 0x12, 0, 0, new byte[1]));
        assertClear(Wire.SW_CLA_NOT_SUPPORTED, card.plain(0x90, 0x54, 0, 0, new byte[1]));
        assertClear(Wire.SW_INS_NOT_SUPPORTED, card.plain(0x00, 0xB0, 0, 0, new byte[1]));
        assertClear(Wire.SW_CONDITIONS, card.plain(0x80, 0x50, 0, 0, new byte[100]));
        assertClear(Wire.SW_WRONG_P1_P2, card.plain(0x80, 0x50, 2, 0, new byte[25]));
    }

    @Test
    void everyFlippedBitOfAProtectedCommandEndsTheSession() { // [R9] [M7]
        load(EUR, 2000);
        byte[] before = state();
        int length = atPos().wrap(Wire.INS_DEBIT, 0, 0, new byte[13]).length;
        for (int bit = 0; bit < 8 * (length - 1); bit++) {
            if (bit / 8 == 0 || bit / 8 == 4) {
                continue; // class and length: other tests
            }
            TestSession session = atPos();
            byte[] command = session.wrap(Wire.INS_DEBIT, 0, 0,
                Bytes.concat(Bytes.u8(EUR), Bytes.u32(100), Bytes.u32(1), Bytes.u32(Issuer.NOW)));
            byte[] good = command.clone();
            command[bit / 8] ^= (byte) (1 << (bit % 8));
            assertClear(Wire.SW_SM_INCORRECT, Answer.of(card.transmit(command)));
            assertClear(Wire.SW_SECURITY_STATUS, Answer.of(card.transmit(good)));
        }
        assertArrayEquals(before, state());
    }

    @Test
    void aCommandIsTakenOnceAndInItsPlace() { // [R12] [M2]
        load(EUR, 2000);
        TestSession session = atPos();
        byte[] first = session.wrap(Wire.INS_DEBIT, 0, 0, Bytes.concat(Bytes.u8(EUR), Bytes.u32(100), Bytes.u32(1), Bytes.u32(Issuer.NOW)));
        card.transmit(first);
        assertClear(Wire.SW_SM_INCORRECT, Answer.of(card.transmit(first)));
        assertEquals(1900, balance(EUR));
        session = atPos();
        session.wrap(Wire.INS_VERIFY_PIN, 0, 1, TestCard.PIN);
        byte[] second = session.wrap(Wire.INS_VERIFY_PIN, 0, 1, TestCard.PIN);
        assertClear(Wire.SW_SM_INCORRECT, Answer.of(card.transmit(second)));
    }

    @Test
    void anAnswerReflectedAsACommandIsRefused() { // [M7]
        TestSession session = atPos();
        byte[] answer = card.transmit(session.wrap(Wire.INS_VERIFY_PIN, 0, 1, TestCard.PIN));
        byte[] body = Bytes.slice(answer, 0, answer.length - 2);
        byte[] reflected = Bytes.concat(new byte[] {(byte) 0x84, Wire.INS_VERIFY_PIN, 0, 1, (byte) body.length}, body, Bytes.u8(0));
        assertClear(Wire.SW_SM_INCORRECT, Answer.of(card.transmit(reflected)));
    }

    @Test
    void beforeConfirmationNothingButConfirmationIsTaken() {
        card.select();
        TestSession session = TestSession.agree(card, pos);
        byte[] early = session.wrap(Wire.INS_VERIFY_PIN, 0, 1, TestCard.PIN);
        assertClear(Wire.SW_CONDITIONS, Answer.of(card.transmit(early)));
        card.select();
        session = TestSession.agree(card, pos);
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_UNIT, session.confirm(pos, 3));
        session.confirm(pos, USD).expectOk();
        assertEquals(USD, session.s1[Wire.OPENING_ANSWER_SLOT]);
        assertRefused(Wire.SW_CONDITIONS, 0, session.confirm(pos, USD));
    }

    @Test
    void selectionAndResetEndTheSession() {
        TestSession session = atPos();
        card.select();
        assertClear(Wire.SW_SECURITY_STATUS, Answer.of(card.transmit(session.wrap(Wire.INS_VERIFY_PIN, 0, 1, TestCard.PIN))));
        session = atPos();
        card.simulated.reset();
        card.select();
        assertClear(Wire.SW_SECURITY_STATUS, Answer.of(card.transmit(session.wrap(Wire.INS_VERIFY_PIN, 0, 1, TestCard.PIN))));
    }

    @Test
    void twoSessionsWithTheSameTerminalNonceShareNoKeyStream() { // [R11]
        byte[] first = resume(pos).expectOk();
        byte[] second = resume(pos).expectOk();
        assertArrayEquals(Bytes.slice(first, 0, 8), Bytes.slice(second, 0, 8));
        assertNotEquals(Arrays.toString(Bytes.slice(first, 8, 16)), Arrays.toString(Bytes.slice(second, 8, 16)));
        assertNotEquals(Arrays.toString(Bytes.from(first, 24)), Arrays.toString(Bytes.from(second, 24)));
    }

    @Test
    void anUnknownInstructionIsRefusedInsideAndTheSessionGoesOn() {
        TestSession session = atPos();
        assertRefused(Wire.SW_INS_NOT_SUPPORTED, 0, session.send((byte) 0x12, 0, 0));
        assertRefused(Wire.SW_WRONG_P1_P2, 0, session.send(Wire.INS_VERIFY_PIN, 0, 2, TestCard.PIN));
        assertRefused(Wire.SW_WRONG_LENGTH, 0, session.send(Wire.INS_VERIFY_PIN, 0, 1, new byte[7]));
        assertTrue(session.verifyPin(TestCard.PIN).ok());
    }
}
