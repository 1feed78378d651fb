package epurse.mutation;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads the ids of all that it will be asked about, on one line between tabs, and then mutations, a line each: id, tab, the test that noticed it the last time or nothing. Answers each with a line, {@link Judge#verdict}.
 * The first line it writes is {@link #READY}, which comes once all tests have passed on the applet as it is; by then
 * {@code target/coverage.txt} has the branches that they take.
 */
public final class Worker {

    static final String READY = "READY";

    private Worker() {
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream answers = System.out;
        // applets and libraries may print: the answers have the channel for themselves
        System.setOut(System.err);
        Suite suite = new Suite();
        Reach reach = Reach.known(suite, Path.of("target", "reach.txt"));
        Files.writeString(Path.of("target", "coverage.txt"), reach.coverage());
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in));
        Judge judge = new Judge(suite, reach, List.of(questions.readLine().split("\t")));
        answers.println(READY);
        for (String question = questions.readLine(); question != null; question = questions.readLine()) {
            int tab = question.indexOf('\t');
            answers.println(judge.verdict(question.substring(0, tab), question.substring(tab + 1)));
            answers.flush();
        }
    }
}
