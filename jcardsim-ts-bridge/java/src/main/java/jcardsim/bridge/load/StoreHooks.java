package jcardsim.bridge.load;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Announces every store into a field or array element before it happens.
 *
 * <p>A static initialiser is left alone: on a card its values come with the CAP file. So are the stores of a constructor
 * before its {@code super()} call, which no code may look at.
 */
final class StoreHooks implements MethodPass {
  private final FieldTable fields;

  StoreHooks(FieldTable fields) {
    this.fields = fields;
  }

  @Override
  public void apply(ClassNode owner, MethodNode method) {
    if (method.name.equals("<clinit>")) {
      return;
    }
    boolean constructed = !method.name.equals("<init>");
    int pendingNews = 0;
    for (AbstractInsnNode insn : method.instructions.toArray()) {
      switch (insn.getOpcode()) {
        case Opcodes.NEW -> pendingNews++;
        case Opcodes.INVOKESPECIAL -> {
          if (((MethodInsnNode) insn).name.equals("<init>")) {
            constructed |= pendingNews == 0;
            pendingNews = Math.max(0, pendingNews - 1);
          }
        }
        case Opcodes.PUTFIELD -> {
          if (constructed) {
            announceField(method, (FieldInsnNode) insn);
          }
        }
        case Opcodes.PUTSTATIC -> announceStatic(method, (FieldInsnNode) insn);
        case Opcodes.BASTORE -> replace(method, insn, "storeByte", "(Ljava/lang/Object;II)V");
        case Opcodes.SASTORE -> replace(method, insn, "storeShort", "([SII)V");
        case Opcodes.IASTORE -> replace(method, insn, "storeInt", "([III)V");
        case Opcodes.AASTORE -> replace(method, insn, "storeReference", "([Ljava/lang/Object;ILjava/lang/Object;)V");
        case Opcodes.CASTORE, Opcodes.LASTORE, Opcodes.FASTORE, Opcodes.DASTORE ->
          throw new IllegalArgumentException("char, long, float and double do not exist on a Java Card: " + owner.name + '.' + method.name);
        default -> { }
      }
    }
  }

  private static void replace(MethodNode method, AbstractInsnNode store, String hook, String descriptor) {
    method.instructions.set(store, new MethodInsnNode(Opcodes.INVOKESTATIC, HOOKS, hook, descriptor, false));
  }

  /** Stack before and after: object, value. */
  private void announceField(MethodNode method, FieldInsnNode store) {
    InsnList code = new InsnList();
    code.add(new InsnNode(Opcodes.DUP2));
    code.add(new InsnNode(Opcodes.POP));
    code.add(new InsnNode(Opcodes.DUP));
    code.add(new FieldInsnNode(Opcodes.GETFIELD, store.owner, store.name, store.desc));
    code.add(new LdcInsnNode(fields.handleOf(store)));
    code.add(new MethodInsnNode(Opcodes.INVOKESTATIC, HOOKS, "putField", "(Ljava/lang/Object;" + slot(store) + "I)V", false));
    method.instructions.insertBefore(store, code);
  }

  /** Stack before and after: value. */
  private void announceStatic(MethodNode method, FieldInsnNode store) {
    InsnList code = new InsnList();
    code.add(new FieldInsnNode(Opcodes.GETSTATIC, store.owner, store.name, store.desc));
    code.add(new LdcInsnNode(fields.handleOf(store)));
    code.add(new MethodInsnNode(Opcodes.INVOKESTATIC, HOOKS, "putStatic", "(" + slot(store) + "I)V", false));
    method.instructions.insertBefore(store, code);
  }

  private static String slot(FieldInsnNode store) {
    return SizeModel.ofDescriptor(store.desc) == SizeModel.REFERENCE && store.desc.length() > 1 ? "Ljava/lang/Object;" : "I";
  }
}
