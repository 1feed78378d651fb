package epurse.mutation;

import epurse.EveryCard;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import jcardsim.bridge.coverage.BranchCoverage;
import jcardsim.bridge.coverage.Probes;
import jcardsim.bridge.coverage.Probes.Branch;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Which test classes reach which methods of the applet, the quick ones first, and which branches none of them takes. */
final class Reach {

    /** Class and method of the applet → unique ids of test classes. */
    private final Map<String, List<String>> testsByMethod = new HashMap<>();
    private final Map<String, Set<Branch>> takenByClass = new LinkedHashMap<>();
    private List<Branch> known = List.of();

    private Reach() {
    }

    /** @throws IllegalStateException if a test fails on the applet as it is */
    static Reach measured(Suite suite) {
        Reach reach = new Reach();
        EveryCard.changes(new BranchCoverage());
        Map<String, Long> times = new HashMap<>();
        for (String test : suite.classes()) {
            Probes.clear();
            long begun = System.nanoTime();
            Failures failures = new Failures();
            suite.run(List.of(test), failures);
            if (failures.text != null) {
                throw new IllegalStateException("fails without any mutation: " + failures.text);
            }
            times.put(test, System.nanoTime() - begun);
            reach.note(test);
        }
        reach.known = Probes.all();
        EveryCard.changes(null);
        reach.testsByMethod.values().forEach(tests -> tests.sort(Comparator.comparing(times::get)));
        return reach;
    }

    private void note(String test) {
        Set<Branch> missed = Set.copyOf(Probes.missed());
        Set<Branch> taken = new java.util.HashSet<>(Probes.all());
        taken.removeAll(missed);
        takenByClass.put(test, taken);
        Set<String> methods = new TreeSet<>();
        taken.forEach(branch -> methods.add(branch.owner() + '.' + branch.method()));
        methods.forEach(method -> testsByMethod.computeIfAbsent(method, m -> new ArrayList<>()).add(test));
    }

    /** @param method as {@link jcardsim.bridge.mutation.Mutation} has it: owner, dot, name and descriptor */
    List<String> testsOf(String method) {
        return testsByMethod.getOrDefault(method, List.of());
    }

    /** Branches of the applet, and those of them that no test takes. */
    List<Branch> branches() {
        return known;
    }

    List<Branch> missed() {
        Set<Branch> taken = new java.util.HashSet<>();
        takenByClass.values().forEach(taken::addAll);
        return known.stream().filter(branch -> !taken.contains(branch)).toList();
    }

    private static final class Failures implements TestExecutionListener {

        private String text;

        Failures() {
            StopAtFailure.reset();
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                text = test.getLegacyReportingName() + ": " + result.getThrowable().map(Throwable::toString).orElse("");
            }
        }
    }
}
