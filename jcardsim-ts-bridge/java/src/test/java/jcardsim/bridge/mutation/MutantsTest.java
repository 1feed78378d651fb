package jcardsim.bridge.mutation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import jcardsim.bridge.CardSpec;
import jcardsim.bridge.ClassTransform;
import jcardsim.bridge.SimulatedCard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MutantsTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final String TOY = "toy/MutableApplet";
  private static final List<String> COMMANDS = List.of("8001050000", "8001060000", "8002000000", "8002050000", "8003050000");

  @AfterEach
  void liftTheLimit() {
    LoopLimit.allow(Long.MAX_VALUE);
  }

  private static byte[] classFile(String internalName) {
    try (InputStream in = MutantsTest.class.getClassLoader().getResourceAsStream(internalName + ".class")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Mutation> switchable() {
    return Mutations.of(classFile(TOY)).stream().filter(Mutants::canBeSwitched).toList();
  }

  private static SimulatedCard card(ClassTransform transform) {
    CardSpec spec = CardSpec.builder().appletClasspath(Path.of("target", "test-classes")).appletClassName(TOY.replace('/', '.'))
      .appletAid(HEX.parseHex("F0746F7900000001")).classTransform(transform).classTransform(new LoopLimit()).build();
    SimulatedCard card = SimulatedCard.create(spec);
    card.powerOn();
    card.transmit(HEX.parseHex("00A4040008F0746F7900000001"));
    return card;
  }

  private static List<String> answers(SimulatedCard card) {
    List<String> answers = new ArrayList<>();
    for (String command : COMMANDS) {
      LoopLimit.allow(10_000);
      answers.add(HEX.formatHex(card.transmit(HEX.parseHex(command))));
    }
    return answers;
  }

  @Tag("slow")
  @Test
  void aMutantThatIsSwitchedOnAnswersAsOneThatIsLoadedAlone() {
    List<Mutation> all = switchable();
    Mutants mutants = new Mutants(all);
    SimulatedCard shared = card(mutants);
    List<String> original = answers(shared);
    int different = 0;
    for (Mutation mutation : all) {
      if (mutation.method().startsWith("install")) {
        continue;
      }
      List<String> switched = new ArrayList<>();
      mutants.during(mutation, () -> switched.addAll(answers(shared)));
      assertEquals(answers(card(new Mutant(mutation))), switched, mutation.id());
      different += switched.equals(original) ? 0 : 1;
    }
    assertTrue(different > all.size() / 2, different + " of " + all.size());
    assertEquals(original, answers(shared), "nothing stays on");
  }

  @Test
  void nothingIsOnInsideWithout() {
    List<Mutation> all = switchable();
    Mutants mutants = new Mutants(all);
    mutants.during(all.get(1), () -> {
      assertEquals(1, Mutants.selected());
      Mutants.without(() -> assertEquals(-1, Mutants.selected()));
      assertEquals(1, Mutants.selected());
    });
    assertEquals(-1, Mutants.selected());
  }

  @Test
  void aMutantIsSwitchedOffByAnExceptionToo() {
    List<Mutation> all = switchable();
    assertThrows(IllegalStateException.class, () -> new Mutants(all).during(all.get(0), () -> {
      throw new IllegalStateException();
    }));
    assertEquals(-1, Mutants.selected());
  }

  @Test
  void classesWithoutMutantsStayAsTheyAreAndConstructorsAreRefused() {
    byte[] other = classFile("toy/VaultApplet");
    assertArrayEquals(other, new Mutants(switchable()).transform("toy/VaultApplet", other));
    Mutation constructor = Mutations.of(classFile("toy/VaultApplet")).stream().filter(m -> !Mutants.canBeSwitched(m)).findFirst().orElseThrow();
    assertThrows(IllegalArgumentException.class, () -> new Mutants(List.of(constructor)));
    assertThrows(IllegalArgumentException.class, () -> new Mutants(List.of()).during(switchable().get(0), () -> {
    }));
  }

  @Test
  void aLoopIsCutShortAtTheLimitAndNotBefore() {
    LoopLimit.allow(3);
    for (int i = 0; i < 3; i++) {
      LoopLimit.jump();
    }
    assertEquals(3, LoopLimit.used());
    assertThrows(LoopLimit.Reached.class, LoopLimit::jump);
    assertThrows(LoopLimit.Reached.class, LoopLimit::jump);
  }

  @Test
  void anAppletWithoutALoopJumpsNeverBack() {
    SimulatedCard card = card((name, file) -> file);
    LoopLimit.allow(1000);
    card.transmit(HEX.parseHex("8001050000"));
    assertEquals(0, LoopLimit.used());
    byte[] looping = classFile("toy/VaultApplet");
    assertFalse(Arrays.equals(looping, new LoopLimit().transform("toy/VaultApplet", looping)));
  }
}
