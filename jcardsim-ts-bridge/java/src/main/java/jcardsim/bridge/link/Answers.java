package jcardsim.bridge.link;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes frames to the caller, one write each, from any thread.
 *
 * <pre>
 * answer        length u32 | request id u32 | 0 | body
 * failure       length u32 | request id u32 | 1 | code string | detail u64 | sentence string
 * notification  length u32 | 0 u32          | 0 | stay u32 | end u8 (place in {@link VpcdLink.End})
 * </pre>
 */
final class Answers {
  private static final int LENGTH = 4;
  private static final int HEADER = 9;
  private static final int OK = 0;
  private static final int FAILED = 1;

  private final OutputStream out;
  private final FieldWriter notification = new FieldWriter();

  Answers(FileOutputStream out) {
    this.out = out;
  }

  /** Makes room for the header; the body follows in the same writer. */
  static FieldWriter begin(FieldWriter frame) {
    return frame.clear(HEADER);
  }

  void succeed(int request, FieldWriter frame) {
    send(request, OK, frame);
  }

  void fail(int request, FieldWriter frame, LinkException failure) {
    describe(begin(frame), failure);
    send(request, FAILED, frame);
  }

  static void describe(FieldWriter frame, LinkException failure) {
    frame.string(failure.code().name()).u64(failure.detail()).string(failure.getMessage());
  }

  synchronized void leftReader(int stay, VpcdLink.End end) {
    begin(notification).u32(stay).u8(end.ordinal());
    send(0, OK, notification);
  }

  private synchronized void send(int request, int status, FieldWriter frame) {
    frame.putU32(0, frame.length() - LENGTH);
    frame.putU32(LENGTH, request);
    frame.buffer()[HEADER - 1] = (byte) status;
    try {
      out.write(frame.buffer(), 0, frame.length());
    } catch (IOException ignored) {
      // nobody listens any more; the end of standard input, which comes with it, ends the process
    }
  }
}
