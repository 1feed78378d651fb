package epurse;

import static epurse.IssuedCardTest.EUR;
import static epurse.IssuedCardTest.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jcardsim.bridge.AppletFault.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A card whose commit buffer holds every transaction but that of a credit: the platform throws in the middle of it. [M5] */
class FailingMemoryTest {

    /** More than a block of the card's certificate, less than all figures and a record. */
    private static final int COMMIT_BUFFER = 160;

    private final Issuer issuer = new Issuer();
    private final TestTerminal kiosk = TestTerminal.kiosk(issuer, "KIOSK-01");
    private TestCard card;

    @BeforeEach
    void newCard() {
        card = TestCard.raw(issuer, 0, spec -> spec.commitCapacity(COMMIT_BUFFER));
        card.personalize();
    }

    @AfterEach
    void close() {
        card.close();
    }

    @Test
    void aCreditThatTheMemoryCannotTakeIsUndoneAndTheSessionGoesOnAsIfItHadNotBeen() {
        TestSession session = TestSession.openFull(card, kiosk, EUR);
        session.verifyPin(TestCard.PIN).expectOk();
        byte[] totals = session.totals();
        byte[] statement = Bytes.slice(session.initLoad(Wire.LOAD_TYPE_LOAD, EUR, 500).expectOk(), 0, Wire.STATEMENT_LENGTH);
        byte[] authorisation = issuer.authorisation(TestCard.CARD_ID, Bytes.from(statement, Wire.STATEMENT_REGISTER), 0, new byte[32], Issuer.NOW);
        for (int attempt = 0; attempt < 2; attempt++) {
            assertRefused(Wire.SW_MEMORY_FAILURE, 0, session.send(Wire.INS_CREDIT, 0, 0, authorisation));
            session.verifyPin(TestCard.PIN).expectOk();
            assertRefused(Wire.SW_RECORD_NOT_FOUND, 0, session.send(Wire.INS_READ_LOG, Wire.LOG_VIEW_RECORDS, 0, Bytes.u32(1)));
            assertArrayEquals(totals, session.totals());
        }
        assertRefused(Wire.SW_MEMORY_FAILURE, 0, session.send(Wire.INS_CREDIT, 0, 0, authorisation));
        byte[] cancelled = session.send(Wire.INS_CANCEL_LOAD, 0, 0, Bytes.u32(1)).expectOk();
        assertEquals(0, Bytes.u32(cancelled, Wire.CANCEL_LOAD_RES_BODY + Wire.STATEMENT_NT));
        assertEquals(0, Bytes.u32(cancelled, Wire.CANCEL_LOAD_RES_BODY + Wire.STATEMENT_BALANCES));
        assertTrue(card.simulated.faults().stream().noneMatch(fault -> fault.kind() == Kind.TRANSACTION_LEFT_OPEN));
    }
}
