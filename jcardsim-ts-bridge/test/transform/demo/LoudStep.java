package demo;

import java.nio.charset.StandardCharsets;
import jcardsim.bridge.ClassTransform;

/** Exchanges the digit of a mark in the class file, and prints to standard output, where only frames may go. */
public final class LoudStep implements ClassTransform {
  private final byte[] from;
  private final byte[] to;

  /** @param exchange two marks of one length, as {@code OLD=NEW} */
  public LoudStep(String exchange) {
    String[] marks = exchange.split("=");
    from = marks[0].getBytes(StandardCharsets.US_ASCII);
    to = marks[1].getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public byte[] transform(String internalName, byte[] classFile) {
    System.out.println("rewriting " + internalName);
    byte[] changed = classFile.clone();
    for (int at = 0; at + from.length <= changed.length; at++) {
      if (startsWith(changed, at)) {
        System.arraycopy(to, 0, changed, at, to.length);
      }
    }
    return changed;
  }

  private boolean startsWith(byte[] bytes, int at) {
    for (int i = 0; i < from.length; i++) {
      if (bytes[at + i] != from[i]) {
        return false;
      }
    }
    return true;
  }
}
