package jcardsim.bridge.coverage;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jcardsim.bridge.ClassTransform;
import jcardsim.bridge.coverage.Probes.Branch;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;

/**
 * Notes which way every branch goes: both outcomes of each condition, each case of a switch, and that a method was entered. The empty
 * private constructor of a class that nobody is to make an object of is not counted.
 *
 * <p>The operands of a branch are copied and shown to {@link Probes} just before it, so neither jumps nor frames change.
 */
public final class BranchCoverage implements ClassTransform {
  private static final String PROBES = Type.getInternalName(Probes.class);

  @Override
  public byte[] transform(String internalName, byte[] classFile) {
    ClassNode owner = new ClassNode();
    new ClassReader(classFile).accept(owner, 0);
    for (MethodNode method : owner.methods) {
      if ((method.access & (ACC_ABSTRACT | ACC_SYNTHETIC)) == 0 && !method.name.equals("<clinit>") && !isForNobody(method)) {
        new MethodProbes(owner, method).insert();
      }
    }
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    owner.accept(writer);
    return writer.toByteArray();
  }

  /** {@code private Name() {}}: this, {@code Object}'s constructor, return. */
  private static boolean isForNobody(MethodNode method) {
    boolean hidden = (method.access & ACC_PRIVATE) != 0 && method.name.equals("<init>") && method.desc.equals("()V");
    return hidden && Arrays.stream(method.instructions.toArray()).filter(insn -> insn.getOpcode() >= 0).count() == 3;
  }

  private static final class MethodProbes {
    private final ClassNode owner;
    private final MethodNode method;
    private int line;
    private int branches;

    MethodProbes(ClassNode owner, MethodNode method) {
      this.owner = owner;
      this.method = method;
    }

    void insert() {
      for (AbstractInsnNode insn : method.instructions.toArray()) {
        if (insn instanceof LineNumberNode mark) {
          line = mark.line;
        } else if (insn instanceof JumpInsnNode jump && jump.getOpcode() != GOTO) {
          method.instructions.insertBefore(jump, condition(jump.getOpcode(), register(List.of(way("true"), way("false")))));
        } else if (insn instanceof TableSwitchInsnNode table) {
          int[] keys = new int[table.labels.size()];
          for (int i = 0; i < keys.length; i++) {
            keys[i] = table.min + i;
          }
          method.instructions.insertBefore(table, selection(keys));
        } else if (insn instanceof LookupSwitchInsnNode lookup) {
          method.instructions.insertBefore(lookup, selection(lookup.keys.stream().mapToInt(Integer::intValue).toArray()));
        }
      }
      method.instructions.insert(entry());
    }

    private InsnList entry() {
      InsnList code = new InsnList();
      code.add(new LdcInsnNode(register(List.of(new Branch(owner.name, method.name + method.desc, firstLine(), "entered")))));
      code.add(call("hit", "(I)V"));
      return code;
    }

    private int firstLine() {
      for (AbstractInsnNode insn : method.instructions) {
        if (insn instanceof LineNumberNode mark) {
          return mark.line;
        }
      }
      return 0;
    }

    private InsnList condition(int opcode, int probe) {
      if (opcode >= IFEQ && opcode <= IFLE) {
        return branch(new InsnNode(DUP), opcode - IFEQ, probe, "compareToZero", "(III)V");
      }
      if (opcode >= IF_ICMPEQ && opcode <= IF_ICMPLE) {
        return branch(new InsnNode(DUP2), opcode - IF_ICMPEQ, probe, "compare", "(IIII)V");
      }
      return opcode == IFNULL || opcode == IFNONNULL
        ? branch(new InsnNode(DUP), opcode - IFNULL, probe, "compareToNull", "(Ljava/lang/Object;II)V")
        : branch(new InsnNode(DUP2), opcode - IF_ACMPEQ, probe, "compareObjects", "(Ljava/lang/Object;Ljava/lang/Object;II)V");
    }

    private InsnList branch(AbstractInsnNode copy, int condition, int probe, String name, String descriptor) {
      InsnList code = new InsnList();
      code.add(copy);
      code.add(new LdcInsnNode(condition));
      code.add(new LdcInsnNode(probe));
      code.add(call(name, descriptor));
      return code;
    }

    private InsnList selection(int[] keys) {
      List<Branch> ways = new ArrayList<>(List.of(way("default")));
      for (int key : keys) {
        ways.add(way("case " + key));
      }
      int first = register(ways);
      Probes.registerSwitch(first, keys);
      InsnList code = new InsnList();
      code.add(new InsnNode(DUP));
      code.add(new LdcInsnNode(first));
      code.add(call("select", "(II)V"));
      return code;
    }

    private int register(List<Branch> ways) {
      return Probes.register(owner.name + '.' + method.name + method.desc + '#' + branches++, ways);
    }

    private Branch way(String way) {
      return new Branch(owner.name, method.name + method.desc, line, way);
    }

    private static MethodInsnNode call(String name, String descriptor) {
      return new MethodInsnNode(INVOKESTATIC, PROBES, name, descriptor, false);
    }
  }
}
