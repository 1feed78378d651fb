package jcardsim.bridge.link;

import static jcardsim.bridge.link.LinkException.Code.CARD_IN_READER;
import static jcardsim.bridge.link.LinkException.Code.CARD_OFF;
import static jcardsim.bridge.link.LinkException.Code.NOT_IN_READER;
import static jcardsim.bridge.link.LinkException.Code.READER_OCCUPIED;
import static jcardsim.bridge.link.LinkException.Code.SNAPSHOT_UNKNOWN;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import jcardsim.bridge.CutPoints;
import jcardsim.bridge.SimulatedCard;
import jcardsim.bridge.Snapshot;

/**
 * A card with what surrounds it: its image file, its snapshots and the reader it lies in. Safe for the request thread and
 * the reader's thread together; one command at a time.
 *
 * <p>The rule kept here: no answer leaves before the state it stands for is on disk.
 */
final class HostedCard implements AutoCloseable {
  private final SimulatedCard card;
  private final ImageFile file;
  private final Map<Integer, Snapshot> snapshots = new HashMap<>();
  private int lastSnapshot;
  private long savedVersion;
  private LinkException broken;
  private volatile VpcdLink link;

  /** @param file {@code null} for a card in memory; holds no state older than the card's once this returns */
  HostedCard(SimulatedCard card, ImageFile file, boolean onDisk) {
    this.card = card;
    this.file = file;
    this.savedVersion = card.persistentVersion();
    if (file != null && !onDisk) {
      file.save(card.saveImage());
    }
  }

  /** Does something to the card that may change it; returns when the change is on disk. */
  synchronized <T> T change(Function<SimulatedCard, T> action) {
    if (broken != null) {
      throw broken;
    }
    try {
      return action.apply(card);
    } finally {
      save();
    }
  }

  /** As {@link #change}, for what only the reader may do while the card lies in one. */
  synchronized <T> T changeOutsideReader(Function<SimulatedCard, T> action) {
    requireOutsideReader();
    return change(action);
  }

  byte[] transmit(byte[] apdu) {
    return changeOutsideReader(c -> transmitPowered(c, apdu));
  }

  /** Warm reset; a card without power has nothing to reset. */
  byte[] reset() {
    return changeOutsideReader(c -> {
      requirePower(c);
      return c.reset();
    });
  }

  CutPoints cutEverywhere(byte[] apdu, Set<String> leftOut) {
    return changeOutsideReader(c -> {
      requirePower(c);
      return c.cutEverywhere(apdu, leftOut);
    });
  }

  private static byte[] transmitPowered(SimulatedCard card, byte[] apdu) {
    requirePower(card);
    return card.transmit(apdu);
  }

  private static void requirePower(SimulatedCard card) {
    if (!card.isPowered()) {
      throw new LinkException(CARD_OFF, "The card has no power; switch it on first.");
    }
  }

  /** Sends APDUs one after the other with one save for all, before the first answer leaves. */
  synchronized void transmitAll(Iterable<byte[]> apdus, Consumer<byte[]> answers) {
    changeOutsideReader(c -> {
      for (byte[] apdu : apdus) {
        answers.accept(transmitPowered(c, apdu));
      }
      return null;
    });
  }

  synchronized int takeSnapshot() {
    return keep(card.snapshot());
  }

  /** Gives a snapshot of this card its number. */
  synchronized int keep(Snapshot snapshot) {
    snapshots.put(++lastSnapshot, snapshot);
    return lastSnapshot;
  }

  synchronized void restore(int number) {
    Snapshot snapshot = snapshots.get(number);
    if (snapshot == null) {
      throw new LinkException(SNAPSHOT_UNKNOWN, "The card has no snapshot " + number + "; it was dropped, or is another card's.");
    }
    changeOutsideReader(c -> {
      c.restore(snapshot);
      return null;
    });
  }

  synchronized void dropSnapshot(int number) {
    snapshots.remove(number);
  }

  /** Puts the card, switched off, into a virtual reader; {@code ended} hears once that it is out again. */
  void insert(String host, int port, Consumer<VpcdLink.End> ended) {
    VpcdLink inserted = connect(host, port, ended);
    if (!inserted.awaitSeen()) {
      inserted.yank();
      throw new LinkException(READER_OCCUPIED, "The virtual reader at " + host + ":" + port + " has another card in it.");
    }
  }

  private synchronized VpcdLink connect(String host, int port, Consumer<VpcdLink.End> ended) {
    requireOutsideReader();
    change(c -> {
      c.powerOff();
      return null;
    });
    link = VpcdLink.insert(new InReader(ended), host, port);
    return link;
  }

  boolean inReader() {
    return link != null;
  }

  /** Not synchronized: the reader's thread may need the card to finish its command. */
  void eject(boolean yank) {
    VpcdLink current = link;
    if (current == null) {
      throw new LinkException(NOT_IN_READER, "The card is not in a reader.");
    }
    if (yank) {
      current.yank();
    } else {
      current.eject();
    }
  }

  /** Takes the card out of its reader if it is in one, switches it off, and gives its image free. */
  @Override
  public void close() {
    VpcdLink current = link;
    if (current != null) {
      current.eject();
    }
    synchronized (this) {
      try {
        if (broken == null) {
          card.powerOff();
          save();
        }
      } finally {
        card.close();
        if (file != null) {
          file.close();
        }
      }
    }
  }

  private void requireOutsideReader() {
    if (link != null) {
      throw new LinkException(CARD_IN_READER, "The card lies in a virtual reader; talk to it through the reader, or eject it.");
    }
  }

  /** A card whose state cannot be kept must not go on: it would answer for things it forgets. */
  private void save() {
    long version = card.persistentVersion();
    if (file == null || version == savedVersion) {
      return;
    }
    try {
      file.save(card.saveImage());
      savedVersion = version;
    } catch (RuntimeException e) {
      broken = Failures.of(e);
      card.powerOff();
      throw broken;
    }
  }

  /** The card as its reader sees it. */
  private final class InReader implements VpcdLink.Inserted {
    private final Consumer<VpcdLink.End> listener;

    InReader(Consumer<VpcdLink.End> listener) {
      this.listener = listener;
    }

    @Override
    public byte[] atr() {
      return card.spec().atr();
    }

    @Override
    public void powerOn() {
      change(SimulatedCard::powerOn);
    }

    @Override
    public void reset() {
      change(SimulatedCard::reset);
    }

    @Override
    public void powerOff() {
      change(c -> {
        c.powerOff();
        return null;
      });
    }

    @Override
    public byte[] transmit(byte[] apdu) {
      return change(c -> transmitPowered(c, apdu));
    }

    @Override
    public void ended(VpcdLink.End end) {
      synchronized (HostedCard.this) {
        link = null;
      }
      listener.accept(end);
    }
  }
}
