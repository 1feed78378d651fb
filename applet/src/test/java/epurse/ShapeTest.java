package epurse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Every command has one P1-P2 and one length, or a range of them; they are looked at in that order and before anything else. */
class ShapeTest extends IssuedCardTest {

    private byte[] authorisation;

    @Override
    void prepare() {
        load(EUR, 10000);
        atPos().debit(EUR, 300, 1).expectOk();
        authorisation = authorise(askForLoad(Wire.LOAD_TYPE_LOAD, EUR, 500));
    }

    private TestSession kioskWithPin() {
        TestSession session = atKiosk();
        session.verifyPin(TestCard.PIN).expectOk();
        return session;
    }

    /** Wrong P1, wrong P2, and either with a wrong length, too. */
    private void refusesOtherP1P2(Supplier<TestSession> open, int ins, int p1, int p2, byte[] body) {
        byte[] before = state();
        for (byte[] data : new byte[][] {body, Bytes.concat(body, Bytes.u8(0))}) {
            assertRefused(Wire.SW_WRONG_P1_P2, 0, open.get().send((byte) ins, p1 ^ 0x40, p2, data));
            assertRefused(Wire.SW_WRONG_P1_P2, 0, open.get().send((byte) ins, p1, p2 ^ 0x40, data));
        }
        assertArrayEquals(before, state());
    }

    private void refusesOtherLengths(Supplier<TestSession> open, int ins, int p1, int p2, byte[] body) {
        byte[] before = state();
        if (body.length > 0) {
            assertRefused(Wire.SW_WRONG_LENGTH, 0, open.get().send((byte) ins, p1, p2, Bytes.slice(body, 0, body.length - 1)));
        }
        assertRefused(Wire.SW_WRONG_LENGTH, 0, open.get().send((byte) ins, p1, p2, Bytes.concat(body, Bytes.u8(0))));
        assertArrayEquals(before, state());
    }

    private void hasOneShape(Supplier<TestSession> open, int ins, int p1, int p2, byte[] body) {
        refusesOtherP1P2(open, ins, p1, p2, body);
        refusesOtherLengths(open, ins, p1, p2, body);
    }

    /** A signature of 8 to 72 bytes is looked at and refused; one byte less or more is a wrong length. */
    private void endsInASignature(Supplier<TestSession> open, int ins, int p1, byte[] body) {
        byte[] before = state();
        assertRefused(Wire.SW_WRONG_LENGTH, 0, open.get().send((byte) ins, p1, 0, body, new byte[7]));
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_SIGNATURE, open.get().send((byte) ins, p1, 0, body, new byte[8]));
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_SIGNATURE, open.get().send((byte) ins, p1, 0, body, new byte[72]));
        assertRefused(Wire.SW_WRONG_LENGTH, 0, open.get().send((byte) ins, p1, 0, body, new byte[73]));
        assertArrayEquals(before, state());
    }

    private byte[] debit() {
        return Bytes.concat(Bytes.u8(EUR), Bytes.u32(1), Bytes.u32(9), Bytes.u32(Issuer.NOW));
    }

    private byte[] cancel() {
        return Bytes.concat(Bytes.u8(EUR), Bytes.u32(300), Bytes.u32(2), Bytes.u32(1), Bytes.u32(2), Bytes.u32(Issuer.NOW));
    }

    private static byte[] askFor() {
        return Bytes.concat(Bytes.u8(Wire.LOAD_TYPE_LOAD), Bytes.u8(EUR), Bytes.u32(500), Bytes.u32(Issuer.NOW));
    }

    @Test
    void commandsThatMoveMoneyTakeOneShape() {
        hasOneShape(this::atPos, Wire.INS_DEBIT, 0, 0, debit());
        hasOneShape(this::kioskWithPin, Wire.INS_INIT_LOAD, 0, 0, askFor());
        hasOneShape(this::atKiosk, Wire.INS_CANCEL_LOAD, 0, 0, Bytes.u32(2));
        refusesOtherP1P2(this::atKiosk, Wire.INS_CREDIT, 0, 0, authorisation);
        assertRefused(Wire.SW_WRONG_P1_P2, 0, atKiosk().send(Wire.INS_CREDIT, 1, 0, new byte[3]));
        TestSession full = TestSession.openFull(card, pos, EUR);
        assertRefused(Wire.SW_WRONG_P1_P2, 0, full.send(Wire.INS_CANCEL_LAST, 1, 0, new byte[3]));
        refusesOtherP1P2(() -> full, Wire.INS_CANCEL_LAST, 0, 0,
            Bytes.concat(cancel(), pos.cancelOrder(TestCard.CARD_ID, 2, 1, 2, EUR, 300)));
    }

    @Test
    void aLoadOfAWrongShapeIsRefusedForItsShapeAndNotForThePin() {
        assertRefused(Wire.SW_WRONG_P1_P2, 0, atKiosk().send(Wire.INS_INIT_LOAD, 1, 0, askFor()));
        assertRefused(Wire.SW_WRONG_LENGTH, 0, atKiosk().send(Wire.INS_INIT_LOAD, 0, 0, Bytes.from(askFor(), 1)));
    }

    @Test
    void commandsWithASignatureTakeItsLengthsAndNoOthers() {
        TestSession full = TestSession.openFull(card, pos, EUR);
        endsInASignature(() -> full, Wire.INS_CANCEL_LAST, 0, cancel());
        endsInASignature(this::atKiosk, Wire.INS_CREDIT, 0, Bytes.slice(authorisation, 0, Wire.CREDIT_REQ_SIGNATURE));
    }

    @Test
    void ordersOfEveryTypeTakeTheLengthOfTheirTypeAndNoOther() {
        int[][] lengths = {{Wire.ORDER_TYPE_PARAMETERS, Wire.ORDER_PARAMETERS_LENGTH}, {Wire.ORDER_TYPE_UNBLOCK, Wire.ORDER_UNBLOCK_LENGTH},
            {Wire.ORDER_TYPE_PIN_RESET, Wire.ORDER_PIN_RESET_LENGTH + Wire.PIN_BLOCK_LENGTH}, {Wire.ORDER_TYPE_RETIRE, Wire.ORDER_RETIRE_LENGTH},
            {Wire.ORDER_TYPE_KEY_SWITCH, Wire.ORDER_KEY_SWITCH_LENGTH}, {Wire.ORDER_TYPE_BLOCK, Wire.ORDER_BLOCK_LENGTH},
            {Wire.ORDER_TYPE_SYNC, Wire.ORDER_SYNC_LENGTH}};
        for (int[] each : lengths) {
            endsInASignature(this::atDesk, Wire.INS_PUT_ORDER, each[0], new byte[each[1]]);
        }
    }

    @Test
    void ordersOfNoTypeAndUnderNoKeyAreRefused() {
        byte[] order = issuer.order(Wire.KEY_REF_ORDER, TestCard.CARD_ID, Wire.ORDER_TYPE_BLOCK, Bytes.u32(1));
        byte[] before = state();
        for (int type : new int[] {0, Wire.ORDER_TYPE_SYNC + 1, 0x7F, 0x80, 0xFF}) {
            assertRefused(Wire.SW_WRONG_P1_P2, 0, atDesk().order(type, 0, order));
        }
        for (int key : new int[] {2, 3, 0x80, 0xFF}) {
            assertRefused(Wire.SW_WRONG_P1_P2, 0, atDesk().order(Wire.ORDER_TYPE_BLOCK, key, order));
        }
        assertArrayEquals(before, state());
    }

    @Test
    void pinCommandsTakeOneShape() {
        hasOneShape(this::atKiosk, Wire.INS_VERIFY_PIN, 0, 1, TestCard.PIN);
        hasOneShape(this::atKiosk, Wire.INS_CHANGE_PIN, 0, 1, Bytes.concat(TestCard.PIN, TestCard.WRONG_PIN));
    }

    @Test
    void proofsAndViewsTakeOneShape() {
        for (int proof : new int[] {Wire.PROOF_LOG, Wire.PROOF_BLOCK, Wire.PROOF_CLOSING}) {
            refusesOtherLengths(this::atDesk, Wire.INS_GET_PROOF, proof, 0, new byte[0]);
            assertRefused(Wire.SW_WRONG_P1_P2, 0, atDesk().send(Wire.INS_GET_PROOF, proof, 1));
        }
        refusesOtherLengths(this::atDesk, Wire.INS_GET_PROOF, Wire.PROOF_RECORD, 0, Bytes.u32(1));
        assertRefused(Wire.SW_WRONG_P1_P2, 0, atDesk().send(Wire.INS_GET_PROOF, Wire.PROOF_RECORD, 1, Bytes.u32(1)));
        refusesOtherLengths(this::atDesk, Wire.INS_READ_LOG, Wire.LOG_VIEW_RECORDS, 0, Bytes.u32(1));
        assertRefused(Wire.SW_WRONG_P1_P2, 0, atDesk().send(Wire.INS_READ_LOG, Wire.LOG_VIEW_RECORDS, 1, Bytes.u32(1)));
        refusesOtherLengths(this::atDesk, Wire.INS_READ_LOG, Wire.LOG_VIEW_CANCEL_ORDERS, 0, new byte[0]);
        refusesOtherLengths(this::atDesk, Wire.INS_READ_LOG, Wire.LOG_VIEW_TOTALS, 0, new byte[0]);
        assertRefused(Wire.SW_WRONG_P1_P2, 0, atDesk().send(Wire.INS_READ_LOG, Wire.LOG_VIEW_TOTALS, 1));
        assertRefused(Wire.SW_WRONG_P1_P2, 0, atDesk().send(Wire.INS_READ_LOG, Wire.LOG_VIEW_RECORDS, 1));
        assertRefused(Wire.SW_WRONG_P1_P2, 0, atDesk().send(Wire.INS_READ_LOG, Wire.LOG_VIEW_TOTALS, 1, new byte[1]));
        assertRefused(Wire.SW_WRONG_P1_P2, 0, atDesk().send(Wire.INS_READ_LOG, Wire.LOG_VIEW_CANCEL_ORDERS, 4, new byte[1]));
        for (int unknown : new int[] {0, 4, 5, 0xFF}) {
            assertRefused(Wire.SW_WRONG_P1_P2, 0, atDesk().send(Wire.INS_READ_LOG, unknown, 0));
        }
    }
}
