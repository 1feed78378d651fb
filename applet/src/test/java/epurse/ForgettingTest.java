package epurse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import jcardsim.bridge.Counters.Item;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a session leaves behind: no PIN, no keys, no nonce; and what is random is so in every byte. */
@Tag("slow")
class ForgettingTest extends IssuedCardTest {

    private Answer plainResume(TestTerminal terminal) {
        return card.plain(0x80, Wire.INS_OPEN_SESSION_RESUMED, 1, 0, Bytes.concat(terminal.id, new byte[16], Bytes.u8(EUR)));
    }

    @Test
    void aSessionThatIsOpenedInAnotherBeginsWithoutThePinOfTheOther() { // [R16]
        TestSession first = atKiosk();
        first.verifyPin(TestCard.PIN).expectOk();
        TestSession second = TestSession.resumeAgain(card, kiosk, EUR);
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, second.send(Wire.INS_READ_LOG, Wire.LOG_VIEW_TOTALS, 0));
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, second.initLoad(Wire.LOAD_TYPE_LOAD, EUR, 100));
    }

    @Test
    void aCertificateThatIsPresentedInASessionEndsItsPin() { // [R16]
        atKiosk().verifyPin(TestCard.PIN).expectOk();
        TestSession second = TestSession.agree(card, kiosk);
        second.confirm(kiosk, EUR).expectOk();
        assertRefused(Wire.SW_SECURITY_STATUS, Wire.REASON_PIN_REQUIRED, second.send(Wire.INS_READ_LOG, Wire.LOG_VIEW_TOTALS, 0));
    }

    @Test
    void theNonceOfACertificateIsGoneAfterAnyOtherCommandInClear() { // [R12]
        byte[] point = Crypto.point(Crypto.newKeyPair().getPublic());
        for (int instead = 0; instead < 3; instead++) {
            card.select();
            byte[] nonce = card.plain(0x80, Wire.INS_PRESENT_CERTIFICATE, 0, 0xBE, pos.certificate).expectOk();
            switch (instead) {
                case 0 -> plainResume(kiosk).expectOk();
                case 1 -> assertEquals(Wire.SW_WRONG_P1_P2, (short) card.plain(0x80, Wire.INS_OPEN_SESSION_FULL, 2, 0, new byte[90]).statusWord());
                default -> assertEquals(Wire.SW_SM_MISSING, (short) card.plain(0x80, Wire.INS_DEBIT, 0, 0, new byte[13]).statusWord());
            }
            byte[] request = TestSession.openRequest(pos, nonce, new byte[16], point);
            assertEquals(Wire.SW_CONDITIONS, (short) card.plain(0x80, Wire.INS_OPEN_SESSION_FULL, 0, 0, request).statusWord());
        }
    }

    @Test
    void aSessionThatEndsErasesItsTwoKeysAtOnce() { // [R11]
        TestSession session = TestSession.openFull(card, pos, EUR);
        byte[] next = session.wrap(Wire.INS_VERIFY_PIN, 0, 1, TestCard.PIN);
        next[6] ^= 1;
        assertEquals(Wire.SW_SM_INCORRECT, (short) Answer.of(card.transmit(next)).statusWord());
        assertEquals(2, card.simulated.lastCommand().get(Item.CLEAR_KEY));
        assertEquals(Wire.SW_SM_MISSING, (short) card.plain(0x80, Wire.INS_DEBIT, 0, 0, new byte[1]).statusWord());
        assertEquals(0, card.simulated.lastCommand().get(Item.CLEAR_KEY), "nothing is left to erase");
    }

    @Test
    void everyInstructionOfASessionIsMissedThereWhenItComesInClear() {
        for (byte instruction : Wire.INSTRUCTIONS) {
            assertEquals(Wire.SW_SM_MISSING, (short) card.plain(0x80, instruction, 0, 0, new byte[1]).statusWord());
        }
        Set<Integer> known = new HashSet<>();
        for (byte instruction : Wire.INSTRUCTIONS) {
            known.add((int) instruction);
        }
        for (int instruction = 0; instruction < 128; instruction++) {
            if (!known.contains(instruction) && instruction != Wire.INS_PRESENT_CERTIFICATE && instruction != Wire.INS_OPEN_SESSION_FULL) {
                assertEquals(Wire.SW_INS_NOT_SUPPORTED, (short) card.plain(0x80, instruction, 0, 0, new byte[1]).statusWord());
            }
        }
    }

    /** In 12 strings each byte takes more than 4 values; by chance it does not about once in 10^13 times. */
    private static void assertRandom(Supplier<byte[]> source, int length) {
        List<Set<Byte>> values = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            values.add(new HashSet<>());
        }
        for (int round = 0; round < 12; round++) {
            byte[] bytes = source.get();
            assertEquals(length, bytes.length);
            for (int i = 0; i < length; i++) {
                values.get(i).add(bytes[i]);
            }
        }
        for (int i = 0; i < length; i++) {
            assertTrue(values.get(i).size() > 4, "byte " + i + " took " + values.get(i).size() + " values");
        }
    }

    @Test
    void noncesSlotNamesAndRandomsOfLoadsAreRandomInEveryByte() { // [R11] [R12]
        card.select();
        assertRandom(() -> card.plain(0x80, Wire.INS_PRESENT_CERTIFICATE, 0, 0xBE, pos.certificate).expectOk(), 16);
        assertRandom(() -> Bytes.slice(plainResume(pos).expectOk(), 8, 16), 16);
        assertRandom(() -> {
            TestSession.openFull(card, pos, EUR);
            return pos.pairs.get("card").name();
        }, 8);
        assertRandom(() -> {
            byte[] register = Bytes.from(askForLoad(Wire.LOAD_TYPE_LOAD, EUR, 100), Wire.STATEMENT_REGISTER);
            atKiosk().send(Wire.INS_CANCEL_LOAD, 0, 0, Bytes.slice(register, 0, 4)).expectOk();
            return Bytes.slice(register, Wire.LOAD_REGISTER_RANDOM, 8);
        }, 8);
    }
}
