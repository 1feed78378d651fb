package jcardsim.bridge.load;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LabelNode;
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
        case Opcodes.NEW -> askForObject(method, (TypeInsnNode) insn);
        case Opcodes.NEWARRAY -> ask(method, insn, elementWidth(((IntInsnNode) insn).operand));
        case Opcodes.ANEWARRAY -> ask(method, insn, SizeModel.REFERENCE);
        default -> { }
      }
    }
  }

  /**
   * Whoever jumps to the NEW must pass the hook. Stack map frames name an object under construction by the label of its NEW, so
   * that behind the hook the NEW gets a label of its own, and the frames name that one.
   */
  private static void askForObject(MethodNode method, TypeInsnNode allocation) {
    Set<LabelNode> before = labelsOf(allocation);
    LabelNode own = new LabelNode();
    method.instructions.insertBefore(allocation, new LdcInsnNode(allocation.desc));
    method.instructions.insertBefore(allocation, call("allocateObject", "(Ljava/lang/String;)V"));
    method.instructions.insertBefore(allocation, own);
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof FrameNode frame) {
        rename(frame.local, before, own);
        rename(frame.stack, before, own);
      }
    }
  }

  /** All labels that stand for the place of this instruction. */
  private static Set<LabelNode> labelsOf(AbstractInsnNode insn) {
    Set<LabelNode> labels = new HashSet<>();
    for (AbstractInsnNode at = insn.getPrevious(); at != null && at.getOpcode() < 0; at = at.getPrevious()) {
      if (at instanceof LabelNode label) {
        labels.add(label);
      }
    }
    return labels;
  }

  private static void rename(List<Object> types, Set<LabelNode> before, LabelNode own) {
    if (types != null) {
      types.replaceAll(type -> type instanceof LabelNode label && before.contains(label) ? own : type);
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
