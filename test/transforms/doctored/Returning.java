package doctored;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Replaces what a method does by nothing: it returns the same number whatever it is given. What an applet would be without a check. */
public final class Returning extends MethodTransform {
  private final int result;

  /** @param argument {@code epurse/CardKeys.verify 1}; the number means nothing to a method that returns none */
  public Returning(String argument) {
    this(argument.split("[. ]"));
  }

  private Returning(String[] words) {
    super(words[0], words[1]);
    result = Integer.parseInt(words[2]);
  }

  @Override
  MethodVisitor rewritten(MethodVisitor next, String descriptor) {
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
