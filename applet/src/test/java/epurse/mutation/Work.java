package epurse.mutation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jcardsim.bridge.mutation.Mutation;

/**
 * The mutants that are left to judge, shared by all lanes. One that the clock has ended comes once more, when all others have been, and
 * gets more time: a machine that did other things is no verdict, and a loop in the applet is ended by counting
 * ({@link jcardsim.bridge.mutation.LoopLimit}) unless each of its rounds takes long.
 */
final class Work {

    /** Times the patience of the first attempt. */
    private static final int SECOND_PATIENCE = 4;

    private final Deque<Mutation> left;
    private final Set<Mutation> putOff = new HashSet<>();
    private final String all;
    private final int patience;
    private final long end;

    /**
     * @param patience seconds for one mutant
     * @param end time of {@link System#nanoTime} after which no further mutant is taken
     */
    Work(List<Mutation> mutations, int patience, long end) {
        left = new ArrayDeque<>(mutations);
        all = mutations.stream().map(Mutation::id).collect(Collectors.joining("\t"));
        this.patience = patience;
        this.end = end;
    }

    /** The ids of all mutants, between tabs. */
    String all() {
        return all;
    }

    synchronized boolean isDone() {
        return left.isEmpty();
    }

    /** The next mutant, or null at the end. */
    synchronized Mutation take() {
        return System.nanoTime() < end ? left.poll() : null;
    }

    /** Milliseconds for a mutant. */
    synchronized long patience(Mutation mutation) {
        return 1000L * patience * (putOff.contains(mutation) ? SECOND_PATIENCE : 1);
    }

    /** Puts a mutant that the clock has ended behind all others; false if that was done before. */
    synchronized boolean putOff(Mutation mutation) {
        boolean first = putOff.add(mutation);
        if (first) {
            left.addLast(mutation);
        }
        return first;
    }
}
