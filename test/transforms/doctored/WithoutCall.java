package doctored;

import jcardsim.bridge.ClassTransform;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Takes the calls of a method out of one method: what an applet would be without it. What the call returns is 0 then. */
public final class WithoutCall implements ClassTransform {
  private final String owner;
  private final String method;
  private final String called;
  /** Which of the calls, from 1; 0 for every one. */
  private final int number;

  /** @param argument {@code epurse/Payments.debit beginTransaction}, or {@code epurse/SecureMessaging.wrap arrayCopyNonAtomic 1} for the first */
  public WithoutCall(String argument) {
    String[] words = argument.split("[. ]");
    owner = words[0];
    method = words[1];
    called = words[2];
    number = words.length > 3 ? Integer.parseInt(words[3]) : 0;
  }

  @Override
  public byte[] transform(String internalName, byte[] classFile) {
    if (!internalName.equals(owner)) {
      return classFile;
    }
    ClassWriter writer = new ClassWriter(0);
    Remover remover = new Remover(writer);
    new ClassReader(classFile).accept(remover, 0);
    if (remover.removed == 0) {
      throw new IllegalStateException(owner + '.' + method + " does not call " + called);
    }
    return writer.toByteArray();
  }

  private final class Remover extends ClassVisitor {
    private int met;
    private int removed;

    Remover(ClassVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      return name.equals(method) ? new CallRemover(next) : next;
    }

    private final class CallRemover extends MethodVisitor {
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
    }
  }
}
