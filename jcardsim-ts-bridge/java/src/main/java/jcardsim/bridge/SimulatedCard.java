package jcardsim.bridge;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import jcardsim.bridge.internal.CardCore;
import jcardsim.bridge.load.CardClassLoader;

/**
 * One card with one applet, powered off until {@link #powerOn()}. Cards are isolated from each other: each loads its
 * own copy of the platform and of the applet.
 *
 * <p>Not thread-safe: one card, one thread at a time. Two cards may run on two threads.
 *
 * <p>Durability is the caller's: write {@link #saveImage()} to disk before the answer of {@link #transmit} leaves.
 */
public final class SimulatedCard implements AutoCloseable {

  private final CardSpec spec;
  private CardCore core;
  /** The core that ran the last command or install; differs from {@link #core} after a failed install only. */
  private CardCore reporting;

  private SimulatedCard(CardSpec spec) {
    this.spec = spec;
    core = load(spec);
    reporting = core;
  }

  private static CardCore load(CardSpec spec) {
    try {
      Class<?> type = new CardClassLoader(spec).loadClass("jcardsim.bridge.card.CardCoreImpl");
      return (CardCore) type.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      throw loadFailure(e);
    }
  }

  /** A transform that fails while a class initialises arrives wrapped. */
  private static CardLoadException loadFailure(Throwable thrown) {
    Throwable cause = thrown;
    while (!(cause instanceof CardLoadException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof CardLoadException known ? known
      : new CardLoadException(CardLoadException.Reason.REWRITE_FAILED, "cannot start the card: " + cause, thrown);
  }

  private void requirePower() {
    if (!core.isPowered()) {
      throw new IllegalStateException("the card has no power");
    }
  }

  private void requireInstalled() {
    if (!core.isInstalled()) {
      throw new IllegalStateException("no applet is installed");
    }
  }

  /**
   * Makes a card and installs the applet. The card is off.
   *
   * @throws CardLoadException if the applet cannot be loaded or its {@code install()} fails
   */
  public static SimulatedCard create(CardSpec spec) {
    SimulatedCard card = blank(spec);
    card.install();
    return card;
  }

  /**
   * Makes a card without the applet: only {@link #install()} makes sense next. For tests that cut power during install.
   *
   * @throws CardLoadException if the applet cannot be loaded
   */
  public static SimulatedCard blank(CardSpec spec) {
    return new SimulatedCard(spec);
  }

  /**
   * Makes a card from what {@link #saveImage()} gave. The card is off.
   *
   * @throws CardImageException if the image is damaged or belongs to other applet code
   * @throws CardLoadException if the applet cannot be loaded
   */
  public static SimulatedCard open(byte[] image, CardSpec spec) {
    SimulatedCard card = new SimulatedCard(spec);
    card.core.loadImage(Objects.requireNonNull(image, "image"));
    return card;
  }

  /**
   * Installs the applet on a blank card. A power cut leaves the card blank, and install may be tried again.
   *
   * @throws PowerLostException at an armed cut
   * @throws CardLoadException if the applet's {@code install()} fails
   * @throws IllegalStateException if the applet is installed already
   */
  public void install() {
    if (core.isInstalled()) {
      throw new IllegalStateException("the applet is installed already");
    }
    CardCore used = core;
    boolean done = false;
    try {
      done = used.install();
    } finally {
      reporting = used;
      if (!done) {
        core = load(spec);
      }
    }
    if (!done) {
      throw new PowerLostException(used.lastWrites());
    }
  }

  /**
   * Powers the card; a powered one gets a cold reset. The generator starts a new stream, so {@link #persistentVersion()} changes:
   * with a test seed, save the image before the first command, or a card that dies unsaved repeats its random numbers.
   *
   * @return the ATR
   */
  public byte[] powerOn() {
    core.powerOn();
    return spec.atr();
  }

  /** Warm reset: transient memory cleared, open transaction aborted, no applet selected. Returns the ATR. */
  public byte[] reset() {
    requirePower();
    core.reset();
    return spec.atr();
  }

  /** Takes the power away between commands. Harmless when the card is off. */
  public void powerOff() {
    core.powerOff();
  }

  public boolean isPowered() {
    return core.isPowered();
  }

  /**
   * Sends one command APDU and returns the answer, data and status word (ISO 7816-4), at least 2 bytes.
   *
   * @param apdu 4 bytes or more; whatever is not an APDU is answered with 6700 as a card does
   * @throws PowerLostException at an armed cut; the card is off then
   * @throws IllegalStateException if the card is off
   */
  public byte[] transmit(byte[] apdu) {
    requirePower();
    byte[] answer = core.transmit(apdu);
    if (answer == null) {
      throw new PowerLostException(core.lastWrites());
    }
    return answer;
  }

  /**
   * Arms a power cut in the next command (or {@link #install()}): power fails just before its persistent write number
   * {@code n}, counted from 0, or, where the command makes exactly {@code n} writes, after the last one and before the answer
   * leaves. A command with fewer than {@code n} writes is answered as usual. One command uses the cut up, hit or not.
   *
   * @param n 0 or more
   */
  public void cutPowerAt(int n) {
    if (n < 0) {
      throw new IllegalArgumentException("write numbers start at 0, this is " + n);
    }
    core.cutPowerAt(n);
  }

  /**
   * Sends a command from the state the card is in with power lost before each of its persistent writes in turn and after the last, and
   * then puts the card back as it was, ready for the command itself. Each time the command runs as it does uncut, with the same random
   * numbers. Faults are kept; counters are those of the last try.
   *
   * @param leftOut as for {@link #persistentDump}: what makes no difference between two states
   * @throws IllegalStateException if the card is off
   */
  public CutPoints cutEverywhere(byte[] apdu, Set<String> leftOut) {
    requirePower();
    return CutPoints.of(this, apdu, Set.copyOf(leftOut));
  }

  /** Takes an armed cut back. */
  public void disarm() {
    core.disarm();
  }

  /** Persistent writes of the last command (or install): the last value worth giving to {@link #cutPowerAt}. */
  public int lastCommandWrites() {
    return reporting.lastWrites();
  }

  /** Copies the whole state, mid-session and generator included, in microseconds. Allowed between commands, powered or not. */
  public Snapshot snapshot() {
    requireInstalled();
    return new Snapshot(this, core.snapshot());
  }

  /**
   * Puts the card back to a state it had. Counters and faults are not part of it. An armed cut is disarmed.
   *
   * @throws IllegalArgumentException for another card's snapshot
   */
  public void restore(Snapshot snapshot) {
    if (snapshot.owner != this) {
      throw new IllegalArgumentException("this snapshot was made by another card");
    }
    core.restore(snapshot.state);
  }

  /**
   * What survives power-off: persistent objects, keys, PIN, the key and mode of every engine's last init, generator state; versioned
   * and checksummed. May be called while the card is powered: transient memory and half-done messages are not part of it.
   *
   * @throws CardImageException ({@code NOT_STORABLE}) if the applet keeps an object that no card could keep
   */
  public byte[] saveImage() {
    requireInstalled();
    return core.saveImage();
  }

  /** A number that changes with every persistent change: an unchanged number means that {@link #saveImage()} need not be written again. */
  public long persistentVersion() {
    return core.persistentVersion();
  }

  /**
   * A canonical text of the applet's persistent state, one line per value, such as
   * {@code VaultApplet.balance = 0000000A}. Two equal texts mean equal state.
   *
   * <p>Never in it: transient memory, generator state, PIN tries, validated flags, crypto engines.
   *
   * @param leftOut {@code SimpleClassName.field} names whose value, and whatever only they reach, is left out
   */
  public String persistentDump(Set<String> leftOut) {
    requireInstalled();
    return core.persistentDump(Set.copyOf(leftOut));
  }

  /** {@link #persistentDump} with the tries that PINs have left. */
  String persistentDumpWithTries(Set<String> leftOut) {
    requireInstalled();
    return core.persistentDumpWithTries(leftOut);
  }

  /**
   * What the applet's transient byte arrays hold, one line each, such as {@code VaultApplet.ram = 00FF}: to see that a secret does not
   * outlive its use.
   */
  public String transientDump() {
    requireInstalled();
    return core.transientDump();
  }

  /** SHA-256 over {@link #persistentDump}, 32 bytes. */
  public byte[] persistentDigest(Set<String> leftOut) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(persistentDump(leftOut).getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Counters of the last command; of the install if there was no command yet. */
  public Counters lastCommand() {
    return new Counters(reporting.lastCommand());
  }

  /** Counters since the last {@link #mark()}, or since the card object was made. */
  public Counters sinceMark() {
    return new Counters(reporting.sinceMark());
  }

  /** Starts {@link #sinceMark()} anew. */
  public void mark() {
    core.mark();
  }

  public MemoryReport memory() {
    requireInstalled();
    return core.memory();
  }

  /** Faults of the applet so far, oldest first; at most the newest 100. */
  public List<AppletFault> faults() {
    return reporting.faults();
  }

  public CardSpec spec() {
    return spec;
  }

  /** Powers the card off. Saves nothing. */
  @Override
  public void close() {
    core.powerOff();
  }
}
