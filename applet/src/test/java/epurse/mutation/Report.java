package epurse.mutation;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jcardsim.bridge.mutation.Mutation;

/**
 * The file of verdicts, a line each as it comes: verdict, id, key, description, test, message, between tabs. Its first line names the code
 * they hold for, its second how many mutants there are; a campaign on the same code goes on where the last one stopped. One on other code
 * begins anew and asks first the tests that noticed the last time: what was known then is kept beside it, in a file ending in .before.
 */
final class Report implements AutoCloseable {

    /** Verdict on a mutant whose tests came to no end: neither a test that failed nor one that passed. */
    static final String TIMED_OUT = "TIMED_OUT";

    private static final String CODE = "# code ";
    private static final int ID = 1;
    private static final int TEST = 4;

    private final Map<String, String> hints = new HashMap<>();
    private final Map<String, String> done = new HashMap<>();
    private final Map<Mutation, String> keys;
    private final PrintWriter lines;

    Report(Path file, Map<Mutation, String> keys) throws IOException {
        this.keys = keys;
        String header = CODE + AppletClasses.codeHash();
        Path older = file.resolveSibling(file.getFileName() + ".before");
        List<String> before = linesOf(file);
        boolean goesOn = !before.isEmpty() && before.get(0).equals(header);
        verdicts(linesOf(older)).forEach(fields -> hints.put(fields[ID], fields[TEST]));
        verdicts(before).forEach(fields -> {
            hints.put(fields[ID], fields[TEST]);
            if (goesOn) {
                done.put(fields[ID], fields[0]);
            }
        });
        if (!goesOn) {
            Files.write(older, hints.entrySet().stream().map(hint -> "KILLED\t" + hint.getKey() + "\t\t\t" + hint.getValue()).toList());
        }
        lines = new PrintWriter(goesOn ? Files.newBufferedWriter(file, StandardOpenOption.APPEND) : Files.newBufferedWriter(file), true);
        if (!goesOn) {
            lines.println(header);
            lines.println("# mutants " + keys.size());
        }
    }

    private static List<String> linesOf(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private static Stream<String[]> verdicts(List<String> lines) {
        return lines.stream().map(line -> line.split("\t", -1)).filter(fields -> fields.length > TEST);
    }

    boolean has(Mutation mutation) {
        return done.containsKey(mutation.id());
    }

    /** The test that noticed this mutant the last time, or nothing. */
    String hint(Mutation mutation) {
        return hints.getOrDefault(mutation.id(), "");
    }

    /** @param verdict as {@link Judge#verdict}, or {@link #TIMED_OUT} */
    synchronized void write(Mutation mutation, String verdict) {
        String[] words = verdict.split("\t", 3);
        lines.println(String.join("\t", words[0], mutation.id(), keys.get(mutation), mutation.description(), words.length > 1 ? words[1] : "",
            words.length > 2 ? words[2] : ""));
        done.put(mutation.id(), words[0]);
    }

    /** How many have a verdict so far, in words. */
    synchronized String summary() {
        long killed = done.values().stream().filter("KILLED"::equals).count();
        long timedOut = done.values().stream().filter(TIMED_OUT::equals).count();
        return String.format("%d of %d mutants judged, %d killed, %d ended by the clock, %d left%n", done.size(), keys.size(), killed, timedOut,
            done.size() - killed - timedOut);
    }

    @Override
    public void close() {
        lines.close();
    }
}
