package epurse.mutation;

import epurse.EveryCard;
import epurse.mutation.Suite.Runnable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jcardsim.bridge.coverage.BranchCoverage;
import jcardsim.bridge.coverage.Probes;
import jcardsim.bridge.coverage.Probes.Branch;

/** Which tests reach which methods of the applet, the quick ones first, and which branches none of them takes. */
final class Reach {

    /** Milliseconds from which a test is slow. */
    private static final long SLOW = 600;
    /** Tests that reach a method, from which on the slow ones need not be asked. */
    private static final int MANY = 40;

    /** Class and method of the applet → tests that reach it, whatever their class prepares left out. */
    private final Map<String, List<Runnable>> testsByMethod = new HashMap<>();
    /** Class and method of the applet → classes that reach it, what they prepare included. */
    private final Map<String, List<Runnable>> classesByMethod = new HashMap<>();
    private final Map<Runnable, Long> times = new LinkedHashMap<>();
    private final BitSet taken = new BitSet();
    private List<Branch> branches = List.of();
    private String coverage = "";

    private Reach() {
    }

    /**
     * As measured before on this very code, or measured now and kept in a file for the next worker.
     *
     * @throws IllegalStateException if a test fails on the applet as it is
     */
    static Reach known(Suite suite, Path file) throws IOException {
        String code = AppletClasses.codeHash();
        if (Files.exists(file)) {
            List<String> lines = Files.readAllLines(file);
            if (lines.get(0).equals(code)) {
                return read(lines.subList(1, lines.size()));
            }
        }
        Reach reach = measured(suite);
        Files.write(file, Stream.concat(Stream.of(code), reach.lines()).toList());
        return reach;
    }

    /** {@code TEST id name nanoseconds}, {@code TESTS method number…}, {@code CLASSES method number…} and {@code COVERAGE line}, between tabs. */
    private Stream<String> lines() {
        List<Runnable> tests = List.copyOf(times.keySet());
        Stream<String> all = tests.stream().map(test -> String.join("\t", "TEST", test.id(), test.name(), times.get(test).toString()));
        Stream<String> reached = Stream.concat(numbered("TESTS", testsByMethod, tests), numbered("CLASSES", classesByMethod, tests));
        return Stream.of(all, reached, coverage.lines().map(line -> "COVERAGE\t" + line)).flatMap(each -> each);
    }

    private static Stream<String> numbered(String word, Map<String, List<Runnable>> byMethod, List<Runnable> tests) {
        return byMethod.entrySet().stream().map(entry -> word + '\t' + entry.getKey()
            + entry.getValue().stream().map(test -> "\t" + tests.indexOf(test)).collect(Collectors.joining()));
    }

    private static Reach read(List<String> lines) {
        Reach reach = new Reach();
        List<Runnable> tests = new ArrayList<>();
        StringBuilder coverage = new StringBuilder();
        for (String line : lines) {
            String[] fields = line.split("\t", 2);
            String[] rest = fields[1].split("\t");
            switch (fields[0]) {
                case "TEST" -> {
                    tests.add(new Runnable(rest[0], rest[1]));
                    reach.times.put(tests.get(tests.size() - 1), Long.valueOf(rest[2]));
                }
                case "TESTS" -> reach.testsByMethod.put(rest[0], byNumber(rest, tests));
                case "CLASSES" -> reach.classesByMethod.put(rest[0], byNumber(rest, tests));
                default -> coverage.append(fields[1]).append('\n');
            }
        }
        reach.coverage = coverage.toString();
        reach.sort();
        return reach;
    }

    private static List<Runnable> byNumber(String[] fields, List<Runnable> tests) {
        return Arrays.stream(fields).skip(1).map(number -> tests.get(Integer.parseInt(number))).collect(Collectors.toCollection(ArrayList::new));
    }

    /** @throws IllegalStateException if a test fails on the applet as it is */
    private static Reach measured(Suite suite) {
        Reach reach = new Reach();
        EveryCard.changes(new BranchCoverage());
        KeptFixtures.keep();
        for (Runnable testClass : suite.classes()) {
            reach.note(testClass, suite, reach.classesByMethod);
            suite.testsOf(testClass).forEach(test -> reach.note(test, suite, reach.testsByMethod));
        }
        reach.branches = Probes.all();
        EveryCard.changes(null);
        reach.coverage = reach.describeCoverage();
        reach.sort();
        return reach;
    }

    private void sort() {
        Comparator<Runnable> quickFirst = Comparator.comparing(times::get);
        testsByMethod.values().forEach(tests -> {
            tests.sort(quickFirst);
            if (tests.size() >= MANY) {
                tests.removeIf(test -> times.get(test) > SLOW * 1_000_000);
            }
        });
        classesByMethod.values().forEach(classes -> classes.sort(quickFirst));
    }

    private void note(Runnable test, Suite suite, Map<String, List<Runnable>> into) {
        Probes.clear();
        long begun = System.nanoTime();
        Optional<String> failure = suite.firstFailure(test);
        times.put(test, System.nanoTime() - begun);
        if (failure.isPresent()) {
            throw new IllegalStateException("fails without any mutation: " + failure.get());
        }
        BitSet now = Probes.which();
        taken.or(now);
        List<Branch> all = Probes.all();
        now.stream().mapToObj(all::get).map(branch -> branch.owner() + '.' + branch.method()).distinct()
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
        return coverage;
    }

    /**
     * A name for each branch that outlives changes elsewhere in its method: which of its kind it is, from 1, such as
     * {@code epurse/Guard.check(B)V:true#2}.
     */
    private List<String> keys() {
        Map<String, Integer> counts = new HashMap<>();
        return branches.stream().map(branch -> branch.owner() + '.' + branch.method() + ':' + branch.way())
            .map(kind -> kind + '#' + counts.merge(kind, 1, Integer::sum)).toList();
    }

    private String describeCoverage() {
        List<String> keys = keys();
        List<String> missed = IntStream.range(0, branches.size()).filter(place -> !taken.get(place))
            .mapToObj(place -> keys.get(place) + "\tline " + branches.get(place).line()).sorted().toList();
        int all = branches.size();
        return String.format("%d of %d branches taken, %.1f %%%n", all - missed.size(), all, 100.0 * (all - missed.size()) / all)
            + missed.stream().map(line -> line + '\n').collect(Collectors.joining());
    }
}
