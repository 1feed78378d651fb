package epurse.mutation;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.Timer;
import java.util.TimerTask;
import jcardsim.bridge.mutation.Mutation;

/** Hands mutants to a worker process, one after the other, and starts another when one hangs. */
final class Lane implements Runnable {

    private final Work work;
    private final Report report;
    private final Timer timer = new Timer(true);

    /** @param work shared by all lanes */
    Lane(Work work, Report report) {
        this.work = work;
        this.report = report;
    }

    @Override
    public void run() {
        try {
            Mutation next = work.take();
            while (next != null) {
                next = withOneWorker(next);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            timer.cancel();
        }
    }

    /** Goes on until a mutant hangs the worker; gives the next one that is to be looked at, null at the end. */
    private Mutation withOneWorker(Mutation first) throws IOException {
        Process worker = start();
        try (BufferedReader answers = worker.inputReader(); PrintWriter questions = new PrintWriter(worker.outputWriter(), true)) {
            questions.println(work.all());
            if (!Worker.READY.equals(answers.readLine())) {
                throw new IOException("a worker did not start; the tests fail on the applet as it is, or see standard error");
            }
            for (Mutation mutation = first; mutation != null; mutation = work.take()) {
                String verdict = verdict(worker, answers, questions, mutation);
                if (verdict == null) {
                    ended(mutation);
                    return work.take();
                }
                report.write(mutation, verdict);
            }
            return null;
        } finally {
            worker.destroyForcibly();
        }
    }

    private void ended(Mutation mutation) {
        if (!work.putOff(mutation)) {
            report.write(mutation, Report.TIMED_OUT);
        }
    }

    /** As {@link Judge#verdict}, or null if the clock has ended it. */
    private String verdict(Process worker, BufferedReader answers, PrintWriter questions, Mutation mutation) throws IOException {
        TimerTask end = new TimerTask() {
            @Override
            public void run() {
                worker.destroyForcibly();
            }
        };
        timer.schedule(end, work.patience(mutation));
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
