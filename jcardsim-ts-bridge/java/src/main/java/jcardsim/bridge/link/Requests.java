package jcardsim.bridge.link;

import static jcardsim.bridge.link.LinkException.Code.CARD_CLOSED;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import jcardsim.bridge.CardSpec;
import jcardsim.bridge.SimulatedCard;

/** Carries out requests on the cards of this process. One thread calls it; the cards' readers have threads of their own. */
final class Requests {
  static final int PROTOCOL = 1;

  private final Map<Integer, HostedCard> cards = new ConcurrentHashMap<>();
  private final Answers answers;
  private final Consumer<Path> keep;
  private final Runnable outOfReader;
  private int lastHandle;

  /**
   * @param keep told the pid file when the process is to outlive its starter
   * @param outOfReader called whenever a card has left its reader
   */
  Requests(Answers answers, Consumer<Path> keep, Runnable outOfReader) {
    this.answers = answers;
    this.keep = keep;
    this.outOfReader = outOfReader;
  }

  /** Reads the request's body and writes the answer's. */
  void carryOut(Operation operation, int handle, FieldReader in, FieldWriter out) {
    switch (operation) {
      case HELLO -> out.u8(PROTOCOL).string(Runtime.version().toString());
      case CREATE -> out.u32(create(in));
      case OPEN -> out.u32(open(in));
      case INSTALL -> card(handle).changeOutsideReader(Requests::install);
      case POWER_ON -> out.raw(card(handle).changeOutsideReader(SimulatedCard::powerOn));
      case RESET -> out.raw(card(handle).reset());
      case POWER_OFF -> card(handle).changeOutsideReader(Requests::powerOff);
      case TRANSMIT -> out.raw(card(handle).transmit(in.rest()));
      case TRANSMIT_MANY -> transmitMany(card(handle), in, out);
      case CUT_POWER_AT -> cutPowerAt(card(handle), in.u32());
      case DISARM -> card(handle).change(Requests::disarm);
      case SNAPSHOT -> out.u32(card(handle).takeSnapshot());
      case RESTORE -> card(handle).restore(in.u32());
      case DROP_SNAPSHOT -> card(handle).dropSnapshot(in.u32());
      case SAVE_IMAGE -> out.raw(card(handle).change(SimulatedCard::saveImage));
      case COUNTERS -> Reports.counters(card(handle), in.flag(), out);
      case MARK -> card(handle).change(Requests::mark);
      case MEMORY -> Reports.memory(card(handle), out);
      case PERSISTENT_STATE -> Reports.persistentState(card(handle), names(in), out);
      case FAULTS -> Reports.faults(card(handle), out);
      case CLOSE -> close(handle);
      case INSERT -> insert(card(handle), in);
      case EJECT -> card(handle).eject(in.flag());
      case KEEP -> keep.accept(Path.of(in.string()));
      case CUT_EVERYWHERE -> Reports.cutPoints(card(handle), in.bytes(), names(in), out);
    }
    in.done();
  }

  /** Takes every card out of its reader, saves it and gives its image free. */
  void closeAll() {
    for (int handle : Set.copyOf(cards.keySet())) {
      try {
        close(handle);
      } catch (RuntimeException e) {
        // the other cards must be saved all the same
        e.printStackTrace();
      }
    }
  }

  boolean anyInReader() {
    return cards.values().stream().anyMatch(HostedCard::inReader);
  }

  private HostedCard card(int handle) {
    HostedCard card = cards.get(handle);
    if (card == null) {
      throw new LinkException(CARD_CLOSED, "There is no card " + handle + " here; it was closed.");
    }
    return card;
  }

  private int create(FieldReader in) {
    String name = in.string();
    boolean blank = in.flag();
    CardSpec spec = SpecCodec.read(in);
    ImageFile file = name.isEmpty() ? null : ImageFile.create(Path.of(name));
    return host(file, false, () -> blank ? SimulatedCard.blank(spec) : SimulatedCard.create(spec));
  }

  private int open(FieldReader in) {
    String name = in.string();
    byte[] image = in.bytes();
    CardSpec spec = SpecCodec.read(in);
    if (image.length == 0) {
      ImageFile file = ImageFile.open(Path.of(name));
      return host(file, true, () -> SimulatedCard.open(file.load(), spec));
    }
    ImageFile file = name.isEmpty() ? null : ImageFile.create(Path.of(name));
    return host(file, false, () -> SimulatedCard.open(image, spec));
  }

  private int host(ImageFile file, boolean onDisk, Supplier<SimulatedCard> make) {
    boolean hosted = false;
    try {
      cards.put(++lastHandle, new HostedCard(make.get(), file, onDisk));
      hosted = true;
      return lastHandle;
    } finally {
      if (!hosted && file != null) {
        file.close();
      }
    }
  }

  private static void transmitMany(HostedCard card, FieldReader in, FieldWriter out) {
    List<byte[]> commands = new ArrayList<>();
    for (int left = in.count("list of commands"); left > 0; left--) {
      commands.add(in.bytes());
    }
    List<byte[]> received = new ArrayList<>();
    LinkException failure = null;
    try {
      card.transmitAll(commands, received::add);
    } catch (RuntimeException e) {
      failure = Failures.of(e);
    }
    out.u32(received.size());
    received.forEach(out::bytes);
    out.flag(failure != null);
    if (failure != null) {
      Answers.describe(out, failure);
    }
  }

  private static Set<String> names(FieldReader in) {
    Set<String> names = new HashSet<>();
    for (int left = in.count("list of names"); left > 0; left--) {
      names.add(in.string());
    }
    return names;
  }

  private void close(int handle) {
    HostedCard card = card(handle);
    cards.remove(handle);
    card.close();
  }

  private void insert(HostedCard card, FieldReader in) {
    String host = in.string();
    int port = in.u32();
    int stay = in.u32();
    card.insert(host, port, end -> {
      answers.leftReader(stay, end);
      outOfReader.run();
    });
  }

  private static Void install(SimulatedCard card) {
    card.install();
    return null;
  }

  private static Void powerOff(SimulatedCard card) {
    card.powerOff();
    return null;
  }

  private static void cutPowerAt(HostedCard card, int write) {
    card.change(c -> {
      c.cutPowerAt(write);
      return null;
    });
  }

  private static Void disarm(SimulatedCard card) {
    card.disarm();
    return null;
  }

  private static Void mark(SimulatedCard card) {
    card.mark();
    return null;
  }
}
