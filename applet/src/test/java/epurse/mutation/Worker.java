package epurse.mutation;

import epurse.EveryCard;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import jcardsim.bridge.mutation.Mutant;

/** Reads ids of mutations, a line each, and answers each with a line: {@code KILLED test}, {@code SURVIVED} or {@code UNREACHED}. */
public final class Worker {

    static final String READY = "READY";

    private Worker() {
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream answers = System.out;
        // applets and libraries may print: the answers have the channel for themselves
        System.setOut(System.err);
        Suite suite = new Suite();
        Reach reach = Reach.measured(suite);
        answers.println(READY);
        BufferedReader ids = new BufferedReader(new InputStreamReader(System.in));
        for (String id = ids.readLine(); id != null; id = ids.readLine()) {
            answers.println(verdict(suite, reach, id));
            answers.flush();
        }
    }

    private static String verdict(Suite suite, Reach reach, String id) {
        List<String> tests = reach.testsOf(id.substring(0, id.lastIndexOf('@')));
        EveryCard.changes(new Mutant(id));
        for (String test : tests) {
            Optional<String> failure = suite.firstFailure(List.of(test));
            if (failure.isPresent()) {
                return "KILLED " + failure.get();
            }
        }
        return tests.isEmpty() ? "UNREACHED" : "SURVIVED";
    }
}
