package doctored;

import jcardsim.bridge.ClassTransform;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Rewrites one method of one class; whatever else there is stays as it is. A name that no method has, or more than one, is an error. */
abstract class MethodTransform implements ClassTransform {
  final String owner;
  final String method;

  MethodTransform(String owner, String method) {
    this.owner = owner;
    this.method = method;
  }

  /**
   * @param next writes the method
   * @return what reads the method as it is; {@code null} where it is written already
   */
  abstract MethodVisitor rewritten(MethodVisitor next, String descriptor);

  @Override
  public final byte[] transform(String internalName, byte[] classFile) {
    if (!internalName.equals(owner)) {
      return classFile;
    }
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    Finder finder = new Finder(writer);
    new ClassReader(classFile).accept(finder, 0);
    if (finder.found != 1) {
      throw new IllegalStateException(owner + " has " + finder.found + " methods " + method);
    }
    return writer.toByteArray();
  }

  private final class Finder extends ClassVisitor {
    private int found;

    Finder(ClassVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      if (!name.equals(method)) {
        return next;
      }
      found++;
      return rewritten(next, descriptor);
    }
  }
}
