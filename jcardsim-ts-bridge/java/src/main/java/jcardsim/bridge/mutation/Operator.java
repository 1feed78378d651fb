package jcardsim.bridge.mutation;

import static org.objectweb.asm.Opcodes.*;

import java.util.Map;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** What a mutant differs by: the slips of programmers, and the bugs that published purses had. */
public enum Operator {
  /** {@code if (a < b)} becomes {@code if (a >= b)}. */
  NEGATE_CONDITION("negates a condition") {
    @Override
    boolean fits(MethodNode method, AbstractInsnNode insn) {
      return OPPOSITE.containsKey(insn.getOpcode());
    }

    @Override
    void change(MethodNode method, AbstractInsnNode insn) {
      ((JumpInsnNode) insn).setOpcode(OPPOSITE.get(insn.getOpcode()));
    }
  },

  /** {@code if (a < b)} becomes {@code if (a <= b)}. */
  MOVE_BOUNDARY("moves the boundary of a comparison") {
    @Override
    boolean fits(MethodNode method, AbstractInsnNode insn) {
      return NEIGHBOUR.containsKey(insn.getOpcode());
    }

    @Override
    void change(MethodNode method, AbstractInsnNode insn) {
      ((JumpInsnNode) insn).setOpcode(NEIGHBOUR.get(insn.getOpcode()));
    }
  },

  /** A call without result is not made: a check that throws, a commit, a clearing. */
  DROP_CALL("drops a call") {
    @Override
    boolean fits(MethodNode method, AbstractInsnNode insn) {
      return insn instanceof MethodInsnNode call && !call.name.equals("<init>") && result(call) == Type.VOID_TYPE;
    }

    @Override
    void change(MethodNode method, AbstractInsnNode insn) {
      method.instructions.insertBefore(insn, discarded((MethodInsnNode) insn));
      method.instructions.remove(insn);
    }
  },

  /** A call is not made and gives 0 or false. */
  ZERO_RESULT("puts 0 in the place of a call") {
    @Override
    boolean fits(MethodNode method, AbstractInsnNode insn) {
      return insn instanceof MethodInsnNode call && isInt(result(call));
    }

    @Override
    void change(MethodNode method, AbstractInsnNode insn) {
      method.instructions.insertBefore(insn, discarded((MethodInsnNode) insn));
      method.instructions.set(insn, new InsnNode(ICONST_0));
    }
  },

  /** A number becomes the next one; 1 becomes 0. */
  CHANGE_CONSTANT("changes a constant") {
    @Override
    boolean fits(MethodNode method, AbstractInsnNode insn) {
      return Constants.isNumber(insn);
    }

    @Override
    void change(MethodNode method, AbstractInsnNode insn) {
      int value = Constants.value(insn);
      method.instructions.set(insn, new LdcInsnNode(value == 1 || value == Byte.MAX_VALUE || value == Short.MAX_VALUE ? value - 1 : value + 1));
    }
  },

  /** {@code +} becomes {@code -}, {@code &} becomes {@code |}, {@code <<} becomes {@code >>}, and so on; {@code x + 0} is {@code x - 0}. */
  CHANGE_ARITHMETIC("changes an arithmetic operator") {
    @Override
    boolean fits(MethodNode method, AbstractInsnNode insn) {
      return ARITHMETIC.containsKey(insn.getOpcode()) && !addsNothing(insn) || insn.getOpcode() == IINC;
    }

    @Override
    void change(MethodNode method, AbstractInsnNode insn) {
      if (insn instanceof IincInsnNode step) {
        step.incr = -step.incr;
      } else {
        method.instructions.set(insn, new InsnNode(ARITHMETIC.get(insn.getOpcode())));
      }
    }
  },

  /** A method answers the other boolean, or one more. */
  CHANGE_RESULT("returns something else") {
    @Override
    boolean fits(MethodNode method, AbstractInsnNode insn) {
      return insn.getOpcode() == IRETURN;
    }

    @Override
    void change(MethodNode method, AbstractInsnNode insn) {
      boolean flag = Type.getReturnType(method.desc) == Type.BOOLEAN_TYPE;
      method.instructions.insertBefore(insn, new InsnNode(ICONST_1));
      method.instructions.insertBefore(insn, new InsnNode(flag ? IXOR : IADD));
    }
  },

  /** Two calls that follow each other are made in the other order: the answer before the commit. */
  SWAP_CALLS("swaps two calls") {
    @Override
    boolean fits(MethodNode method, AbstractInsnNode insn) {
      return DROP_CALL.fits(method, insn) && Statements.of(method).swappable(insn);
    }

    @Override
    void change(MethodNode method, AbstractInsnNode insn) {
      Statements.of(method).swapWithNext(insn);
    }
  };

  private static final Map<Integer, Integer> OPPOSITE = bothWays(
    IFEQ, IFNE, IFLT, IFGE, IFGT, IFLE, IF_ICMPEQ, IF_ICMPNE, IF_ICMPLT, IF_ICMPGE, IF_ICMPGT, IF_ICMPLE, IF_ACMPEQ, IF_ACMPNE, IFNULL, IFNONNULL);

  private static final Map<Integer, Integer> NEIGHBOUR = bothWays(IFLT, IFLE, IFGE, IFGT, IF_ICMPLT, IF_ICMPLE, IF_ICMPGE, IF_ICMPGT);

  private static final Map<Integer, Integer> ARITHMETIC = Map.ofEntries(
    Map.entry(IADD, ISUB), Map.entry(ISUB, IADD), Map.entry(IMUL, IADD), Map.entry(IDIV, IMUL), Map.entry(IREM, IMUL), Map.entry(IAND, IOR),
    Map.entry(IOR, IAND), Map.entry(IXOR, IOR), Map.entry(ISHL, ISHR), Map.entry(ISHR, ISHL), Map.entry(IUSHR, ISHL));

  private final String meaning;

  Operator(String meaning) {
    this.meaning = meaning;
  }

  /** What it does, as the predicate of a sentence. */
  public String meaning() {
    return meaning;
  }

  /** Whether there is something to change at this instruction. */
  abstract boolean fits(MethodNode method, AbstractInsnNode insn);

  /** Changes it; stack and frames fit as before. */
  abstract void change(MethodNode method, AbstractInsnNode insn);

  private static boolean addsNothing(AbstractInsnNode insn) {
    boolean sum = insn.getOpcode() == IADD || insn.getOpcode() == ISUB;
    return sum && insn.getPrevious() != null && insn.getPrevious().getOpcode() == ICONST_0;
  }

  private static Map<Integer, Integer> bothWays(int... pairs) {
    Map<Integer, Integer> map = new java.util.HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
      map.put(pairs[i + 1], pairs[i]);
    }
    return Map.copyOf(map);
  }

  private static Type result(MethodInsnNode call) {
    return Type.getReturnType(call.desc);
  }

  private static boolean isInt(Type type) {
    return type.getSort() >= Type.BOOLEAN && type.getSort() <= Type.INT;
  }

  /** Takes the arguments and the receiver of a call off the stack. */
  private static InsnList discarded(MethodInsnNode call) {
    InsnList code = new InsnList();
    Type[] arguments = Type.getArgumentTypes(call.desc);
    for (int i = arguments.length - 1; i >= 0; i--) {
      code.add(new InsnNode(arguments[i].getSize() == 2 ? POP2 : POP));
    }
    if (call.getOpcode() != INVOKESTATIC) {
      code.add(new InsnNode(POP));
    }
    return code;
  }
}
