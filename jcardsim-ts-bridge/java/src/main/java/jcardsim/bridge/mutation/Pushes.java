package jcardsim.bridge.mutation;

import static org.objectweb.asm.Opcodes.*;

import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/** What the instructions of an expression without side effects of its own add to the stack. */
final class Pushes {
  /** Not part of such an expression. */
  static final int OTHER = Integer.MIN_VALUE;

  private Pushes() {}

  /** Words added to the stack, or {@link #OTHER}. */
  static int delta(AbstractInsnNode insn) {
    if (insn instanceof MethodInsnNode call) {
      return Type.getReturnType(call.desc).getSize() == 1 ? Statements.delta(call) : OTHER;
    }
    if (insn instanceof FieldInsnNode field) {
      return field(field);
    }
    if (insn instanceof LdcInsnNode) {
      return 1;
    }
    int opcode = insn.getOpcode();
    if (opcode >= ACONST_NULL && opcode <= ICONST_5) {
      return 1;
    }
    return switch (opcode) {
      case BIPUSH, SIPUSH, ILOAD, ALOAD -> 1;
      case I2B, I2S, INEG, ARRAYLENGTH, CHECKCAST -> 0;
      case BALOAD, SALOAD, AALOAD, IADD, ISUB, IMUL, IDIV, IREM, IAND, IOR, IXOR, ISHL, ISHR, IUSHR -> -1;
      default -> OTHER;
    };
  }

  private static int field(FieldInsnNode field) {
    return switch (field.getOpcode()) {
      case GETSTATIC -> 1;
      case GETFIELD -> 0;
      default -> OTHER;
    };
  }
}
