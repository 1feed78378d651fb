package epurse.mutation;

import epurse.EveryCard;
import epurse.mutation.Suite.Runnable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import jcardsim.bridge.ClassTransform;
import jcardsim.bridge.mutation.LoopLimit;
import jcardsim.bridge.mutation.Mutant;
import jcardsim.bridge.mutation.Mutants;
import jcardsim.bridge.mutation.Mutation;

/**
 * Says of each mutant whether a test notices it. A mutant is switched on for each test; cards that a class of tests prepares for all of
 * them were issued before, without it, and are kept. Mutants of constructors, and of what only such preparation reaches, get cards that
 * are made with them.
 *
 * <p>A failure counts only if the same test passes, then and there, without the mutant: a mutant must not be convicted by what the one
 * before has left behind.
 */
final class Judge {

    /** Mutants loaded together: enough to load seldom, few enough that a card is made quickly. */
    private static final int TOGETHER = 400;
    /** Of the tests that have noticed something in a method, how many come first. */
    private static final int EXPERTS = 6;

    private final Suite suite;
    private final Reach reach;
    private final Map<String, Mutation> mutations = new HashMap<>();
    private final List<Mutation> all;
    private final Map<String, List<Runnable>> experts = new HashMap<>();
    private Mutants loaded = new Mutants(List.of());

    /** @param ids of the mutants that it will be asked about, in that order */
    Judge(Suite suite, Reach reach, List<String> ids) {
        this.suite = suite;
        this.reach = reach;
        AppletClasses.mutations().forEach(mutation -> mutations.put(mutation.id(), mutation));
        all = ids.stream().map(mutations::get).toList();
    }

    /**
     * {@code KILLED}, tab, test, tab, message; or {@code SURVIVED}; or {@code UNREACHED}.
     *
     * @param hint the test that noticed this mutant the last time, or nothing
     */
    String verdict(String id, String hint) {
        Mutation mutation = mutations.get(id);
        String method = mutation.owner() + '.' + mutation.method();
        List<Runnable> tests = reach.testsOf(method);
        Optional<String> failure = Mutants.canBeSwitched(mutation) && !tests.isEmpty()
            ? amongKept(mutation, sorted(tests, method, hint))
            : fromTheStart(mutation, sorted(reach.classesOf(method), method, hint));
        return failure.map(text -> "KILLED\t" + text).orElse(reach.classesOf(method).isEmpty() ? "UNREACHED" : "SURVIVED");
    }

    private Optional<String> amongKept(Mutation mutation, List<Runnable> tests) {
        load(mutation);
        for (Runnable test : tests) {
            Optional<String> failure = failure(mutation, test);
            if (failure.isPresent() && suite.firstFailure(test).isPresent()) {
                KeptFixtures.keep();
                failure = failure(mutation, test);
            }
            if (failure.isPresent()) {
                noticed(mutation, test);
                return failure;
            }
        }
        return Optional.empty();
    }

    private Optional<String> failure(Mutation mutation, Runnable test) {
        return during(mutation, () -> suite.firstFailure(test));
    }

    private <T> T during(Mutation mutation, Supplier<T> action) {
        List<T> result = new ArrayList<>();
        loaded.during(mutation, () -> result.add(action.get()));
        return result.get(0);
    }

    private void noticed(Mutation mutation, Runnable test) {
        List<Runnable> known = experts.computeIfAbsent(mutation.owner() + '.' + mutation.method(), m -> new ArrayList<>());
        known.remove(test);
        known.add(0, test);
    }

    /** Who is most likely to notice comes first. */
    private List<Runnable> sorted(List<Runnable> tests, String method, String hint) {
        List<Runnable> sorted = new ArrayList<>(tests);
        List<Runnable> known = experts.getOrDefault(method, List.of());
        for (int i = Math.min(EXPERTS, known.size()) - 1; i >= 0; i--) {
            if (sorted.remove(known.get(i))) {
                sorted.add(0, known.get(i));
            }
        }
        tests.stream().filter(test -> isOf(hint, test)).findFirst().ifPresent(test -> {
            sorted.remove(test);
            sorted.add(0, test);
        });
        return sorted;
    }

    private static boolean isOf(String hint, Runnable test) {
        return hint.equals(test.name()) || hint.startsWith(test.name() + '.');
    }

    private void load(Mutation wanted) {
        if (loaded.has(wanted)) {
            return;
        }
        int first = all.indexOf(wanted) / TOGETHER * TOGETHER;
        loaded = new Mutants(all.subList(first, Math.min(first + TOGETHER, all.size())).stream().filter(Mutants::canBeSwitched).toList());
        EveryCard.changes(limited(loaded));
        KeptFixtures.keep();
    }

    private Optional<String> fromTheStart(Mutation mutation, List<Runnable> classes) {
        List<Optional<String>> failures = new ArrayList<>();
        EveryCard.changes(limited(new Mutant(mutation)));
        KeptFixtures.aside(() -> {
            for (int i = 0; i < classes.size() && failures.stream().allMatch(Optional::isEmpty); i++) {
                failures.add(suite.firstFailure(classes.get(i)));
                if (failures.get(i).isPresent()) {
                    noticed(mutation, classes.get(i));
                }
            }
        });
        EveryCard.changes(limited(loaded));
        return failures.stream().flatMap(Optional::stream).findFirst();
    }

    private static ClassTransform limited(ClassTransform mutants) {
        LoopLimit limit = new LoopLimit();
        Map<String, byte[]> known = new HashMap<>();
        return (name, classFile) -> known.computeIfAbsent(name, n -> limit.transform(n, mutants.transform(n, classFile)));
    }
}
