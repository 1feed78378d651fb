package jcardsim.bridge.mutation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** Statements that are one call each: runs of instructions that push what a call without result takes, nothing else. */
final class Statements {
  private final MethodNode method;
  private final Set<LabelNode> targets = new HashSet<>();

  private Statements(MethodNode method) {
    this.method = method;
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof JumpInsnNode jump) {
        targets.add(jump.label);
      } else if (insn instanceof TableSwitchInsnNode table) {
        targets.addAll(table.labels);
        targets.add(table.dflt);
      } else if (insn instanceof LookupSwitchInsnNode lookup) {
        targets.addAll(lookup.labels);
        targets.add(lookup.dflt);
      }
    }
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      targets.add(block.start);
      targets.add(block.end);
      targets.add(block.handler);
    }
  }

  static Statements of(MethodNode method) {
    return new Statements(method);
  }

  /** Whether this call ends a statement and the next one is a call, too, that nothing jumps to. */
  boolean swappable(AbstractInsnNode call) {
    return !backwards(call).isEmpty() && !nextStatement(call).isEmpty();
  }

  void swapWithNext(AbstractInsnNode call) {
    List<AbstractInsnNode> first = backwards(call);
    AbstractInsnNode after = last(nextStatement(call));
    for (int i = first.size() - 1; i >= 0; i--) {
      method.instructions.remove(first.get(i));
      method.instructions.insert(after, first.get(i));
    }
  }

  private List<AbstractInsnNode> nextStatement(AbstractInsnNode call) {
    for (AbstractInsnNode insn = call.getNext(); insn != null; insn = insn.getNext()) {
      if (insn instanceof LabelNode label && targets.contains(label)) {
        return List.of();
      }
      if (insn instanceof MethodInsnNode next && Type.getReturnType(next.desc) == Type.VOID_TYPE && !next.name.equals("<init>")) {
        List<AbstractInsnNode> statement = backwards(insn);
        return !statement.isEmpty() && previous(statement.get(0)) == call ? statement : List.of();
      }
    }
    return List.of();
  }

  /** The instructions of the statement that this call ends, in order; empty where they are anything but pushes and calls. */
  private List<AbstractInsnNode> backwards(AbstractInsnNode call) {
    List<AbstractInsnNode> statement = new ArrayList<>();
    statement.add(0, call);
    int wanted = -delta((MethodInsnNode) call);
    for (AbstractInsnNode insn = call.getPrevious(); wanted > 0; insn = insn.getPrevious()) {
      if (insn == null || insn instanceof LabelNode label && targets.contains(label)) {
        return List.of();
      }
      if (insn.getOpcode() < 0) {
        continue;
      }
      int delta = Pushes.delta(insn);
      if (delta == Pushes.OTHER) {
        return List.of();
      }
      wanted -= delta;
      statement.add(0, insn);
    }
    return wanted == 0 ? statement : List.of();
  }

  /** What a call adds to the stack, in words. */
  static int delta(MethodInsnNode call) {
    int sizes = Type.getArgumentsAndReturnSizes(call.desc);
    int arguments = (sizes >> 2) - (call.getOpcode() == Opcodes.INVOKESTATIC ? 1 : 0);
    return (sizes & 3) - arguments;
  }

  private static AbstractInsnNode previous(AbstractInsnNode insn) {
    AbstractInsnNode before = insn.getPrevious();
    while (before != null && before.getOpcode() < 0) {
      before = before.getPrevious();
    }
    return before;
  }

  private static AbstractInsnNode last(List<AbstractInsnNode> statement) {
    return statement.get(statement.size() - 1);
  }
}
