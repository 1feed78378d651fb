package doctored;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Has {@link CarelessP256} do what a method does: a platform that checks neither points nor signatures. The object itself and whatever of
 * the card's own classes it is given go there as plain objects.
 */
public final class Careless extends MethodTransform {
  private static final Type OBJECT = Type.getType(Object.class);

  /** @param argument {@code epurse/CardKeys.verify} */
  public Careless(String argument) {
    this(argument.split("\\."));
  }

  private Careless(String[] words) {
    super(words[0], words[1]);
  }

  /** {@code return CarelessP256.method(this, arguments…)}. */
  @Override
  MethodVisitor rewritten(MethodVisitor to, String descriptor) {
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
    to.visitMethodInsn(Opcodes.INVOKESTATIC, careless, method, Type.getMethodDescriptor(result, given), false);
    to.visitInsn(result.getOpcode(Opcodes.IRETURN));
    to.visitMaxs(0, 0);
    to.visitEnd();
    return null;
  }
}
