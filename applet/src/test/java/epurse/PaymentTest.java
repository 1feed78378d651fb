package epurse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jcardsim.bridge.Counters;
import jcardsim.bridge.Counters.Item;
import org.junit.jupiter.api.Test;

class PaymentTest extends IssuedCardTest {

    @Override
    void prepare() {
        load(EUR, 20000);
    }

    /** The record as the terminal rebuilds it from its journal and the card's answer. */
    private byte[] rebuild(int type, long nt, long tn, long amount, long balance, byte[] answer, long ref) {
        return Bytes.concat(Bytes.u8(type), Bytes.u32(nt), Bytes.u32(tn), pos.id, Bytes.u32(0xAC01), Bytes.u32(0x3E01),
            Bytes.u8(EUR), Bytes.u16(Issuer.EUR), Bytes.u32(amount), Bytes.u32(balance),
            Bytes.slice(answer, Wire.DEBIT_RES_POINTS, 8), Bytes.u32(Issuer.NOW + 60),
            Bytes.slice(answer, Wire.DEBIT_RES_FLAGS, 3), Bytes.u32(ref));
    }

    @Test
    void aPaymentIsSignedOverTheRecordThatTheTerminalRebuilds() { // [R13] [M11]
        byte[] answer = atPos().debit(EUR, 350, 7).expectOk();
        byte[] record = rebuild(Wire.RECORD_TYPE_PURCHASE, 2, 7, 350, 19650, answer, 0);
        assertTrue(card.verifies(Wire.DOMAIN_SIGNED_RECORD, record, Bytes.from(answer, Wire.DEBIT_RES_S3)));
        assertEquals(3, Bytes.u32(answer, Wire.DEBIT_RES_POINTS));
        assertEquals(19650, balance(EUR));
        assertEquals(3, balance(POINTS));
    }

    @Test
    void aPaymentAtAKnownTerminalCostsThreeCommandsAndOneSignature() {
        card.simulated.mark();
        atPos().debit(EUR, 350, 7).expectOk();
        Counters cost = card.simulated.sinceMark();
        assertEquals(3, cost.get(Item.COMMANDS));
        assertEquals(1, cost.get(Item.SIGN));
        assertEquals(0, cost.get(Item.SIGNATURE_INITS));
        assertEquals(0, cost.get(Item.VERIFY));
        assertEquals(0, cost.get(Item.KEY_AGREEMENTS));
        assertEquals(0, cost.get(Item.SET_KEY_PERSISTENT) + cost.get(Item.SET_KEY_TRANSIENT));
        assertEquals(1, cost.get(Item.AES_CIPHER_INITS));
        assertEquals(1, cost.get(Item.AES_MAC_INITS));
        assertEquals(7, cost.get(Item.AES_CIPHER_CALLS) + cost.get(Item.AES_MAC_CALLS));
        assertEquals(2, cost.get(Item.WRITES_IN_TRANSACTION));
        assertEquals(0, cost.get(Item.WRITES_ATOMIC) + cost.get(Item.WRITES_NON_ATOMIC));
        assertEquals(1, cost.get(Item.COMMITS));
    }

    @Test
    void aCardKeepsItsKeysPairsAndBalanceOverPowerOff() {
        try (TestCard reopened = card.reopened()) {
            TestSession session = TestSession.openResumed(reopened, pos, EUR);
            byte[] answer = session.debit(EUR, 350, 7).expectOk();
            byte[] record = rebuild(Wire.RECORD_TYPE_PURCHASE, 2, 7, 350, 19650, answer, 0);
            assertTrue(reopened.verifies(Wire.DOMAIN_SIGNED_RECORD, record, Bytes.from(answer, Wire.DEBIT_RES_S3)));
            TestSession.openFull(reopened, TestTerminal.pos(issuer, "POS-0002"), EUR);
        }
    }

    @Test
    void whatADebitIsRefusedForComesInTheOrderOfTheSpecificationAndChangesNothing() { // [M7]
        byte[] before = state();
        long late = Issuer.NOW + 6 * 365 * Issuer.DAY;
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_CARD_EXPIRED, atPos().debit(3, 0, 1, late));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_TERMINAL_EXPIRED, atPos().debit(3, 0, 1, Issuer.NOW + 90 * Issuer.DAY));
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_UNIT, atPos().debit(3, 0, 1));
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_UNIT, atPos().debit(0xFF, 1, 1));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_TERMINAL_LIMIT, atPos().debit(USD, 1001, 1));
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_AMOUNT, atPos().debit(EUR, 0, 1));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_TRANSACTION_LIMIT, atPos().debit(EUR, 5001, 1));
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, atPos().debit(EUR, 2501, 1));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_BALANCE, atPos().debit(USD, 1, 1));
        assertArrayEquals(before, state());
    }

    @Test
    void aDebitMovesExactlyWhatTheLimitsAllow() {
        atPos().debit(EUR, 2500, 1).expectOk();
        atPos().debit(EUR, 2500, 2).expectOk();
        atPos().debit(EUR, 1000, 3).expectOk();
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, atPos().debit(EUR, 1, 4));
        TestSession session = atPos();
        session.verifyPin(TestCard.PIN).expectOk();
        session.debit(EUR, 5000, 5).expectOk();
        assertEquals(0, total(Wire.TOTALS_PINLESS_SUMS));
        assertEquals(11000, total(Wire.TOTALS_OFFLINE_SUMS));
        session = atPos();
        session.verifyPin(TestCard.PIN).expectOk();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_OFFLINE_AMOUNT, session.debit(EUR, 4001, 6));
    }

    @Test
    void onePinServesOneDebitDoneOrRefused() {
        TestSession session = atPos();
        session.verifyPin(TestCard.PIN).expectOk();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_TRANSACTION_LIMIT, session.debit(EUR, 9999, 1));
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, session.debit(EUR, 3000, 2));
        session.verifyPin(TestCard.PIN).expectOk();
        byte[] answer = session.debit(EUR, 3000, 3).expectOk();
        assertEquals(1, answer[Wire.DEBIT_RES_FLAGS]);
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, session.debit(EUR, 3000, 4));
    }

    @Test
    void offlineCountAndLogLeaveRoomForTheWayOut() {
        for (int tn = 1; tn <= 20; tn++) {
            atPos().debit(EUR, 1, tn).expectOk();
        }
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_OFFLINE_COUNT, atPos().debit(EUR, 1, 21));
        synchronise(Issuer.NOW + 100);
        atPos().debit(EUR, 1, 22).expectOk();
        assertEquals(1, totals()[Wire.TOTALS_OFFLINE_COUNT]);
    }

    @Test
    void pointsStopAtTheLoyaltySlotsMaximumAndAreSpentAsAUnit() {
        for (int i = 0; i < 5; i++) {
            TestSession session = atPos();
            session.verifyPin(TestCard.PIN).expectOk();
            session.debit(EUR, 2599, i).expectOk();
        }
        assertEquals(125, balance(POINTS));
        byte[] answer = TestSession.openResumed(card, pos, POINTS).debit(POINTS, 100, 9).expectOk();
        assertEquals(0, Bytes.u32(answer, Wire.DEBIT_RES_POINTS));
        assertEquals(25, Bytes.u32(answer, Wire.DEBIT_RES_POINTS_BALANCE));
        assertEquals(25, balance(POINTS));
    }

    private Answer cancel(TestSession session, TestTerminal signer, long nt, long tn, long ownTn, long amount) {
        return session.send(Wire.INS_CANCEL_LAST, 0, 0, Bytes.u8(EUR), Bytes.u32(amount), Bytes.u32(nt), Bytes.u32(tn), Bytes.u32(ownTn),
            Bytes.u32(Issuer.NOW + 60), signer.cancelOrder(TestCard.CARD_ID, nt, tn, ownTn, EUR, amount));
    }

    @Test
    void aCancelGivesBackBalanceAndPointsButNotTheSums() {
        atPos().debit(EUR, 350, 7).expectOk();
        byte[] answer = cancel(TestSession.openFull(card, pos, EUR), pos, 2, 7, 8, 350).expectOk();
        byte[] record = rebuild(Wire.RECORD_TYPE_CANCEL, 3, 8, 350, 20000, answer, 2);
        assertTrue(card.verifies(Wire.DOMAIN_SIGNED_RECORD, record, Bytes.from(answer, Wire.CANCEL_LAST_RES_S3)));
        assertEquals(20000, balance(EUR));
        assertEquals(0, balance(POINTS));
        assertEquals(350, total(Wire.TOTALS_OFFLINE_SUMS));
        assertEquals(350, total(Wire.TOTALS_PINLESS_SUMS));
        byte[] kept = atDesk().send(Wire.INS_READ_LOG, Wire.LOG_VIEW_CANCEL_ORDERS, 0).expectOk();
        assertArrayEquals(Bytes.concat(Bytes.u32(2), Bytes.u32(7), Bytes.u32(8)), Bytes.slice(kept, 0, 12));
        byte[] order = Bytes.concat(Wire.DOMAIN_CANCEL_ORDER, Bytes.u16(Issuer.SCHEME), TestCard.CARD_ID, pos.id, Bytes.slice(kept, 0, 12),
            Bytes.u8(EUR), Bytes.u32(350));
        assertTrue(Crypto.verify(Crypto.point(pos.key.getPublic()), order, Bytes.from(kept, 13)));
    }

    @Test
    void aCancelIsRefusedTwiceForOthersInResumedSessionsAndBeyondItsLimit() {
        TestTerminal other = TestTerminal.pos(issuer, "POS-0002");
        atPos().debit(EUR, 350, 7).expectOk();
        byte[] before = state();
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_FULL_SESSION, cancel(atPos(), pos, 2, 7, 8, 350));
        assertArrayEquals(before, state());
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_NOT_LAST, cancel(TestSession.openFull(card, other, EUR), other, 2, 7, 8, 350));
        TestSession session = TestSession.openFull(card, pos, EUR);
        before = state();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_NOT_LAST, cancel(session, pos, 1, 7, 8, 350));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_NOT_LAST, cancel(session, pos, 2, 6, 8, 350));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_NOT_LAST, cancel(session, pos, 2, 7, 8, 351));
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_SIGNATURE, cancel(session, other, 2, 7, 8, 350));
        assertArrayEquals(before, state());
        cancel(session, pos, 2, 7, 8, 350).expectOk();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_NOT_LAST, cancel(session, pos, 3, 8, 9, 350));
        session.debit(EUR, 1, 10).expectOk();
        cancel(session, pos, 4, 10, 11, 1).expectOk();
        session.debit(EUR, 1, 12).expectOk();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_CANCEL_LIMIT, cancel(session, pos, 6, 12, 13, 1));
    }

    @Test
    void theOpeningAnswerTellsAShopItsHeadroomAndItsNewestRecord() {
        atPos().debit(EUR, 350, 7).expectOk();
        TestSession session = atPos();
        assertEquals(2, session.s1(Wire.OPENING_ANSWER_NT));
        assertEquals(19650, session.s1(Wire.OPENING_ANSWER_BALANCE));
        int room = Wire.OPENING_ANSWER_ROOM;
        assertEquals(5000, session.s1(room + Wire.HEADROOM_TRANSACTION));
        assertEquals(2500, session.s1(room + Wire.HEADROOM_PINLESS));
        assertEquals(14650, session.s1(room + Wire.HEADROOM_OFFLINE));
        int newest = Wire.OPENING_ANSWER_NEWEST;
        assertEquals(2, session.s1(newest + Wire.NEWEST_RECORD_NT));
        assertEquals(7, session.s1(newest + Wire.NEWEST_RECORD_TN));
        assertEquals(350, session.s1(newest + Wire.NEWEST_RECORD_AMOUNT));
    }

    @Test
    void aShopWithoutAGrantForAUnitLearnsNoBalance() {
        TestTerminal dollars = TestTerminal.pos(issuer, "POS-USD1", Wire.KEY_REF_POS_CA, Issuer.NOW + Issuer.DAY,
            Bytes.concat(Bytes.u16(Issuer.USD), Bytes.u32(100)));
        TestSession session = TestSession.openFull(card, dollars, EUR);
        assertEquals(0, session.s1(Wire.OPENING_ANSWER_BALANCE));
        assertArrayEquals(new byte[12], Bytes.slice(session.s1, Wire.OPENING_ANSWER_ROOM, 12));
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_UNIT, session.debit(EUR, 1, 1));
    }
}
