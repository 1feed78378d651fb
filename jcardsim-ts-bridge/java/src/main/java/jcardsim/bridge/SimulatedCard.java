package jcardsim.bridge;

import java.util.List;
import java.util.Set;

/**
 * One card with one applet, powered off until {@link #powerOn()}. Cards are isolated from each other: each loads its
 * own copy of the platform and of the applet.
 *
 * <p>Not thread-safe: one card, one thread at a time. Two cards may run on two threads.
 *
 * <p>Durability is the caller's: write {@link #saveImage()} to disk before the answer of {@link #transmit} leaves.
 */
public final class SimulatedCard implements AutoCloseable {

  private SimulatedCard() {}

  /**
   * Makes a card and installs the applet. The card is off.
   *
   * @throws CardLoadException if the applet cannot be loaded or its {@code install()} fails
   */
  public static SimulatedCard create(CardSpec spec) {
    throw new UnsupportedOperationException();
  }

  /**
   * Makes a card without the applet: only {@link #install()} makes sense next. For tests that cut power during install.
   *
   * @throws CardLoadException if the applet cannot be loaded
   */
  public static SimulatedCard blank(CardSpec spec) {
    throw new UnsupportedOperationException();
  }

  /**
   * Makes a card from what {@link #saveImage()} gave. The card is off.
   *
   * @throws CardImageException if the image is damaged or belongs to other applet code
   * @throws CardLoadException if the applet cannot be loaded
   */
  public static SimulatedCard open(byte[] image, CardSpec spec) {
    throw new UnsupportedOperationException();
  }

  /**
   * Installs the applet on a blank card. A power cut leaves the card blank, and install may be tried again.
   *
   * @throws PowerLostException at an armed cut
   * @throws CardLoadException if the applet's {@code install()} fails
   * @throws IllegalStateException if the applet is installed already
   */
  public void install() {
    throw new UnsupportedOperationException();
  }

  /** Powers the card, which wipes nothing that power-off has not wiped already. Powering a powered card is a cold reset. Returns the ATR. */
  public byte[] powerOn() {
    throw new UnsupportedOperationException();
  }

  /** Warm reset: transient memory cleared, open transaction aborted, no applet selected. Returns the ATR. */
  public byte[] reset() {
    throw new UnsupportedOperationException();
  }

  /** Takes the power away between commands. Harmless when the card is off. */
  public void powerOff() {
    throw new UnsupportedOperationException();
  }

  public boolean isPowered() {
    throw new UnsupportedOperationException();
  }

  /**
   * Sends one command APDU and returns the answer, data and status word (ISO 7816-4), at least 2 bytes.
   *
   * @param apdu 4 bytes or more; whatever is not an APDU is answered with 6700 as a card does
   * @throws PowerLostException at an armed cut; the card is off then
   * @throws IllegalStateException if the card is off
   */
  public byte[] transmit(byte[] apdu) {
    throw new UnsupportedOperationException();
  }

  /**
   * Arms a power cut in the next command (or {@link #install()}): power fails just before its persistent write number
   * {@code n}, counted from 0, or, where the command makes exactly {@code n} writes, after the last one and before the answer
   * leaves. A command with fewer than {@code n} writes is answered as usual. One command uses the cut up, hit or not.
   *
   * @param n 0 or more
   */
  public void cutPowerAt(int n) {
    throw new UnsupportedOperationException();
  }

  /** Takes an armed cut back. */
  public void disarm() {
    throw new UnsupportedOperationException();
  }

  /** Persistent writes of the last command (or install): the last value worth giving to {@link #cutPowerAt}. */
  public int lastCommandWrites() {
    throw new UnsupportedOperationException();
  }

  /** Copies the whole state, mid-session and generator included, in microseconds. Allowed between commands, powered or not. */
  public Snapshot snapshot() {
    throw new UnsupportedOperationException();
  }

  /**
   * Puts the card back to a state it had. Counters and faults are not part of it. An armed cut is disarmed.
   *
   * @throws IllegalArgumentException for another card's snapshot
   */
  public void restore(Snapshot snapshot) {
    throw new UnsupportedOperationException();
  }

  /**
   * What survives power-off: persistent objects, keys, PIN, generator state; versioned and checksummed. May be called while the
   * card is powered: transient memory is then stored as cleared, an open transaction cannot exist between commands.
   *
   * @throws CardImageException ({@code NOT_STORABLE}) if the applet keeps an object that no card could keep
   */
  public byte[] saveImage() {
    throw new UnsupportedOperationException();
  }

  /** A number that changes with every persistent change: an unchanged number means that {@link #saveImage()} need not be written again. */
  public long persistentVersion() {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  /** SHA-256 over {@link #persistentDump}, 32 bytes. */
  public byte[] persistentDigest(Set<String> leftOut) {
    throw new UnsupportedOperationException();
  }

  /** Counters of the last command; of the install if there was no command yet. */
  public Counters lastCommand() {
    throw new UnsupportedOperationException();
  }

  /** Counters since the last {@link #mark()}, or since the card object was made. */
  public Counters sinceMark() {
    throw new UnsupportedOperationException();
  }

  /** Starts {@link #sinceMark()} anew. */
  public void mark() {
    throw new UnsupportedOperationException();
  }

  public MemoryReport memory() {
    throw new UnsupportedOperationException();
  }

  /** Faults of the applet so far, oldest first; at most the newest 100. */
  public List<AppletFault> faults() {
    throw new UnsupportedOperationException();
  }

  public CardSpec spec() {
    throw new UnsupportedOperationException();
  }

  /** Gives the class loader free. Saves nothing. */
  @Override
  public void close() {}
}
