package jcardsim.bridge.mutation;

import jcardsim.bridge.ClassTransform;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Makes one mutation while the applet is loaded. */
public final class Mutant implements ClassTransform {
  private final Mutation mutation;

  public Mutant(Mutation mutation) {
    this.mutation = mutation;
  }

  /**
   * @param id as {@link Mutation#id()} gives it
   * @throws IllegalArgumentException if it is none
   */
  public Mutant(String id) {
    this(Mutation.parse(id));
  }

  /** @throws IllegalStateException if the class has nothing to change at that place: the applet is not the one that was listed */
  @Override
  public byte[] transform(String internalName, byte[] classFile) {
    if (!internalName.equals(mutation.owner())) {
      return classFile;
    }
    ClassNode node = new ClassNode();
    new ClassReader(classFile).accept(node, 0);
    change(node.methods.stream().filter(m -> (m.name + m.desc).equals(mutation.method())).findFirst().orElseThrow(() -> notHere(mutation)), mutation);
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    node.accept(writer);
    return writer.toByteArray();
  }

  /** @throws IllegalStateException if the method has nothing to change at that place */
  static void change(MethodNode method, Mutation mutation) {
    int at = 0;
    for (AbstractInsnNode insn : method.instructions.toArray()) {
      if (insn.getOpcode() >= 0 && at++ == mutation.at()) {
        if (!mutation.operator().fits(method, insn)) {
          throw notHere(mutation);
        }
        mutation.operator().change(method, insn);
        return;
      }
    }
    throw notHere(mutation);
  }

  private static IllegalStateException notHere(Mutation mutation) {
    return new IllegalStateException("there is nothing to change at " + mutation.id());
  }
}
