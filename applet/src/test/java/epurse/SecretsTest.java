package epurse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Secrets in RAM live no longer than they are needed: they are wiped by the command that is done with them, not by the next SELECT. [R11] */
class SecretsTest extends IssuedCardTest {

    /** Content of one of the applet's arrays in RAM. */
    private byte[] ram(String field) {
        Matcher found = Pattern.compile("\\." + field + " = ([0-9A-F]+)\n").matcher(card.simulated.transientDump());
        assertTrue(found.find(), field);
        return HexFormat.of().parseHex(found.group(1));
    }

    private static void assertZero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            assertEquals(0, bytes[i], "byte " + i);
        }
    }

    private boolean holds(byte[] secret) {
        return card.simulated.transientDump().contains(HexFormat.of().withUpperCase().formatHex(secret));
    }

    @Test
    void theSharedSecretAndTheDerivedKeysAreWipedAsSoonAsTheKeysAreSet() {
        card.select();
        TestSession.agree(card, pos);
        assertZero(ram("answer"), 0, 64);
        byte[] work = ram("work");
        assertZero(work, 0, work.length);
    }

    @Test
    void thePairKeysWaitForTheConfirmationAndAreWipedByIt() {
        card.select();
        TestSession session = TestSession.agree(card, pos);
        byte[] pairKeys = session.pairKeys();
        assertTrue(holds(pairKeys));
        session.confirm(pos, EUR).expectOk();
        assertFalse(holds(Bytes.slice(pairKeys, 0, 15)));
        assertFalse(holds(Bytes.slice(pairKeys, 1, 15)));
        assertFalse(holds(Bytes.slice(pairKeys, 16, 15)));
        assertFalse(holds(Bytes.slice(pairKeys, 17, 15)));
        byte[] data = ram("data");
        assertZero(data, Session.PAIR_KEYS, data.length);
    }

    @Test
    void aSessionThatEndsLeavesNothingOfItselfInRam() {
        TestSession session = TestSession.openFull(card, kiosk, EUR);
        session.verifyPin(TestCard.PIN).expectOk();
        byte[] next = session.wrap(Wire.INS_READ_LOG, Wire.LOG_VIEW_TOTALS, 0, new byte[0]);
        next[6] ^= 1;
        assertEquals(Wire.SW_SM_INCORRECT, (short) Answer.of(card.transmit(next)).statusWord());
        byte[] data = ram("data");
        assertZero(data, 0, data.length);
    }

    @Test
    void aPinIsNowhereInRamOnceItWasCompared() {
        TestSession session = atKiosk();
        session.verifyPin(TestCard.PIN).expectOk();
        assertFalse(holds(TestCard.PIN));
        session.send(Wire.INS_CHANGE_PIN, 0, 1, TestCard.PIN, TestCard.WRONG_PIN).expectOk();
        assertFalse(holds(TestCard.PIN));
        assertFalse(holds(TestCard.WRONG_PIN));
    }
}
