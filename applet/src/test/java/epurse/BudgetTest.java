package epurse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jcardsim.bridge.MemoryReport;
import org.junit.jupiter.api.Test;

/** Memory of a card, against apdu-specs/parameters.yaml, budgets (printed, and in applet/README.md). */
class BudgetTest extends IssuedCardTest {

    private static final int TRANSIENT_RAM = 1536;
    private static final int PERSISTENT = 8192;
    private static final int COMMIT_BUFFER = 256;

    /** Uses every transaction once, the largest with the longest data. */
    private void useEverything() {
        load(EUR, 5000);
        TestSession session = TestSession.openFull(card, pos, EUR);
        session.debit(EUR, 100, 1).expectOk();
        byte[] signature;
        do {
            signature = pos.cancelOrder(TestCard.CARD_ID, 2, 1, 2, EUR, 100);
        } while (signature.length < Wire.SIGNATURE_MAX);
        session.send(Wire.INS_CANCEL_LAST, 0, 0, Bytes.u8(EUR), Bytes.u32(100), Bytes.u32(2), Bytes.u32(1), Bytes.u32(2),
            Bytes.u32(Issuer.NOW), signature).expectOk();
        synchronise(Issuer.NOW + 10);
        order(atDesk(), Wire.ORDER_TYPE_PARAMETERS, Bytes.concat(Bytes.u32(1), Issuer.parameters(2))).expectOk();
        order(atDesk(), Wire.ORDER_TYPE_KEY_SWITCH, Bytes.concat(Bytes.u32(2), Bytes.u8(Wire.KEY_REF_CREDIT))).expectOk();
        TestSession.openFull(card, desk, EUR);
        order(atDesk(), Wire.ORDER_TYPE_RETIRE, Bytes.u32(3)).expectOk();
    }

    @Test
    void thePurseStaysWithinItsMemoryBudgets() {
        useEverything();
        MemoryReport memory = card.simulated.memory();
        int ram = memory.transientDeselectBytes() + memory.transientResetBytes();
        System.out.printf("purse memory: RAM %d of %d, persistent %d of %d, largest transaction %d of %d bytes%n",
            ram, TRANSIENT_RAM, memory.persistentBytes(), PERSISTENT, memory.largestCommitBytes(), COMMIT_BUFFER);
        memory.persistentByKind().stream().limit(6).forEach(usage ->
            System.out.printf("  %5d bytes in %2d × %s%n", usage.bytes(), usage.count(), usage.kind()));
        // what it takes, to the byte: a change shows here and in applet/README.md
        assertEquals(1253, ram);
        assertEquals(8132, memory.persistentBytes());
        assertTrue(ram <= TRANSIENT_RAM, "RAM " + ram);
        assertTrue(memory.persistentBytes() <= PERSISTENT, "persistent " + memory.persistentBytes());
        assertTrue(memory.largestCommitBytes() <= COMMIT_BUFFER, "commit buffer " + memory.largestCommitBytes());
        assertEquals(0, memory.allocationsAfterInstall());
    }

    @Test
    void aCardWithCmacOfItsOwnSpendsNoMemoryOnIt() {
        try (TestCard raw = TestCard.raw(issuer)) {
            MemoryReport memory = raw.simulated.memory();
            assertEquals(1252, memory.transientDeselectBytes());
            assertEquals(1, memory.transientResetBytes(), "whether the PIN was verified");
            assertEquals(8132, memory.persistentBytes());
        }
    }

    @Test
    void aCardOfExactlyTheBudgetsSizeIsEnough() {
        try (TestCard tight = TestCard.raw(issuer, 1, spec -> spec.transientCapacity(TRANSIENT_RAM).persistentCapacity(PERSISTENT)
            .commitCapacity(COMMIT_BUFFER))) {
            tight.personalize();
            TestSession.openFull(tight, TestTerminal.pos(issuer, "POS-0001"), EUR);
            System.out.printf("with built CMAC: RAM %d bytes%n", tight.simulated.memory().transientDeselectBytes());
            assertEquals(1284, tight.simulated.memory().transientDeselectBytes());
            assertEquals(0, tight.simulated.faults().size());
        }
    }
}
