package epurse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What happens seldom: classes nobody sends, orders out of turn, records that have left the log, limits lowered below what is used. */
@Tag("slow")
class EdgeTest extends IssuedCardTest {

    @Override
    void prepare() {
        load(EUR, 15000);
    }

    private static void assertClear(short statusWord, Answer answer) {
        assertEquals(String.format("%04X", statusWord), String.format("%04X", answer.statusWord()));
    }

    private byte[] totalsFull() {
        return TestSession.openFull(card, desk, EUR).totals();
    }

    @Test
    void everyOtherClassIsRefusedForWhatItIs() {
        for (int cla : new int[] {0x01, 0x02, 0x03, 0x81, 0x82, 0x83, 0x85, 0x86, 0x87}) {
            assertClear(Wire.SW_CHANNEL_NOT_SUPPORTED, card.plain(cla, Wire.INS_DEBIT, 0, 0, new byte[1]));
        }
        for (int cla : new int[] {0x08, 0x10, 0x88, 0x90, 0xA0, 0xC0, 0xFE}) {
            assertClear(Wire.SW_CLA_NOT_SUPPORTED, card.plain(cla, Wire.INS_DEBIT, 0, 0, new byte[1]));
        }
        assertClear(Wire.SW_INS_NOT_SUPPORTED, card.plain(0x00, 0xB0, 0, 0, new byte[1]));
        assertClear(Wire.SW_INS_NOT_SUPPORTED, card.plain(0x80, 0x00, 0, 0, new byte[1]));
        assertClear(Wire.SW_SM_MISSING, card.plain(0x80, Wire.INS_DEBIT, 0, 0, new byte[1]));
    }

    @Test
    void whatIsTooShortOrTooLongForAMacEndsTheSession() { // [M7]
        for (int length : new int[] {1, 7, 248, 255}) {
            atPos();
            assertClear(Wire.SW_SM_INCORRECT, card.plain(0x84, Wire.INS_DEBIT, 0, 0, new byte[length]));
            assertClear(Wire.SW_SECURITY_STATUS, card.plain(0x84, Wire.INS_DEBIT, 0, 0, new byte[21]));
        }
    }

    @Test
    void anOlderBlockOrderBlocksTooAndTheHighestNumberStays() {
        order(atDesk(), Wire.ORDER_TYPE_BLOCK, Bytes.u32(7)).expectOk();
        TestSession.openFull(card, desk, EUR);
        order(atDesk(), Wire.ORDER_TYPE_BLOCK, Bytes.u32(5)).expectOk();
        assertEquals(7, Bytes.u32(totalsFull(), Wire.TOTALS_BLOCK_NUMBER));
        assertEquals(Wire.LIFE_BLOCKED, card.state());
    }

    @Test
    void anUnblockNeverGoesBackBehindTheLast() {
        order(atDesk(), Wire.ORDER_TYPE_UNBLOCK, Bytes.concat(Bytes.u32(1), Bytes.u32(6))).expectOk();
        byte[] before = state();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_STALE, order(atDesk(), Wire.ORDER_TYPE_UNBLOCK, Bytes.concat(Bytes.u32(2), Bytes.u32(5))));
        assertArrayEquals(before, state());
        order(atDesk(), Wire.ORDER_TYPE_UNBLOCK, Bytes.concat(Bytes.u32(2), Bytes.u32(6))).expectOk();
    }

    @Test
    void onlyKeysWithASuccessorOfTheirOwnAreSwitched() {
        byte[] before = state();
        for (int reference : new int[] {1, 3, 5, 6, 7, 8, 0xFF}) {
            assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_FORMAT,
                order(atDesk(), Wire.ORDER_TYPE_KEY_SWITCH, Bytes.concat(Bytes.u32(1), Bytes.u8(reference))));
        }
        assertArrayEquals(before, state());
        order(atDesk(), Wire.ORDER_TYPE_KEY_SWITCH, Bytes.concat(Bytes.u32(1), Bytes.u8(Wire.KEY_REF_POS_CA))).expectOk();
        TestSession.openFull(card, desk, EUR);
        order(atDesk(), Wire.ORDER_TYPE_KEY_SWITCH, Bytes.concat(Bytes.u32(2), Bytes.u8(Wire.KEY_REF_CREDIT))).expectOk();
        TestSession.openFull(card, desk, EUR);
        assertRefused(Wire.SW_REFERENCE_NOT_FOUND, Wire.REASON_KEY,
            order(atDesk(), Wire.ORDER_TYPE_KEY_SWITCH, Bytes.concat(Bytes.u32(3), Bytes.u8(Wire.KEY_REF_CREDIT))));
        order(atDesk(), Wire.ORDER_TYPE_KEY_SWITCH, Bytes.concat(Bytes.u32(3), Bytes.u8(Wire.KEY_REF_TERMINAL_CA))).expectOk();
    }

    @Test
    void ordersAreTakenFromThoseWhoMayCarryThem() { // [R17]
        byte[] before = state();
        for (int type : new int[] {Wire.ORDER_TYPE_UNBLOCK, Wire.ORDER_TYPE_PIN_RESET, Wire.ORDER_TYPE_RETIRE}) {
            int length = type == Wire.ORDER_TYPE_UNBLOCK ? 8 : type == Wire.ORDER_TYPE_PIN_RESET ? 12 : 4;
            assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_ROLE, atKiosk().order(type, 0, new byte[length + 70]));
            assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_ROLE, atPos().order(type, 0, new byte[length + 70]));
        }
        for (int[] each : new int[][] {{Wire.ORDER_TYPE_PARAMETERS, Wire.ORDER_PARAMETERS_LENGTH}, {Wire.ORDER_TYPE_KEY_SWITCH, 5}, {Wire.ORDER_TYPE_SYNC, 40}}) {
            assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_ROLE, atPos().order(each[0], 0, new byte[each[1] + 70]));
            assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_SIGNATURE, atKiosk().order(each[0], 0, new byte[each[1] + 70]));
        }
        assertArrayEquals(before, state());
    }

    private Answer cancel(int slot, long nt, long tn, long amount) {
        return TestSession.openFull(card, pos, EUR).send(Wire.INS_CANCEL_LAST, 0, 0, Bytes.u8(slot), Bytes.u32(amount), Bytes.u32(nt), Bytes.u32(tn),
            Bytes.u32(99), Bytes.u32(Issuer.NOW + 60), pos.cancelOrder(TestCard.CARD_ID, nt, tn, 99, slot, amount));
    }

    @Test
    void aCancelNamesTheLastPurchaseInEveryField() {
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_NOT_LAST, cancel(EUR, 1, 0, 15000));
        atPos().debit(EUR, 100, 7).expectOk();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_NOT_LAST, cancel(USD, 2, 7, 100));
        cancel(EUR, 2, 7, 100).expectOk();
        try (TestCard fresh = TestCard.issued(issuer)) {
            byte[] signature = pos.cancelOrder(TestCard.CARD_ID, 1, 1, 2, EUR, 1);
            assertRefused(Wire.SW_CONDITIONS, Wire.REASON_NOT_LAST, TestSession.openFull(fresh, TestTerminal.pos(issuer, "POS-0001"), EUR)
                .send(Wire.INS_CANCEL_LAST, 0, 0, Bytes.u8(EUR), Bytes.u32(1), Bytes.u32(1), Bytes.u32(1), Bytes.u32(2), Bytes.u32(Issuer.NOW), signature));
        }
    }

    @Test
    void aCreditedLoadWhoseRecordHasLeftTheLogIsStillAnswered() { // [M4]
        byte[] authorisation = authorise(askForLoad(Wire.LOAD_TYPE_LOAD, EUR, 500));
        atKiosk().send(Wire.INS_CREDIT, 0, 0, authorisation).expectOk();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 18; i++) {
                atPos().debit(EUR, 1, 100 * round + i).expectOk();
            }
            synchronise(Issuer.NOW + round);
        }
        byte[] before = state();
        assertRefused(Wire.SW_RECORD_NOT_FOUND, 0, atKiosk().send(Wire.INS_CREDIT, 0, 0, authorisation));
        byte[] answer = atKiosk().send(Wire.INS_CANCEL_LOAD, 0, 0, Bytes.u32(2)).expectOk();
        assertEquals(2, answer[0]);
        byte[] statement = Bytes.slice(answer, 1, Wire.STATEMENT_LENGTH);
        assertEquals(Wire.LOAD_STATE_CREDITED, statement[Wire.STATEMENT_REGISTER + Wire.LOAD_REGISTER_STATE]);
        assertTrue(card.verifies(Wire.DOMAIN_SIGNED_STATEMENT, statement, Bytes.from(answer, 1 + Wire.STATEMENT_LENGTH)));
        assertArrayEquals(before, state());
    }

    @Test
    void aCreditIsRefusedOnAnExpiredCard() { // [R8] [M9]
        byte[] statement = askForLoad(Wire.LOAD_TYPE_LOAD, EUR, 500);
        byte[] before = state();
        for (long date : new long[] {card.expiry, card.expiry + 1}) {
            byte[] late = issuer.authorisation(TestCard.CARD_ID, Bytes.from(statement, Wire.STATEMENT_REGISTER), Bytes.u32(statement, Wire.STATEMENT_NT),
                Bytes.slice(statement, Wire.STATEMENT_RUNNING_HASH, 32), date);
            assertRefused(Wire.SW_CONDITIONS, Wire.REASON_CARD_EXPIRED, atKiosk().send(Wire.INS_CREDIT, 0, 0, late));
        }
        assertArrayEquals(before, state());
    }

    @Test
    void aLateSyncCountsCancelsAndPurchasesAfterIt() { // [R14]
        atPos().debit(EUR, 100, 1).expectOk();
        byte[] statement = atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_LOG, 0).expectOk();
        atPos().debit(EUR, 30, 2).expectOk();
        cancel(EUR, 3, 2, 30).expectOk();
        byte[] body = Bytes.concat(Bytes.slice(statement, Wire.STATEMENT_NT, 4), Bytes.slice(statement, Wire.STATEMENT_RUNNING_HASH, 32),
            Bytes.u32(Issuer.NOW + 5));
        order(atDesk(), Wire.ORDER_TYPE_SYNC, body).expectOk();
        byte[] totals = totals();
        assertEquals(2, Bytes.u32(totals, Wire.TOTALS_ACKNOWLEDGED));
        assertEquals(30, Bytes.u32(totals, Wire.TOTALS_OFFLINE_SUMS));
        assertEquals(1, totals[Wire.TOTALS_OFFLINE_COUNT]);
        assertEquals(1, totals[Wire.TOTALS_CANCELS]);
    }

    @Test
    void headroomIsNothingWhereALimitFellBelowWhatIsUsed() {
        atPos().debit(EUR, 2000, 1).expectOk();
        byte[] low = Bytes.concat(Bytes.u32(20000), Bytes.u32(5000), Bytes.u32(2500), Bytes.u32(1000), Bytes.u32(1500), Bytes.u32(0));
        byte[] rest = Bytes.from(Issuer.parameters(2), 4 + low.length);
        order(atDesk(), Wire.ORDER_TYPE_PARAMETERS, Bytes.concat(Bytes.u32(1), Bytes.u16(2), Bytes.u8(20), Bytes.u8(2), low, rest)).expectOk();
        byte[] s1 = atPos().s1;
        assertArrayEquals(Bytes.concat(Bytes.u32(5000), Bytes.u32(0), Bytes.u32(0)), Bytes.slice(s1, Wire.OPENING_ANSWER_ROOM, 12));
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, atPos().debit(EUR, 1, 2));
    }

    @Test
    void aShopWithoutARecordSeesNoneHoweverFullTheLog() {
        TestTerminal other = TestTerminal.pos(issuer, "POS-0077");
        assertArrayEquals(new byte[Wire.NEWEST_RECORD_LENGTH], Bytes.from(TestSession.openFull(card, other, EUR).s1, Wire.OPENING_ANSWER_NEWEST));
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 18; i++) {
                atPos().debit(EUR, 1, 100 * round + i).expectOk();
            }
            synchronise(Issuer.NOW + round);
        }
        assertArrayEquals(new byte[Wire.NEWEST_RECORD_LENGTH], Bytes.from(TestSession.openResumed(card, other, EUR).s1, Wire.OPENING_ANSWER_NEWEST));
    }

    @Test
    void aVerificationOfAWrongShapeTakesTheOneBeforeAway() { // [R16]
        TestSession session = atPos();
        session.verifyPin(TestCard.PIN).expectOk();
        assertRefused(Wire.SW_WRONG_P1_P2, 0, session.send(Wire.INS_VERIFY_PIN, 1, 1, TestCard.PIN));
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, session.debit(EUR, 3000, 1));
    }
}
