package epurse.mutation;

import epurse.EveryCard;
import epurse.mutation.Suite.Runnable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import jcardsim.bridge.coverage.BranchCoverage;
import jcardsim.bridge.coverage.Probes;
import jcardsim.bridge.coverage.Probes.Branch;

/** Which tests reach which methods of the applet, the quick ones first, and which branches none of them takes. */
final class Reach {

    /** Milliseconds from which a test is slow. */
    private static final long SLOW = 300;
    /** Tests that reach a method, from which on the slow ones need not be asked. */
    private static final int MANY = 40;

    /** Class and method of the applet → tests that reach it, whatever their class prepares left out. */
    private final Map<String, List<Runnable>> testsByMethod = new HashMap<>();
    /** Class and method of the applet → classes that reach it, what they prepare included. */
    private final Map<String, List<Runnable>> classesByMethod = new HashMap<>();
    private final Map<Runnable, Long> times = new LinkedHashMap<>();
    private final Set<Branch> taken = new HashSet<>();
    private List<Branch> branches = List.of();

    private Reach() {
    }

    /** @throws IllegalStateException if a test fails on the applet as it is */
    static Reach measured(Suite suite) {
        Reach reach = new Reach();
        EveryCard.changes(new BranchCoverage());
        KeptFixtures.keep();
        for (Runnable testClass : suite.classes()) {
            reach.note(testClass, suite, reach.classesByMethod);
            suite.testsOf(testClass).forEach(test -> reach.note(test, suite, reach.testsByMethod));
        }
        reach.branches = Probes.all();
        EveryCard.changes(null);
        Comparator<Runnable> quickFirst = Comparator.comparing(reach.times::get);
        reach.testsByMethod.values().forEach(tests -> {
            tests.sort(quickFirst);
            if (tests.size() >= MANY) {
                tests.removeIf(test -> reach.times.get(test) > SLOW * 1_000_000);
            }
        });
        reach.classesByMethod.values().forEach(classes -> classes.sort(quickFirst));
        return reach;
    }

    private void note(Runnable test, Suite suite, Map<String, List<Runnable>> into) {
        Probes.clear();
        long begun = System.nanoTime();
        Optional<String> failure = suite.firstFailure(test);
        times.put(test, System.nanoTime() - begun);
        if (failure.isPresent()) {
            throw new IllegalStateException("fails without any mutation: " + failure.get());
        }
        Set<Branch> now = new HashSet<>(Probes.all());
        now.removeAll(Set.copyOf(Probes.missed()));
        taken.addAll(now);
        now.stream().map(branch -> branch.owner() + '.' + branch.method()).distinct()
            .forEach(method -> into.computeIfAbsent(method, m -> new ArrayList<>()).add(test));
    }

    /** @param method owner, dot, name and descriptor, as {@link jcardsim.bridge.mutation.Mutation#id} begins */
    List<Runnable> testsOf(String method) {
        return testsByMethod.getOrDefault(method, List.of());
    }

    List<Runnable> classesOf(String method) {
        return classesByMethod.getOrDefault(method, List.of());
    }

    /** How many of the applet's branches a test takes, in a line, and each that none takes, in a line of its own. */
    String coverage() {
        List<String> missed = branches.stream().filter(branch -> !taken.contains(branch))
            .map(branch -> String.join("\t", branch.owner() + '.' + branch.method(), "line " + branch.line(), branch.way())).sorted().toList();
        int all = branches.size();
        return String.format("%d of %d branches taken, %.1f %%%n", all - missed.size(), all, 100.0 * (all - missed.size()) / all)
            + missed.stream().map(line -> line + '\n').collect(Collectors.joining());
    }
}
