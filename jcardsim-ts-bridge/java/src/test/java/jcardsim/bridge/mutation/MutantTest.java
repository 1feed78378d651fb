package jcardsim.bridge.mutation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jcardsim.bridge.CardLoadException;
import jcardsim.bridge.CardSpec;
import jcardsim.bridge.SimulatedCard;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.util.CheckClassAdapter;

class MutantTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final String TOY = "toy/MutableApplet";

  private static byte[] classFile(String internalName) {
    try (InputStream in = MutantTest.class.getClassLoader().getResourceAsStream(internalName + ".class")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Mutation> mutations(Operator operator, String method) {
    return Mutations.of(classFile(TOY)).stream().filter(m -> m.operator() == operator && m.method().startsWith(method + '(')).toList();
  }

  /** What the toy answers to a number. */
  private static String answer(Mutation mutation, String ins) {
    CardSpec.Builder spec = CardSpec.builder().appletClasspath(Path.of("target", "test-classes")).appletClassName(TOY.replace('/', '.'))
      .appletAid(HEX.parseHex("F0746F7900000001"));
    if (mutation != null) {
      spec.classTransform(new Mutant(mutation.id()));
    }
    SimulatedCard card = SimulatedCard.create(spec.build());
    card.powerOn();
    card.transmit(HEX.parseHex("00A4040008F0746F7900000001"));
    return HEX.formatHex(card.transmit(HEX.parseHex("80" + ins + "050000")));
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"toy/VaultApplet", "toy/BranchApplet", "toy/CryptoApplet", TOY})
  void everyMutantIsAClassThatTheVirtualMachineAccepts(String name) {
    byte[] original = classFile(name);
    List<Mutation> all = Mutations.of(original);
    assertFalse(all.isEmpty());
    for (Mutation mutation : all) {
      StringWriter complaints = new StringWriter();
      byte[] mutant = new Mutant(mutation.id()).transform(name, original);
      CheckClassAdapter.verify(new ClassReader(mutant), MutantTest.class.getClassLoader(), false, new PrintWriter(complaints));
      assertEquals("", complaints.toString(), mutation.id());
    }
  }

  @Test
  void aMutantDiffersFromTheOriginalAndOtherClassesStay() {
    byte[] original = classFile(TOY);
    Mutation first = Mutations.of(original).get(0);
    assertFalse(java.util.Arrays.equals(original, new Mutant(first).transform(TOY, original)));
    byte[] other = classFile("toy/VaultApplet");
    assertArrayEquals(other, new Mutant(first).transform("toy/VaultApplet", other));
  }

  @Test
  void theToyHasSomethingForEveryOperator() {
    Set<Operator> found = Mutations.of(classFile(TOY)).stream().map(Mutation::operator).collect(Collectors.toSet());
    assertEquals(EnumSet.allOf(Operator.class), found);
  }

  @Test
  void idsAreUniqueAndLeadBackToTheirPlace() {
    List<Mutation> all = Mutations.of(classFile(TOY));
    assertEquals(all.size(), all.stream().map(Mutation::id).distinct().count());
    all.forEach(m -> assertEquals(m.id(), Mutation.parse(m.id()).id()));
  }

  @Test
  void theOriginalAnswersAsWritten() {
    assertEquals("0a9000", answer(null, "01"));
    assertEquals("6a80", answer(null, "02"));
    assertEquals("01029000", answer(null, "03"));
  }

  @ParameterizedTest
  @EnumSource(value = Operator.class, names = {"NEGATE_CONDITION", "MOVE_BOUNDARY", "CHANGE_CONSTANT", "ZERO_RESULT", "CHANGE_RESULT", "CHANGE_ARITHMETIC"})
  void aChangedComputationGivesAnotherAnswer(Operator operator) {
    String method = operator == Operator.ZERO_RESULT ? "doubled" : "twice";
    List<Mutation> changes = mutations(operator, method);
    assertFalse(changes.isEmpty());
    assertFalse(changes.stream().allMatch(m -> answer(m, "01").equals("0a9000")));
  }

  @Test
  void addingNothingIsNoMutantOfSubtractingNothing() {
    assertEquals(List.of(), mutations(Operator.CHANGE_ARITHMETIC, "doubled"));
    assertFalse(mutations(Operator.CHANGE_ARITHMETIC, "twice").isEmpty());
  }

  @Test
  void aDroppedCheckRefusesNothing() {
    Mutation dropped = mutations(Operator.DROP_CALL, "guarded").get(0);
    assertEquals("9000", answer(dropped, "02"));
  }

  @Test
  void swappedCallsHappenInTheOtherOrder() {
    Mutation swapped = mutations(Operator.SWAP_CALLS, "ordered").get(0);
    assertEquals("02019000", answer(swapped, "03"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "toy/MutableApplet", "toy/MutableApplet.process()V@1", "toy/MutableApplet.process()V:NEGATE_CONDITION@1", "a.b()V@x:DROP_CALL", "a.b()V@1:EXPLODE"})
  void whatIsNoIdIsRefused(String id) {
    assertThrows(IllegalArgumentException.class, () -> new Mutant(id));
  }

  @ParameterizedTest
  @ValueSource(strings = {"toy/MutableApplet.gone()V@0:DROP_CALL", "toy/MutableApplet.twice(S)S@9999:CHANGE_RESULT", "toy/MutableApplet.twice(S)S@0:CHANGE_RESULT"})
  void aPlaceThatIsNotThereIsRefused(String id) {
    CardSpec spec = CardSpec.builder().appletClasspath(Path.of("target", "test-classes")).appletClassName("toy.MutableApplet")
      .appletAid(HEX.parseHex("F0746F7900000001")).classTransform(new Mutant(id)).build();
    CardLoadException refused = assertThrows(CardLoadException.class, () -> SimulatedCard.create(spec));
    assertEquals(CardLoadException.Reason.REWRITE_FAILED, refused.reason());
  }
}
