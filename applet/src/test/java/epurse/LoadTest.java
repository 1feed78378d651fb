package epurse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LoadTest extends IssuedCardTest {

    private static byte[] register(byte[] statement) {
        return Bytes.from(statement, Wire.STATEMENT_REGISTER);
    }

    private static byte[] changed(byte[] bytes, int offset) {
        byte[] other = bytes.clone();
        other[offset] ^= 1;
        return other;
    }

    @Test
    void aLoadIsAskedForAuthorisedAndCreditedOnce() { // [R1] [M3]
        byte[] statement = askForLoad(Wire.LOAD_TYPE_LOAD, EUR, 2000);
        assertEquals(0, balance(EUR));
        byte[] authorisation = authorise(statement);
        byte[] answer = atKiosk().send(Wire.INS_CREDIT, 0, 0, authorisation).expectOk();
        byte[] record = Bytes.slice(answer, 0, Wire.RECORD_LENGTH);
        assertTrue(card.verifies(Wire.DOMAIN_SIGNED_RECORD, record, Bytes.from(answer, Wire.RECORD_LENGTH)));
        assertEquals(2000, Bytes.u32(record, Wire.RECORD_BALANCE));
        assertEquals(1, Bytes.u32(record, Wire.RECORD_REF));
        byte[] before = state();
        byte[] again = atKiosk().send(Wire.INS_CREDIT, 0, 0, authorisation).expectOk();
        assertArrayEquals(record, Bytes.slice(again, 0, Wire.RECORD_LENGTH));
        assertArrayEquals(before, state());
        assertEquals(2000, balance(EUR));
    }

    @Test
    void aShopLoadsNothing() { // [R1] [M3]
        byte[] authorisation = authorise(askForLoad(Wire.LOAD_TYPE_LOAD, EUR, 2000));
        byte[] before = state();
        TestSession session = atPos();
        session.verifyPin(TestCard.PIN).expectOk();
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_ROLE, session.initLoad(Wire.LOAD_TYPE_LOAD, EUR, 2000));
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_ROLE, session.send(Wire.INS_CREDIT, 0, 0, authorisation));
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_ROLE, session.send(Wire.INS_CANCEL_LOAD, 0, 0, Bytes.u32(1)));
        assertArrayEquals(before, state());
    }

    @Test
    void aStatementIsSignedByTheCard() {
        TestSession session = atKiosk();
        session.verifyPin(TestCard.PIN).expectOk();
        byte[] answer = session.initLoad(Wire.LOAD_TYPE_LOAD, EUR, 2000).expectOk();
        byte[] statement = Bytes.slice(answer, 0, Wire.STATEMENT_LENGTH);
        assertTrue(card.verifies(Wire.DOMAIN_SIGNED_STATEMENT, statement, Bytes.from(answer, Wire.STATEMENT_LENGTH)));
        assertEquals(Wire.STATEMENT_PURPOSE_INIT_LOAD, statement[Wire.STATEMENT_PURPOSE]);
        assertEquals(Wire.LIFE_ACTIVE, statement[Wire.STATEMENT_STATE]);
    }

    @Test
    void theSameLoadAskedAgainHasTheSameCounterAndRandomAndAnotherIsRefused() {
        byte[] first = askForLoad(Wire.LOAD_TYPE_LOAD, EUR, 2000);
        byte[] before = state();
        assertArrayEquals(register(first), register(askForLoad(Wire.LOAD_TYPE_LOAD, EUR, 2000)));
        TestSession session = atKiosk();
        session.verifyPin(TestCard.PIN).expectOk();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_LOAD_PENDING, session.initLoad(Wire.LOAD_TYPE_LOAD, EUR, 2001));
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, session.initLoad(Wire.LOAD_TYPE_LOAD, EUR, 2000));
        assertArrayEquals(before, state());
    }

    @Test
    void aLoadIsRefusedBeyondTheMaximumForPointsAndWithoutPin() {
        byte[] before = state();
        Object[][] cases = {
            {Wire.LOAD_TYPE_LOAD, EUR, 20001L, Wire.SW_CONDITIONS, Wire.REASON_MAX_BALANCE},
            {Wire.LOAD_TYPE_LOAD, EUR, 0xFFFFFFFFL, Wire.SW_CONDITIONS, Wire.REASON_MAX_BALANCE},
            {Wire.LOAD_TYPE_LOAD, EUR, 0L, Wire.SW_INCORRECT_DATA, Wire.REASON_AMOUNT},
            {Wire.LOAD_TYPE_LOAD, POINTS, 1L, Wire.SW_INCORRECT_DATA, Wire.REASON_UNIT},
            {Wire.LOAD_TYPE_LOAD, (byte) 3, 1L, Wire.SW_INCORRECT_DATA, Wire.REASON_UNIT},
            {(byte) 3, EUR, 1L, Wire.SW_INCORRECT_DATA, Wire.REASON_FORMAT},
            {Wire.LOAD_TYPE_UNLOAD, EUR, 1L, Wire.SW_CONDITIONS, Wire.REASON_BALANCE},
        };
        for (Object[] each : cases) {
            TestSession session = atKiosk();
            session.verifyPin(TestCard.PIN).expectOk();
            Answer answer = session.initLoad(((Number) each[0]).intValue(), ((Number) each[1]).intValue(), (Long) each[2]);
            assertRefused((Short) each[3], (Byte) each[4], answer);
        }
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, atKiosk().initLoad(Wire.LOAD_TYPE_LOAD, EUR, 1));
        assertArrayEquals(before, state());
    }

    @Test
    void aLoadMayReachTheMaximumAndAnUnloadTheWholeBalance() {
        assertEquals(20000, Bytes.u32(load(EUR, 20000), Wire.RECORD_BALANCE));
        assertEquals(0, Bytes.u32(credit(askForLoad(Wire.LOAD_TYPE_UNLOAD, EUR, 20000)), Wire.RECORD_BALANCE));
        assertEquals(20000, Bytes.u32(load(USD, 20000), Wire.RECORD_BALANCE));
    }

    @Test
    void aSumThatDoesNotFitIsBeyondTheMaximumWhateverThatIs() {
        load(EUR, 1);
        byte[] most = Bytes.concat(Bytes.fill(0xFF, 20), Bytes.u32(0));
        byte[] rest = Bytes.from(Issuer.parameters(2), 4 + most.length);
        order(atDesk(), Wire.ORDER_TYPE_PARAMETERS, Bytes.concat(Bytes.u32(1), Bytes.u16(2), Bytes.u8(20), Bytes.u8(2), most, rest)).expectOk();
        TestSession session = atKiosk();
        session.verifyPin(TestCard.PIN).expectOk();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_MAX_BALANCE, session.initLoad(Wire.LOAD_TYPE_LOAD, EUR, 0xFFFFFFFFL));
        session.verifyPin(TestCard.PIN).expectOk();
        session.initLoad(Wire.LOAD_TYPE_LOAD, EUR, 0xFFFFFFFEL).expectOk();
    }

    @Test
    void whileALoadIsPendingOneOfAnotherTypeSlotOrAmountIsRefused() {
        load(EUR, 500);
        askForLoad(Wire.LOAD_TYPE_LOAD, EUR, 100);
        byte[] before = state();
        for (long[] other : new long[][] {{Wire.LOAD_TYPE_UNLOAD, EUR, 100}, {Wire.LOAD_TYPE_LOAD, USD, 100}, {Wire.LOAD_TYPE_LOAD, EUR, 101}}) {
            TestSession session = atKiosk();
            session.verifyPin(TestCard.PIN).expectOk();
            assertRefused(Wire.SW_CONDITIONS, Wire.REASON_LOAD_PENDING, session.initLoad((int) other[0], (int) other[1], other[2]));
        }
        assertArrayEquals(before, state());
    }

    @Test
    void aCardThatWasNeverAskedForALoadHasNoneToCancelOrToCredit() {
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_NO_LOAD, atKiosk().send(Wire.INS_CANCEL_LOAD, 0, 0, Bytes.u32(0)));
        byte[] nothing = issuer.authorisation(TestCard.CARD_ID, new byte[Wire.LOAD_REGISTER_LENGTH], 0, new byte[32], Issuer.NOW);
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_NO_LOAD, atKiosk().send(Wire.INS_CREDIT, 0, 0, nothing));
    }

    @Test
    void noAuthorisationButTheIssuersForThisLoadMovesAnything() { // [M3]
        byte[] statement = askForLoad(Wire.LOAD_TYPE_LOAD, EUR, 2000);
        byte[] authorisation = authorise(statement);
        byte[] before = state();
        for (int offset = 0; offset < Wire.CREDIT_REQ_SIGNATURE; offset++) {
            assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_SIGNATURE,
                atKiosk().send(Wire.INS_CREDIT, 0, 0, changed(authorisation, offset)));
        }
        byte[] body = Bytes.slice(authorisation, 0, Wire.CREDIT_REQ_SIGNATURE);
        for (int offset : new int[] {Wire.CREDIT_REQ_COUNTER + 3, Wire.CREDIT_REQ_RANDOM, Wire.CREDIT_REQ_TYPE, Wire.CREDIT_REQ_SLOT,
            Wire.CREDIT_REQ_UNIT, Wire.CREDIT_REQ_AMOUNT + 3}) {
            byte[] other = issuer.authorisation(TestCard.CARD_ID, changed(body, offset));
            assertRefused(Wire.SW_CONDITIONS, Wire.REASON_NO_LOAD, atKiosk().send(Wire.INS_CREDIT, 0, 0, other));
        }
        byte[] anotherCard = issuer.authorisation(changed(TestCard.CARD_ID, 7), body);
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_SIGNATURE, atKiosk().send(Wire.INS_CREDIT, 0, 0, anotherCard));
        assertArrayEquals(before, state());
    }

    @Test
    void aCancelledLoadIsNeverCreditedAndSaysSoAgain() {
        byte[] statement = askForLoad(Wire.LOAD_TYPE_LOAD, EUR, 2000);
        byte[] answer = atKiosk().send(Wire.INS_CANCEL_LOAD, 0, 0, Bytes.u32(1)).expectOk();
        assertEquals(2, answer[0]);
        byte[] ended = Bytes.slice(answer, 1, Wire.STATEMENT_LENGTH);
        assertEquals(Wire.LOAD_STATE_CANCELLED, register(ended)[Wire.LOAD_REGISTER_STATE]);
        assertTrue(card.verifies(Wire.DOMAIN_SIGNED_STATEMENT, ended, Bytes.from(answer, 1 + Wire.STATEMENT_LENGTH)));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_NO_LOAD, atKiosk().send(Wire.INS_CREDIT, 0, 0, authorise(statement)));
        assertArrayEquals(ended, Bytes.slice(atKiosk().send(Wire.INS_CANCEL_LOAD, 0, 0, Bytes.u32(1)).expectOk(), 1, Wire.STATEMENT_LENGTH));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_NO_LOAD, atKiosk().send(Wire.INS_CANCEL_LOAD, 0, 0, Bytes.u32(2)));
        byte[] next = register(askForLoad(Wire.LOAD_TYPE_LOAD, EUR, 2000));
        assertEquals(2, Bytes.u32(next, Wire.LOAD_REGISTER_COUNTER));
        assertEquals(Wire.LOAD_STATE_CANCELLED, next[Wire.LOAD_REGISTER_PREVIOUS_STATE]);
    }

    @Test
    void cancellingACreditedLoadAnswersWithItsRecord() {
        load(EUR, 2000);
        byte[] answer = atDesk().send(Wire.INS_CANCEL_LOAD, 0, 0, Bytes.u32(1)).expectOk();
        assertEquals(1, answer[0]);
        byte[] record = Bytes.slice(answer, 1, Wire.RECORD_LENGTH);
        assertEquals(Wire.RECORD_TYPE_LOAD, record[Wire.RECORD_TYPE]);
        assertTrue(card.verifies(Wire.DOMAIN_SIGNED_RECORD, record, Bytes.from(answer, 1 + Wire.RECORD_LENGTH)));
        assertEquals(2000, balance(EUR));
    }

    @Test
    void anUnloadTakesTheBalanceDownUnderTheIssuersAuthorisation() {
        load(EUR, 2000);
        byte[] record = credit(askForLoad(Wire.LOAD_TYPE_UNLOAD, EUR, 1500));
        assertEquals(Wire.RECORD_TYPE_UNLOAD, record[Wire.RECORD_TYPE]);
        assertEquals(500, balance(EUR));
        byte[] statement = askForLoad(Wire.LOAD_TYPE_UNLOAD, EUR, 500);
        atPos().debit(EUR, 1, 1).expectOk();
        byte[] before = state();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_BALANCE, atKiosk().send(Wire.INS_CREDIT, 0, 0, authorise(statement)));
        assertArrayEquals(before, state());
    }

    @Test
    void anAuthorisationWithAnotherRunningHashCreditsAndLeavesTheAcknowledgementAlone() {
        load(EUR, 2000);
        atPos().debit(EUR, 100, 1).expectOk();
        long acknowledged = total(Wire.TOTALS_ACKNOWLEDGED);
        byte[] statement = askForLoad(Wire.LOAD_TYPE_LOAD, EUR, 1000);
        byte[] authorisation = issuer.authorisation(TestCard.CARD_ID, register(statement), 2, new byte[32], Issuer.NOW + 500);
        atKiosk().send(Wire.INS_CREDIT, 0, 0, authorisation).expectOk();
        assertEquals(2900, balance(EUR));
        assertEquals(acknowledged, total(Wire.TOTALS_ACKNOWLEDGED));
        assertEquals(100, total(Wire.TOTALS_OFFLINE_SUMS));
        assertEquals(Issuer.NOW + 500, total(Wire.TOTALS_DATE));
    }

    @Test
    void anAuthorisationAdvancesTheAcknowledgementAndRecountsTheSums() {
        load(EUR, 5000);
        atPos().debit(EUR, 100, 1).expectOk();
        byte[] statement = askForLoad(Wire.LOAD_TYPE_LOAD, EUR, 1000);
        atPos().debit(EUR, 30, 2).expectOk();
        atKiosk().send(Wire.INS_CREDIT, 0, 0, authorise(statement)).expectOk();
        assertEquals(2, total(Wire.TOTALS_ACKNOWLEDGED));
        assertEquals(30, total(Wire.TOTALS_OFFLINE_SUMS));
        assertEquals(1, totals()[Wire.TOTALS_OFFLINE_COUNT]);
    }
}
