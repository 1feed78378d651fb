package epurse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What the opening answer says of the room for purchases, and of the card's state. */
class HeadroomTest extends IssuedCardTest {

    /** AUD: a unit whose code begins with a byte that is no count. */
    private static final int AUD = 0x0036;
    private static final int BLOCKED = 0x02;
    private static final int EXPIRED = 0x04;
    private static final int RETIRED = 0x08;
    private static final int NO_ROOM = 0x10;

    @Override
    void prepare() {
        load(EUR, 15000);
    }

    private byte[] parameters(int version, int offlineCount, byte[] eur, byte[] points) {
        byte[] usd = Bytes.slice(Issuer.parameters(version), 4 + Wire.SLOT_PARAMETERS_LENGTH, Wire.SLOT_PARAMETERS_LENGTH);
        return Bytes.concat(Bytes.u16(version), Bytes.u8(offlineCount), Bytes.u8(2), eur, usd, points);
    }

    private static byte[] slot(long maxBalance, long maxTransaction, long pinlessSingle, long pinlessSum, long offlineSum, long step) {
        return Bytes.concat(Bytes.u32(maxBalance), Bytes.u32(maxTransaction), Bytes.u32(pinlessSingle), Bytes.u32(pinlessSum),
            Bytes.u32(offlineSum), Bytes.u32(step));
    }

    private static byte[] room(TestSession session) {
        return Bytes.slice(session.s1, Wire.OPENING_ANSWER_ROOM, 12);
    }

    private static byte[] room(long transaction, long pinless, long offline) {
        return Bytes.concat(Bytes.u32(transaction), Bytes.u32(pinless), Bytes.u32(offline));
    }

    @Test
    void aCardThatMayNotPayOftenerBeforeItsSynchronisationHasNoRoomOffline() {
        byte[] set = parameters(2, 3, slot(20000, 5000, 2500, 6000, 15000, 0), slot(1000, 500, 500, 1000, 1000, 0));
        order(atDesk(), Wire.ORDER_TYPE_PARAMETERS, Bytes.concat(Bytes.u32(1), set)).expectOk();
        for (int paid = 0; paid < 3; paid++) {
            assertArrayEquals(room(5000, 2500, 15000 - 100L * paid), room(atPos()));
            atPos().debit(EUR, 100, paid).expectOk();
        }
        assertArrayEquals(room(5000, 2500, 0), room(atPos()));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_OFFLINE_COUNT, atPos().debit(EUR, 100, 4));
    }

    @Test
    void theSmallestOfLimitAndRestIsShown() {
        byte[] set = parameters(2, 20, slot(20000, 20000, 2500, 3000, 15000, 0), slot(1000, 500, 500, 1000, 1000, 0));
        order(atDesk(), Wire.ORDER_TYPE_PARAMETERS, Bytes.concat(Bytes.u32(1), set)).expectOk();
        assertArrayEquals(room(10000, 2500, 15000), room(atPos()));
        atPos().debit(EUR, 700, 1).expectOk();
        assertArrayEquals(room(10000, 2300, 14300), room(atPos()));
    }

    @Test
    void aShopIsServedInEachUnitOfItsGrantWhateverTheOrder() {
        byte[] limits = Bytes.concat(Bytes.u16(AUD), Bytes.u32(1), Bytes.u16(Issuer.USD), Bytes.u32(2), Bytes.u16(Issuer.EUR), Bytes.u32(3));
        TestTerminal shop = TestTerminal.pos(issuer, "POS-0036", Wire.KEY_REF_POS_CA, Issuer.NOW + Issuer.DAY, limits);
        TestSession.openFull(card, shop, EUR);
        assertArrayEquals(room(3, 2500, 15000), room(TestSession.openResumed(card, shop, EUR)));
        assertArrayEquals(room(2, 2500, 15000), room(TestSession.openResumed(card, shop, USD)));
        TestSession points = TestSession.openResumed(card, shop, POINTS);
        assertArrayEquals(new byte[12], room(points));
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_UNIT, points.debit(POINTS, 1, 1));
        TestSession.openResumed(card, shop, EUR).debit(EUR, 3, 2).expectOk();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_TERMINAL_LIMIT, TestSession.openResumed(card, shop, EUR).debit(EUR, 4, 3));
    }

    @Test
    void whatIsPaidInPointsEarnsNone() {
        byte[] set = parameters(2, 20, slot(20000, 5000, 2500, 6000, 15000, 1), slot(1000, 500, 500, 1000, 1000, 1));
        order(atDesk(), Wire.ORDER_TYPE_PARAMETERS, Bytes.concat(Bytes.u32(1), set)).expectOk();
        atPos().debit(EUR, 50, 1).expectOk();
        assertEquals(50, balance(POINTS));
        byte[] answer = TestSession.openResumed(card, pos, POINTS).debit(POINTS, 20, 2).expectOk();
        assertEquals(0, Bytes.u32(answer, Wire.DEBIT_RES_POINTS));
        assertEquals(30, balance(POINTS));
    }

    @Test
    void aShopWithoutAGrantLearnsNothingFromWhatWasAnsweredBefore() {
        TestTerminal dollars = TestTerminal.pos(issuer, "POS-USD1", Wire.KEY_REF_POS_CA, Issuer.NOW + Issuer.DAY,
            Bytes.concat(Bytes.u16(Issuer.USD), Bytes.u32(100)));
        TestSession.openFull(card, dollars, USD);
        TestSession before = atKiosk();
        before.verifyPin(TestCard.PIN).expectOk();
        before.send(Wire.INS_READ_LOG, Wire.LOG_VIEW_RECORDS, 0, Bytes.u32(1)).expectOk();
        before.totals();
        byte[] s1 = TestSession.resumeAgain(card, dollars, EUR).s1;
        assertEquals(0, Bytes.u32(s1, Wire.OPENING_ANSWER_BALANCE));
        assertArrayEquals(new byte[12], Bytes.slice(s1, Wire.OPENING_ANSWER_ROOM, 12));
        assertArrayEquals(new byte[Wire.NEWEST_RECORD_LENGTH], Bytes.from(s1, Wire.OPENING_ANSWER_NEWEST));
    }

    @Test
    void aShopSeesItsOwnNewestRecordHoweverManyOthersCameAfter() {
        TestTerminal other = TestTerminal.pos(issuer, "POS-0002");
        TestSession.openFull(card, other, EUR).debit(EUR, 70, 5).expectOk();
        atPos().debit(EUR, 10, 6).expectOk();
        atPos().debit(EUR, 20, 7).expectOk();
        assertArrayEquals(Bytes.concat(Bytes.u32(2), Bytes.u8(Wire.RECORD_TYPE_PURCHASE), Bytes.u32(5), Bytes.u8(EUR), Bytes.u32(70)),
            Bytes.from(TestSession.openResumed(card, other, EUR).s1, Wire.OPENING_ANSWER_NEWEST));
        assertArrayEquals(Bytes.concat(Bytes.u32(4), Bytes.u8(Wire.RECORD_TYPE_PURCHASE), Bytes.u32(7), Bytes.u8(EUR), Bytes.u32(20)),
            Bytes.from(atPos().s1, Wire.OPENING_ANSWER_NEWEST));
    }

    @Test
    void aKioskSeesHowTheLastLoadEnded() {
        byte[] brief = Bytes.concat(Bytes.u32(1), Bytes.u8(Wire.LOAD_STATE_CREDITED), Bytes.u8(Wire.LOAD_TYPE_LOAD), Bytes.u8(EUR), Bytes.u32(15000), Bytes.u8(0));
        assertArrayEquals(brief, room(atKiosk()));
        assertEquals(15000, atKiosk().s1(Wire.OPENING_ANSWER_BALANCE));
        askForLoad(Wire.LOAD_TYPE_UNLOAD, EUR, 70);
        brief = Bytes.concat(Bytes.u32(2), Bytes.u8(Wire.LOAD_STATE_PENDING), Bytes.u8(Wire.LOAD_TYPE_UNLOAD), Bytes.u8(EUR), Bytes.u32(70), Bytes.u8(0));
        assertArrayEquals(brief, room(atKiosk()));
        atKiosk().send(Wire.INS_CANCEL_LOAD, 0, 0, Bytes.u32(2)).expectOk();
        brief[Wire.LOAD_REGISTER_BRIEF_STATE] = Wire.LOAD_STATE_CANCELLED;
        assertArrayEquals(brief, room(atKiosk()));
    }

    private void fillTheLog() {
        for (int i = 0; i < Wire.LOG_SIZE - Wire.PURCHASE_RESERVE - 1; i++) {
            byte[] register = Bytes.from(askForLoad(Wire.LOAD_TYPE_LOAD, EUR, 1), Wire.STATEMENT_REGISTER);
            byte[] credit = issuer.authorisation(TestCard.CARD_ID, register, 0, new byte[32], Issuer.NOW);
            atKiosk().send(Wire.INS_CREDIT, 0, 0, credit).expectOk();
        }
    }

    private int flags() {
        return TestSession.openFull(card, desk, EUR).s1[Wire.OPENING_ANSWER_FLAGS];
    }

    @Test
    void theFlagsTellEveryReasonAtOnce() {
        assertEquals(0, flags());
        fillTheLog();
        assertEquals(NO_ROOM, flags());
        order(atDesk(), Wire.ORDER_TYPE_SYNC, Bytes.concat(Bytes.u32(0), new byte[32], Bytes.u32(card.expiry))).expectOk();
        assertEquals(NO_ROOM | EXPIRED, flags());
        block(1);
        assertEquals(NO_ROOM | EXPIRED | BLOCKED, flags());
        order(atDesk(), Wire.ORDER_TYPE_RETIRE, Bytes.u32(1)).expectOk();
        assertEquals(NO_ROOM | EXPIRED | RETIRED, flags());
    }
}
