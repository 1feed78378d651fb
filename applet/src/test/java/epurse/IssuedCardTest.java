package epurse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Set;
import jcardsim.bridge.Snapshot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** Tests on a card that was just issued and has met a shop, a kiosk and a desk; each test begins with the same card. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class IssuedCardTest {

    static final int EUR = 0;
    static final int USD = 1;
    static final int POINTS = 2;

    Issuer issuer;
    TestCard card;
    TestTerminal pos;
    TestTerminal kiosk;
    TestTerminal desk;
    private Snapshot met;
    private HashMap<String, TestTerminal.Pair> posPairs;
    private HashMap<String, TestTerminal.Pair> kioskPairs;
    private HashMap<String, TestTerminal.Pair> deskPairs;

    @BeforeAll
    void issue() {
        issuer = new Issuer();
        card = TestCard.issued(issuer);
        pos = TestTerminal.pos(issuer, "POS-0001");
        kiosk = TestTerminal.kiosk(issuer, "KIOSK-01");
        desk = TestTerminal.desk(issuer, "DESK-001");
        TestSession.openFull(card, pos, EUR);
        TestSession.openFull(card, kiosk, EUR);
        TestSession.openFull(card, desk, EUR);
        prepare();
        posPairs = new HashMap<>(pos.pairs);
        kioskPairs = new HashMap<>(kiosk.pairs);
        deskPairs = new HashMap<>(desk.pairs);
        met = card.simulated.snapshot();
    }

    /** What a class of tests wants to have happened before. */
    void prepare() {
    }

    @BeforeEach
    void beginAgain() {
        card.simulated.restore(met);
        restore(pos, posPairs);
        restore(kiosk, kioskPairs);
        restore(desk, deskPairs);
    }

    private static void restore(TestTerminal terminal, HashMap<String, TestTerminal.Pair> pairs) {
        terminal.pairs.clear();
        terminal.pairs.putAll(pairs);
    }

    @AfterAll
    void close() {
        card.close();
    }

    TestSession atPos() {
        return TestSession.openResumed(card, pos, EUR);
    }

    TestSession atKiosk() {
        return TestSession.openResumed(card, kiosk, EUR);
    }

    TestSession atDesk() {
        return TestSession.openResumed(card, desk, EUR);
    }

    /** A load from INIT LOAD to CREDIT; returns the record. */
    byte[] load(int slot, long amount) {
        return credit(askForLoad(Wire.LOAD_TYPE_LOAD, slot, amount));
    }

    /** VERIFY PIN and INIT LOAD; returns the statement. */
    byte[] askForLoad(int type, int slot, long amount) {
        TestSession session = atKiosk();
        session.verifyPin(TestCard.PIN).expectOk();
        return Bytes.slice(session.initLoad(type, slot, amount).expectOk(), 0, Wire.STATEMENT_LENGTH);
    }

    byte[] credit(byte[] statement) {
        return atKiosk().send(Wire.INS_CREDIT, 0, 0, authorise(statement)).expectOk();
    }

    byte[] authorise(byte[] statement) {
        return issuer.authorisation(TestCard.CARD_ID, Bytes.from(statement, Wire.STATEMENT_REGISTER),
            Bytes.u32(statement, Wire.STATEMENT_NT), Bytes.slice(statement, Wire.STATEMENT_RUNNING_HASH, 32), Issuer.NOW + 60);
    }

    /** SYNC to the card's NT, as the issuer does after an upload. */
    void synchronise(long date) {
        byte[] statement = atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_LOG, 0).expectOk();
        byte[] body = Bytes.concat(Bytes.slice(statement, Wire.STATEMENT_NT, 4),
            Bytes.slice(statement, Wire.STATEMENT_RUNNING_HASH, 32), Bytes.u32(date));
        order(atDesk(), Wire.ORDER_TYPE_SYNC, body).expectOk();
    }

    Answer order(TestSession session, int type, byte[] body) {
        return session.order(type, 0, issuer.order(Wire.KEY_REF_ORDER, TestCard.CARD_ID, type, body));
    }

    void block(long number) {
        order(atDesk(), Wire.ORDER_TYPE_BLOCK, Bytes.u32(number)).expectOk();
    }

    /** The totals as a desk reads them. */
    byte[] totals() {
        return desk.pairs.isEmpty() ? new byte[0] : atDesk().totals();
    }

    long total(int offset) {
        return Bytes.u32(totals(), offset);
    }

    long balance(int slot) {
        return total(Wire.TOTALS_BALANCES + 4 * slot);
    }

    /** The persistent purse state (M7), without the working place for a terminal's public key, which two key pairs share. */
    byte[] state() {
        return card.simulated.persistentDigest(Set.of("CardKeys.scratch", "CardKeys.signPair", "CardKeys.agreePair"));
    }

    static void assertRefused(int statusWord, int reason, Answer answer) {
        assertEquals(String.format("%04X reason %02X", statusWord & 0xFFFF, reason),
            String.format("%04X reason %02X", answer.statusWord(), answer.reason()));
        assertTrue(answer.data().length <= 1);
    }
}
