package epurse.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import epurse.EveryCard;
import epurse.PublishedBugs;
import epurse.PublishedBugs.Bug;
import epurse.mutation.Suite.Runnable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each bug that a published purse had is refused by a test of ours: it passes without the bug and fails with it. */
@Tag("slow")
class PublishedBugsTest {

    private final Suite suite = new Suite();

    static Stream<String> bugs() {
        return PublishedBugs.all().keySet().stream();
    }

    @AfterEach
    void healEveryCard() {
        EveryCard.changes(null);
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void noPurseGoesUnnoticedThat(String bug) { // [M2] [M3] [M8]
        Bug known = PublishedBugs.all().get(bug);
        List<Runnable> tests = suite.classes().stream().flatMap(testClass -> suite.testsOf(testClass).stream())
            .filter(test -> Arrays.asList(known.noticedBy()).contains(test.name())).toList();
        assertEquals(known.noticedBy().length, tests.size(), "not all of its tests are there");
        for (Runnable test : tests) {
            EveryCard.changes(null);
            assertEquals(Optional.empty(), suite.firstFailure(test));
            EveryCard.changes(known.change());
            assertTrue(suite.firstFailure(test).isPresent(), test.name() + " does not notice that the card " + bug);
        }
    }
}
