package jcardsim.bridge.mutation;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodNode;

/** What can be changed in a class. */
public final class Mutations {
  private Mutations() {}

  /**
   * Every mutation of a class, in the order of its code. Static initialisers are left alone: their values come with the CAP file.
   *
   * @param classFile as the compiler wrote it
   */
  public static List<Mutation> of(byte[] classFile) {
    ClassNode owner = new ClassNode();
    new ClassReader(classFile).accept(owner, 0);
    List<Mutation> all = new ArrayList<>();
    for (MethodNode method : owner.methods) {
      if (!method.name.equals("<clinit>") && (method.access & Opcodes.ACC_SYNTHETIC) == 0) {
        collect(owner, method, all);
      }
    }
    return all;
  }

  private static void collect(ClassNode owner, MethodNode method, List<Mutation> into) {
    int at = 0;
    int line = 0;
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof LineNumberNode mark) {
        line = mark.line;
      }
      if (insn.getOpcode() < 0) {
        continue;
      }
      for (Operator operator : Operator.values()) {
        if (operator.fits(method, insn)) {
          into.add(new Mutation(owner.name, method.name + method.desc, at, operator, line));
        }
      }
      at++;
    }
  }
}
