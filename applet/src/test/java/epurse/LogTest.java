package epurse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LogTest extends IssuedCardTest {

    @Override
    void prepare() {
        load(EUR, 20000);
    }

    private Answer records(TestSession session, long from) {
        return session.send(Wire.INS_READ_LOG, Wire.LOG_VIEW_RECORDS, 0, Bytes.u32(from));
    }

    private Answer proof(TestSession session, long nt) {
        return session.send(Wire.INS_GET_PROOF, Wire.PROOF_RECORD, 0, Bytes.u32(nt));
    }

    private void pay(int times) {
        for (int i = 0; i < times; i++) {
            atPos().debit(EUR, 1, 100 + i).expectOk();
        }
    }

    private static long nt(byte[] records, int index) {
        return Bytes.u32(records, index * Wire.RECORD_LENGTH + Wire.RECORD_NT);
    }

    @Test
    void theLogIsReadFourRecordsAtATimeOldestFirst() { // [R14]
        pay(5);
        byte[] records = records(atDesk(), 0).expectOk();
        assertEquals(4 * Wire.RECORD_LENGTH, records.length);
        assertEquals(1, nt(records, 0));
        assertEquals(4, nt(records, 3));
        records = records(atDesk(), 5).expectOk();
        assertEquals(2 * Wire.RECORD_LENGTH, records.length);
        assertEquals(6, nt(records, 1));
        assertRefused(Wire.SW_RECORD_NOT_FOUND, 0, records(atDesk(), 7));
    }

    @Test
    void aFullRingStartsWithItsOldestRecord() {
        for (int round = 0; round < 2; round++) {
            pay(16);
            synchronise(Issuer.NOW + round);
        }
        byte[] records = records(atDesk(), 0).expectOk();
        assertEquals(2, nt(records, 0));
        pay(1);
        assertEquals(3, nt(records(atDesk(), 1).expectOk(), 0));
        assertRefused(Wire.SW_RECORD_NOT_FOUND, 0, proof(atPos(), 2));
        proof(atPos(), 3).expectOk();
        assertEquals(34, nt(records(atDesk(), 34).expectOk(), 0));
    }

    @Test
    void anEmptyLogHasNoRecords() {
        try (TestCard fresh = TestCard.issued(issuer)) {
            TestSession session = TestSession.openFull(fresh, desk, EUR);
            assertRefused(Wire.SW_RECORD_NOT_FOUND, 0, records(session, 0));
            assertRefused(Wire.SW_RECORD_NOT_FOUND, 0, records(session, 1));
            assertRefused(Wire.SW_RECORD_NOT_FOUND, 0, proof(session, 0));
            assertRefused(Wire.SW_RECORD_NOT_FOUND, 0, session.send(Wire.INS_READ_LOG, Wire.LOG_VIEW_CANCEL_ORDERS, 0));
            assertRefused(Wire.SW_RECORD_NOT_FOUND, 0, session.send(Wire.INS_GET_PROOF, Wire.PROOF_BLOCK, 0));
        }
    }

    @Test
    void aProofIsTheRecordSignedAgain() { // [M4]
        byte[] answer = atPos().debit(EUR, 350, 7).expectOk();
        byte[] proof = proof(atPos(), 2).expectOk();
        byte[] record = Bytes.slice(proof, 0, Wire.RECORD_LENGTH);
        assertTrue(card.verifies(Wire.DOMAIN_SIGNED_RECORD, record, Bytes.from(proof, Wire.RECORD_LENGTH)));
        assertTrue(card.verifies(Wire.DOMAIN_SIGNED_RECORD, record, Bytes.from(answer, Wire.DEBIT_RES_S3)));
    }

    @Test
    void aTerminalSeesItsOwnRecordsAndAKioskOthersWithThePinOnly() {
        atPos().debit(EUR, 350, 7).expectOk();
        TestTerminal other = TestTerminal.pos(issuer, "POS-0002");
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_ROLE, proof(TestSession.openFull(card, other, EUR), 2));
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_ROLE, proof(atPos(), 1));
        proof(atKiosk(), 1).expectOk();
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, proof(atKiosk(), 2));
        TestSession session = atKiosk();
        session.verifyPin(TestCard.PIN).expectOk();
        proof(session, 2).expectOk();
        records(session, 1).expectOk();
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_ROLE, records(atPos(), 1));
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_ROLE, atPos().send(Wire.INS_GET_PROOF, Wire.PROOF_LOG, 0));
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, atKiosk().send(Wire.INS_GET_PROOF, Wire.PROOF_LOG, 0));
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, records(atKiosk(), 1));
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, atKiosk().send(Wire.INS_READ_LOG, Wire.LOG_VIEW_CANCEL_ORDERS, 0));
        assertRefused(Wire.SW_CONDITIONS, Wire.REASON_LIFE_CYCLE, atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_CLOSING, 0));
        assertRefused(Wire.SW_WRONG_P1_P2, 0, atDesk().send(Wire.INS_GET_PROOF, 5, 0));
        assertRefused(Wire.SW_WRONG_P1_P2, 0, atDesk().send(Wire.INS_READ_LOG, Wire.LOG_VIEW_CANCEL_ORDERS, 4));
    }

    @Test
    void theLogStatementSealsEveryRecordAfterTheAcknowledgement() {
        pay(3);
        byte[] hash = new byte[32];
        for (long nt = 1; nt <= 4; nt++) {
            byte[] record = Bytes.slice(proof(atDesk(), nt).expectOk(), 0, Wire.RECORD_LENGTH);
            hash = Crypto.sha256(hash, record);
        }
        byte[] statement = atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_LOG, 0).expectOk();
        assertArrayEquals(hash, Bytes.slice(statement, Wire.STATEMENT_RUNNING_HASH, 32));
        synchronise(Issuer.NOW);
        statement = atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_LOG, 0).expectOk();
        assertArrayEquals(hash, Bytes.slice(statement, Wire.STATEMENT_RUNNING_HASH, 32));
        assertEquals(4, Bytes.u32(statement, Wire.STATEMENT_ACKNOWLEDGED));
        pay(1);
        hash = Crypto.sha256(hash, Bytes.slice(proof(atDesk(), 5).expectOk(), 0, Wire.RECORD_LENGTH));
        statement = atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_LOG, 0).expectOk();
        assertArrayEquals(hash, Bytes.slice(statement, Wire.STATEMENT_RUNNING_HASH, 32));
    }

    @Test
    void aBlockOrderIsProvedWhateverItsNumber() { // [R17]
        TestSession session = atDesk();
        for (long number : new long[] {1, 0x100, 0x10000, 0x1000000, 0xFF000000L}) {
            order(session, Wire.ORDER_TYPE_BLOCK, Bytes.u32(number)).expectOk();
            session = TestSession.openFull(card, desk, EUR);
            byte[] proof = session.send(Wire.INS_GET_PROOF, Wire.PROOF_BLOCK, 0).expectOk();
            assertArrayEquals(Bytes.concat(Bytes.u32(number), Bytes.u32(1)), Bytes.slice(proof, 0, Wire.BLOCK_STATEMENT_LENGTH));
        }
    }

    @Test
    void aShopIsKnownByItsIdAloneAlsoUnderAnotherAcquirer() {
        atPos().debit(EUR, 350, 7).expectOk();
        TestSession session = TestSession.openFull(card, TestTerminal.posOf(issuer, "POS-0001", 0x0200AC02L), EUR);
        assertEquals(2, session.s1(Wire.OPENING_ANSWER_NEWEST + Wire.NEWEST_RECORD_NT));
        proof(session, 2).expectOk();
    }

    @Test
    void readingChangesNothing() {
        pay(2);
        byte[] before = state();
        TestSession session = atDesk();
        session.totals();
        records(session, 1).expectOk();
        proof(session, 2).expectOk();
        session.send(Wire.INS_GET_PROOF, Wire.PROOF_LOG, 0).expectOk();
        assertArrayEquals(before, state());
    }
}
