package jcardsim.bridge.coverage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jcardsim.bridge.CardSpec;
import jcardsim.bridge.SimulatedCard;
import jcardsim.bridge.coverage.Probes.Branch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BranchCoverageTest {
  private static final byte[] AID = HexFormat.of().parseHex("F0746F7900000001");

  private SimulatedCard card;

  @BeforeEach
  void aCardWithProbes() {
    card = SimulatedCard.create(toy(1).classTransform(new BranchCoverage()).build());
    Probes.clear();
    select(card);
  }

  private static CardSpec.Builder toy(int installed) {
    return CardSpec.builder().appletClasspath(Path.of("target", "test-classes")).appletClassName("toy.BranchApplet").appletAid(AID)
      .installParameters(new byte[] {(byte) installed});
  }

  private static void select(SimulatedCard card) {
    card.powerOn();
    card.transmit(HexFormat.of().parseHex("00A4040008F0746F7900000001"));
  }

  private static Set<String> missedIn(String method) {
    return Probes.missed().stream().filter(b -> b.owner().equals("toy/BranchApplet") && b.method().startsWith(method + '('))
      .map(Branch::way).collect(Collectors.toSet());
  }

  private static long waysMissed() {
    return Probes.missed().stream().filter(b -> b.owner().startsWith("toy/BranchApplet") && b.method().startsWith("process(")).count();
  }

  @Test
  void aMethodThatNeverRanIsMissed() {
    assertTrue(missedIn("install").contains("entered"));
    assertFalse(missedIn("process").contains("entered"));
  }

  @Test
  void aConditionIsCoveredWhenItWentBothWays() {
    long before = waysMissed();
    card.transmit(HexFormat.of().parseHex("80100000"));
    long once = waysMissed();
    card.transmit(HexFormat.of().parseHex("80100000"));
    assertEquals(once, waysMissed(), "the same way again covers nothing new");
    card.transmit(HexFormat.of().parseHex("80100200"));
    card.transmit(HexFormat.of().parseHex("80100100"));
    card.transmit(HexFormat.of().parseHex("80200000"));
    assertTrue(once < before);
    assertTrue(waysMissed() < once);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void anInstrumentedAppletAnswersAsTheOriginal(int installed) {
    assertEquals(answer(SimulatedCard.create(toy(installed).build())), answer(SimulatedCard.create(toy(installed).classTransform(new BranchCoverage()).build())));
  }

  private static String answer(SimulatedCard card) {
    select(card);
    return HexFormat.of().formatHex(card.transmit(HexFormat.of().parseHex("80200000")));
  }

  @Test
  void aBranchKnowsItsLine() {
    List<Branch> conditions = Probes.all().stream().filter(b -> b.owner().equals("toy/BranchApplet") && b.way().equals("true")).toList();
    assertFalse(conditions.isEmpty());
    conditions.forEach(b -> assertTrue(b.line() > 0, b.toString()));
  }

  @Test
  void switchesHaveAWayForEachCaseAndTheDefault() {
    byte[] file = new BranchCoverage().transform("toy/VaultApplet", classFile("toy/VaultApplet.class"));
    assertTrue(file.length > 0);
    Set<String> ways = Probes.all().stream().filter(b -> b.owner().equals("toy/VaultApplet") && b.method().startsWith("process("))
      .map(Branch::way).collect(Collectors.toSet());
    assertTrue(ways.contains("default"));
    assertTrue(ways.contains("case 16"));
  }

  @Test
  void theConstructorOfAClassWithoutObjectsIsNotCounted() {
    String holder = "jcardsim/bridge/mutation/Constants";
    new BranchCoverage().transform(holder, classFile(holder + ".class"));
    new BranchCoverage().transform("toy/MutableApplet", classFile("toy/MutableApplet.class"));
    assertFalse(knows(holder, "<init>()V"));
    assertTrue(knows(holder, "isNumber(Lorg/objectweb/asm/tree/AbstractInsnNode;)Z"));
    assertTrue(knows("toy/MutableApplet", "<init>()V"));
  }

  private static boolean knows(String owner, String method) {
    return Probes.all().stream().anyMatch(b -> b.owner().equals(owner) && b.method().equals(method) && b.way().equals("entered"));
  }

  private static byte[] classFile(String name) {
    try (var in = BranchCoverageTest.class.getClassLoader().getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
