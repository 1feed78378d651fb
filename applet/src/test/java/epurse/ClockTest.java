package epurse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** A terminal's clock can refuse, and never revive: what has expired at the card's own date stays so. [R8] */
class ClockTest extends IssuedCardTest {

    private static final long TOMORROW = Issuer.NOW + Issuer.DAY;

    private TestTerminal kioskUntilTomorrow() {
        return TestTerminal.until(issuer, "KIOSK-09", Wire.ROLE_LOAD, Wire.KEY_REF_TERMINAL_CA, TOMORROW);
    }

    private void synchronised(TestSession session, long date) {
        order(session, Wire.ORDER_TYPE_SYNC, Bytes.concat(Bytes.u32(0), new byte[32], Bytes.u32(date))).expectOk();
        session.verifyPin(TestCard.PIN).expectOk();
    }

    private static Answer ask(TestSession session, long time) {
        return session.send(Wire.INS_INIT_LOAD, 0, 0, Bytes.u8(Wire.LOAD_TYPE_LOAD), Bytes.u8(EUR), Bytes.u32(100), Bytes.u32(time));
    }

    @Test
    void aTerminalWhoseCertificateExpiresInItsSessionIsRefusedWhateverItsClockSays() {
        TestTerminal kiosk = kioskUntilTomorrow();
        TestSession session = TestSession.openFull(card, kiosk, EUR);
        synchronised(session, TOMORROW - 1);
        ask(session, Issuer.NOW).expectOk();
        synchronised(session, TOMORROW);
        for (long time : new long[] {0, 1, Issuer.NOW, TOMORROW - 1, TOMORROW}) {
            session.verifyPin(TestCard.PIN).expectOk();
            assertRefused(Wire.SW_CONDITIONS, Wire.REASON_TERMINAL_EXPIRED, ask(session, time));
        }
        assertEquals(Wire.SW_REFERENCE_NOT_FOUND, (short) card.plain(0x80, Wire.INS_OPEN_SESSION_RESUMED, 1, 0,
            Bytes.concat(kiosk.id, new byte[16], Bytes.u8(EUR))).statusWord());
    }

    @Test
    void aCancelAfterTheEndOfTheCertificateOrTheCardIsRefused() {
        load(EUR, 1000);
        TestSession session = TestSession.openFull(card, pos, EUR);
        session.debit(EUR, 100, 1).expectOk();
        byte[] signature = pos.cancelOrder(TestCard.CARD_ID, 2, 1, 2, EUR, 100);
        long[][] cases = {{pos.expiry, Wire.REASON_TERMINAL_EXPIRED}, {card.expiry, Wire.REASON_CARD_EXPIRED}};
        for (long[] each : cases) {
            assertRefused(Wire.SW_CONDITIONS, (int) each[1], session.send(Wire.INS_CANCEL_LAST, 0, 0, Bytes.u8(EUR), Bytes.u32(100), Bytes.u32(2),
                Bytes.u32(1), Bytes.u32(2), Bytes.u32(each[0]), signature));
        }
        session.send(Wire.INS_CANCEL_LAST, 0, 0, Bytes.u8(EUR), Bytes.u32(100), Bytes.u32(2), Bytes.u32(1), Bytes.u32(2), Bytes.u32(pos.expiry - 1),
            signature).expectOk();
    }

    @Test
    void anExpiredCardTakesNoPinAtAShop() { // [R16]
        TestTerminal shop = TestTerminal.pos(issuer, "POS-0010", Wire.KEY_REF_POS_CA, card.expiry + Issuer.DAY,
            Bytes.concat(Bytes.u16(Issuer.EUR), Bytes.u32(10000)));
        TestSession.openFull(card, shop, EUR);
        synchronise(card.expiry);
        for (byte[] pin : new byte[][] {TestCard.PIN, TestCard.WRONG_PIN}) {
            TestSession session = TestSession.openResumed(card, shop, EUR);
            assertRefused(Wire.SW_CONDITIONS, Wire.REASON_CARD_EXPIRED, session.verifyPin(pin));
            assertEquals(5, session.s1[Wire.OPENING_ANSWER_PIN_TRIES]);
        }
        assertEquals(5, TestSession.openResumed(card, shop, EUR).s1[Wire.OPENING_ANSWER_PIN_TRIES]);
    }

    @Test
    void aClockThatRunsAheadRefusesTheServiceAndStoresNothing() {
        TestSession session = TestSession.openFull(card, kioskUntilTomorrow(), EUR);
        for (long time : new long[] {TOMORROW, TOMORROW + 1, card.expiry - 1}) {
            session.verifyPin(TestCard.PIN).expectOk();
            assertRefused(Wire.SW_CONDITIONS, Wire.REASON_TERMINAL_EXPIRED, ask(session, time));
        }
        for (long time : new long[] {card.expiry, 0x80000000L, 0xFFFFFFFFL}) {
            session.verifyPin(TestCard.PIN).expectOk();
            assertRefused(Wire.SW_CONDITIONS, Wire.REASON_CARD_EXPIRED, ask(session, time));
        }
        session.verifyPin(TestCard.PIN).expectOk();
        ask(session, TOMORROW - 1).expectOk();
        assertEquals(Issuer.NOW, total(Wire.TOTALS_DATE));
    }
}
