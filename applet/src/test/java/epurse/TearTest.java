package epurse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Power cut before every persistent write of a command that moves money, and after the last: the card is old or new, and works. [M5] */
class TearTest extends IssuedCardTest {

    private byte[] authorisation;

    @Override
    void prepare() {
        load(EUR, 10000);
        authorisation = authorise(askForLoad(Wire.LOAD_TYPE_LOAD, EUR, 500));
        atPos().debit(EUR, 300, 1).expectOk();
    }

    /** The purse's figures, registers and log, without what differs from one run of the same command to the next. */
    private byte[] purse() {
        return card.simulated.persistentDigest(Set.of("CardKeys.scratch", "CardKeys.signPair", "CardKeys.agreePair", "PairSlots.keys",
            "PairSlots.entries"));
    }

    /** @param open opens a session and wraps the command; the same command each time */
    private void sweep(Supplier<byte[]> open) {
        beginAgain();
        byte[] command = open.get();
        byte[] before = purse();
        Answer.of(card.transmit(command));
        byte[] after = purse();
        assertFalse(Arrays.equals(before, after), "the command changes nothing");
        boolean sawOld = false;
        boolean sawNew = false;
        for (int cut = 0;; cut++) {
            beginAgain();
            command = open.get();
            if (!Cut.during(card, command, cut)) {
                break;
            }
            boolean old = Arrays.equals(before, purse());
            if (!old) {
                assertArrayEquals(after, purse(), "neither old nor new after a cut at write " + cut);
            }
            sawOld |= old;
            sawNew |= !old;
            assertBooksBalance();
        }
        assertTrue(sawOld && sawNew, "not swept from old to new");
    }

    /** Each record's balance follows from the one before, and the newest is the card's. [M1] */
    private void assertBooksBalance() {
        byte[] statement = atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_LOG, 0).expectOk();
        long balance = 0;
        for (long nt = 1; nt <= Bytes.u32(statement, Wire.STATEMENT_NT); nt++) {
            byte[] record = atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_RECORD, 0, Bytes.u32(nt)).expectOk();
            byte type = record[Wire.RECORD_TYPE];
            long amount = Bytes.u32(record, Wire.RECORD_AMOUNT);
            balance += type == Wire.RECORD_TYPE_LOAD || type == Wire.RECORD_TYPE_CANCEL ? amount : -amount;
            assertEquals(balance, Bytes.u32(record, Wire.RECORD_BALANCE));
        }
        assertEquals(balance, Bytes.u32(statement, Wire.STATEMENT_BALANCES));
    }

    @Test
    void aTornDebitIsOldOrNew() {
        sweep(() -> atPos().wrap(Wire.INS_DEBIT, 0, 0, Bytes.concat(Bytes.u8(EUR), Bytes.u32(350), Bytes.u32(2), Bytes.u32(Issuer.NOW))));
    }

    @Test
    void aTornCancelIsOldOrNew() {
        byte[] signature = pos.cancelOrder(TestCard.CARD_ID, 2, 1, 3, EUR, 300);
        sweep(() -> TestSession.openFull(card, pos, EUR).wrap(Wire.INS_CANCEL_LAST, 0, 0,
            Bytes.concat(Bytes.u8(EUR), Bytes.u32(300), Bytes.u32(2), Bytes.u32(1), Bytes.u32(3), Bytes.u32(Issuer.NOW), signature)));
    }

    @Test
    void aTornCreditIsOldOrNew() {
        sweep(() -> atKiosk().wrap(Wire.INS_CREDIT, 0, 0, authorisation));
    }

    @Test
    void aTornCancelLoadIsOldOrNew() {
        sweep(() -> atKiosk().wrap(Wire.INS_CANCEL_LOAD, 0, 0, Bytes.u32(2)));
    }

    @Test
    void aTornRetirementIsOldOrNew() {
        byte[] order = issuer.order(Wire.KEY_REF_ORDER, TestCard.CARD_ID, Wire.ORDER_TYPE_RETIRE, Bytes.u32(1));
        beginAgain();
        byte[] command = atDesk().wrap(Wire.INS_PUT_ORDER, Wire.ORDER_TYPE_RETIRE, 0, order);
        for (int cut = 0; Cut.during(card, command, cut); cut++) {
            byte state = card.state();
            assertTrue(state == Wire.LIFE_ACTIVE || state == Wire.LIFE_RETIRED);
            if (state == Wire.LIFE_ACTIVE) {
                atDesk();
                atPos();
            } else {
                byte[] closing = TestSession.openFull(card, desk, EUR).send(Wire.INS_GET_PROOF, Wire.PROOF_CLOSING, 0).expectOk();
                assertEquals(Wire.LOAD_STATE_CANCELLED, closing[Wire.STATEMENT_REGISTER + Wire.LOAD_REGISTER_STATE]);
            }
            beginAgain();
            command = atDesk().wrap(Wire.INS_PUT_ORDER, Wire.ORDER_TYPE_RETIRE, 0, order);
        }
        assertEquals(Wire.LIFE_RETIRED, card.state());
    }
}
