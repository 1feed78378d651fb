package epurse;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jcardsim.bridge.coverage.Probes;
import jcardsim.bridge.mutation.LoopLimit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * APDUs made up by a {@link Fuzzer}. System properties: {@code fuzz.inputs}, default 1000; {@code fuzz.seed}, default 1;
 * {@code fuzz.seconds}, after which it ends early, default never; {@code fuzz.report}, a file for the figures, as JSON.
 */
@Tag("campaign")
@Tag("slow")
class FuzzTest {

    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 1000);
    private static final long SECONDS = Long.getLong("fuzz.seconds", Integer.MAX_VALUE);
    private static final long SEED = Long.getLong("fuzz.seed", 1);

    /** What is tried inside a session has to get there. */
    @Test
    void inEveryStationWithASessionTheSessionIsOpen() {
        Issuer issuer = new Issuer();
        try (TestCard raw = TestCard.raw(issuer); TestCard issued = TestCard.issued(issuer)) {
            for (FuzzStation station : FuzzStation.all(issuer, raw, issued)) {
                TestSession session = station.begin();
                if (session != null) {
                    Answer outer = Answer.of(station.card.transmit(session.wrap(Wire.INS_READ_LOG, Wire.LOG_VIEW_TOTALS, 0, new byte[0])));
                    assertNotEquals(Wire.SW_SM_INCORRECT, (short) outer.statusWord(), station.name);
                    assertNotEquals(Wire.SW_SECURITY_STATUS, (short) outer.statusWord(), station.name);
                }
            }
        }
    }

    @Test
    void whateverIsSentIsAnsweredOrRefusedWithoutATraceAndTheCardLivesOn() throws IOException { // [M7]
        Fuzzer fuzzer = new Fuzzer(SEED);
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        int inputs = 0;
        try {
            inputs = fuzzer.run(INPUTS, () -> System.nanoTime() > end);
        } finally {
            LoopLimit.allow(Long.MAX_VALUE);
            Crypto.unseed();
        }
        assertTrue(fuzzer.refused() > inputs / 4, "hardly anything was refused");
        assertTrue(fuzzer.commands() - fuzzer.refused() > inputs / 50, "hardly anything was taken");
        String figures = String.format("{\"seed\":%d,\"inputs\":%d,\"commands\":%d,\"refused\":%d,\"corpus\":%d,\"branchesTaken\":%d,\"branches\":%d}%n",
            SEED, inputs, fuzzer.commands(), fuzzer.refused(), fuzzer.corpus(), Probes.taken(), Probes.all().size());
        System.out.print("fuzzed " + figures);
        String report = System.getProperty("fuzz.report");
        if (report != null) {
            Files.writeString(Path.of(report), figures);
        }
    }
}
