package jcardsim.bridge.mutation;

import java.util.HashSet;
import java.util.Set;
import jcardsim.bridge.ClassTransform;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Ends loops that do not end by themselves, as those of some mutants: it counts the backward jumps of the applet, whose number does not
 * depend on the machine's load, and throws when there are too many. The limit is one for all cards of this virtual machine.
 */
public final class LoopLimit implements ClassTransform {
  private static final String COUNTER = Type.getInternalName(LoopLimit.class);
  private static long allowed = Long.MAX_VALUE;
  private static long left = Long.MAX_VALUE;

  /** Thrown into the applet. No exception that an applet could catch and answer. */
  public static final class Reached extends Error {
    private static final long serialVersionUID = 1;

    private Reached() {
      super("the applet does not stop", null, false, false);
    }
  }

  /** @param jumps backward jumps from now on; {@code Long.MAX_VALUE} for as many as it likes */
  public static void allow(long jumps) {
    allowed = jumps;
    left = jumps;
  }

  /** Backward jumps since {@link #allow}. */
  public static long used() {
    return allowed - left;
  }

  /** For the applet's classes. @throws Reached from the limit on, each time */
  public static void jump() {
    if (left <= 0) {
      throw new Reached();
    }
    left--;
  }

  @Override
  public byte[] transform(String internalName, byte[] classFile) {
    ClassNode owner = new ClassNode();
    new ClassReader(classFile).accept(owner, 0);
    owner.methods.forEach(LoopLimit::count);
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    owner.accept(writer);
    return writer.toByteArray();
  }

  private static void count(MethodNode method) {
    Set<LabelNode> passed = new HashSet<>();
    for (AbstractInsnNode insn : method.instructions.toArray()) {
      if (insn instanceof LabelNode label) {
        passed.add(label);
      } else if (insn instanceof JumpInsnNode jump && passed.contains(jump.label)) {
        method.instructions.insertBefore(jump, new MethodInsnNode(Opcodes.INVOKESTATIC, COUNTER, "jump", "()V", false));
      }
    }
  }
}
