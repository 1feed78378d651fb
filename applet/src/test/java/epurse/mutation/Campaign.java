package epurse.mutation;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jcardsim.bridge.mutation.Mutation;
import org.junit.jupiter.api.Test;

/**
 * Runs the applet's tests on mutants of the applet. Not part of a test run: {@code mvn surefire:test -Dtest=epurse.mutation.Campaign}.
 *
 * <p>System properties: {@code mutation.report}, the file of verdicts ({@link Report}); {@code mutation.seconds}, after which no further
 * mutant is taken, default never; {@code mutation.sample}, how many at random, default all; {@code mutation.seed} of that choice, default
 * 1; {@code mutation.only}, parts of the ids between commas; {@code mutation.workers}, processes at once, default 1; {@code mutation.patience}, seconds
 * for one mutant,
 * four times as many for one that they did not do for ({@link Work}).
 */
class Campaign {

    private static final long SECONDS = Long.getLong("mutation.seconds", Integer.MAX_VALUE);
    private static final int SAMPLE = Integer.getInteger("mutation.sample", Integer.MAX_VALUE);
    private static final long SEED = Long.getLong("mutation.seed", 1);
    private static final String[] ONLY = System.getProperty("mutation.only", "").split(",");
    private static final int WORKERS = Integer.getInteger("mutation.workers", 1);
    private static final int PATIENCE = Integer.getInteger("mutation.patience", 60);
    private static final Path REPORT = Path.of(System.getProperty("mutation.report", "target/mutation.txt"));

    @Test
    void everyChosenMutantGetsAVerdict() throws IOException, InterruptedException {
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        Map<Mutation, String> keys = AppletClasses.keys(AppletClasses.mutations());
        List<Mutation> chosen = chosen(List.copyOf(keys.keySet()));
        assertFalse(chosen.isEmpty(), "no mutation has " + String.join(" or ", ONLY) + " in its id");
        List<Throwable> troubles = Collections.synchronizedList(new ArrayList<>());
        try (Report report = new Report(REPORT, keys)) {
            Work work = new Work(chosen.stream().filter(mutation -> !report.has(mutation)).toList(), PATIENCE, end);
            List<Thread> lanes = new ArrayList<>();
            for (int i = 0; i < WORKERS && !work.isDone(); i++) {
                Thread lane = new Thread(new Lane(work, report));
                lane.setUncaughtExceptionHandler((thread, trouble) -> troubles.add(trouble));
                lanes.add(lane);
            }
            lanes.forEach(Thread::start);
            for (Thread lane : lanes) {
                lane.join();
            }
            System.out.print(report.summary());
        }
        if (!troubles.isEmpty()) {
            throw new IllegalStateException("a lane of the campaign ended early", troubles.get(0));
        }
    }

    private static List<Mutation> chosen(List<Mutation> everything) {
        List<Mutation> all = new ArrayList<>(everything.stream().filter(m -> Arrays.stream(ONLY).anyMatch(m.id()::contains)).toList());
        if (SAMPLE < all.size()) {
            Collections.shuffle(all, new Random(SEED));
            // in this order, so that a campaign that is cut short has judged a sample, too
            return all.subList(0, SAMPLE);
        }
        return all;
    }
}
