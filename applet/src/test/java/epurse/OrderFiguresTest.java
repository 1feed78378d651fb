package epurse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each order changes its own figures and no others; statements tell them and what they are for. */
@Tag("slow")
class OrderFiguresTest extends IssuedCardTest {

    /** No two bytes of them alike, so that none can stand for another. */
    private static final long BLOCKED_BY = 0x01020304L;
    private static final long UNBLOCKED_UP_TO = 0x05060708L;

    @Override
    void prepare() {
        load(EUR, 10000);
        atPos().debit(EUR, 350, 1).expectOk();
        block(BLOCKED_BY);
        meet();
        order(atDesk(), Wire.ORDER_TYPE_UNBLOCK, Bytes.concat(Bytes.u32(1), Bytes.u32(UNBLOCKED_UP_TO))).expectOk();
        TestSession.openFull(card, pos, EUR);
        TestSession.openFull(card, kiosk, EUR);
    }

    private void meet() {
        TestSession.openFull(card, desk, EUR);
    }

    /** The totals with another value in one place. */
    private static byte[] with(byte[] totals, int offset, byte[] value) {
        byte[] other = totals.clone();
        System.arraycopy(value, 0, other, offset, value.length);
        return other;
    }

    private byte[] counted(byte[] totals) {
        return with(totals, Wire.TOTALS_ORDER_COUNTER, Bytes.u32(2));
    }

    @Test
    void aPinResetChangesTheCounterAlone() {
        byte[] before = totals();
        byte[] body = Bytes.u32(2);
        byte[] order = Bytes.concat(body, TestCard.WRONG_PIN,
            issuer.orderSignature(Wire.KEY_REF_ORDER, TestCard.CARD_ID, Wire.ORDER_TYPE_PIN_RESET, body));
        atDesk().order(Wire.ORDER_TYPE_PIN_RESET, 0, order).expectOk();
        assertArrayEquals(counted(before), totals());
    }

    @Test
    void aPinResetToWhatIsNoPinIsRefusedBeforeAnythingIsWritten() {
        byte[] before = state();
        byte[] body = Bytes.u32(2);
        byte[] order = Bytes.concat(body, new byte[8], issuer.orderSignature(Wire.KEY_REF_ORDER, TestCard.CARD_ID, Wire.ORDER_TYPE_PIN_RESET, body));
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_FORMAT, atDesk().order(Wire.ORDER_TYPE_PIN_RESET, 0, order));
        assertArrayEquals(before, state());
    }

    @Test
    void afterASwitchTheSuccessorOfTheTerminalsCaIsTheOnlyOne() { // [R6]
        order(atDesk(), Wire.ORDER_TYPE_KEY_SWITCH, Bytes.concat(Bytes.u32(2), Bytes.u8(Wire.KEY_REF_TERMINAL_CA))).expectOk();
        for (TestTerminal old : new TestTerminal[] {kiosk, desk}) {
            assertEquals(Wire.SW_REFERENCE_NOT_FOUND,
                (short) card.plain(0x80, Wire.INS_PRESENT_CERTIFICATE, 0, 0xBE, old.certificate).statusWord());
        }
        TestSession.openFull(card, TestTerminal.other(issuer, "KIOSK-77", Wire.ROLE_LOAD, Wire.KEY_REF_TERMINAL_CA_NEXT), EUR);
        TestSession.openFull(card, pos, EUR);
    }

    @Test
    void anUnblockChangesCounterAndItsNumberAlone() {
        byte[] before = totals();
        order(atDesk(), Wire.ORDER_TYPE_UNBLOCK, Bytes.concat(Bytes.u32(2), Bytes.u32(0x0A0B0C0DL))).expectOk();
        assertArrayEquals(with(counted(before), Wire.TOTALS_UNBLOCK_NUMBER, Bytes.u32(0x0A0B0C0DL)), totals());
    }

    @Test
    void newParametersChangeCounterAndParametersAlone() {
        byte[] before = totals();
        byte[] set = Issuer.parameters(0x0203);
        order(atDesk(), Wire.ORDER_TYPE_PARAMETERS, Bytes.concat(Bytes.u32(2), set)).expectOk();
        assertArrayEquals(with(counted(before), Wire.TOTALS_PARAMETERS, set), totals());
    }

    @Test
    void aKeySwitchChangesTheCounterAlone() {
        byte[] before = totals();
        order(atDesk(), Wire.ORDER_TYPE_KEY_SWITCH, Bytes.concat(Bytes.u32(2), Bytes.u8(Wire.KEY_REF_CREDIT))).expectOk();
        meet();
        assertArrayEquals(counted(before), totals());
    }

    @Test
    void aBlockingChangesItsNumberAloneAndKeepsTheHighest() {
        byte[] before = totals();
        for (long[] each : new long[][] {{0x05060709L, 0x05060709L}, {0x0607080AL, 0x0607080AL}, {0x06070809L, 0x0607080AL}, {0x0607080AL, 0x0607080AL},
            {0x0607090AL, 0x0607090AL}}) {
            block(each[0]);
            meet();
            assertArrayEquals(with(before, Wire.TOTALS_BLOCK_NUMBER, Bytes.u32(each[1])), totals());
        }
    }

    @Test
    void anUnblockUpToExactlyTheNumberThatBlockedIsTaken() {
        block(UNBLOCKED_UP_TO + 1);
        meet();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_STALE,
            order(atDesk(), Wire.ORDER_TYPE_UNBLOCK, Bytes.concat(Bytes.u32(2), Bytes.u32(UNBLOCKED_UP_TO))));
        order(atDesk(), Wire.ORDER_TYPE_UNBLOCK, Bytes.concat(Bytes.u32(2), Bytes.u32(UNBLOCKED_UP_TO + 1))).expectOk();
        assertEquals(Wire.LIFE_ACTIVE, card.state());
    }

    @Test
    void anOrderOutOfTurnIsRefusedForThatBeforeItsPinOrItsKeyIsLookedAt() {
        byte[] stale = Bytes.u32(3);
        byte[] reset = Bytes.concat(stale, new byte[8], issuer.orderSignature(Wire.KEY_REF_ORDER, TestCard.CARD_ID, Wire.ORDER_TYPE_PIN_RESET, stale));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_STALE, atDesk().order(Wire.ORDER_TYPE_PIN_RESET, 0, reset));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_STALE, order(atDesk(), Wire.ORDER_TYPE_KEY_SWITCH, Bytes.concat(stale, Bytes.u8(9))));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_STALE, order(atDesk(), Wire.ORDER_TYPE_PARAMETERS, Bytes.concat(stale, Bytes.fill(0xFF, 76))));
    }

    private static void assertOver(TestSession session) {
        Answer next = Answer.of(session.card.transmit(session.wrap(Wire.INS_READ_LOG, Wire.LOG_VIEW_TOTALS, 0, new byte[0])));
        assertEquals(Wire.SW_SECURITY_STATUS, (short) next.statusWord());
    }

    private void assertUnknown(TestTerminal terminal, int statusWord) {
        byte[] request = Bytes.concat(terminal.id, new byte[16], Bytes.u8(EUR));
        assertEquals((short) statusWord, (short) card.plain(0x80, Wire.INS_OPEN_SESSION_RESUMED, 1, 0, request).statusWord());
    }

    @Test
    void ordersThatEndASessionLeaveNoTerminalKnown() {
        for (byte[] each : new byte[][] {Bytes.concat(Bytes.u8(Wire.ORDER_TYPE_BLOCK), Bytes.u32(0x7F000000L)),
            Bytes.concat(Bytes.u8(Wire.ORDER_TYPE_KEY_SWITCH), Bytes.u32(2), Bytes.u8(Wire.KEY_REF_CREDIT)),
            Bytes.concat(Bytes.u8(Wire.ORDER_TYPE_RETIRE), Bytes.u32(2))}) {
            beginAgain();
            TestSession session = atDesk();
            order(session, each[0], Bytes.from(each, 1)).expectOk();
            assertOver(session);
            assertUnknown(desk, Wire.SW_REFERENCE_NOT_FOUND);
            assertUnknown(pos, Wire.SW_REFERENCE_NOT_FOUND);
            assertUnknown(kiosk, Wire.SW_REFERENCE_NOT_FOUND);
        }
    }

    @Test
    void otherOrdersLeaveTheSessionAndItsTerminalsAsTheyAre() {
        TestSession session = atDesk();
        order(session, Wire.ORDER_TYPE_PARAMETERS, Bytes.concat(Bytes.u32(2), Issuer.parameters(9))).expectOk();
        order(session, Wire.ORDER_TYPE_UNBLOCK, Bytes.concat(Bytes.u32(3), Bytes.u32(0x7F000000L))).expectOk();
        session.totals();
        atPos();
        atKiosk();
    }

    private byte[] register() {
        byte[] statement = atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_LOG, 0).expectOk();
        return Bytes.slice(statement, Wire.STATEMENT_REGISTER, Wire.LOAD_REGISTER_LENGTH);
    }

    /** A statement about the figures after the preparation. */
    private byte[] expected(int purpose, int state, long orders, byte[] register) {
        byte[] load = Bytes.slice(atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_RECORD, 0, Bytes.u32(1)).expectOk(), 0, Wire.RECORD_LENGTH);
        byte[] purchase = Bytes.slice(atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_RECORD, 0, Bytes.u32(2)).expectOk(), 0, Wire.RECORD_LENGTH);
        byte[] hash = Crypto.sha256(Crypto.sha256(new byte[32], load), purchase);
        return Bytes.concat(Bytes.u8(purpose), Bytes.u8(state), Bytes.u32(2), Bytes.u32(0), Bytes.u32(9650), Bytes.u32(0), Bytes.u32(3), hash,
            Bytes.u32(orders), Bytes.u32(BLOCKED_BY), register);
    }

    @Test
    void everyStatementTellsAllFiguresAndItsPurpose() {
        byte[] register = register();
        byte[] log = atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_LOG, 0).expectOk();
        assertArrayEquals(expected(Wire.STATEMENT_PURPOSE_LOG, Wire.LIFE_ACTIVE, 1, register), Bytes.slice(log, 0, Wire.STATEMENT_LENGTH));
        byte[] retired = Bytes.concat(order(atDesk(), Wire.ORDER_TYPE_RETIRE, Bytes.u32(2)).expectOk());
        meet();
        byte[] closing = expected(Wire.STATEMENT_PURPOSE_CLOSING, Wire.LIFE_RETIRED, 2, register);
        assertArrayEquals(closing, Bytes.slice(retired, 0, Wire.STATEMENT_LENGTH));
        assertArrayEquals(closing, Bytes.slice(atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_CLOSING, 0).expectOk(), 0, Wire.STATEMENT_LENGTH));
    }

    @Test
    void aCancelledLoadIsToldInAStatementAboutTheRegister() {
        askForLoad(Wire.LOAD_TYPE_LOAD, USD, 777);
        byte[] answer = atKiosk().send(Wire.INS_CANCEL_LOAD, 0, 0, Bytes.u32(2)).expectOk();
        byte[] register = register();
        assertEquals(Wire.LOAD_STATE_CANCELLED, register[Wire.LOAD_REGISTER_STATE]);
        assertArrayEquals(expected(Wire.STATEMENT_PURPOSE_REGISTER, Wire.LIFE_ACTIVE, 1, register),
            Bytes.slice(answer, Wire.CANCEL_LOAD_RES_BODY, Wire.STATEMENT_LENGTH));
    }

    @Test
    void theRegisterNamesTheKioskOfThisLoadAndTheRecordTheOneThatCredited() {
        TestTerminal other = TestTerminal.kiosk(issuer, "KIOSK-02");
        TestSession session = TestSession.openFull(card, other, EUR);
        session.verifyPin(TestCard.PIN).expectOk();
        byte[] statement = Bytes.slice(session.initLoad(Wire.LOAD_TYPE_LOAD, USD, 777).expectOk(), 0, Wire.STATEMENT_LENGTH);
        assertArrayEquals(other.id, Bytes.slice(statement, Wire.STATEMENT_REGISTER + Wire.LOAD_REGISTER_TERMINAL_ID, 8));
        byte[] record = credit(statement);
        assertArrayEquals(Bytes.concat(Bytes.u8(Wire.RECORD_TYPE_LOAD), Bytes.u32(3), Bytes.u32(0), kiosk.id, Bytes.u32(0xAC01), Bytes.u32(0x3E01),
            Bytes.u8(USD), Bytes.u16(Issuer.USD), Bytes.u32(777), Bytes.u32(777), Bytes.u32(0), Bytes.u32(3), Bytes.u32(Issuer.NOW + 60), Bytes.u8(0),
            Bytes.u16(1), Bytes.u32(2)), Bytes.slice(record, 0, Wire.RECORD_LENGTH));
        assertEquals(3, Bytes.u32(register(), Wire.LOAD_REGISTER_CREDIT_NT));
    }
}
