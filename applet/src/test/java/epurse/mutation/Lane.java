package epurse.mutation;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.Deque;
import java.util.Timer;
import java.util.TimerTask;
import java.util.stream.Collectors;
import jcardsim.bridge.mutation.Mutation;

/** Hands mutants to a worker process, one after the other, and starts another when one hangs. */
final class Lane implements Runnable {

    private final String all;
    private final Deque<Mutation> left;
    private final Report report;
    private final int patience;
    private final long end;
    private final Timer timer = new Timer(true);

    /**
     * @param left shared by all lanes
     * @param patience seconds for one mutant
     * @param end time of {@link System#nanoTime} after which no further mutant is taken
     */
    Lane(Deque<Mutation> left, Report report, int patience, long end) {
        this.left = left;
        all = left.stream().map(Mutation::id).collect(Collectors.joining("\t"));
        this.report = report;
        this.patience = patience;
        this.end = end;
    }

    @Override
    public void run() {
        try {
            Mutation next = take();
            while (next != null) {
                next = withOneWorker(next);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            timer.cancel();
        }
    }

    private Mutation take() {
        synchronized (left) {
            return System.nanoTime() < end ? left.poll() : null;
        }
    }

    /** Goes on until a mutant hangs the worker; gives the next one that is to be looked at, null at the end. */
    private Mutation withOneWorker(Mutation first) throws IOException {
        Process worker = start();
        try (BufferedReader answers = worker.inputReader(); PrintWriter questions = new PrintWriter(worker.outputWriter(), true)) {
            questions.println(all);
            if (!Worker.READY.equals(answers.readLine())) {
                throw new IOException("a worker did not start; the tests fail on the applet as it is, or see standard error");
            }
            for (Mutation mutation = first; mutation != null; mutation = take()) {
                String verdict = verdict(worker, answers, questions, mutation);
                report.write(mutation, verdict == null ? "KILLED\t\tit never ended" : verdict);
                if (verdict == null) {
                    return take();
                }
            }
            return null;
        } finally {
            worker.destroyForcibly();
        }
    }

    private String verdict(Process worker, BufferedReader answers, PrintWriter questions, Mutation mutation) throws IOException {
        TimerTask end = new TimerTask() {
            @Override
            public void run() {
                worker.destroyForcibly();
            }
        };
        timer.schedule(end, patience * 1000L);
        questions.println(mutation.id() + '\t' + report.hint(mutation));
        String answer = answers.readLine();
        end.cancel();
        return answer;
    }

    private static Process start() throws IOException {
        String classpath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String java = ProcessHandle.current().info().command().orElse("java");
        return new ProcessBuilder(java, "-XX:+UseSerialGC", "-Xmx1g", "-cp", classpath, Worker.class.getName()).redirectError(Redirect.INHERIT).start();
    }
}
