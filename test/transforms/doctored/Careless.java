package doctored;

import jcardsim.bridge.ClassTransform;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Has {@link CarelessP256} do what a method does: a platform that checks neither points nor signatures. The object itself and whatever of
 * the card's own classes it is given go there as plain objects.
 */
public final class Careless implements ClassTransform {
  private static final Type OBJECT = Type.getType(Object.class);

  private final String owner;
  private final String method;

  /** @param argument {@code epurse/CardKeys.verify} */
  public Careless(String argument) {
    String[] words = argument.split("\\.");
    owner = words[0];
    method = words[1];
  }

  @Override
  public byte[] transform(String internalName, byte[] classFile) {
    if (!internalName.equals(owner)) {
      return classFile;
    }
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    new ClassReader(classFile).accept(new ClassVisitor(Opcodes.ASM9, writer) {
      @Override
      public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
        MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
        if (!name.equals(method)) {
          return next;
        }
        call(next, name, descriptor);
        return null;
      }
    }, 0);
    return writer.toByteArray();
  }

  /** {@code return CarelessP256.name(this, arguments…)}. */
  private static void call(MethodVisitor to, String name, String descriptor) {
    Type[] arguments = Type.getArgumentTypes(descriptor);
    Type[] given = new Type[arguments.length + 1];
    given[0] = OBJECT;
    to.visitCode();
    to.visitVarInsn(Opcodes.ALOAD, 0);
    for (int i = 0; i < arguments.length; i++) {
      boolean own = arguments[i].getSort() == Type.OBJECT;
      given[i + 1] = own ? OBJECT : arguments[i];
      to.visitVarInsn(arguments[i].getOpcode(Opcodes.ILOAD), i + 1);
    }
    Type result = Type.getReturnType(descriptor);
    String careless = Type.getInternalName(CarelessP256.class);
    to.visitMethodInsn(Opcodes.INVOKESTATIC, careless, name, Type.getMethodDescriptor(result, given), false);
    to.visitInsn(result.getOpcode(Opcodes.IRETURN));
    to.visitMaxs(0, 0);
    to.visitEnd();
  }
}
