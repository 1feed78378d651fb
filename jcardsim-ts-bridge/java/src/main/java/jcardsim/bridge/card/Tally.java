package jcardsim.bridge.card;

import java.util.Arrays;
import jcardsim.bridge.Counters.Item;

/** Counts of this card: totals, and where they stood at the start of the command and at the mark. */
public final class Tally {
  private static final int MAX_COMMIT = Item.MAX_COMMIT_BYTES.ordinal();

  private final long[] total = new long[Item.values().length];
  private final long[] atCommand = new long[total.length];
  private final long[] atMark = new long[total.length];
  private long commandMaximum;
  private long markMaximum;
  private long cardMaximum;
  private long[] last = new long[total.length];

  public void add(Item item) {
    total[item.ordinal()]++;
  }

  public void add(Item item, int amount) {
    total[item.ordinal()] += amount;
  }

  void commitBytes(int bytes) {
    commandMaximum = Math.max(commandMaximum, bytes);
    markMaximum = Math.max(markMaximum, bytes);
    cardMaximum = Math.max(cardMaximum, bytes);
  }

  int largestCommit() {
    return (int) cardMaximum;
  }

  void beginCommand() {
    System.arraycopy(total, 0, atCommand, 0, total.length);
    commandMaximum = 0;
  }

  void endCommand() {
    last = difference(atCommand, commandMaximum);
  }

  void mark() {
    System.arraycopy(total, 0, atMark, 0, total.length);
    markMaximum = 0;
  }

  long[] lastCommand() {
    return last.clone();
  }

  long[] sinceMark() {
    return difference(atMark, markMaximum);
  }

  private long[] difference(long[] from, long maximum) {
    long[] result = Arrays.copyOf(total, total.length);
    for (int i = 0; i < result.length; i++) {
      result[i] -= from[i];
    }
    result[MAX_COMMIT] = maximum;
    return result;
  }
}
