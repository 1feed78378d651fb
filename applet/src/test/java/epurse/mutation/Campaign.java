package epurse.mutation;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import jcardsim.bridge.mutation.Mutation;
import org.junit.jupiter.api.Test;

/**
 * Runs the applet's tests on mutants of the applet. Not part of a test run: {@code mvn surefire:test -Dtest=epurse.mutation.Campaign}.
 *
 * <p>System properties: {@code mutation.report}, the file that gets a line for each mutant (verdict, id, description, test);
 * {@code mutation.sample}, how many at random, default all; {@code mutation.seed} of that choice, default 1; {@code mutation.only}, a
 * part of the ids; {@code mutation.workers}, processes at once, default 2; {@code mutation.patience}, seconds for one mutant.
 */
class Campaign {

    private static final int SAMPLE = Integer.getInteger("mutation.sample", Integer.MAX_VALUE);
    private static final long SEED = Long.getLong("mutation.seed", 1);
    private static final String ONLY = System.getProperty("mutation.only", "");
    private static final int WORKERS = Integer.getInteger("mutation.workers", 2);
    private static final int PATIENCE = Integer.getInteger("mutation.patience", 60);
    private static final Path REPORT = Path.of(System.getProperty("mutation.report", "target/mutation.txt"));

    @Test
    void everyChosenMutantGetsAVerdict() throws IOException, InterruptedException {
        Deque<Mutation> left = new ArrayDeque<>(chosen());
        assertFalse(left.isEmpty(), "no mutation has " + ONLY + " in its id");
        List<Throwable> troubles = Collections.synchronizedList(new ArrayList<>());
        try (PrintWriter report = new PrintWriter(Files.newBufferedWriter(REPORT), true)) {
            List<Thread> lanes = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                Thread lane = new Thread(new Lane(left, report, PATIENCE));
                lane.setUncaughtExceptionHandler((thread, trouble) -> troubles.add(trouble));
                lane.start();
                lanes.add(lane);
            }
            for (Thread lane : lanes) {
                lane.join();
            }
        }
        if (!troubles.isEmpty()) {
            throw new IllegalStateException("a lane of the campaign ended early", troubles.get(0));
        }
    }

    private static List<Mutation> chosen() {
        List<Mutation> all = new ArrayList<>(AppletClasses.mutations().stream().filter(m -> m.id().contains(ONLY)).toList());
        if (SAMPLE < all.size()) {
            Collections.shuffle(all, new Random(SEED));
            return all.subList(0, SAMPLE);
        }
        return all;
    }
}
