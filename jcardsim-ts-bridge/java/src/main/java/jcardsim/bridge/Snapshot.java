package jcardsim.bridge;

/**
 * The whole state of one card at one moment between two commands, transient memory and half-done digests included. Opaque,
 * in memory only, and bound to the card that made it; restoring costs microseconds and may be repeated.
 *
 * <p>The random generator is part of it: after a restore the card repeats its random bytes. That is what a tear test
 * wants; never restore a card that serves anything but a test.
 */
public final class Snapshot {
  final Object owner;
  final Object state;

  Snapshot(Object owner, Object state) {
    this.owner = owner;
    this.state = state;
  }
}
