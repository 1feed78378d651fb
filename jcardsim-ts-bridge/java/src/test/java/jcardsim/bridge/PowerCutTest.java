package jcardsim.bridge;

import static jcardsim.bridge.Toys.HEX;
import static jcardsim.bridge.Toys.apdu;
import static jcardsim.bridge.Toys.hex;
import static jcardsim.bridge.Toys.ok;
import static jcardsim.bridge.Toys.send;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import jcardsim.bridge.Counters.Item;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PowerCutTest {
  private final SimulatedCard card = Toys.vault();

  /** The persistent states after a cut at every point of this command, first to last, then uncut. */
  private static List<String> sweep(SimulatedCard card, byte[] command) {
    Snapshot before = card.snapshot();
    card.transmit(command);
    int writes = card.lastCommandWrites();
    String done = card.persistentDump(Set.of());
    List<String> states = new ArrayList<>();
    for (int n = 0; n <= writes; n++) {
      card.restore(before);
      card.cutPowerAt(n);
      PowerLostException lost = assertThrows(PowerLostException.class, () -> card.transmit(command));
      assertEquals(n, lost.writesDone());
      assertFalse(card.isPowered());
      states.add(card.persistentDump(Set.of()));
    }
    assertEquals(done, states.get(writes), "after the last write everything is done, only the answer is lost");
    card.restore(before);
    card.cutPowerAt(writes + 1);
    card.transmit(command);
    assertTrue(card.isPowered(), "a command with fewer writes is answered");
    return states;
  }

  @Test
  void aTransactionIsEitherDoneOrNot() {
    String before = card.persistentDump(Set.of());
    List<String> states = sweep(card, apdu(0x10, 0));
    assertEquals(12, states.size());
    assertEquals(Set.of(before), new LinkedHashSet<>(states.subList(0, 11)));
    assertFalse(states.get(11).equals(before));
  }

  @Test
  void withoutATransactionEveryWriteIsAStateOfItsOwn() {
    List<String> states = sweep(card, apdu(0x11, 0));
    assertEquals(12, new LinkedHashSet<>(states).size(), "fields, statics, elements of every type and copies are all points");
  }

  @Test
  void cuttingEverywhereAtOnceIsCuttingAtEachPoint() {
    for (byte[] command : List.of(apdu(0x10, 0), apdu(0x11, 0), hex("80185508"))) {
      List<String> states = sweep(Toys.vault(), command);
      CutPoints found = card.cutEverywhere(command, Set.of());
      assertEquals(states.size(), found.points());
      assertEquals(new LinkedHashSet<>(states).size(), found.outcomes().size());
      Snapshot before = card.snapshot();
      for (CutPoints.Outcome outcome : found.outcomes()) {
        card.restore(outcome.state());
        assertEquals(states.get(outcome.write()), card.persistentDump(Set.of()));
      }
      card.restore(before);
    }
  }

  @Test
  void cuttingEverywhereLeavesTheCardAsItWas() {
    String before = card.persistentDump(Set.of());
    card.cutEverywhere(apdu(0x10, 0), Set.of());
    assertTrue(card.isPowered());
    assertEquals(before, card.persistentDump(Set.of()));
    card.transmit(apdu(0x10, 0));
    assertTrue(card.isPowered(), "no cut is left armed");
  }

  @Test
  void aNonAtomicFillTearsInTheMiddle() {
    List<String> states = sweep(card, hex("80185508"));
    assertEquals(3, states.size());
    assertTrue(states.get(1).contains("note = 5555555500000000"), states.get(1));
  }

  @Test
  void catchAndFinallyOfTheAppletDoNotRunOnceThePowerIsGone() {
    card.cutPowerAt(1);
    assertThrows(PowerLostException.class, () -> card.transmit(apdu(0x14, 0)));
    String dump = card.persistentDump(Set.of());
    assertTrue(dump.contains("VaultApplet.counter = 1\n"), dump);
    assertTrue(dump.contains("VaultApplet.note = 0000000000000000"), dump);
  }

  @Test
  void transientMemoryAndSelectionAreGoneAfterACut() {
    ok(card, 0x41, 0x5A);
    card.cutPowerAt(0);
    assertThrows(PowerLostException.class, () -> card.transmit(apdu(0x11, 0)));
    assertThrows(IllegalStateException.class, () -> card.transmit(apdu(0x42, 0)));
    card.powerOn();
    assertEquals("6999", send(card, 0x42, 0));
    Toys.select(card);
    assertEquals("00000001005A", HEX.formatHex(ok(card, 0x42, 0)));
  }

  @Test
  void aCutIsUsedUpByOneCommandAndCanBeTakenBack() {
    card.cutPowerAt(50);
    ok(card, 0x11, 0);
    ok(card, 0x17, 60);
    card.cutPowerAt(0);
    card.disarm();
    ok(card, 0x11, 0);
    assertThrows(IllegalArgumentException.class, () -> card.cutPowerAt(-1));
  }

  @Test
  void aCutAtPointZeroHitsACommandThatWritesNothing() {
    card.cutPowerAt(0);
    assertThrows(PowerLostException.class, () -> card.transmit(apdu(0x43, 0)));
  }

  @Test
  void aWrongPinCostsATryEvenIfThePowerIsCutRightAfterTheDecrement() {
    Snapshot before = card.snapshot();
    byte[] wrong = apdu(0x20, 0, hex("09090909"));
    card.transmit(wrong);
    assertEquals(1, card.lastCommandWrites());
    card.restore(before);
    card.cutPowerAt(1);
    assertThrows(PowerLostException.class, () -> card.transmit(wrong));
    Toys.started(card);
    assertEquals("0200", HEX.formatHex(ok(card, 0x22, 0)));
  }

  @Test
  void theTryIsTakenBeforeTheComparisonSoARightPinCutInBetweenCostsOneToo() {
    byte[] right = apdu(0x20, 0, hex("01020304"));
    card.cutPowerAt(1);
    assertThrows(PowerLostException.class, () -> card.transmit(right));
    Toys.started(card);
    assertEquals("0200", HEX.formatHex(ok(card, 0x22, 0)));
  }

  @Test
  void aPinUpdateIsOneWrite() {
    sweep(card, apdu(0x21, 0, hex("0A0B0C0D0E")));
    assertEquals(1, card.lastCommandWrites());
    assertEquals("9000", send(card, 0x20, 0, hex("0A0B0C0D0E")));
  }

  @Test
  void selectAndDeselectAreSweptToo() {
    List<String> states = sweep(card, Toys.selectApdu());
    assertEquals(3, states.size(), "note[63]++ in deselect, visits++ in select");
    assertEquals(3, new LinkedHashSet<>(states).size());
  }

  @Tag("slow")
  @Test
  void installIsSweptTooAndLeavesABlankCardThatTakesInstallAgain() {
    SimulatedCard blank = SimulatedCard.blank(Toys.spec("toy.VaultApplet").build());
    blank.cutPowerAt(Integer.MAX_VALUE);
    blank.install();
    int writes = blank.lastCommandWrites();
    assertTrue(writes > 10, "writes " + writes);
    for (int n = 0; n <= writes; n++) {
      SimulatedCard torn = SimulatedCard.blank(Toys.spec("toy.VaultApplet").build());
      torn.cutPowerAt(n);
      PowerLostException lost = assertThrows(PowerLostException.class, torn::install);
      assertEquals(n, lost.writesDone());
      assertThrows(IllegalStateException.class, torn::saveImage);
      torn.powerOn();
      assertEquals("6999", HEX.formatHex(torn.transmit(Toys.selectApdu())));
      if (n % 8 == 0) {
        torn.install();
        Toys.started(torn);
      }
    }
    assertThrows(IllegalStateException.class, blank::install);
  }

  @Test
  void aKeySetterIsOneWriteAndAKeyPairHasPointsInBetween() {
    SimulatedCard crypto = Toys.crypto();
    ok(crypto, 0x10, 0, hex("11".repeat(16)));
    assertEquals(2, sweep(crypto, apdu(0x10, 0, hex("22".repeat(16)))).size());
    List<String> states = sweep(crypto, apdu(0x20, 0));
    assertEquals(3, states.size(), "public and private key");
    assertEquals(1, crypto.lastCommand().get(Item.KEY_PAIRS));
  }

  @Test
  void theResultOfAnEngineInPersistentMemoryIsOneAtomicWrite() {
    SimulatedCard crypto = Toys.crypto();
    List<String> states = sweep(crypto, apdu(0x33, 0));
    assertEquals(3, states.size(), "random data, then its digest");
  }

  @Test
  void aRestoredCardRepeatsItselfExactly() {
    SimulatedCard crypto = Toys.crypto();
    ok(crypto, 0x20, 0);
    ok(crypto, 0x10, 1, hex("33".repeat(16)));
    ok(crypto, 0x17, 1, hex("0102030405"));
    Snapshot middle = crypto.snapshot();
    byte[] mac = ok(crypto, 0x18, 1, hex("06"));
    byte[] signature = ok(crypto, 0x21, 0, hex("07"));
    crypto.powerOff();
    crypto.restore(middle);
    assertArrayEquals(mac, ok(crypto, 0x18, 1, hex("06")), "half a MAC is part of a snapshot");
    assertArrayEquals(signature, ok(crypto, 0x21, 0, hex("07")), "and so is the generator");
  }

  @Test
  void aSnapshotOfAnotherCardIsRefused() {
    Snapshot other = Toys.vault().snapshot();
    assertThrows(IllegalArgumentException.class, () -> card.restore(other));
  }
}
