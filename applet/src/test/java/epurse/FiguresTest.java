package epurse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Every figure of card, record and answer after money has moved, to the byte; limits reached exactly and passed by one. */
class FiguresTest extends IssuedCardTest {

    private static final long MOST = 0xFFFFFFFFL;

    @Override
    void prepare() {
        load(EUR, 20000);
    }

    /** Balances, PIN-less and offline sums, as the card keeps them. */
    private record Sums(long eur, long usd, long points) {
        byte[] bytes() {
            return Bytes.concat(Bytes.u32(eur), Bytes.u32(usd), Bytes.u32(points));
        }
    }

    private void assertTotals(long nt, long acknowledged, Sums balances, Sums pinless, Sums offline, int count, int cancels) {
        byte[] expected = Bytes.concat(Bytes.u32(nt), Bytes.u32(acknowledged), balances.bytes(), pinless.bytes(), offline.bytes(), Bytes.u8(count),
            Bytes.u8(cancels));
        assertArrayEquals(expected, Bytes.slice(totals(), 0, expected.length));
    }

    private byte[] record(long nt) {
        return Bytes.slice(atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_RECORD, 0, Bytes.u32(nt)).expectOk(), 0, Wire.RECORD_LENGTH);
    }

    private byte[] expectedRecord(int type, long nt, long tn, TestTerminal terminal, int slot, int unit, long amount, long balance, long points,
        long pointsBalance, int flags, int version, long ref) {
        return Bytes.concat(Bytes.u8(type), Bytes.u32(nt), Bytes.u32(tn), terminal.id, Bytes.u32(0xAC01), Bytes.u32(0x3E01), Bytes.u8(slot),
            Bytes.u16(unit), Bytes.u32(amount), Bytes.u32(balance), Bytes.u32(points), Bytes.u32(pointsBalance), Bytes.u32(Issuer.NOW + 60),
            Bytes.u8(flags), Bytes.u16(version), Bytes.u32(ref));
    }

    private byte[] slot(long maxBalance, long maxTransaction, long pinlessSingle, long pinlessSum, long offlineSum, long step) {
        return Bytes.concat(Bytes.u32(maxBalance), Bytes.u32(maxTransaction), Bytes.u32(pinlessSingle), Bytes.u32(pinlessSum), Bytes.u32(offlineSum),
            Bytes.u32(step));
    }

    /** The issuer's order for other parameters, the first that this card gets. */
    private void limit(int offlineCount, int cancels, byte[] eur, byte[] points) {
        byte[] usd = slot(20000, 5000, 2500, 6000, 15000, 100);
        order(atDesk(), Wire.ORDER_TYPE_PARAMETERS, Bytes.concat(Bytes.u32(1), Bytes.u16(2), Bytes.u8(offlineCount), Bytes.u8(cancels), eur, usd, points))
            .expectOk();
    }

    private TestSession withPin(TestSession session) {
        session.verifyPin(TestCard.PIN).expectOk();
        return session;
    }

    private TestTerminal shop(long limit) {
        return TestTerminal.pos(issuer, "POS-0003", Wire.KEY_REF_POS_CA, Issuer.NOW + Issuer.DAY, Bytes.concat(Bytes.u16(Issuer.EUR), Bytes.u32(limit)));
    }

    @Test
    void aPurchaseChangesItsOwnFiguresAndNoOthers() {
        byte[] answer = atPos().debit(EUR, 350, 7).expectOk();
        assertTotals(2, 0, new Sums(19650, 0, 3), new Sums(350, 0, 0), new Sums(350, 0, 0), 1, 0);
        assertArrayEquals(expectedRecord(Wire.RECORD_TYPE_PURCHASE, 2, 7, pos, EUR, Issuer.EUR, 350, 19650, 3, 3, 0, 1, 0), record(2));
        assertArrayEquals(Bytes.concat(Bytes.u32(3), Bytes.u32(3), Bytes.u8(0), Bytes.u16(1)), Bytes.slice(answer, 0, Wire.DEBIT_RES_S3));
        answer = withPin(atPos()).debit(EUR, 4000, 8).expectOk();
        assertTotals(3, 0, new Sums(15650, 0, 43), new Sums(0, 0, 0), new Sums(4350, 0, 0), 2, 0);
        assertArrayEquals(expectedRecord(Wire.RECORD_TYPE_PURCHASE, 3, 8, pos, EUR, Issuer.EUR, 4000, 15650, 40, 43, 1, 1, 0), record(3));
        assertArrayEquals(Bytes.concat(Bytes.u32(40), Bytes.u32(43), Bytes.u8(1), Bytes.u16(1)), Bytes.slice(answer, 0, Wire.DEBIT_RES_S3));
    }

    @Test
    void aPurchaseInTheSecondCurrencyAndOneInPointsChangeTheirSlots() {
        byte[] loaded = load(USD, 3000);
        assertEquals(3000, Bytes.u32(loaded, Wire.RECORD_BALANCE));
        TestSession.openResumed(card, pos, USD).debit(USD, 250, 1).expectOk();
        assertTotals(3, 1, new Sums(20000, 2750, 2), new Sums(0, 250, 0), new Sums(0, 250, 0), 1, 0);
        assertArrayEquals(expectedRecord(Wire.RECORD_TYPE_PURCHASE, 3, 1, pos, USD, Issuer.USD, 250, 2750, 2, 2, 0, 1, 0), record(3));
        assertArrayEquals(Bytes.concat(Bytes.u32(3), Bytes.u8(Wire.RECORD_TYPE_PURCHASE), Bytes.u32(1), Bytes.u8(USD), Bytes.u32(250)),
            Bytes.slice(atPos().s1, Wire.OPENING_ANSWER_NEWEST, Wire.NEWEST_RECORD_LENGTH));
        TestSession.openResumed(card, pos, POINTS).debit(POINTS, 2, 2).expectOk();
        assertTotals(4, 1, new Sums(20000, 2750, 0), new Sums(0, 250, 2), new Sums(0, 250, 2), 2, 0);
        assertArrayEquals(expectedRecord(Wire.RECORD_TYPE_PURCHASE, 4, 2, pos, POINTS, Issuer.POINTS, 2, 0, 0, 0, 0, 1, 0), record(4));
    }

    @Test
    void aCancelGivesBackToTheByte() {
        atPos().debit(EUR, 350, 7).expectOk();
        byte[] answer = cancel(2, 7, 8, 350).expectOk();
        assertTotals(3, 0, new Sums(20000, 0, 0), new Sums(350, 0, 0), new Sums(350, 0, 0), 1, 1);
        assertArrayEquals(expectedRecord(Wire.RECORD_TYPE_CANCEL, 3, 8, pos, EUR, Issuer.EUR, 350, 20000, 3, 0, 0, 1, 2), record(3));
        assertArrayEquals(Bytes.concat(Bytes.u32(3), Bytes.u32(0), Bytes.u8(0), Bytes.u16(1)), Bytes.slice(answer, 0, Wire.DEBIT_RES_S3));
    }

    @Test
    void aSynchronisationCountsCancelsFromNoneAgainWhereverTheNextOrderIsKept() {
        atPos().debit(EUR, 350, 7).expectOk();
        cancel(2, 7, 8, 350).expectOk();
        synchronise(Issuer.NOW + 60);
        assertTotals(3, 3, new Sums(20000, 0, 0), new Sums(350, 0, 0), new Sums(0, 0, 0), 0, 0);
    }

    @Test
    void aRecordHoldsNothingOfTheOneBeforeInItsSession() {
        TestSession session = TestSession.openFull(card, pos, EUR);
        session.debit(EUR, 350, 1).expectOk();
        session.debit(POINTS, 2, 2).expectOk();
        session.debit(EUR, 150, 3).expectOk();
        cancel(session, 4, 3, 4, 150).expectOk();
        session.debit(POINTS, 1, 5).expectOk();
        assertArrayEquals(expectedRecord(Wire.RECORD_TYPE_PURCHASE, 3, 2, pos, POINTS, Issuer.POINTS, 2, 1, 0, 1, 0, 1, 0), record(3));
        assertArrayEquals(expectedRecord(Wire.RECORD_TYPE_PURCHASE, 6, 5, pos, POINTS, Issuer.POINTS, 1, 0, 0, 0, 0, 1, 0), record(6));
    }

    private Answer cancel(long nt, long tn, long ownTn, long amount) {
        return cancel(TestSession.openFull(card, pos, EUR), nt, tn, ownTn, amount);
    }

    private Answer cancel(TestSession session, long nt, long tn, long ownTn, long amount) {
        return session.send(Wire.INS_CANCEL_LAST, 0, 0, Bytes.u8(EUR), Bytes.u32(amount), Bytes.u32(nt), Bytes.u32(tn),
            Bytes.u32(ownTn), Bytes.u32(Issuer.NOW + 60), pos.cancelOrder(TestCard.CARD_ID, nt, tn, ownTn, EUR, amount));
    }

    @Test
    void aLoadAndAnUnloadAreRecordedToTheByte() {
        byte[] kept = record(1);
        assertArrayEquals(expectedRecord(Wire.RECORD_TYPE_LOAD, 1, 0, kiosk, EUR, Issuer.EUR, 20000, 20000, 0, 0, 0, 1, 1), kept);
        credit(askForLoad(Wire.LOAD_TYPE_UNLOAD, EUR, 20000));
        assertTotals(2, 1, new Sums(0, 0, 0), new Sums(0, 0, 0), new Sums(0, 0, 0), 0, 0);
        assertArrayEquals(expectedRecord(Wire.RECORD_TYPE_UNLOAD, 2, 0, kiosk, EUR, Issuer.EUR, 20000, 0, 0, 0, 0, 1, 2), record(2));
    }

    @Test
    void everyLimitIsReachedExactlyAndPassedByNone() {
        TestTerminal small = shop(100);
        TestSession.openFull(card, small, EUR).debit(EUR, 100, 1).expectOk();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_TERMINAL_LIMIT, TestSession.openResumed(card, small, EUR).debit(EUR, 101, 2));
        withPin(atPos()).debit(EUR, 5000, 3).expectOk();
        withPin(atPos()).debit(EUR, 5000, 4).expectOk();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_OFFLINE_AMOUNT, withPin(atPos()).debit(EUR, 4901, 5));
        withPin(atPos()).debit(EUR, 4900, 6).expectOk();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_OFFLINE_AMOUNT, withPin(atPos()).debit(EUR, 1, 7));
    }

    @Test
    void refusalsOfAPurchaseComeInTheOrderOfTheSpecification() {
        TestTerminal any = shop(MOST);
        TestSession.openFull(card, any, EUR);
        limit(2, 2, slot(20000, 5000, 2500, 3000, 150, 0), slot(1000, 500, 500, 1000, 1000, 0));
        byte[] before = state();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_TERMINAL_LIMIT, atPos().debit(EUR, 10001, 1));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_TRANSACTION_LIMIT, TestSession.openResumed(card, any, EUR).debit(EUR, 30000, 1));
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, atPos().debit(EUR, 2501, 1));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_OFFLINE_AMOUNT, atPos().debit(EUR, 151, 1));
        assertArrayEquals(before, state());
        byte[] answer = atPos().debit(EUR, 100, 1).expectOk();
        assertArrayEquals(new byte[8], Bytes.slice(answer, 0, 8));
        atPos().debit(EUR, 1, 2).expectOk();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_OFFLINE_AMOUNT, atPos().debit(EUR, 50, 3));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_OFFLINE_COUNT, atPos().debit(EUR, 49, 3));
    }

    @Test
    void aFullLogIsNoticedBeforeAnEmptyBalance() {
        limit(200, 2, slot(20000, MOST, MOST, MOST, MOST, 0), slot(1000, 500, 500, 1000, 1000, 0));
        TestTerminal any = shop(MOST);
        TestSession.openFull(card, any, EUR).debit(EUR, 1, 0).expectOk();
        for (int tn = 1; tn <= 27; tn++) {
            TestSession.openResumed(card, any, EUR).debit(EUR, 1, tn).expectOk();
        }
        assertRefused(Wire.SW_LOG_FULL, Wire.REASON_LOG_FULL, TestSession.openResumed(card, any, EUR).debit(EUR, 30000, 30));
        synchronise(Issuer.NOW);
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_BALANCE, TestSession.openResumed(card, any, EUR).debit(EUR, 19973, 31));
        TestSession.openResumed(card, any, EUR).debit(EUR, 19972, 32).expectOk();
        assertEquals(0, balance(EUR));
    }

    @Test
    void sumsThatDoNotFitAreRefusedAndNotCutShort() {
        limit(200, 2, slot(20000, MOST, MOST, MOST, MOST, 0), slot(1000, 500, 500, 1000, 1000, 0));
        TestTerminal any = shop(MOST);
        TestSession.openFull(card, any, EUR).debit(EUR, 1, 1).expectOk();
        byte[] before = state();
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, TestSession.openResumed(card, any, EUR).debit(EUR, MOST, 2));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_OFFLINE_AMOUNT, withPin(TestSession.openResumed(card, any, EUR)).debit(EUR, MOST, 2));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_BALANCE, TestSession.openResumed(card, any, EUR).debit(EUR, MOST - 1, 2));
        assertArrayEquals(before, state());
    }

    @Test
    void pointsAreTheFloorOfAmountByStepAndStopAtTheMaximum() {
        limit(200, 2, slot(20000, 5000, 5000, MOST, MOST, 3), slot(1000, 500, 500, 1000, 1000, 0));
        assertEquals(0, Bytes.u32(atPos().debit(EUR, 2, 1).expectOk(), Wire.DEBIT_RES_POINTS));
        assertEquals(1, Bytes.u32(atPos().debit(EUR, 3, 2).expectOk(), Wire.DEBIT_RES_POINTS));
        assertEquals(1, Bytes.u32(atPos().debit(EUR, 5, 3).expectOk(), Wire.DEBIT_RES_POINTS));
        byte[] answer = atPos().debit(EUR, 2994, 4).expectOk();
        assertEquals(998, Bytes.u32(answer, Wire.DEBIT_RES_POINTS));
        assertEquals(1000, Bytes.u32(answer, Wire.DEBIT_RES_POINTS_BALANCE));
        answer = atPos().debit(EUR, 3000, 5).expectOk();
        assertEquals(0, Bytes.u32(answer, Wire.DEBIT_RES_POINTS));
        assertEquals(1000, Bytes.u32(answer, Wire.DEBIT_RES_POINTS_BALANCE));
        assertEquals(1000, balance(POINTS));
        answer = cancel(6, 5, 6, 3000).expectOk();
        assertEquals(0, Bytes.u32(answer, Wire.DEBIT_RES_POINTS));
        assertEquals(1000, balance(POINTS));
        TestSession.openResumed(card, pos, POINTS).debit(POINTS, 10, 7).expectOk();
        answer = atPos().debit(EUR, 60, 8).expectOk();
        assertEquals(10, Bytes.u32(answer, Wire.DEBIT_RES_POINTS));
        assertEquals(1000, Bytes.u32(answer, Wire.DEBIT_RES_POINTS_BALANCE));
    }

    @Test
    void theStatementOfALoadTellsEveryFigure() {
        atPos().debit(EUR, 350, 7).expectOk();
        byte[] hash = Crypto.sha256(Crypto.sha256(new byte[32], record(1)), record(2));
        byte[] statement = askForLoad(Wire.LOAD_TYPE_LOAD, USD, 777);
        byte[] random = Bytes.slice(statement, Wire.STATEMENT_REGISTER + Wire.LOAD_REGISTER_RANDOM, 8);
        byte[] register = Bytes.concat(Bytes.u32(2), Bytes.u8(Wire.LOAD_STATE_PENDING), Bytes.u8(Wire.LOAD_TYPE_LOAD), Bytes.u8(USD),
            Bytes.u16(Issuer.USD), Bytes.u32(777), random, kiosk.id, Bytes.u32(0), Bytes.u8(Wire.LOAD_STATE_CREDITED));
        assertArrayEquals(Bytes.concat(Bytes.u8(Wire.STATEMENT_PURPOSE_INIT_LOAD), Bytes.u8(Wire.LIFE_ACTIVE), Bytes.u32(2), Bytes.u32(0),
            new Sums(19650, 0, 3).bytes(), hash, Bytes.u32(0), Bytes.u32(0), register), statement);
    }

    @Test
    void theTotalsTellOrdersDatesTriesAndParameters() {
        order(atPos(), Wire.ORDER_TYPE_BLOCK, Bytes.u32(5)).expectOk();
        TestSession.openFull(card, desk, EUR);
        order(atDesk(), Wire.ORDER_TYPE_UNBLOCK, Bytes.concat(Bytes.u32(1), Bytes.u32(6))).expectOk();
        TestSession.openFull(card, kiosk, EUR).verifyPin(TestCard.WRONG_PIN);
        synchronise(Issuer.NOW + 1000);
        byte[] expected = Bytes.concat(Bytes.u8(0), Bytes.u8(0), Bytes.u8(4), Bytes.u32(Issuer.NOW + 1000), Bytes.u32(1), Bytes.u32(5), Bytes.u32(6),
            Bytes.u8(0), Issuer.parameters(1));
        assertArrayEquals(expected, Bytes.from(totals(), Wire.TOTALS_OFFLINE_COUNT));
    }

    @Test
    void theOpeningAnswerTellsAShopEveryFigureItMaySee() {
        atPos().debit(EUR, 350, 7).expectOk();
        byte[] s1 = withPinSpent().s1;
        byte[] room = Bytes.concat(Bytes.u32(5000), Bytes.u32(2500), Bytes.u32(14650));
        byte[] newest = Bytes.concat(Bytes.u32(2), Bytes.u8(Wire.RECORD_TYPE_PURCHASE), Bytes.u32(7), Bytes.u8(EUR), Bytes.u32(350));
        assertArrayEquals(Bytes.concat(TestCard.CARD_ID, Bytes.u32(Issuer.NOW + 60), Bytes.u32(2), Bytes.u8(EUR), Bytes.u16(Issuer.EUR),
            Bytes.u32(19650), Bytes.u16(1), room, newest), Bytes.from(s1, Wire.OPENING_ANSWER_CARD_ID));
        assertEquals(4, s1[Wire.OPENING_ANSWER_PIN_TRIES]);
    }

    private TestSession withPinSpent() {
        atKiosk().verifyPin(TestCard.WRONG_PIN);
        return atPos();
    }
}
