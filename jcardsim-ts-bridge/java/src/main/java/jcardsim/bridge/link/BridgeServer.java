package jcardsim.bridge.link;

import static jcardsim.bridge.link.LinkException.Code.BAD_REQUEST;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The process behind the TypeScript side: requests on standard input, answers on standard output, in order.
 *
 * <pre>
 * request  length u32 | request id u32 | operation u8 | card handle u32 | body
 * </pre>
 *
 * <p>Requests are carried out on the thread that reads them, which saves a hand-over between threads on every command. The
 * process ends when standard input does, and soon after its parent even if an applet hangs; only one that was told to
 * {@link Operation#KEEP} stays, until its card is out of the reader or SIGTERM comes.
 */
public final class BridgeServer {
  private static final int HEADER = 9;
  private static final int MAX_FRAME = 256 << 20;
  private static final int HANGING_SECONDS = 3;

  private final DataInputStream in;
  private final Answers answers;
  private final Requests requests;
  private final FieldWriter frame = new FieldWriter();
  private final CountDownLatch readerEmpty = new CountDownLatch(1);
  private volatile PidFile kept;

  private BridgeServer(FileInputStream in, FileOutputStream out) {
    this.in = new DataInputStream(new BufferedInputStream(in, 1 << 16));
    this.answers = new Answers(out);
    this.requests = new Requests(answers, this::keep, this::endKeeping);
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    // frames only: whatever an applet or jCardSim prints must not reach standard output
    System.setOut(System.err);
    BridgeServer server = new BridgeServer(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out));
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutDown, "shut-down"));
    server.endWithParent();
    server.serve();
    if (server.kept != null) {
      server.readerEmpty.await();
    }
    System.exit(0);
  }

  private void serve() throws IOException {
    byte[] request = new byte[1 << 16];
    for (;;) {
      int length;
      try {
        length = in.readInt();
        if (length < HEADER || length > MAX_FRAME) {
          throw new IOException("a request of " + Integer.toUnsignedString(length) + " bytes");
        }
        if (length > request.length) {
          request = new byte[length];
        }
        in.readFully(request, 0, length);
      } catch (EOFException e) {
        return;
      }
      answer(new FieldReader(request, 0, length));
    }
  }

  private void answer(FieldReader request) {
    int id = request.u32();
    try {
      Operation operation = operation(request.u8());
      int handle = request.u32();
      requests.carryOut(operation, handle, request, Answers.begin(frame));
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      LinkException failure = Failures.of(e);
      if (failure.code() == LinkException.Code.INTERNAL) {
        failure.printStackTrace();
      }
      answers.fail(id, frame, failure);
      return;
    }
    answers.succeed(id, frame);
  }

  private static Operation operation(int number) {
    Operation[] all = Operation.values();
    if (number >= all.length) {
      throw new LinkException(BAD_REQUEST, "There is no operation " + number + "; are both sides of one version?");
    }
    return all[number];
  }

  private void keep(Path pidFile) {
    if (!requests.anyInReader()) {
      throw new LinkException(LinkException.Code.NOT_IN_READER, "No card is in a reader, so there is nothing to keep.");
    }
    kept = PidFile.write(pidFile);
  }

  private void endKeeping() {
    if (!requests.anyInReader()) {
      readerEmpty.countDown();
    }
  }

  private void shutDown() {
    try {
      requests.closeAll();
    } finally {
      if (kept != null) {
        kept.close();
      }
    }
  }

  /** Standard input ends with the parent, but an applet in an endless loop would keep us from reading that. */
  private void endWithParent() {
    ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(() -> {
      try {
        TimeUnit.SECONDS.sleep(HANGING_SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (kept == null) {
        Runtime.getRuntime().halt(1);
      }
    }));
  }
}
