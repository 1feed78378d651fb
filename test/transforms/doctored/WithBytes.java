package doctored;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Lets a new card begin with other bytes in one of its arrays, such as counters near their end. */
public final class WithBytes extends MethodTransform {
  private final String field;
  private final int offset;
  private final String hex;

  /** @param argument {@code epurse/PurseMemory.stored 0 FFFFFFEE}: class, field, offset, bytes */
  public WithBytes(String argument) {
    this(argument.split("[. ]"));
  }

  private WithBytes(String[] words) {
    super(words[0], "<init>");
    field = words[1];
    offset = Integer.parseInt(words[2]);
    hex = words[3];
  }

  @Override
  MethodVisitor rewritten(MethodVisitor next, String descriptor) {
    return new Filler(next);
  }

  private final class Filler extends MethodVisitor {
    Filler(MethodVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public void visitInsn(int opcode) {
      if (opcode == Opcodes.RETURN) {
        for (int i = 0; i < hex.length() / 2; i++) {
          put(offset + i, (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16));
        }
      }
      super.visitInsn(opcode);
    }

    private void put(int index, byte value) {
      super.visitVarInsn(Opcodes.ALOAD, 0);
      super.visitFieldInsn(Opcodes.GETFIELD, owner, field, "[B");
      super.visitIntInsn(Opcodes.SIPUSH, index);
      super.visitIntInsn(Opcodes.BIPUSH, value);
      super.visitInsn(Opcodes.BASTORE);
    }
  }
}
