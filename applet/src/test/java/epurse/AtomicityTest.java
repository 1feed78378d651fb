package epurse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.Function;
import jcardsim.bridge.Counters;
import jcardsim.bridge.Counters.Item;
import org.junit.jupiter.api.Test;

/** What belongs together is written in one transaction and nothing beside it; what is written alone is one write. [M5] */
class AtomicityTest extends IssuedCardTest {

    @Override
    void prepare() {
        load(EUR, 10000);
        atPos().debit(EUR, 300, 1).expectOk();
    }

    /** Persistent writes of the last command: in a transaction, alone, without atomicity; and transactions. */
    private static void assertWrites(TestCard card, String what, long inTransaction, long alone, long nonAtomic, long commits) {
        Counters cost = card.simulated.lastCommand();
        String expected = "in transaction %d, alone %d, non-atomic %d, commits %d, aborts 0".formatted(inTransaction, alone, nonAtomic, commits);
        assertEquals(expected, "in transaction %d, alone %d, non-atomic %d, commits %d, aborts %d".formatted(cost.get(Item.WRITES_IN_TRANSACTION),
            cost.get(Item.WRITES_ATOMIC), cost.get(Item.WRITES_NON_ATOMIC), cost.get(Item.COMMITS), cost.get(Item.ABORTS)), what);
    }

    private void writes(String what, Answer done, long inTransaction, long alone) {
        done.expectOk();
        assertWrites(card, what, inTransaction, alone, 0, inTransaction > 0 ? 1 : 0);
    }

    @Test
    void whatMovesMoneyIsOneTransaction() {
        writes("debit", atPos().debit(EUR, 100, 2), 2, 0);
        TestSession full = TestSession.openFull(card, pos, EUR);
        writes("cancel", full.send(Wire.INS_CANCEL_LAST, 0, 0, Bytes.u8(EUR), Bytes.u32(100), Bytes.u32(3), Bytes.u32(2), Bytes.u32(3),
            Bytes.u32(Issuer.NOW), pos.cancelOrder(TestCard.CARD_ID, 3, 2, 3, EUR, 100)), 5, 0);
        byte[] statement = askForLoad(Wire.LOAD_TYPE_LOAD, EUR, 500);
        assertWrites(card, "asking for a load", 0, 1, 0, 0);
        writes("credit", atKiosk().send(Wire.INS_CREDIT, 0, 0, authorise(statement)), 2, 0);
        writes("credit again", atKiosk().send(Wire.INS_CREDIT, 0, 0, authorise(statement)), 0, 0);
        byte[] other = askForLoad(Wire.LOAD_TYPE_UNLOAD, EUR, 500);
        writes("cancelled load", atKiosk().send(Wire.INS_CANCEL_LOAD, 0, 0, Bytes.slice(other, Wire.STATEMENT_REGISTER, 4)), 0, 1);
        writes("cancelled again", atKiosk().send(Wire.INS_CANCEL_LOAD, 0, 0, Bytes.slice(other, Wire.STATEMENT_REGISTER, 4)), 0, 0);
    }

    /** Counter and what it counts. */
    @Test
    void anOrderIsOneTransactionAndAPinResetOneBehindItsFirstSteps() {
        Function<Integer, byte[]> turn = Bytes::u32;
        writes("parameters", order(atDesk(), Wire.ORDER_TYPE_PARAMETERS, Bytes.concat(turn.apply(1), Issuer.parameters(2))), 2, 0);
        writes("unblock", order(atDesk(), Wire.ORDER_TYPE_UNBLOCK, Bytes.concat(turn.apply(2), Bytes.u32(9))), 3, 0);
        byte[] body = turn.apply(3);
        byte[] reset = Bytes.concat(body, TestCard.PIN, issuer.orderSignature(Wire.KEY_REF_ORDER, TestCard.CARD_ID, Wire.ORDER_TYPE_PIN_RESET, body));
        writes("PIN reset", atDesk().order(Wire.ORDER_TYPE_PIN_RESET, 0, reset), 2, 2);
        byte[] hash = Bytes.slice(atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_LOG, 0).expectOk(), Wire.STATEMENT_RUNNING_HASH, 32);
        writes("synchronisation", order(atDesk(), Wire.ORDER_TYPE_SYNC, Bytes.concat(Bytes.u32(2), hash, Bytes.u32(Issuer.NOW))), 1, 0);
        writes("key switch with three known terminals",
            order(atDesk(), Wire.ORDER_TYPE_KEY_SWITCH, Bytes.concat(turn.apply(4), Bytes.u8(Wire.KEY_REF_CREDIT))), 2 + 3, 0);
        TestSession.openFull(card, desk, EUR);
        writes("block", order(atDesk(), Wire.ORDER_TYPE_BLOCK, Bytes.u32(10)), 2 + 1, 0);
        TestSession.openFull(card, desk, EUR);
        writes("block by the same order again", order(atDesk(), Wire.ORDER_TYPE_BLOCK, Bytes.u32(10)), 1 + 1, 0);
        TestSession.openFull(card, desk, EUR);
        byte[] next = issuer.order(Wire.KEY_REF_ORDER_NEXT, TestCard.CARD_ID, Wire.ORDER_TYPE_BLOCK, Bytes.u32(11));
        writes("block under the next key", atDesk().order(Wire.ORDER_TYPE_BLOCK, 1, next), 3 + 1, 0);
        TestSession.openFull(card, desk, EUR);
        byte[] retire = issuer.order(Wire.KEY_REF_ORDER_NEXT, TestCard.CARD_ID, Wire.ORDER_TYPE_RETIRE, turn.apply(5));
        writes("retirement", atDesk().order(Wire.ORDER_TYPE_RETIRE, 1, retire), 2 + 1, 0);
    }

    @Test
    void aPendingLoadIsCancelledInTheTransactionOfTheRetirement() {
        askForLoad(Wire.LOAD_TYPE_LOAD, EUR, 500);
        writes("retirement", order(atDesk(), Wire.ORDER_TYPE_RETIRE, Bytes.u32(1)), 2 + 1 + 3, 0);
    }

    /** Off, data, two keys, on: a tear leaves the slot empty. The data may tear in themselves, so they count as two. */
    @Test
    void aTerminalIsRememberedInFiveStepsAndAResumedSessionWritesNothing() {
        atPos();
        assertWrites(card, "resumed", 0, 0, 0, 0);
        TestSession.openFull(card, pos, EUR);
        assertWrites(card, "confirmed", 0, 4, 2, 0);
    }

    @Test
    void dataAndTheFlagThatTheyAreThereAreStoredTogether() {
        try (TestCard raw = TestCard.raw(issuer)) {
            TestSession session = TestSession.openRaw(raw);
            raw.points = session.send(Wire.INS_GENERATE_KEYS, 0, 0).expectOk();
            session.store(Wire.DATA_GROUP_CARD_DATA, 0, raw.cardData()).expectOk();
            assertWrites(raw, "card data", 3, 0, 0, 1);
            session.store(Wire.DATA_GROUP_PARAMETERS, 0, Issuer.parameters(1)).expectOk();
            assertWrites(raw, "parameters", 2, 0, 0, 1);
            session.store(Wire.DATA_GROUP_PIN, 0, TestCard.PIN).expectOk();
            assertWrites(raw, "PIN, then its flag", 0, 2, 0, 0);
            byte[] certificate = issuer.cardCertificate(TestCard.CARD_ID, TestCard.KEY_VERSION, raw.points, raw.expiry);
            session.store(Wire.DATA_GROUP_CERTIFICATE, 0, Bytes.slice(certificate, 0, 128)).expectOk();
            assertWrites(raw, "first block", 2, 0, 0, 1);
            session.store(Wire.DATA_GROUP_KEY, 0, issuer.keyData(0)).expectOk();
            assertWrites(raw, "key: not there, point, roles, there", 0, 4, 0, 0);
        }
    }
}
