package jcardsim.bridge.load;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/** Asks before every {@code new}: after install a card that cannot collect garbage must not allocate. */
final class AllocationHooks implements MethodPass {

  @Override
  public void apply(ClassNode owner, MethodNode method) {
    if (method.name.equals("<clinit>")) {
      return;
    }
    for (AbstractInsnNode insn : method.instructions.toArray()) {
      switch (insn.getOpcode()) {
        case Opcodes.NEW -> {
          method.instructions.insertBefore(insn, new LdcInsnNode(((TypeInsnNode) insn).desc));
          method.instructions.insertBefore(insn, call("allocateObject", "(Ljava/lang/String;)V"));
        }
        case Opcodes.NEWARRAY -> ask(method, insn, elementWidth(((IntInsnNode) insn).operand));
        case Opcodes.ANEWARRAY -> ask(method, insn, SizeModel.REFERENCE);
        default -> { }
      }
    }
  }

  /** Stack before and after: element count. */
  private static void ask(MethodNode method, AbstractInsnNode allocation, int elementWidth) {
    method.instructions.insertBefore(allocation, new LdcInsnNode(elementWidth));
    method.instructions.insertBefore(allocation, call("allocateArray", "(II)I"));
  }

  private static MethodInsnNode call(String hook, String descriptor) {
    return new MethodInsnNode(Opcodes.INVOKESTATIC, HOOKS, hook, descriptor, false);
  }

  private static int elementWidth(int arrayType) {
    return switch (arrayType) {
      case Opcodes.T_BOOLEAN, Opcodes.T_BYTE -> 1;
      case Opcodes.T_SHORT -> 2;
      case Opcodes.T_INT -> 4;
      default -> throw new IllegalArgumentException("no such array type on a Java Card: " + arrayType);
    };
  }
}
