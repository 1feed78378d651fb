package epurse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.Consumer;
import jcardsim.bridge.Snapshot;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A command that is refused half-way has reckoned with figures in RAM; the next one of the same session begins from what is stored. [M7] */
@Tag("slow")
class LeftoverTest extends IssuedCardTest {

    @Override
    void prepare() {
        load(EUR, 15000);
        order(atDesk(), Wire.ORDER_TYPE_BLOCK, Bytes.u32(5)).expectOk();
        TestSession.openFull(card, desk, EUR);
        order(atDesk(), Wire.ORDER_TYPE_UNBLOCK, Bytes.concat(Bytes.u32(1), Bytes.u32(5))).expectOk();
        TestSession.openFull(card, pos, EUR);
        TestSession.openFull(card, kiosk, EUR);
        atPos().debit(EUR, 300, 1).expectOk();
        synchronise(Issuer.NOW + 1);
        atPos().debit(EUR, 200, 2).expectOk();
    }

    /** READ LOG totals as far as a day's figures go. */
    private static byte[] figures(byte[] totals) {
        return Bytes.slice(totals, 0, Wire.TOTALS_PIN_TRIES);
    }

    private Answer cancel(TestSession session, TestTerminal signer) {
        return session.send(Wire.INS_CANCEL_LAST, 0, 0, Bytes.u8(EUR), Bytes.u32(200), Bytes.u32(3), Bytes.u32(2), Bytes.u32(9),
            Bytes.u32(Issuer.NOW + 60), signer.cancelOrder(TestCard.CARD_ID, 3, 2, 9, EUR, 200));
    }

    /** Reckons sums, count and balance of the second purse before it finds that there is no balance. */
    private static void refuseDebit(TestSession session) {
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_BALANCE, session.debit(USD, 1, 3));
    }

    @Test
    void aRefusedDebitLeavesNothingToADebit() {
        TestSession session = atPos();
        refuseDebit(session);
        session.debit(EUR, 100, 4).expectOk();
        byte[] once = figures(totals());
        beginAgain();
        atPos().debit(EUR, 100, 4).expectOk();
        assertArrayEquals(figures(totals()), once);
    }

    @Test
    void aRefusedDebitLeavesNothingToACancel() {
        TestSession session = TestSession.openFull(card, pos, EUR);
        refuseDebit(session);
        cancel(session, pos).expectOk();
        byte[] once = figures(totals());
        beginAgain();
        cancel(TestSession.openFull(card, pos, EUR), pos).expectOk();
        assertArrayEquals(figures(totals()), once);
    }

    @Test
    void aRefusedCancelLeavesNoNumberToAProofOfBlocking() {
        TestSession session = TestSession.openFull(card, pos, EUR);
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_SIGNATURE, cancel(session, kiosk));
        byte[] proof = session.send(Wire.INS_GET_PROOF, Wire.PROOF_BLOCK, 0).expectOk();
        assertArrayEquals(Bytes.concat(Bytes.u32(5), Bytes.u32(3)), Bytes.slice(proof, 0, Wire.BLOCK_STATEMENT_LENGTH));
    }

    @Test
    void aRefusedCancelLeavesNoNumberToABlocking() {
        TestSession session = TestSession.openFull(card, pos, EUR);
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_SIGNATURE, cancel(session, kiosk));
        byte[] proof = order(session, Wire.ORDER_TYPE_BLOCK, Bytes.u32(6)).expectOk();
        assertArrayEquals(Bytes.concat(Bytes.u32(6), Bytes.u32(3)), Bytes.slice(proof, 0, Wire.BLOCK_STATEMENT_LENGTH));
    }

    /** A credit that came too late: by then the card has taken acknowledgement, date and sums over, in RAM. */
    private TestSession withRefusedCredit(byte[] statement) {
        TestSession session = atKiosk();
        session.verifyPin(TestCard.PIN).expectOk();
        byte[] late = issuer.authorisation(TestCard.CARD_ID, Bytes.from(statement, Wire.STATEMENT_REGISTER), Bytes.u32(statement, Wire.STATEMENT_NT),
            Bytes.slice(statement, Wire.STATEMENT_RUNNING_HASH, 32), card.expiry);
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_CARD_EXPIRED, session.send(Wire.INS_CREDIT, 0, 0, late));
        return session;
    }

    @Test
    void aRefusedCreditLeavesNothingToAnyCommandOfAKiosk() {
        byte[] totals = totals();
        byte[] statement = askForLoad(Wire.LOAD_TYPE_LOAD, EUR, 500);
        byte[] log = Bytes.from(Bytes.slice(statement, 0, Wire.STATEMENT_REGISTER), 1);
        byte[] old = Bytes.concat(Bytes.u32(2), hashOf(2), Bytes.u32(Issuer.NOW + 200));
        TestSession session = withRefusedCredit(statement);
        Snapshot refused = card.simulated.snapshot();
        Consumer<Consumer<TestSession>> thenOnlyThis = command -> {
            card.simulated.restore(refused);
            command.accept(session.copy());
        };
        thenOnlyThis.accept(next -> assertArrayEquals(totals, next.totals()));
        thenOnlyThis.accept(next -> assertArrayEquals(log,
            Bytes.slice(next.send(Wire.INS_GET_PROOF, Wire.PROOF_LOG, 0).expectOk(), 1, log.length)));
        thenOnlyThis.accept(next -> assertArrayEquals(statement,
            Bytes.slice(next.initLoad(Wire.LOAD_TYPE_LOAD, EUR, 500).expectOk(), 0, Wire.STATEMENT_LENGTH)));
        thenOnlyThis.accept(next -> assertArrayEquals(log,
            Bytes.slice(next.send(Wire.INS_CANCEL_LOAD, 0, 0, Bytes.u32(2)).expectOk(), 2, log.length)));
        thenOnlyThis.accept(next -> order(next, Wire.ORDER_TYPE_SYNC, old).expectOk());
        assertEquals(2, total(Wire.TOTALS_ACKNOWLEDGED));
        assertEquals(Issuer.NOW + 200, total(Wire.TOTALS_DATE));
        byte[] other = issuer.authorisation(TestCard.CARD_ID, Bytes.from(statement, Wire.STATEMENT_REGISTER), 0, new byte[32], Issuer.NOW + 300);
        thenOnlyThis.accept(next -> next.send(Wire.INS_CREDIT, 0, 0, other).expectOk());
        assertEquals(2, total(Wire.TOTALS_ACKNOWLEDGED));
        assertEquals(200, total(Wire.TOTALS_OFFLINE_SUMS));
        assertEquals(Issuer.NOW + 300, total(Wire.TOTALS_DATE));
    }

    /** R(n) of the records in the log. */
    private byte[] hashOf(long n) {
        byte[] hash = new byte[Wire.HASH_LENGTH];
        for (long nt = 1; nt <= n; nt++) {
            byte[] record = atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_RECORD, 0, Bytes.u32(nt)).expectOk();
            hash = Crypto.sha256(hash, Bytes.slice(record, 0, Wire.RECORD_LENGTH));
        }
        return hash;
    }

    @Test
    void aRefusedLoadLeavesNothingPending() {
        TestSession session = atKiosk();
        session.verifyPin(TestCard.PIN).expectOk();
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_MAX_BALANCE, session.initLoad(Wire.LOAD_TYPE_LOAD, EUR, 6000));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_NO_LOAD, session.send(Wire.INS_CANCEL_LOAD, 0, 0, Bytes.u32(2)));
    }
}
