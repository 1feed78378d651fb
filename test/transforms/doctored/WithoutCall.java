package doctored;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Takes the calls of a method out of one method: what an applet would be without it. What the call returns is 0 then. */
public final class WithoutCall extends MethodTransform {
  private final String called;
  /** Which of the calls, from 1; 0 for every one. */
  private final int number;

  /** @param argument {@code epurse/Payments.debit beginTransaction}, or {@code epurse/SecureMessaging.wrap arrayCopyNonAtomic 1} for the first */
  public WithoutCall(String argument) {
    this(argument.split("[. ]"));
  }

  private WithoutCall(String[] words) {
    super(words[0], words[1]);
    called = words[2];
    number = words.length > 3 ? Integer.parseInt(words[3]) : 0;
  }

  @Override
  MethodVisitor rewritten(MethodVisitor next, String descriptor) {
    return new CallRemover(next);
  }

  private final class CallRemover extends MethodVisitor {
    private int met;
    private int removed;

    CallRemover(MethodVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public void visitMethodInsn(int opcode, String of, String name, String descriptor, boolean isInterface) {
      boolean meant = opcode != Opcodes.INVOKESPECIAL && name.equals(called) && (++met == number || number == 0);
      if (meant) {
        removed++;
        takeArguments(descriptor, opcode != Opcodes.INVOKESTATIC);
      } else {
        super.visitMethodInsn(opcode, of, name, descriptor, isInterface);
      }
    }

    /** What the call would have taken is taken; what it would have returned is 0. */
    private void takeArguments(String descriptor, boolean receiver) {
      Type[] arguments = Type.getArgumentTypes(descriptor);
      for (int i = arguments.length - 1; i >= 0; i--) {
        super.visitInsn(arguments[i].getSize() == 2 ? Opcodes.POP2 : Opcodes.POP);
      }
      if (receiver) {
        super.visitInsn(Opcodes.POP);
      }
      if (Type.getReturnType(descriptor).getSort() != Type.VOID) {
        super.visitInsn(Opcodes.ICONST_0);
      }
    }

    @Override
    public void visitEnd() {
      if (removed == 0) {
        throw new IllegalStateException(owner + '.' + method + " does not call " + called);
      }
      super.visitEnd();
    }
  }
}
