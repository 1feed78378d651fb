package epurse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The rings of records and of kept cancel orders, all the way round. [R14] */
@Tag("slow")
class RingTest extends IssuedCardTest {

    private static final int NO_ROOM = 0x10;

    @Override
    void prepare() {
        load(EUR, 10000);
    }

    private void pay(int times, int firstTn) {
        for (int i = 0; i < times; i++) {
            atPos().debit(EUR, 1, firstTn + i).expectOk();
        }
    }

    /** A load that acknowledges nothing. */
    private Answer loadWithoutSync(int slot, long amount) {
        return creditWithoutSync(askForLoad(Wire.LOAD_TYPE_LOAD, slot, amount));
    }

    private Answer creditWithoutSync(byte[] statement) {
        byte[] register = Bytes.from(statement, Wire.STATEMENT_REGISTER);
        return atKiosk().send(Wire.INS_CREDIT, 0, 0, issuer.authorisation(TestCard.CARD_ID, register, 0, new byte[32], Issuer.NOW));
    }

    private byte[] record(long nt) {
        return Bytes.slice(atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_RECORD, 0, Bytes.u32(nt)).expectOk(), 0, Wire.RECORD_LENGTH);
    }

    @Test
    void thirtyTwoRecordsAreKeptForTheIssuerAndNoneIsOverwritten() {
        byte[] first = record(1);
        for (int nt = 2; nt <= Wire.LOG_SIZE; nt++) {
            loadWithoutSync(EUR, nt).expectOk();
        }
        byte[] statement = askForLoad(Wire.LOAD_TYPE_LOAD, EUR, 1);
        byte[] before = state();
        assertRefused(Wire.SW_LOG_FULL, Wire.REASON_LOG_FULL, creditWithoutSync(statement));
        assertArrayEquals(before, state());
        assertArrayEquals(first, record(1));
        assertEquals(Wire.LOG_SIZE, total(Wire.TOTALS_NT));
        synchronise(Issuer.NOW);
        creditWithoutSync(statement).expectOk();
        assertEquals(Wire.LOG_SIZE + 1, total(Wire.TOTALS_NT));
    }

    @Test
    void theOpeningAnswerSaysWhenAPurchaseFindsNoRoomAndNotBefore() {
        for (int nt = 2; nt <= Wire.LOG_SIZE - Wire.PURCHASE_RESERVE; nt++) {
            assertEquals(0, atPos().s1[Wire.OPENING_ANSWER_FLAGS]);
            loadWithoutSync(EUR, nt).expectOk();
        }
        assertEquals(NO_ROOM, atPos().s1[Wire.OPENING_ANSWER_FLAGS]);
        assertRefused(Wire.SW_LOG_FULL, Wire.REASON_LOG_FULL, atPos().debit(EUR, 1, 1));
    }

    @Test
    void aSynchronisationOfAFullRingCountsNoRecordThatTheIssuerHolds() {
        for (int round = 0; round < 2; round++) {
            pay(18, 100 * round);
            synchronise(Issuer.NOW + round);
            assertEquals(0, total(Wire.TOTALS_OFFLINE_SUMS));
            assertEquals(0, totals()[Wire.TOTALS_OFFLINE_COUNT]);
        }
    }

    @Test
    void sumsOfAnySizeAreCountedAnewBySynchronisation() {
        byte[] most = Bytes.concat(Bytes.fill(0xFF, 20), Bytes.u32(0));
        byte[] points = Bytes.from(Issuer.parameters(2), 4 + 2 * most.length);
        order(atDesk(), Wire.ORDER_TYPE_PARAMETERS, Bytes.concat(Bytes.u32(1), Bytes.u16(2), Bytes.u8(20), Bytes.u8(2), most, most, points)).expectOk();
        byte[] limits = Bytes.concat(Bytes.u16(Issuer.EUR), Bytes.fill(0xFF, 4), Bytes.u16(Issuer.USD), Bytes.fill(0xFF, 4));
        TestTerminal any = TestTerminal.pos(issuer, "POS-0003", Wire.KEY_REF_POS_CA, Issuer.NOW + Issuer.DAY, limits);
        long amount = 0x12345678L;
        load(EUR, amount);
        load(USD, amount);
        TestSession session = TestSession.openFull(card, any, EUR);
        session.debit(EUR, amount, 1).expectOk();
        session.debit(USD, amount, 2).expectOk();
        assertEquals(amount, total(Wire.TOTALS_OFFLINE_SUMS));
        assertEquals(amount, total(Wire.TOTALS_OFFLINE_SUMS + 4));
        synchronise(Issuer.NOW + 1);
        assertArrayEquals(new byte[13], Bytes.slice(totals(), Wire.TOTALS_OFFLINE_SUMS, 13));
    }

    @Test
    void aLateSynchronisationPassesOverLoads() {
        byte[] statement = atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_LOG, 0).expectOk();
        pay(1, 1);
        loadWithoutSync(USD, 70).expectOk();
        pay(1, 2);
        order(atDesk(), Wire.ORDER_TYPE_SYNC, Bytes.concat(Bytes.slice(statement, Wire.STATEMENT_NT, 4),
            Bytes.slice(statement, Wire.STATEMENT_RUNNING_HASH, 32), Bytes.u32(Issuer.NOW))).expectOk();
        byte[] totals = totals();
        assertEquals(1, Bytes.u32(totals, Wire.TOTALS_ACKNOWLEDGED));
        assertEquals(2, Bytes.u32(totals, Wire.TOTALS_OFFLINE_SUMS));
        assertEquals(0, Bytes.u32(totals, Wire.TOTALS_OFFLINE_SUMS + 4));
        assertEquals(2, totals[Wire.TOTALS_OFFLINE_COUNT]);
        assertEquals(0, totals[Wire.TOTALS_CANCELS]);
    }

    @Test
    void aLoadWhoseRecordLiesInTheFirstPlaceIsAnsweredWithIt() {
        pay(16, 1);
        synchronise(Issuer.NOW);
        pay(14, 20);
        byte[] record = load(EUR, 300);
        assertEquals(Wire.LOG_SIZE, Bytes.u32(record, Wire.RECORD_NT));
        byte[] answer = atDesk().send(Wire.INS_CANCEL_LOAD, 0, 0, Bytes.u32(2)).expectOk();
        assertEquals(1, answer[Wire.CANCEL_LOAD_RES_KIND]);
        assertArrayEquals(Bytes.slice(record, 0, Wire.RECORD_LENGTH), Bytes.slice(answer, Wire.CANCEL_LOAD_RES_BODY, Wire.RECORD_LENGTH));
        assertArrayEquals(Bytes.slice(record, 0, Wire.RECORD_LENGTH), record(Wire.LOG_SIZE));
    }

    private Answer cancel(TestSession session, long nt, long tn, long ownTn) {
        return session.send(Wire.INS_CANCEL_LAST, 0, 0, Bytes.u8(EUR), Bytes.u32(1), Bytes.u32(nt), Bytes.u32(tn), Bytes.u32(ownTn),
            Bytes.u32(Issuer.NOW + 60), pos.cancelOrder(TestCard.CARD_ID, nt, tn, ownTn, EUR, 1));
    }

    @Test
    void aPurchaseInTheFirstPlaceIsShownToItsShopAndCancelledLikeAnyOther() {
        pay(16, 1);
        synchronise(Issuer.NOW);
        pay(14, 20);
        atPos().debit(EUR, 1, 50).expectOk();
        TestSession session = TestSession.openFull(card, pos, EUR);
        assertEquals(Wire.LOG_SIZE, session.s1(Wire.OPENING_ANSWER_NEWEST + Wire.NEWEST_RECORD_NT));
        cancel(session, Wire.LOG_SIZE, 50, 51).expectOk();
        assertEquals(Wire.LOG_SIZE + 1, total(Wire.TOTALS_NT));
    }

    private byte[] keptOrder(int place) {
        return Bytes.slice(atDesk().send(Wire.INS_READ_LOG, Wire.LOG_VIEW_CANCEL_ORDERS, place).expectOk(), 0, Wire.KEPT_CANCEL_ORDER_SIGNATURE);
    }

    @Test
    void cancelOrdersAreKeptInFourPlacesInTurnAndTwoBetweenSynchronisations() {
        long nt = 1;
        for (int i = 0; i < 6; i++) {
            TestSession session = TestSession.openFull(card, pos, EUR);
            session.debit(EUR, 1, 10 + i).expectOk();
            nt++;
            cancel(session, nt, 10 + i, 20 + i).expectOk();
            assertArrayEquals(Bytes.concat(Bytes.u32(nt), Bytes.u32(10 + i), Bytes.u32(20 + i)), keptOrder(i % Wire.CANCEL_ORDERS));
            nt++;
            if (i % 2 == 1) {
                TestSession third = TestSession.openFull(card, pos, EUR);
                third.debit(EUR, 1, 40 + i).expectOk();
                nt++;
                assertRefused(Wire.SW_CONDITIONS, Wire.REASON_CANCEL_LIMIT, cancel(third, nt, 40 + i, 50 + i));
                synchronise(Issuer.NOW + i);
            }
        }
        for (int place : new int[] {Wire.CANCEL_ORDERS, 0x7F, 0x80, 0xFF}) {
            assertRefused(Wire.SW_WRONG_P1_P2, 0, atDesk().send(Wire.INS_READ_LOG, Wire.LOG_VIEW_CANCEL_ORDERS, place));
        }
    }
}
