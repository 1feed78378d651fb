package epurse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PinTest extends IssuedCardTest {

    private static final byte[] NEW_PIN = HexFormat.of().parseHex("26135790FFFFFFFF");

    @Test
    void fiveWrongPinsBlockTheCardForAllButDesks() { // [R16] [R17] [M8]
        for (int left = 4; left >= 0; left--) {
            assertRefused(Wire.SW_PIN_WRONG + left, 0, atKiosk().verifyPin(TestCard.WRONG_PIN));
            if (left > 0) {
                assertEquals(left, atKiosk().s1[Wire.OPENING_ANSWER_PIN_TRIES]);
            }
        }
        assertEquals(Wire.LIFE_BLOCKED, card.state());
        Answer refused = card.plain(0x80, 0x50, 1, 0, Bytes.concat(pos.id, new byte[16], Bytes.u8(EUR)));
        assertEquals(Wire.SW_BLOCKED, (short) refused.statusWord());
        refused = card.plain(0x80, Wire.INS_PRESENT_CERTIFICATE, 0, 0xBE, kiosk.certificate);
        assertEquals(Wire.SW_BLOCKED, (short) refused.statusWord());
        assertEquals(0x02, atDesk().s1[Wire.OPENING_ANSWER_FLAGS]);
        assertRefused(Wire.SW_BLOCKED, Wire.REASON_LIFE_CYCLE, atDesk().verifyPin(TestCard.PIN));
    }

    @Test
    void theFifthWrongPinBlocksTheSessionItIsTypedIn() {
        TestSession session = atKiosk();
        for (int left = 4; left >= 0; left--) {
            assertRefused(Wire.SW_PIN_WRONG + left, 0, session.verifyPin(TestCard.WRONG_PIN));
        }
        assertRefused(Wire.SW_BLOCKED, Wire.REASON_LIFE_CYCLE, session.verifyPin(TestCard.PIN));
    }

    @Test
    void aRightPinGivesTheTriesBackAndAWrongOneTakesTheVerificationAway() {
        TestSession session = atPos();
        assertRefused(Wire.SW_PIN_WRONG + 4, 0, session.verifyPin(TestCard.WRONG_PIN));
        session.verifyPin(TestCard.PIN).expectOk();
        assertRefused(Wire.SW_PIN_WRONG + 4, 0, session.verifyPin(TestCard.WRONG_PIN));
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, session.debit(EUR, 3000, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"141234FFFFFFFFFF", "23123FFFFFFFFFFF", "2D12345678901234", "2412A4FFFFFFFFFF", "241234FFFFFFFFF0", "251234FFFFFFFFFF", "24A234FFFFFFFFFF",
        "241A34FFFFFFFFFF", "24123AFFFFFFFFFF", "241234EFFFFFFFFF", "2D1234567890123F", "2C12345678901AFF", "2C1234567890120F"})
    void whatIsNoPinBlockIsRefusedAndCostsNoTry(String block) {
        byte[] before = state();
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_FORMAT, atKiosk().verifyPin(HexFormat.of().parseHex(block)));
        assertArrayEquals(before, state());
        assertEquals(5, atKiosk().s1[Wire.OPENING_ANSWER_PIN_TRIES]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"240000FFFFFFFFFF", "2512345FFFFFFFFF", "26987654FFFFFFFF", "2B12345678901FFF", "2C123456789012FF"})
    void aPinHasFourToTwelveDigits(String block) {
        byte[] pin = HexFormat.of().parseHex(block);
        TestSession session = atKiosk();
        session.send(Wire.INS_CHANGE_PIN, 0, 1, TestCard.PIN, pin).expectOk();
        session.verifyPin(pin).expectOk();
    }

    @Test
    void theHolderChangesThePinWithTheOldOne() {
        TestSession session = atKiosk();
        assertRefused(Wire.SW_PIN_WRONG + 4, 0, session.send(Wire.INS_CHANGE_PIN, 0, 1, TestCard.WRONG_PIN, NEW_PIN));
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_FORMAT, session.send(Wire.INS_CHANGE_PIN, 0, 1, TestCard.PIN, new byte[8]));
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_FORMAT, session.send(Wire.INS_CHANGE_PIN, 0, 1, new byte[8], NEW_PIN));
        assertEquals(4, atKiosk().s1[Wire.OPENING_ANSWER_PIN_TRIES]);
        session = atKiosk();
        session.send(Wire.INS_CHANGE_PIN, 0, 1, TestCard.PIN, NEW_PIN).expectOk();
        assertRefused(Wire.SW_PIN_WRONG + 4, 0, session.verifyPin(TestCard.PIN));
        session.verifyPin(NEW_PIN).expectOk();
    }

    @Test
    void aWrongOldPinTakesTheVerificationAway() { // [R16]
        TestSession session = atKiosk();
        session.verifyPin(TestCard.PIN).expectOk();
        assertRefused(Wire.SW_PIN_WRONG + 4, 0, session.send(Wire.INS_CHANGE_PIN, 0, 1, TestCard.WRONG_PIN, NEW_PIN));
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, session.initLoad(Wire.LOAD_TYPE_LOAD, EUR, 100));
    }

    @Test
    void readingTheLogDoesNotUseThePinUpAndANewSessionDoes() {
        TestSession session = atKiosk();
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, session.send(Wire.INS_READ_LOG, Wire.LOG_VIEW_TOTALS, 0));
        session.verifyPin(TestCard.PIN).expectOk();
        session.totals();
        session.totals();
        session.initLoad(Wire.LOAD_TYPE_LOAD, EUR, 100).expectOk();
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, session.send(Wire.INS_READ_LOG, Wire.LOG_VIEW_TOTALS, 0));
        session.verifyPin(TestCard.PIN).expectOk();
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, atKiosk().send(Wire.INS_READ_LOG, Wire.LOG_VIEW_TOTALS, 0));
    }

    @Test
    void powerCutAtAnyWriteOfAWrongPinNeverGivesATryBack() { // [M8]
        for (int cut = 0;; cut++) {
            beginAgain();
            TestSession session = atKiosk();
            byte[] command = session.wrap(Wire.INS_VERIFY_PIN, 0, 1, TestCard.WRONG_PIN);
            if (!Cut.during(card, command, cut)) {
                break;
            }
            int tries = atKiosk().s1[Wire.OPENING_ANSWER_PIN_TRIES];
            assertEquals(cut == 0 ? 5 : 4, tries, "cut at write " + cut);
        }
    }
}
