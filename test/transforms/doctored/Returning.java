package doctored;

import jcardsim.bridge.ClassTransform;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Replaces what a method does by nothing: it returns the same number whatever it is given. What an applet would be without a check. */
public final class Returning implements ClassTransform {
  private final String owner;
  private final String method;
  private final int result;

  /** @param argument {@code epurse/CardKeys.verify 1}; the number means nothing to a method that returns none */
  public Returning(String argument) {
    String[] words = argument.split("[. ]");
    owner = words[0];
    method = words[1];
    result = Integer.parseInt(words[2]);
  }

  @Override
  public byte[] transform(String internalName, byte[] classFile) {
    if (!internalName.equals(owner)) {
      return classFile;
    }
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    Replacer replacer = new Replacer(writer);
    new ClassReader(classFile).accept(replacer, 0);
    if (replacer.replaced != 1) {
      throw new IllegalStateException(owner + " has " + replacer.replaced + " methods " + method);
    }
    return writer.toByteArray();
  }

  private final class Replacer extends ClassVisitor {
    private int replaced;

    Replacer(ClassVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      if (!name.equals(method)) {
        return next;
      }
      replaced++;
      next.visitCode();
      boolean isVoid = Type.getReturnType(descriptor).getSort() == Type.VOID;
      if (!isVoid) {
        next.visitIntInsn(Opcodes.SIPUSH, result);
      }
      next.visitInsn(isVoid ? Opcodes.RETURN : Opcodes.IRETURN);
      next.visitMaxs(0, 0);
      next.visitEnd();
      return null;
    }
  }
}
