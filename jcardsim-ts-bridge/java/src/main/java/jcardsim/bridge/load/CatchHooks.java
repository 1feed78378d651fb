package jcardsim.bridge.load;

import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** Lets no {@code catch} or {@code finally} of the applet run once power is gone. */
final class CatchHooks implements MethodPass {

  @Override
  public void apply(ClassNode owner, MethodNode method) {
    Set<LabelNode> done = new HashSet<>();
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      if (done.add(block.handler)) {
        method.instructions.insertBefore(firstInstruction(block.handler), announcement());
      }
    }
  }

  /** The handler's first real instruction: its stack map frame must stay in front of what we add. */
  private static AbstractInsnNode firstInstruction(LabelNode handler) {
    AbstractInsnNode insn = handler;
    while (insn.getOpcode() < 0) {
      insn = insn.getNext();
    }
    return insn;
  }

  /** Stack before and after: the exception. */
  private static InsnList announcement() {
    InsnList code = new InsnList();
    code.add(new InsnNode(Opcodes.DUP));
    code.add(new MethodInsnNode(Opcodes.INVOKESTATIC, HOOKS, "caught", "(Ljava/lang/Throwable;)V", false));
    return code;
  }
}
