package jcardsim.bridge.link;

import java.util.List;
import java.util.Map;
import java.util.Set;
import jcardsim.bridge.AppletFault;
import jcardsim.bridge.Counters;
import jcardsim.bridge.CutPoints;
import jcardsim.bridge.MemoryReport;
import jcardsim.bridge.SimulatedCard;

/** Writes what the card says about itself. */
final class Reports {
  private Reports() {}

  static void counters(HostedCard card, boolean sinceMark, FieldWriter out) {
    Counters counters = card.change(sinceMark ? SimulatedCard::sinceMark : SimulatedCard::lastCommand);
    Map<String, Long> figures = counters.asMap();
    out.u32(card.change(SimulatedCard::lastCommandWrites)).u32(figures.size());
    figures.forEach((name, value) -> out.string(name).u64(value));
  }

  static void memory(HostedCard card, FieldWriter out) {
    MemoryReport memory = card.change(SimulatedCard::memory);
    out.u32(memory.persistentBytes()).u32(memory.persistentCapacity());
    out.u32(memory.transientResetBytes()).u32(memory.transientDeselectBytes()).u32(memory.transientCapacity());
    out.u32(memory.largestCommitBytes()).u32(memory.commitCapacity());
    out.u32(memory.allocations()).u32(memory.allocationsAfterInstall());
    out.u32(memory.persistentByKind().size());
    for (MemoryReport.Usage usage : memory.persistentByKind()) {
      out.string(usage.kind()).u32(usage.count()).u32(usage.bytes());
    }
  }

  static void persistentState(HostedCard card, Set<String> leftOut, FieldWriter out) {
    out.bytes(card.change(c -> c.persistentDigest(leftOut)));
    out.string(card.change(c -> c.persistentDump(leftOut)));
  }

  static void cutPoints(HostedCard card, byte[] apdu, Set<String> leftOut, FieldWriter out) {
    CutPoints found = card.cutEverywhere(apdu, leftOut);
    out.u32(found.points()).u32((int) found.commitBytes()).u32(found.outcomes().size());
    for (CutPoints.Outcome outcome : found.outcomes()) {
      out.u32(outcome.write()).u32(outcome.points()).bytes(outcome.digest()).u32(card.keep(outcome.state()));
    }
  }

  static void faults(HostedCard card, FieldWriter out) {
    List<AppletFault> faults = card.change(SimulatedCard::faults);
    out.u32(faults.size());
    for (AppletFault fault : faults) {
      out.string(fault.kind().name()).u64(fault.commandNumber()).bytes(fault.apduHeader());
      out.string(fault.message()).string(fault.stackTrace());
    }
  }
}
