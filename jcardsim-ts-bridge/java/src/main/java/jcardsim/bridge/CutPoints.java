package jcardsim.bridge;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * One command, sent again and again from one state of the card, with power lost each time before another of its persistent writes, and
 * at last after all of them, when only the answer is lost.
 *
 * @param points how often power was lost: one more than the command has writes
 * @param commitBytes largest use of the commit buffer, in bytes of old data
 * @param outcomes the different states in which the card was found when it had power again, in the order of their first point
 */
public record CutPoints(int points, long commitBytes, List<Outcome> outcomes) {

  /**
   * A state that points of a command lead to.
   *
   * @param write the first of these points: the number of the write that power was lost before
   * @param points how many they are
   * @param digest SHA-256 over {@link SimulatedCard#persistentDump} and the PIN tries
   * @param state the card with power again, nothing selected
   */
  public record Outcome(int write, int points, byte[] digest, Snapshot state) {}

  /** @param leftOut as for {@link SimulatedCard#persistentDump} */
  static CutPoints of(SimulatedCard card, byte[] apdu, Set<String> leftOut) {
    Snapshot before = card.snapshot();
    List<Outcome> outcomes = new ArrayList<>();
    long commitBytes = 0;
    int write = 0;
    try {
      while (losesPower(card, apdu, write)) {
        commitBytes = Math.max(commitBytes, card.lastCommand().get(Counters.Item.MAX_COMMIT_BYTES));
        card.powerOn();
        note(outcomes, write++, digest(card.persistentDumpWithTries(leftOut)), card);
        card.restore(before);
      }
    } finally {
      card.restore(before);
    }
    return new CutPoints(write, commitBytes, outcomes);
  }

  private static boolean losesPower(SimulatedCard card, byte[] apdu, int write) {
    card.cutPowerAt(write);
    try {
      card.transmit(apdu);
      return false;
    } catch (PowerLostException lost) {
      return true;
    }
  }

  private static void note(List<Outcome> outcomes, int write, byte[] digest, SimulatedCard card) {
    for (int i = 0; i < outcomes.size(); i++) {
      Outcome known = outcomes.get(i);
      if (Arrays.equals(known.digest, digest)) {
        outcomes.set(i, new Outcome(known.write, known.points + 1, digest, known.state));
        return;
      }
    }
    outcomes.add(new Outcome(write, 1, digest, card.snapshot()));
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
