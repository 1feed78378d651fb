package jcardsim.bridge.mutation;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;

/** The ways in which bytecode puts a whole number on the stack. */
final class Constants {
  private Constants() {}

  static boolean isNumber(AbstractInsnNode insn) {
    int opcode = insn.getOpcode();
    return opcode >= Opcodes.ICONST_M1 && opcode <= Opcodes.ICONST_5
      || opcode == Opcodes.BIPUSH || opcode == Opcodes.SIPUSH
      || insn instanceof LdcInsnNode ldc && ldc.cst instanceof Integer;
  }

  static int value(AbstractInsnNode insn) {
    if (insn instanceof IntInsnNode push) {
      return push.operand;
    }
    return insn instanceof LdcInsnNode ldc ? (Integer) ldc.cst : insn.getOpcode() - Opcodes.ICONST_0;
  }
}
