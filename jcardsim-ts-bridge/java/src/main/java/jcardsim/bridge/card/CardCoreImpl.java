package jcardsim.bridge.card;

import java.util.List;
import java.util.Set;
import jcardsim.bridge.AppletFault;
import jcardsim.bridge.Counters.Item;
import jcardsim.bridge.MemoryReport;
import jcardsim.bridge.internal.CardCore;

/** The card side's door: power, commands, state. Made by the host side through the card's class loader. */
public final class CardCoreImpl implements CardCore {
  private final Roots roots = new Roots();
  private boolean powered;

  // --- install and power -------------------------------------------------------------------------------------------------

  @Override
  public boolean install() {
    Card.TALLY.beginCommand();
    Card.MEMORY.beginCommand();
    boolean cut = false;
    boolean lost;
    try {
      Card.RUNTIME.install(Class.forName(Card.SPEC.appletClassName(), true, Card.LOADER));
    } catch (PowerCut now) {
      cut = true;
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    } finally {
      lost = Card.MEMORY.endCommand() || cut;
      Card.TALLY.endCommand();
    }
    if (!lost) {
      Card.ALLOCATOR.close(new MemoryMeter(roots).total());
      Card.RUNTIME.forgetSession();
    }
    return !lost;
  }

  @Override
  public boolean isInstalled() {
    return Card.RUNTIME.isInstalled();
  }

  @Override
  public void powerOn() {
    powerOff();
    Card.RANDOM.powerOn();
    Card.MEMORY.touch();
    powered = true;
  }

  @Override
  public void reset() {
    loseSession();
  }

  @Override
  public void powerOff() {
    loseSession();
    powered = false;
  }

  private static void loseSession() {
    Card.MEMORY.recover();
    Card.RUNTIME.forgetSession();
    Engine.cardReset();
  }

  @Override
  public boolean isPowered() {
    return powered;
  }

  // --- commands ----------------------------------------------------------------------------------------------------------

  @Override
  public byte[] transmit(byte[] command) {
    Card.TALLY.beginCommand();
    Card.FAULTS.beginCommand(command);
    Card.MEMORY.beginCommand();
    Card.TALLY.add(Item.COMMANDS);
    Card.TALLY.add(Item.APDU_BYTES_IN, command.length);
    byte[] answer = null;
    try {
      answer = Card.RUNTIME.transmitCommand(command);
    } catch (PowerCut cut) {
      // endCommand() knows.
    }
    boolean lost = Card.MEMORY.endCommand();
    if (lost) {
      powerOff();
      answer = null;
    } else {
      Card.TALLY.add(Item.APDU_BYTES_OUT, answer.length);
    }
    Card.TALLY.endCommand();
    return answer;
  }

  @Override
  public void cutPowerAt(int write) {
    Card.MEMORY.cutPowerAt(write);
  }

  @Override
  public void disarm() {
    Card.MEMORY.disarm();
  }

  @Override
  public int lastWrites() {
    return Card.MEMORY.writes();
  }

  // --- state -------------------------------------------------------------------------------------------------------------

  @Override
  public Object snapshot() {
    return new GraphSnapshot(roots, powered);
  }

  @Override
  public void restore(Object snapshot) {
    GraphSnapshot state = (GraphSnapshot) snapshot;
    Card.MEMORY.recover();
    Card.MEMORY.disarm();
    state.restore();
    Card.MEMORY.touch();
    powered = state.powered;
  }

  @Override
  public byte[] saveImage() {
    return ImageWriter.write(roots);
  }

  @Override
  public void loadImage(byte[] image) {
    ImageReader.read(image, roots);
    Card.ALLOCATOR.close(new MemoryMeter(roots).total());
  }

  @Override
  public long persistentVersion() {
    return Card.MEMORY.version();
  }

  @Override
  public String persistentDump(Set<String> leftOut) {
    return StateDump.of(roots, leftOut);
  }

  @Override
  public String persistentDumpWithTries(Set<String> leftOut) {
    return StateDump.withTries(roots, leftOut);
  }

  @Override
  public String transientDump() {
    return StateDump.ofRam(roots);
  }

  // --- figures -----------------------------------------------------------------------------------------------------------

  @Override
  public long[] lastCommand() {
    return Card.TALLY.lastCommand();
  }

  @Override
  public long[] sinceMark() {
    return Card.TALLY.sinceMark();
  }

  @Override
  public void mark() {
    Card.TALLY.mark();
  }

  @Override
  public MemoryReport memory() {
    MemoryMeter meter = new MemoryMeter(roots);
    return new MemoryReport(meter.total(), Card.SPEC.persistentCapacity(), meter.byKind(),
      Card.RAM.resetBytes(), Card.RAM.deselectBytes(), Card.SPEC.transientCapacity(),
      Card.TALLY.largestCommit(), Card.SPEC.commitCapacity(), Card.ALLOCATOR.allocations(), Card.ALLOCATOR.lateAllocations());
  }

  @Override
  public List<AppletFault> faults() {
    return Card.FAULTS.list();
  }
}
