package epurse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class OrderTest extends IssuedCardTest {

    private static final byte[] NEW_PIN = HexFormat.of().parseHex("249999FFFFFFFFFF");

    private byte[] pinReset(long counter) {
        byte[] body = Bytes.u32(counter);
        return Bytes.concat(body, NEW_PIN, issuer.orderSignature(Wire.KEY_REF_ORDER, TestCard.CARD_ID, Wire.ORDER_TYPE_PIN_RESET, body));
    }

    private void spendTries() {
        TestSession session = atKiosk();
        for (int i = 0; i < 5; i++) {
            session.verifyPin(TestCard.WRONG_PIN);
        }
        assertEquals(Wire.LIFE_BLOCKED, card.state());
    }

    private void exchange(TestTerminal terminal) {
        TestSession.openFull(card, terminal, EUR);
    }

    @Test
    void aBlockOrderIsTakenFromAShopAnsweredOnceAndEndsEverySession() { // [R17]
        byte[] answer = order(atPos(), Wire.ORDER_TYPE_BLOCK, Bytes.u32(5)).expectOk();
        byte[] statement = Bytes.slice(answer, 0, Wire.BLOCK_STATEMENT_LENGTH);
        assertEquals(5, Bytes.u32(statement, 0));
        assertTrue(card.verifies(Wire.DOMAIN_SIGNED_BLOCK_STATEMENT, statement, Bytes.from(answer, Wire.BLOCK_STATEMENT_LENGTH)));
        assertEquals(Wire.LIFE_BLOCKED, card.state());
        for (TestTerminal terminal : new TestTerminal[] {pos, kiosk, desk}) {
            Answer resumed = card.plain(0x80, 0x50, 1, 0, Bytes.concat(terminal.id, new byte[16], Bytes.u8(EUR)));
            assertEquals(Wire.SW_REFERENCE_NOT_FOUND, (short) resumed.statusWord());
        }
        exchange(desk);
        assertEquals(5, Bytes.u32(atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_BLOCK, 0).expectOk(), 0));
    }

    @Test
    void anUnblockEndsOlderBlockOrdersAndNotNewerOnes() {
        order(atPos(), Wire.ORDER_TYPE_BLOCK, Bytes.u32(5)).expectOk();
        exchange(desk);
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_STALE,
            order(atDesk(), Wire.ORDER_TYPE_UNBLOCK, Bytes.concat(Bytes.u32(1), Bytes.u32(4))));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_STALE,
            order(atDesk(), Wire.ORDER_TYPE_UNBLOCK, Bytes.concat(Bytes.u32(2), Bytes.u32(6))));
        order(atDesk(), Wire.ORDER_TYPE_UNBLOCK, Bytes.concat(Bytes.u32(1), Bytes.u32(6))).expectOk();
        assertEquals(Wire.LIFE_ACTIVE, card.state());
        exchange(pos);
        byte[] before = state();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_STALE, order(atPos(), Wire.ORDER_TYPE_BLOCK, Bytes.u32(5)));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_STALE, order(atPos(), Wire.ORDER_TYPE_BLOCK, Bytes.u32(6)));
        assertArrayEquals(before, state());
        order(atPos(), Wire.ORDER_TYPE_BLOCK, Bytes.u32(7)).expectOk();
        assertEquals(Wire.LIFE_BLOCKED, card.state());
    }

    @Test
    void ordersAreRefusedFromTheWrongTerminalForAnotherCardAndUnderTheWrongKey() {
        byte[] before = state();
        byte[] one = Bytes.u32(1);
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_ROLE, order(atKiosk(), Wire.ORDER_TYPE_RETIRE, one));
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_ROLE, order(atPos(), Wire.ORDER_TYPE_SYNC, new byte[40]));
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_ROLE,
            order(atPos(), Wire.ORDER_TYPE_PARAMETERS, Bytes.concat(one, Issuer.parameters(2))));
        byte[] anotherCard = issuer.order(Wire.KEY_REF_ORDER, new byte[8], Wire.ORDER_TYPE_RETIRE, one);
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_SIGNATURE, atDesk().order(Wire.ORDER_TYPE_RETIRE, 0, anotherCard));
        byte[] creditKey = issuer.order(Wire.KEY_REF_CREDIT, TestCard.CARD_ID, Wire.ORDER_TYPE_RETIRE, one);
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_SIGNATURE, atDesk().order(Wire.ORDER_TYPE_RETIRE, 0, creditKey));
        byte[] anotherType = issuer.order(Wire.KEY_REF_ORDER, TestCard.CARD_ID, Wire.ORDER_TYPE_BLOCK, one);
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_SIGNATURE, atDesk().order(Wire.ORDER_TYPE_RETIRE, 0, anotherType));
        assertRefused(Wire.SW_WRONG_P1_P2, 0, atDesk().order(8, 0, new byte[20]));
        assertRefused(Wire.SW_WRONG_P1_P2, 0, atDesk().order(Wire.ORDER_TYPE_RETIRE, 2, new byte[80]));
        assertRefused(Wire.SW_WRONG_LENGTH, 0, atDesk().order(Wire.ORDER_TYPE_RETIRE, 0, new byte[4]));
        assertArrayEquals(before, state());
    }

    @Test
    void parametersChangeOnceAndOnlyForward() {
        byte[] body = Bytes.concat(Bytes.u32(1), Issuer.parameters(2));
        order(atKiosk(), Wire.ORDER_TYPE_PARAMETERS, body).expectOk();
        assertEquals(2, Bytes.u16(totals(), Wire.TOTALS_PARAMETERS));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_STALE, order(atKiosk(), Wire.ORDER_TYPE_PARAMETERS, body));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_STALE,
            order(atKiosk(), Wire.ORDER_TYPE_PARAMETERS, Bytes.concat(Bytes.u32(2), Issuer.parameters(2))));
        byte[] tooMany = Issuer.parameters(3);
        tooMany[Wire.PARAMETERS_CANCELS_BETWEEN_SYNCS] = 5;
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_FORMAT,
            order(atKiosk(), Wire.ORDER_TYPE_PARAMETERS, Bytes.concat(Bytes.u32(2), tooMany)));
    }

    @Test
    void aPinResetGivesTriesBackAndNeverTakesTheBlockFlagAway() {
        spendTries();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_STALE, atDesk().order(Wire.ORDER_TYPE_PIN_RESET, 0, pinReset(2)));
        atDesk().order(Wire.ORDER_TYPE_PIN_RESET, 0, pinReset(1)).expectOk();
        assertEquals(Wire.LIFE_ACTIVE, card.state());
        atKiosk().verifyPin(NEW_PIN).expectOk();
        block(1);
        exchange(desk);
        atDesk().order(Wire.ORDER_TYPE_PIN_RESET, 0, pinReset(2)).expectOk();
        assertEquals(Wire.LIFE_BLOCKED, card.state());
    }

    @Test
    void aCutPinResetLeavesABlockedCardThatTakesTheSameOrderAgain() { // [M5] [M8]
        for (int cut = 0;; cut++) {
            beginAgain();
            spendTries();
            byte[] order = pinReset(1);
            byte[] command = atDesk().wrap(Wire.INS_PUT_ORDER, Wire.ORDER_TYPE_PIN_RESET, 0, order);
            // opened before wrap: the session is the card's newest
            if (!Cut.during(card, command, cut)) {
                assertTrue(cut > 3, "only " + cut + " writes");
                return;
            }
            if (card.state() == Wire.LIFE_BLOCKED) {
                atDesk().order(Wire.ORDER_TYPE_PIN_RESET, 0, order).expectOk();
            }
            assertEquals(Wire.LIFE_ACTIVE, card.state(), "cut at write " + cut);
            atKiosk().verifyPin(NEW_PIN).expectOk();
            assertEquals(1, total(Wire.TOTALS_ORDER_COUNTER));
        }
    }

    @Test
    void retirementFreezesTheCardAndGivesItsClosingStatementAsOftenAsAsked() { // [M9]
        load(EUR, 2000);
        askForLoad(Wire.LOAD_TYPE_LOAD, EUR, 100);
        byte[] answer = order(atDesk(), Wire.ORDER_TYPE_RETIRE, Bytes.u32(1)).expectOk();
        byte[] closing = Bytes.slice(answer, 0, Wire.STATEMENT_LENGTH);
        assertEquals(Wire.LIFE_RETIRED, closing[Wire.STATEMENT_STATE]);
        assertEquals(2000, Bytes.u32(closing, Wire.STATEMENT_BALANCES));
        assertEquals(Wire.LOAD_STATE_CANCELLED, closing[Wire.STATEMENT_REGISTER + Wire.LOAD_REGISTER_STATE]);
        assertTrue(card.verifies(Wire.DOMAIN_SIGNED_STATEMENT, closing, Bytes.from(answer, Wire.STATEMENT_LENGTH)));
        assertEquals(Wire.LIFE_RETIRED, card.state());
        exchange(desk);
        byte[] again = atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_CLOSING, 0).expectOk();
        assertArrayEquals(closing, Bytes.slice(again, 0, Wire.STATEMENT_LENGTH));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_LIFE_CYCLE, order(atDesk(), Wire.ORDER_TYPE_UNBLOCK, new byte[8]));
        assertEquals(Wire.SW_CONDITIONS, (short) card.plain(0x80, 0x2A, 0, 0xBE, pos.certificate).statusWord());
    }

    @Test
    void aKeySwitchPutsTheSuccessorInForceOnceAndForgetsAllTerminals() {
        byte[] body = Bytes.concat(Bytes.u32(1), Bytes.u8(Wire.KEY_REF_POS_CA));
        order(atKiosk(), Wire.ORDER_TYPE_KEY_SWITCH, body).expectOk();
        assertEquals(Wire.SW_REFERENCE_NOT_FOUND, (short) card.plain(0x80, 0x50, 1, 0, Bytes.concat(pos.id, new byte[16], Bytes.u8(0))).statusWord());
        assertEquals(Wire.SW_REFERENCE_NOT_FOUND, (short) card.plain(0x80, 0x2A, 0, 0xBE, pos.certificate).statusWord());
        TestTerminal renewed = TestTerminal.pos(issuer, "POS-0001", Wire.KEY_REF_POS_CA_NEXT, Issuer.NOW + Issuer.DAY, new byte[0]);
        exchange(renewed);
        exchange(desk);
        assertRefused(Wire.SW_REFERENCE_NOT_FOUND, Wire.REASON_KEY,
            order(atDesk(), Wire.ORDER_TYPE_KEY_SWITCH, Bytes.concat(Bytes.u32(2), Bytes.u8(Wire.KEY_REF_POS_CA))));
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_FORMAT,
            order(atDesk(), Wire.ORDER_TYPE_KEY_SWITCH, Bytes.concat(Bytes.u32(2), Bytes.u8(Wire.KEY_REF_ORDER))));
    }

    @Test
    void theFirstValidOrderUnderTheNextKeyRetiresTheCurrentOne() {
        byte[] body = Bytes.concat(Bytes.u32(1), Issuer.parameters(2));
        byte[] stale = issuer.order(Wire.KEY_REF_ORDER_NEXT, TestCard.CARD_ID, Wire.ORDER_TYPE_RETIRE, Bytes.u32(9));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_STALE, atDesk().order(Wire.ORDER_TYPE_RETIRE, 1, stale));
        assertEquals(0, totals()[Wire.TOTALS_ORDER_KEY_SWITCHED]);
        byte[] next = issuer.order(Wire.KEY_REF_ORDER_NEXT, TestCard.CARD_ID, Wire.ORDER_TYPE_PARAMETERS, body);
        atDesk().order(Wire.ORDER_TYPE_PARAMETERS, 1, next).expectOk();
        assertEquals(1, totals()[Wire.TOTALS_ORDER_KEY_SWITCHED]);
        assertRefused(Wire.SW_REFERENCE_NOT_FOUND, Wire.REASON_KEY, order(atDesk(), Wire.ORDER_TYPE_RETIRE, Bytes.u32(2)));
        byte[] block = issuer.order(Wire.KEY_REF_ORDER_NEXT, TestCard.CARD_ID, Wire.ORDER_TYPE_BLOCK, Bytes.u32(1));
        atPos().order(Wire.ORDER_TYPE_BLOCK, 1, block).expectOk();
    }

    @Test
    void synchronisationNeverGoesBackNorAheadNorToOtherRecords() {
        load(EUR, 2000);
        atPos().debit(EUR, 100, 1).expectOk();
        atPos().debit(EUR, 50, 2).expectOk();
        byte[] statement = atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_LOG, 0).expectOk();
        byte[] hash = Bytes.slice(statement, Wire.STATEMENT_RUNNING_HASH, 32);
        byte[] before = state();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_STALE,
            order(atDesk(), Wire.ORDER_TYPE_SYNC, Bytes.concat(Bytes.u32(4), hash, Bytes.u32(Issuer.NOW))));
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_FORMAT,
            order(atDesk(), Wire.ORDER_TYPE_SYNC, Bytes.concat(Bytes.u32(2), hash, Bytes.u32(Issuer.NOW))));
        assertArrayEquals(before, state());
        byte[] body = Bytes.concat(Bytes.u32(3), hash, Bytes.u32(Issuer.NOW + 1000));
        order(atDesk(), Wire.ORDER_TYPE_SYNC, body).expectOk();
        assertEquals(3, total(Wire.TOTALS_ACKNOWLEDGED));
        assertEquals(0, total(Wire.TOTALS_OFFLINE_SUMS));
        assertEquals(Issuer.NOW + 1000, total(Wire.TOTALS_DATE));
        before = state();
        order(atDesk(), Wire.ORDER_TYPE_SYNC, body).expectOk();
        assertArrayEquals(before, state());
        atPos().debit(EUR, 70, 3).expectOk();
        order(atDesk(), Wire.ORDER_TYPE_SYNC, body).expectOk();
        assertEquals(70, total(Wire.TOTALS_OFFLINE_SUMS));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_STALE,
            order(atDesk(), Wire.ORDER_TYPE_SYNC, Bytes.concat(Bytes.u32(0), new byte[32], Bytes.u32(Issuer.NOW))));
    }

    @Test
    void anExpiredCardStillSynchronisesAndMovesNoMoney() { // [R8] [M9]
        load(EUR, 2000);
        TestSession session = TestSession.openResumed(card, kiosk, EUR);
        synchronise(card.expiry);
        assertEquals(Wire.LIFE_EXPIRED, card.state());
        assertEquals(Wire.SW_REFERENCE_NOT_FOUND, (short) card.plain(0x80, 0x50, 1, 0, Bytes.concat(pos.id, new byte[16], Bytes.u8(0))).statusWord());
        session = atKiosk();
        session.verifyPin(TestCard.PIN).expectOk();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_CARD_EXPIRED, session.initLoad(Wire.LOAD_TYPE_UNLOAD, EUR, 100));
        assertEquals(4, session.s1[Wire.OPENING_ANSWER_FLAGS]);
        synchronise(card.expiry + 5);
        order(atDesk(), Wire.ORDER_TYPE_RETIRE, Bytes.u32(1)).expectOk();
    }
}
