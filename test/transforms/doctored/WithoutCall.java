package doctored;

import jcardsim.bridge.ClassTransform;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Takes the calls of a static method without arguments and result out of one method: what an applet would be without it. */
public final class WithoutCall implements ClassTransform {
  private final String owner;
  private final String method;
  private final String called;

  /** @param argument {@code epurse/Payments.debit beginTransaction} */
  public WithoutCall(String argument) {
    String[] words = argument.split("[. ]");
    owner = words[0];
    method = words[1];
    called = words[2];
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
        if (opcode == Opcodes.INVOKESTATIC && name.equals(called) && descriptor.equals("()V")) {
          removed++;
        } else {
          super.visitMethodInsn(opcode, of, name, descriptor, isInterface);
        }
      }
    }
  }
}
