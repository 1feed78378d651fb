package epurse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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
    void whoeverComesNextIsTheYoungestHoweverManyHaveBeen() {
        List<TestTerminal> met = new ArrayList<>(shops);
        for (int i = 0; i < 20; i++) {
            met.add(TestTerminal.pos(issuer, "%cOS-6%03d".formatted('A' + 7 * i % 26, i)));
            TestSession.openFull(card, met.get(met.size() - 1), EUR);
        }
        for (int i = 0; i < met.size(); i++) {
            assertEquals(i >= met.size() - Wire.PAIR_SLOTS, knows(met.get(i)), "terminal " + i);
        }
    }

    /** Cuts a meeting before each of its writes, and after the last. */
    private void tearMeeting(TestTerminal terminal, Runnable before, Consumer<TestTerminal.Pair> after) {
        for (int cut = 0;; cut++) {
            beginAgain();
            before.run();
            card.select();
            TestSession session = TestSession.agree(card, terminal);
            byte[] keys = session.pairKeys();
            if (!Cut.during(card, session.wrap(Wire.INS_CONFIRM_SESSION, 0, 0, Bytes.u8(EUR)), cut)) {
                break;
            }
            card.select();
            after.accept(new TestTerminal.Pair(new byte[8], Bytes.slice(keys, 0, 16), Bytes.slice(keys, 16, 16)));
        }
    }

    /** Fails where the card greets a terminal under other keys than these. */
    private void greets(TestTerminal terminal, TestTerminal.Pair pair) {
        terminal.pairs.put("card", pair);
        TestSession.openResumed(card, terminal, EUR);
    }

    @Test
    void aTornFirstMeetingLeavesAPlaceWithTheKeysOfItsTerminalOrNone() { // [M5] [R11]
        TestTerminal ninth = TestTerminal.pos(issuer, "POS-4000");
        tearMeeting(ninth, () -> { }, pair -> {
            assertEquals("kdsssss", known().substring(1));
            if (knows(pos)) {
                greets(pos, pos.pairs.get("card"));
            } else if (knows(ninth)) {
                greets(ninth, pair);
            }
        });
    }

    @Test
    void aTornMeetingWithOneItKnowsCostsNobodyElseItsPlace() { // [M5]
        Runnable again = () -> TestSession.openFull(card, pos, EUR);
        tearMeeting(pos, again, pair -> {
            again.run();
            assertEquals("pkdsssss", known());
        });
    }

    @Test
    void whoMeetsTheCardAgainAfterATornMeetingIsTheYoungest() { // [M5]
        TestSession.openFull(card, pos, EUR);
        TestTerminal torn = shops.get(4);
        card.select();
        byte[] confirm = TestSession.agree(card, torn).wrap(Wire.INS_CONFIRM_SESSION, 0, 0, Bytes.u8(EUR));
        assertTrue(Cut.during(card, confirm, 1));
        card.select();
        assertEquals("pkdssss-", known());
        TestSession.openFull(card, torn, EUR);
        for (int i = 0; i < 7; i++) {
            TestSession.openFull(card, TestTerminal.pos(issuer, "POS-700" + i), EUR);
        }
        assertEquals("-------s", known());
    }

    @Test
    void aResumedSessionIsNoNewMeeting() {
        TestSession.openResumed(card, pos, EUR);
        TestSession.openFull(card, TestTerminal.pos(issuer, "POS-4000"), EUR);
        assertEquals("-kdsssss", known());
    }
}
