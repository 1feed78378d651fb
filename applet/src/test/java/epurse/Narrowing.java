package epurse;

import java.util.List;
import java.util.function.Consumer;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Interpreter;
import org.objectweb.asm.tree.analysis.Value;

/**
 * Follows numbers through a method. A result of arithmetic is WIDE until a cast to byte or short; a card without int computes it in 16
 * bits, so a WIDE value must not reach anything where the upper half would count: a local, a field, an index, a comparison, a division,
 * a shift to the right, an argument.
 */
final class Narrowing extends Interpreter<Narrowing.Kind> {

    enum Kind implements Value {
        NARROW, WIDE, REFERENCE, NOTHING;

        @Override
        public int getSize() {
            return 1;
        }
    }

    private final Consumer<String> finding;

    Narrowing(Consumer<String> finding) {
        super(Opcodes.ASM9);
        this.finding = finding;
    }

    private void require(Kind value, String use) {
        if (value == Kind.WIDE) {
            finding.accept("arithmetic that is not narrowed is used as " + use);
        }
    }

    @Override
    public Kind newValue(Type type) {
        if (type == null) {
            return Kind.NOTHING;
        }
        return switch (type.getSort()) {
            case Type.VOID -> null;
            case Type.BOOLEAN, Type.BYTE, Type.SHORT -> Kind.NARROW;
            case Type.INT, Type.CHAR -> Kind.WIDE;
            default -> Kind.REFERENCE;
        };
    }

    @Override
    public Kind newOperation(AbstractInsnNode insn) {
        return switch (insn.getOpcode()) {
            case Opcodes.ACONST_NULL, Opcodes.NEW -> Kind.REFERENCE;
            case Opcodes.GETSTATIC -> newValue(Type.getType(((FieldInsnNode) insn).desc));
            case Opcodes.LDC -> ((LdcInsnNode) insn).cst instanceof Integer ? Kind.WIDE : Kind.REFERENCE;
            default -> Kind.NARROW;
        };
    }

    @Override
    public Kind copyOperation(AbstractInsnNode insn, Kind value) {
        if (insn.getOpcode() == Opcodes.ISTORE) {
            require(value, "a local variable");
        }
        return value;
    }

    @Override
    public Kind unaryOperation(AbstractInsnNode insn, Kind value) {
        switch (insn.getOpcode()) {
            case Opcodes.I2B, Opcodes.I2S:
                return Kind.NARROW;
            case Opcodes.INEG:
                return Kind.WIDE;
            case Opcodes.IINC:
                finding.accept("int local variable counted up");
                return Kind.WIDE;
            case Opcodes.GETFIELD:
                return newValue(Type.getType(((FieldInsnNode) insn).desc));
            case Opcodes.ARRAYLENGTH, Opcodes.INSTANCEOF:
                return Kind.NARROW;
            case Opcodes.NEWARRAY:
                require(value, "the length of an array");
                if (((IntInsnNode) insn).operand == Opcodes.T_INT || ((IntInsnNode) insn).operand == Opcodes.T_CHAR) {
                    finding.accept("array of int or char");
                }
                return Kind.REFERENCE;
            case Opcodes.ANEWARRAY:
                require(value, "the length of an array");
                return Kind.REFERENCE;
            case Opcodes.CHECKCAST:
                return newValue(Type.getObjectType(((TypeInsnNode) insn).desc));
            case Opcodes.IRETURN:
                require(value, "a result");
                return null;
            case Opcodes.PUTSTATIC:
                require(value, "a static field");
                return null;
            default:
                require(value, "a condition");
                return null;
        }
    }

    @Override
    public Kind binaryOperation(AbstractInsnNode insn, Kind first, Kind second) {
        switch (insn.getOpcode()) {
            case Opcodes.IADD, Opcodes.ISUB, Opcodes.IMUL:
                return Kind.WIDE;
            case Opcodes.ISHL:
                require(second, "a shift count");
                return Kind.WIDE;
            case Opcodes.IAND, Opcodes.IOR, Opcodes.IXOR:
                return first == Kind.WIDE || second == Kind.WIDE ? Kind.WIDE : Kind.NARROW;
            case Opcodes.ISHR, Opcodes.IREM:
                require(first, "an operand of >> or %");
                require(second, "an operand of >> or %");
                return Kind.NARROW;
            case Opcodes.IUSHR, Opcodes.IDIV:
                require(first, "an operand of >>> or /");
                require(second, "an operand of >>> or /");
                return Kind.WIDE;
            case Opcodes.BALOAD, Opcodes.SALOAD:
                require(second, "an array index");
                return Kind.NARROW;
            case Opcodes.AALOAD:
                require(second, "an array index");
                return Kind.REFERENCE;
            case Opcodes.PUTFIELD:
                require(second, "a field");
                return null;
            default:
                require(first, "an operand of a comparison");
                require(second, "an operand of a comparison");
                return insn.getOpcode() == Opcodes.IALOAD || insn.getOpcode() == Opcodes.CALOAD ? Kind.WIDE : null;
        }
    }

    @Override
    public Kind ternaryOperation(AbstractInsnNode insn, Kind array, Kind index, Kind value) {
        require(index, "an array index");
        require(value, "an array element");
        return null;
    }

    @Override
    public Kind naryOperation(AbstractInsnNode insn, List<? extends Kind> values) {
        values.forEach(value -> require(value, "an argument"));
        return insn instanceof MethodInsnNode call ? newValue(Type.getReturnType(call.desc)) : Kind.REFERENCE;
    }

    @Override
    public void returnOperation(AbstractInsnNode insn, Kind value, Kind expected) throws AnalyzerException {
        // unaryOperation has seen it
    }

    @Override
    public Kind merge(Kind one, Kind other) {
        if (one == other) {
            return one;
        }
        boolean numbers = one != Kind.REFERENCE && other != Kind.REFERENCE && one != Kind.NOTHING && other != Kind.NOTHING;
        return numbers ? Kind.WIDE : Kind.NOTHING;
    }
}
