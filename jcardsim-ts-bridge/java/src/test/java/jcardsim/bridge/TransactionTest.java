package jcardsim.bridge;

import static jcardsim.bridge.Toys.HEX;
import static jcardsim.bridge.Toys.apdu;
import static jcardsim.bridge.Toys.hex;
import static jcardsim.bridge.Toys.ok;
import static jcardsim.bridge.Toys.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import jcardsim.bridge.Counters.Item;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionTest {
  /** counter 0001, level 5, open, link, visits 100, note 11, shorts 12, flag, slot, 1, 1234, ram 99. */
  private static final String CHANGED = "00010501010064" + "0B000C0101" + "011234" + "63";

  private final SimulatedCard card = Toys.vault();

  private String state() {
    return HEX.formatHex(ok(card, 0x43, 0));
  }

  @Test
  void aCommitKeepsEveryKindOfWrite() {
    ok(card, 0x10, 0);
    assertEquals(CHANGED, state());
  }

  @Test
  void anAbortUndoesEveryKindOfPersistentWriteAndLeavesTransientMemoryAlone() {
    String dump = card.persistentDump(Set.of());
    ok(card, 0x10, 1);
    assertEquals(dump, card.persistentDump(Set.of()));
    assertTrue(state().endsWith("63"), "the RAM write stays");
  }

  @Test
  void whatTransientArraysHoldCanBeReadAndNothingElseWithIt() {
    ok(card, 0x41, 0x5A);
    String dump = card.transientDump();
    assertTrue(dump.contains("VaultApplet.ram = 005A00"), dump);
    assertTrue(dump.contains("VaultApplet.ramDeselect = 005A00"), dump);
    assertFalse(dump.contains("counter") || dump.contains("note"), dump);
    card.reset();
    assertFalse(card.transientDump().contains("5A"));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void aTransactionLeftOpenByReturnByRefusalOrByUncaughtExceptionIsAborted(int how) {
    String dump = card.persistentDump(Set.of());
    String status = send(card, 0x10, how);
    assertEquals(how == 2 ? "9000" : how == 3 ? "6985" : "6F00", status);
    assertEquals(dump, card.persistentDump(Set.of()));
    assertEquals(1, card.lastCommand().get(Item.ABORTS));
    assertEquals(0, card.lastCommand().get(Item.COMMITS));
  }

  @Test
  void aTransactionLeftOpenIsToldToTheDeveloper() {
    send(card, 0x10, 2);
    assertEquals(AppletFault.Kind.TRANSACTION_LEFT_OPEN, card.faults().get(0).kind());
  }

  @Test
  void aNestedTransactionIsRefused() {
    assertEquals("6F00", send(card, 0x12, 0));
    assertTrue(card.faults().get(0).message().contains("TransactionException, reason 1"), card.faults().toString());
  }

  @Test
  void aTransactionIsCountedByItsOldBytesAndEndsAtTheCommitCapacity() {
    assertEquals("01C49000", send(card, 0x13, 60), "512 - 60 bytes are left");
    assertEquals(60, card.lastCommand().get(Item.MAX_COMMIT_BYTES));
    assertEquals(0, ok(card, 0x17, 255).length, "255 single bytes fit into 512");
    SimulatedCard small = Toys.started(SimulatedCard.create(Toys.spec("toy.VaultApplet").commitCapacity(40).build()));
    String dump = small.persistentDump(Set.of());
    assertEquals("6F00", send(small, 0x17, 41));
    assertEquals(AppletFault.Kind.COMMIT_BUFFER_FULL, small.faults().get(0).kind());
    assertTrue(small.faults().get(1).message().contains("TransactionException, reason 3"), "BUFFER_FULL");
    assertEquals(dump, small.persistentDump(Set.of()));
    assertEquals("9000", send(small, 0x17, 40));
  }

  @Test
  void nonAtomicWritesSurviveAnAbort() {
    ok(card, 0x15, 0x77);
    assertEquals(4, card.lastCommand().get(Item.WRITES_NON_ATOMIC), "two copies, two halves each");
    assertEquals(16, card.lastCommand().get(Item.BYTES_NON_ATOMIC));
    assertTrue(card.persistentDump(Set.of()).contains("VaultApplet.note = " + "77".repeat(16)), card.persistentDump(Set.of()));
    assertTrue(state().startsWith("0000"), "the counter in the same transaction is undone");
  }

  @Test
  void aNewPinInAnAbortedTransactionLeavesTheOldOneAndItsTries() {
    assertEquals("63C2", send(card, 0x20, 0, hex("09090909")));
    ok(card, 0x21, 1, hex("05060708"));
    assertEquals("0200", HEX.formatHex(ok(card, 0x22, 0)));
    assertEquals("9000", send(card, 0x20, 0, hex("01020304")));
  }

  @Test
  void aWrongPinCountsEvenInAnAbortedTransaction() {
    ok(card, 0x23, 0, hex("09090909"));
    assertEquals("0200", HEX.formatHex(ok(card, 0x22, 0)));
  }

  @Test
  void threeWrongPinsBlockTheRightOne() {
    for (int left = 2; left >= 0; left--) {
      assertEquals("63C" + left, send(card, 0x20, 0, hex("00000000")));
    }
    assertEquals("63C0", send(card, 0x20, 0, hex("01020304")));
    card.reset();
    Toys.select(card);
    assertEquals("63C0", send(card, 0x20, 0, hex("01020304")));
  }

  @Test
  void theValidatedFlagIsGoneAfterAReset() {
    ok(card, 0x20, 0, hex("01020304"));
    assertEquals("0301", HEX.formatHex(ok(card, 0x22, 0)));
    card.reset();
    Toys.select(card);
    assertEquals("0300", HEX.formatHex(ok(card, 0x22, 0)));
  }

  @Test
  void aTransactionOpenedInDeselectIsAborted() {
    ok(card, 0x16, 9);
    String before = card.persistentDump(Set.of("VaultApplet.visits"));
    Toys.select(card);
    assertEquals(before, card.persistentDump(Set.of("VaultApplet.visits")), "note[63]++ inside it is undone");
    assertTrue(card.faults().stream().anyMatch(f -> f.kind() == AppletFault.Kind.TRANSACTION_LEFT_OPEN));
  }

  @Test
  void aStoreOutsideTheArrayIsNoWriteAndEndsWith6F00() {
    assertEquals("6F00", send(card, 0x45, 0));
    assertEquals(0, card.lastCommandWrites());
    AppletFault fault = card.faults().get(0);
    assertEquals(AppletFault.Kind.UNCAUGHT_EXCEPTION, fault.kind());
    assertTrue(fault.stackTrace().contains("VaultApplet.java"), fault.stackTrace());
    assertEquals("80450000", HEX.formatHex(fault.apduHeader()));
  }

  @Test
  void aKeySetInAnAbortedTransactionKeepsItsOldValue() {
    SimulatedCard crypto = Toys.crypto();
    byte[] old = hex("00112233445566778899AABBCCDDEEFF");
    ok(crypto, 0x10, 0, old);
    crypto.transmit(hex("801A000110" + "FF".repeat(16)));
    assertEquals(HEX.formatHex(old), HEX.formatHex(ok(crypto, 0x16, 0)));
    ok(crypto, 0x1A, 0, hex("FF".repeat(16)));
    assertEquals("FF".repeat(16), HEX.formatHex(ok(crypto, 0x16, 0)));
  }

  @Test
  void persistentWritesAreCountedByKind() {
    ok(card, 0x11, 0);
    Counters plain = card.lastCommand();
    assertEquals(11, plain.get(Item.WRITES_ATOMIC));
    assertEquals(2 + 1 + 1 + 2 + 2 + 1 + 2 + 1 + 2 + 3 + 2, plain.get(Item.BYTES_ATOMIC));
    assertEquals(0, plain.get(Item.WRITES_IN_TRANSACTION));
    ok(card, 0x10, 0);
    Counters transaction = card.lastCommand();
    assertEquals(11, transaction.get(Item.WRITES_IN_TRANSACTION));
    assertEquals(19, transaction.get(Item.MAX_COMMIT_BYTES));
    assertEquals(0, transaction.get(Item.WRITES_ATOMIC));
    assertEquals(11, card.lastCommandWrites());
    assertNotEquals(plain, transaction);
    assertFalse(card.sinceMark().asMap().isEmpty());
  }
}
