package jcardsim.bridge.coverage;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which branches were taken since the process began, or since {@link #clear()}.
 *
 * <p>The static methods without documentation are called by instrumented applets: they get the operands of the branch and
 * decide as the virtual machine will. Cards of all class loaders share these probes, so that coverage adds up.
 */
public final class Probes {
  /**
   * One way a branch can go.
   *
   * @param owner internal name of the class
   * @param method name and descriptor
   * @param line source line, 0 where the class file has none
   * @param way {@code true}, {@code false}, {@code entered}, {@code case N} or {@code default}
   */
  public record Branch(String owner, String method, int line, String way) {}

  private static final Object LOCK = new Object();
  private static final List<Branch> BRANCHES = new ArrayList<>();
  private static final Map<String, Integer> KNOWN = new HashMap<>();
  private static final BitSet TAKEN = new BitSet();
  private static final Map<Integer, int[]> SWITCHES = new HashMap<>();

  private Probes() {}

  /** Every branch of the classes instrumented so far, in the order of their code. */
  public static List<Branch> all() {
    synchronized (LOCK) {
      return List.copyOf(BRANCHES);
    }
  }

  /** Those that were never taken. */
  public static List<Branch> missed() {
    synchronized (LOCK) {
      List<Branch> missed = new ArrayList<>();
      for (int i = TAKEN.nextClearBit(0); i < BRANCHES.size(); i = TAKEN.nextClearBit(i + 1)) {
        missed.add(BRANCHES.get(i));
      }
      return missed;
    }
  }

  /** Which of {@link #all()} have been taken, by their place in it: several conditions of one line look alike as branches. */
  public static BitSet which() {
    synchronized (LOCK) {
      return (BitSet) TAKEN.clone();
    }
  }

  /** How many branches have been taken: a fuzzer keeps what makes this grow. */
  public static int taken() {
    synchronized (LOCK) {
      return TAKEN.cardinality();
    }
  }

  /** Forgets what was taken; the branches stay known. */
  public static void clear() {
    synchronized (LOCK) {
      TAKEN.clear();
    }
  }

  /** Probes of one place, numbered one after the other; the same place always gets the same numbers. */
  static int register(String place, List<Branch> ways) {
    synchronized (LOCK) {
      return KNOWN.computeIfAbsent(place, name -> {
        BRANCHES.addAll(ways);
        return BRANCHES.size() - ways.size();
      });
    }
  }

  /** A switch: probe {@code first} is its default, the following ones its keys. */
  static void registerSwitch(int first, int[] keys) {
    synchronized (LOCK) {
      SWITCHES.put(first, keys);
    }
  }

  public static void hit(int probe) {
    synchronized (LOCK) {
      TAKEN.set(probe);
    }
  }

  public static void compareToZero(int value, int condition, int probe) {
    compare(value, 0, condition, probe);
  }

  /** @param condition opcode of the comparison less that of {@code IFEQ} or {@code IF_ICMPEQ} */
  public static void compare(int left, int right, int condition, int probe) {
    boolean holds = switch (condition) {
      case 0 -> left == right;
      case 1 -> left != right;
      case 2 -> left < right;
      case 3 -> left >= right;
      case 4 -> left > right;
      default -> left <= right;
    };
    hit(holds ? probe : probe + 1);
  }

  public static void compareObjects(Object left, Object right, int condition, int probe) {
    hit((left == right) == (condition == 0) ? probe : probe + 1);
  }

  public static void compareToNull(Object value, int condition, int probe) {
    compareObjects(value, null, condition, probe);
  }

  public static void select(int key, int first) {
    int[] keys;
    synchronized (LOCK) {
      keys = SWITCHES.get(first);
    }
    int way = 0;
    for (int i = 0; i < keys.length; i++) {
      way = keys[i] == key ? i + 1 : way;
    }
    hit(first + way);
  }
}
