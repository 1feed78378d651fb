package jcardsim.bridge.card;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import javacard.framework.CardException;
import javacard.framework.CardRuntimeException;
import jcardsim.bridge.AppletFault;
import jcardsim.bridge.AppletFault.Kind;

/** The developer's record of what went wrong inside the applet. */
final class Faults {
  private static final int KEPT = 100;

  private final Deque<AppletFault> faults = new ArrayDeque<>();
  private long commandNumber;
  private byte[] header = {};

  void beginCommand(byte[] apdu) {
    commandNumber++;
    header = Arrays.copyOf(apdu, Math.min(4, apdu.length));
  }

  void record(Kind kind, String message) {
    record(kind, message, "");
  }

  void record(Kind kind, Throwable thrown) {
    StringWriter stack = new StringWriter();
    thrown.printStackTrace(new PrintWriter(stack));
    record(kind, describe(thrown), stack.toString());
  }

  private void record(Kind kind, String message, String stack) {
    if (faults.size() == KEPT) {
      faults.removeFirst();
    }
    faults.addLast(new AppletFault(kind, commandNumber, header.clone(), message, stack));
  }

  /** Java Card exceptions carry a reason code instead of a message. */
  static String describe(Throwable thrown) {
    String name = thrown.getClass().getName();
    if (thrown instanceof CardRuntimeException card) {
      return name + ", reason " + card.getReason();
    }
    if (thrown instanceof CardException card) {
      return name + ", reason " + card.getReason();
    }
    return thrown.getMessage() == null ? name : name + ": " + thrown.getMessage();
  }

  List<AppletFault> list() {
    return List.copyOf(faults);
  }
}
