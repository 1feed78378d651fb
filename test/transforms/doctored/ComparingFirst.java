package doctored;

import java.util.HexFormat;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * A PIN check that compares before it counts: the right PIN block returns at once, and only a wrong one goes on to where a try is
 * written off. For a method with the array and the offset of the block as its first parameters.
 */
public final class ComparingFirst extends MethodTransform {
  private final byte[] right;

  /** @param argument {@code epurse/PinCommands.check 241234FFFFFFFFFF} */
  public ComparingFirst(String argument) {
    this(argument.split("[. ]"));
  }

  private ComparingFirst(String[] words) {
    super(words[0], words[1]);
    right = HexFormat.of().parseHex(words[2]);
  }

  @Override
  MethodVisitor rewritten(MethodVisitor next, String descriptor) {
    return new Comparison(next);
  }

  private final class Comparison extends MethodVisitor {
    Comparison(MethodVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public void visitCode() {
      super.visitCode();
      Label other = new Label();
      super.visitInsn(Opcodes.ICONST_0);
      for (int i = 0; i < right.length; i++) {
        super.visitVarInsn(Opcodes.ALOAD, 1);
        super.visitVarInsn(Opcodes.ILOAD, 2);
        super.visitIntInsn(Opcodes.BIPUSH, i);
        super.visitInsn(Opcodes.IADD);
        super.visitInsn(Opcodes.BALOAD);
        super.visitIntInsn(Opcodes.BIPUSH, right[i]);
        super.visitInsn(Opcodes.IXOR);
        super.visitInsn(Opcodes.IOR);
      }
      super.visitJumpInsn(Opcodes.IFNE, other);
      super.visitInsn(Opcodes.RETURN);
      super.visitLabel(other);
      super.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    }
  }
}
