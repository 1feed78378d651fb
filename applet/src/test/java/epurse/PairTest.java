package epurse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The eight terminals that a card remembers, and which of them it forgets for a ninth. */
@Tag("slow")
class PairTest extends IssuedCardTest {

    private final List<TestTerminal> shops = new ArrayList<>();
    /** Of each shop's slot at the beginning of every test; what a shop itself remembers is of the last one. */
    private final List<byte[]> names = new ArrayList<>();

    /** With shop, kiosk and desk, in this order, there are eight. */
    @Override
    void prepare() {
        for (int i = 0; i < 5; i++) {
            shops.add(TestTerminal.pos(issuer, "POS-3%03d".formatted(i)));
            TestSession.openFull(card, shops.get(i), EUR);
            names.add(shops.get(i).pairs.get("card").name());
        }
    }

    private boolean knows(TestTerminal terminal) {
        int statusWord = card.plain(0x80, Wire.INS_OPEN_SESSION_RESUMED, 1, 0, Bytes.concat(terminal.id, new byte[16], Bytes.u8(EUR))).statusWord();
        assertTrue(statusWord == 0x9000 || (short) statusWord == Wire.SW_REFERENCE_NOT_FOUND);
        return statusWord == 0x9000;
    }

    private String known() {
        StringBuilder known = new StringBuilder();
        known.append(knows(pos) ? 'p' : '-').append(knows(kiosk) ? 'k' : '-').append(knows(desk) ? 'd' : '-');
        shops.forEach(shop -> known.append(knows(shop) ? 's' : '-'));
        return known.toString();
    }

    @Test
    void aNinthTakesThePlaceOfTheOneThatWasMetFirst() {
        assertEquals("pkdsssss", known());
        TestSession.openFull(card, TestTerminal.pos(issuer, "POS-4000"), EUR);
        assertEquals("-kdsssss", known());
        TestSession.openFull(card, TestTerminal.pos(issuer, "POS-4001"), EUR);
        assertEquals("--dsssss", known());
    }

    @Test
    void whoMeetsTheCardAgainIsTheYoungestInTheSamePlace() {
        TestSession.openFull(card, pos, EUR);
        TestSession.openFull(card, shops.get(0), EUR);
        assertEquals("pkdsssss", known());
        String[] left = {"p-dsssss", "p--sssss", "p--s-sss", "p--s--ss", "p--s---s", "p--s----", "---s----", "--------"};
        for (int i = 0; i < left.length; i++) {
            TestSession.openFull(card, TestTerminal.pos(issuer, "POS-500" + i), EUR);
            assertEquals(left[i], known());
        }
    }

    @Test
    void eachTerminalIsGreetedByTheNameOfItsOwnSlot() {
        for (TestTerminal each : new TestTerminal[] {pos, kiosk, desk}) {
            assertArrayEquals(each.pairs.get("card").name(), greeting(each));
        }
        for (int i = 0; i < shops.size(); i++) {
            assertArrayEquals(names.get(i), greeting(shops.get(i)));
        }
    }

    private byte[] greeting(TestTerminal terminal) {
        byte[] request = Bytes.concat(terminal.id, new byte[16], Bytes.u8(EUR));
        return Bytes.slice(card.plain(0x80, Wire.INS_OPEN_SESSION_RESUMED, 1, 0, request).expectOk(), 0, 8);
    }

    @Test
    void aResumedSessionIsNoNewMeeting() {
        TestSession.openResumed(card, pos, EUR);
        TestSession.openFull(card, TestTerminal.pos(issuer, "POS-4000"), EUR);
        assertEquals("-kdsssss", known());
    }
}
