package jcardsim.bridge;

import static jcardsim.bridge.Toys.HEX;
import static jcardsim.bridge.Toys.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

class ClassTransformTest {

  /** Turns level 5 into level 4. */
  private static byte[] mutate(byte[] classFile) {
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(classFile).accept(new ClassVisitor(Opcodes.ASM9, writer) {
      @Override
      public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
        MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
        return !name.equals("changeEverything") ? next : new MethodVisitor(Opcodes.ASM9, next) {
          @Override
          public void visitInsn(int opcode) {
            super.visitInsn(opcode == Opcodes.ICONST_5 ? Opcodes.ICONST_4 : opcode);
          }
        };
      }
    }, 0);
    return writer.toByteArray();
  }

  @Test
  void aTransformSeesTheAppletsClassesAndChangesWhatRuns() {
    List<String> seen = new ArrayList<>();
    SimulatedCard card = Toys.started(SimulatedCard.create(Toys.spec("toy.VaultApplet").classTransform((name, file) -> {
      seen.add(name);
      return mutate(file);
    }).build()));
    ok(card, 0x10, 0);
    assertTrue(HEX.formatHex(ok(card, 0x43, 0)).startsWith("000104"));
    assertEquals(List.of("toy/VaultApplet"), seen);
  }

  @Test
  void aMutantMayOpenTheImageOfTheOriginal() {
    byte[] image = Toys.vault().saveImage();
    CardSpec mutant = Toys.spec("toy.VaultApplet").classTransform((name, file) -> mutate(file)).build();
    SimulatedCard card = Toys.started(SimulatedCard.open(image, mutant));
    ok(card, 0x10, 0);
    assertTrue(HEX.formatHex(ok(card, 0x43, 0)).startsWith("000104"));
  }

  @Test
  void aTransformThatFailsIsNamed() {
    CardSpec spec = Toys.spec("toy.VaultApplet").classTransform((name, file) -> {
      throw new IllegalStateException("no");
    }).build();
    CardLoadException refused = assertThrows(CardLoadException.class, () -> SimulatedCard.create(spec));
    assertEquals(CardLoadException.Reason.REWRITE_FAILED, refused.reason());
  }
}
