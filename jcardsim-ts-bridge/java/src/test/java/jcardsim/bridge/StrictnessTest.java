package jcardsim.bridge;

import static jcardsim.bridge.Toys.HEX;
import static jcardsim.bridge.Toys.apdu;
import static jcardsim.bridge.Toys.hex;
import static jcardsim.bridge.Toys.ok;
import static jcardsim.bridge.Toys.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import jcardsim.bridge.Counters.Item;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictnessTest {
  private final SimulatedCard card = Toys.vault();

  @ParameterizedTest
  @ValueSource(strings = {"", "80", "804000", "80400000 00 00", "80400000 05 01020304", "80400000 02 010203 00 00", "80400000 000002 01",
    "80400000 000000 01", "80400000 00FFFF 01", "80400000 000001", "80400000 000001 AA", "80400000 000001 AA 0000"})
  void aMalformedApduOrAnExtendedOneIsAnsweredWith6700(String command) {
    assertEquals("6700", send(card, hex(command)));
    assertEquals(0, card.lastCommandWrites());
  }

  @Test
  void theFourShortCasesReachTheApplet() {
    assertEquals("9000", send(card, hex("80400100")));
    assertEquals("9000", send(card, hex("8040010000")));
    assertEquals("9000", send(card, hex("8040010002AABB")), "case 3: no answer was asked for");
    assertEquals("AABB9000", send(card, hex("8040010002AABB00")));
    assertEquals("AA9000", send(card, hex("8040010002AABB01")));
    assertEquals("0102".repeat(127) + "039000", send(card, hex("80400100FF" + "0102".repeat(127) + "0300")), "261 bytes");
  }

  @Test
  void anExtendedApduReachesAnAppletThatTakesIt() {
    SimulatedCard longCard = Toys.started(SimulatedCard.create(Toys.spec("toy.LongApplet").build()));
    String data = "AB".repeat(1000);
    assertEquals(data + "9000", send(longCard, hex("8040000000" + "03E8" + data + "0000")));
    assertEquals("0102039000", send(longCard, hex("804000000301020300")), "short ones too");
    assertEquals("6700", send(longCard, hex("8040000000" + "03E9" + data + "0000")));
  }

  @Test
  void surplusBytesAreDroppedOnlyIfAsked() {
    SimulatedCard tolerant = Toys.started(SimulatedCard.create(Toys.spec("toy.VaultApplet").tolerate(Strictness.APDU_FORMAT).build()));
    assertEquals("AA9000", send(tolerant, hex("8040010001AA00FFFF")));
  }

  @Test
  void commandDataIsNotThereBeforeTheAppletReceivesIt() {
    assertEquals("00009000", send(card, hex("8040000002AABB00")));
    SimulatedCard tolerant = Toys.started(SimulatedCard.create(Toys.spec("toy.VaultApplet").tolerate(Strictness.DATA_ONLY_AFTER_RECEIVE).build()));
    assertEquals("AABB9000", send(tolerant, hex("8040000002AABB00")));
  }

  @Test
  void withoutASelectedAppletCommandsAreRefused() {
    card.reset();
    assertEquals("6999", send(card, 0x43, 0));
    assertEquals("6999", send(card, hex("00A4040005F099999999")));
    assertEquals("9000", send(card, hex("00A4040006F0746F790000")), "the start of an AID is enough");
  }

  @Test
  void anAppletThatRefusesSelectionIsNotSelected() {
    ok(card, 0x16, 7);
    assertEquals("6999", send(card, Toys.selectApdu()));
    assertEquals("6999", send(card, 0x43, 0));
  }

  @Test
  void anErrorOutOfDeselectIsToldToTheDeveloperAndSelectionGoesOn() {
    ok(card, 0x16, 8);
    Toys.select(card);
    assertEquals(AppletFault.Kind.DESELECT_FAILED, card.faults().get(0).kind());
    assertTrue(card.faults().get(0).message().contains("StackOverflowError"));
  }

  @Test
  void allocationAfterInstallIsRefusedAndRecorded() {
    assertEquals("6F00", send(card, 0x30, 8));
    assertEquals(AppletFault.Kind.ALLOCATION_AFTER_INSTALL, card.faults().get(0).kind());
    assertTrue(card.faults().get(1).message().contains("SystemException, reason 5"), "NO_RESOURCE");
    assertEquals("6F00", send(card, 0x31, 8));
    assertEquals(2, card.memory().allocationsAfterInstall());
  }

  @Test
  void toleratedAllocationIsStillCountedAndBudgeted() {
    SimulatedCard tolerant = Toys.started(SimulatedCard.create(
      Toys.spec("toy.VaultApplet").tolerate(Strictness.NO_ALLOCATION_AFTER_INSTALL).transientCapacity(100).build()));
    int before = tolerant.memory().persistentBytes();
    ok(tolerant, 0x30, 8);
    assertEquals(before + 16, tolerant.memory().persistentBytes());
    assertEquals("9000", send(tolerant, 0x31, 40));
    assertEquals("6F00", send(tolerant, 0x31, 40));
    assertEquals(AppletFault.Kind.OUT_OF_MEMORY, tolerant.faults().get(0).kind());
    assertEquals(3, tolerant.memory().allocationsAfterInstall());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aNewAroundOrBehindABranchIsAskedForToo(int value) {
    CardSpec.Builder spec = Toys.spec("toy.BranchApplet").installParameters(new byte[] {(byte) value});
    SimulatedCard strict = Toys.started(SimulatedCard.create(spec.build()));
    assertEquals(new String[] {"009000", "039000", "079000"}[value], send(strict, 0x11, 0));
    assertEquals("6F00", send(strict, 0x10, value));
    assertEquals(AppletFault.Kind.ALLOCATION_AFTER_INSTALL, strict.faults().get(0).kind());
    assertTrue(strict.faults().get(0).message().contains("toy/BranchApplet$Flag"), strict.faults().get(0).message());
    assertEquals(1, strict.memory().allocationsAfterInstall());
    SimulatedCard tolerant = Toys.started(SimulatedCard.create(spec.tolerate(Strictness.NO_ALLOCATION_AFTER_INSTALL).build()));
    assertEquals(new String[] {"009000", "069000", "079000"}[value], send(tolerant, 0x10, value));
    assertEquals(1, tolerant.memory().allocationsAfterInstall());
  }

  @Test
  void anAppletThatDoesNotFitIsNotInstalled() {
    CardSpec.Builder spec = Toys.spec("toy.VaultApplet");
    for (CardSpec small : new CardSpec[] {spec.persistentCapacity(200).build(), spec.persistentCapacity(9999).transientCapacity(20).build()}) {
      CardLoadException refused = assertThrows(CardLoadException.class, () -> SimulatedCard.create(small));
      assertEquals(CardLoadException.Reason.INSTALL_FAILED, refused.reason());
      assertTrue(refused.getMessage().contains("SystemException, reason 5"), refused.getMessage());
    }
  }

  @Test
  void memoryIsReportedByKind() {
    MemoryReport memory = card.memory();
    assertEquals(32 + 1 + 4, memory.transientResetBytes(), "one array, the PIN's flag, two references");
    assertEquals(16, memory.transientDeselectBytes());
    assertEquals(memory.persistentBytes(), memory.persistentByKind().stream().mapToInt(MemoryReport.Usage::bytes).sum());
    assertTrue(memory.persistentByKind().stream().anyMatch(u -> u.kind().equals("OwnerPIN") && u.count() == 1));
    ok(card, 0x13, 60);
    ok(card, 0x13, 10);
    assertEquals(60, card.memory().largestCommitBytes());
    assertEquals(memory, withCommit(SimulatedCard.open(card.saveImage(), card.spec()).memory(), memory));
  }

  /** A loaded card knows nothing of its past allocations and commits; everything else must agree. */
  private static MemoryReport withCommit(MemoryReport loaded, MemoryReport original) {
    return new MemoryReport(loaded.persistentBytes(), loaded.persistentCapacity(), loaded.persistentByKind(), loaded.transientResetBytes(),
      loaded.transientDeselectBytes(), loaded.transientCapacity(), original.largestCommitBytes(), loaded.commitCapacity(), original.allocations(), 0);
  }

  @Test
  void apiNewerThan304IsRefusedByNameWhenTheAppletIsLoaded() {
    CardLoadException refused = assertThrows(CardLoadException.class, () -> SimulatedCard.create(Toys.spec("toy.ModernApplet").build()));
    assertEquals(CardLoadException.Reason.API_TOO_NEW, refused.reason());
    assertTrue(refused.getMessage().contains("javacard/framework/Util.arrayFill([BSSB)S is newer"), refused.getMessage());
    assertTrue(refused.getMessage().contains("RandomData.nextBytes"), refused.getMessage());
  }

  @Test
  void newerApiThatIsAllowedWorks() {
    SimulatedCard modern = Toys.started(SimulatedCard.create(Toys.spec("toy.ModernApplet").tolerate(Strictness.API_3_0_4).build()));
    assertEquals("7777777777777777", HEX.formatHex(ok(modern, 0x10, 0x77)));
    assertEquals(16, ok(modern, 0x11, 0).length);
  }

  @Test
  void newerApiThatJcardsimOnlyDeclaresIsRefusedEvenIfAllowed() {
    CardLoadException refused = assertThrows(CardLoadException.class,
      () -> SimulatedCard.create(Toys.spec("toy.OneShotApplet").tolerate(Strictness.API_3_0_4).build()));
    assertTrue(refused.getMessage().contains("has no implementation in jCardSim"), refused.getMessage());
  }

  @Test
  void anOffCurvePointIsACryptoException() {
    SimulatedCard crypto = Toys.crypto();
    byte[] w = ok(crypto, 0x20, 0);
    assertEquals(32, ok(crypto, 0x23, 0, w).length);
    w[64] ^= 1;
    assertEquals("6F01", send(crypto, 0x23, 0, w), "ILLEGAL_VALUE from the key agreement");
    assertEquals("6F01", send(crypto, 0x24, 0, w), "and from a signature's init");
    assertEquals("6F01", send(crypto, 0x23, 0, hex("00")), "the point at infinity");
    assertEquals("6F01", send(crypto, 0x24, 0, hex("04AABB")), "and a point of the wrong length");
    assertEquals(0, crypto.faults().size());
  }

  @Test
  void anUncaughtInstallExceptionCarriesItsCause() {
    CardSpec spec = Toys.spec("toy.BrokenApplet").build();
    CardLoadException refused = assertThrows(CardLoadException.class, () -> SimulatedCard.create(spec));
    assertEquals(CardLoadException.Reason.INSTALL_FAILED, refused.reason());
    assertTrue(refused.getCause() instanceof ArithmeticException);
  }

  @Test
  void aMissingClassOrPathIsNamed() {
    CardLoadException noClass = assertThrows(CardLoadException.class, () -> SimulatedCard.create(Toys.spec("toy.Nobody").build()));
    assertEquals(CardLoadException.Reason.CLASS_NOT_FOUND, noClass.reason());
    CardSpec noPath = Toys.spec("toy.VaultApplet").appletClasspath(Path.of("no", "such.jar")).build();
    assertEquals(CardLoadException.Reason.CLASS_NOT_FOUND, assertThrows(CardLoadException.class, () -> SimulatedCard.create(noPath)).reason());
  }

  @Test
  void apduBytesAndPinChecksAreCounted() {
    card.mark();
    send(card, apdu(0x20, 0, hex("01020304")));
    send(card, apdu(0x22, 0));
    Counters since = card.sinceMark();
    assertEquals(9 + 4, since.get(Item.APDU_BYTES_IN));
    assertEquals(2 + 4, since.get(Item.APDU_BYTES_OUT));
    assertEquals(1, since.get(Item.PIN_CHECKS));
    assertEquals(2, since.get(Item.COMMANDS));
  }
}
