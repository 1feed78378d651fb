package epurse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jcardsim.bridge.ClassTransform;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Puts static methods of the tests beside the applet's calls of the platform, or in their place, so that the same code meets a platform
 * that behaves otherwise than the simulator. Each call goes through a method of its own that is added to the class; the changed copies of
 * methods that a campaign makes are covered like any other.
 *
 * <p>The card's classes are its own, so a method of the tests sees the receiver and every object but an array as {@code Object}.
 */
final class PlatformCalls {

    private enum Place { BEFORE, AFTER, INSTEAD, UNLESS }

    private PlatformCalls() {
    }

    /** @param by gets receiver and arguments before the call, and returns nothing */
    static ClassTransform observed(String owner, String method, String by) {
        return new Passage(owner, method, by, Place.BEFORE, null)::apply;
    }

    /** @param by gets the result, receiver and arguments after the call, and returns the result that the applet is given */
    static ClassTransform altered(String owner, String method, String by) {
        return new Passage(owner, method, by, Place.AFTER, null)::apply;
    }

    /** @param by gets receiver and arguments, and does what the platform would have done */
    static ClassTransform replaced(String owner, String method, String by) {
        return new Passage(owner, method, by, Place.INSTEAD, null)::apply;
    }

    /**
     * @param exception of the platform, with a static {@code throwIt}
     * @param by gets receiver and arguments, and returns the reason to throw it for; 0 lets the call go on
     */
    static ClassTransform refused(String owner, String method, String exception, String by) {
        return new Passage(owner, method, by, Place.UNLESS, exception)::apply;
    }

    private record Passage(String owner, String method, String by, Place place, String exception) {

        private static final String OURS = Type.getInternalName(OtherPlatform.class);

        byte[] apply(String name, byte[] classFile) {
            ClassNode node = new ClassNode();
            new ClassReader(classFile).accept(node, 0);
            for (MethodNode each : List.copyOf(node.methods)) {
                Arrays.stream(each.instructions.toArray())
                    .filter(insn -> insn instanceof MethodInsnNode call && call.owner.equals(owner) && call.name.equals(method))
                    .forEach(insn -> each.instructions.set(insn, through(node, (MethodInsnNode) insn)));
            }
            ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
            node.accept(writer);
            return writer.toByteArray();
        }

        private MethodInsnNode through(ClassNode node, MethodInsnNode call) {
            String name = method + "$through" + node.methods.size();
            String descriptor = Type.getMethodDescriptor(Type.getReturnType(call.desc), inputs(call).toArray(Type[]::new));
            MethodNode passage = new MethodNode(Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC, name, descriptor, null, null);
            fill(passage, call);
            node.methods.add(passage);
            return new MethodInsnNode(Opcodes.INVOKESTATIC, node.name, name, descriptor, false);
        }

        private void fill(MethodNode passage, MethodInsnNode call) {
            List<Type> inputs = inputs(call);
            Type result = Type.getReturnType(call.desc);
            switch (place) {
                case BEFORE -> {
                    ours(passage, inputs, inputs, Type.VOID_TYPE);
                    theirs(passage, inputs, call);
                }
                case AFTER -> {
                    theirs(passage, inputs, call);
                    List<Type> seen = new ArrayList<>(List.of(result));
                    seen.addAll(inputs);
                    ours(passage, inputs, seen, result);
                }
                case INSTEAD -> ours(passage, inputs, inputs, result);
                default -> {
                    ours(passage, inputs, inputs, Type.SHORT_TYPE);
                    throwUnlessZero(passage, inputs.size());
                    theirs(passage, inputs, call);
                }
            }
            passage.instructions.add(new InsnNode(result.getOpcode(Opcodes.IRETURN)));
        }

        private void throwUnlessZero(MethodNode passage, int variable) {
            LabelNode go = new LabelNode();
            passage.instructions.add(new VarInsnNode(Opcodes.ISTORE, variable));
            passage.instructions.add(new VarInsnNode(Opcodes.ILOAD, variable));
            passage.instructions.add(new JumpInsnNode(Opcodes.IFEQ, go));
            passage.instructions.add(new VarInsnNode(Opcodes.ILOAD, variable));
            passage.instructions.add(new MethodInsnNode(Opcodes.INVOKESTATIC, exception, "throwIt", "(S)V", false));
            passage.instructions.add(go);
            passage.instructions.add(new FrameNode(Opcodes.F_APPEND, 1, new Object[] {Opcodes.INTEGER}, 0, null));
        }

        private void ours(MethodNode passage, List<Type> inputs, List<Type> seen, Type result) {
            load(passage, inputs);
            Type[] types = seen.stream().map(type -> type.getSort() == Type.OBJECT ? Type.getType(Object.class) : type).toArray(Type[]::new);
            passage.instructions.add(new MethodInsnNode(Opcodes.INVOKESTATIC, OURS, by, Type.getMethodDescriptor(result, types), false));
        }

        private static void theirs(MethodNode passage, List<Type> inputs, MethodInsnNode call) {
            load(passage, inputs);
            passage.instructions.add(new MethodInsnNode(call.getOpcode(), call.owner, call.name, call.desc, call.itf));
        }

        /** No platform call has a parameter of two words: Java Card has no long and no double. */
        private static void load(MethodNode passage, List<Type> inputs) {
            for (int i = 0; i < inputs.size(); i++) {
                passage.instructions.add(new VarInsnNode(inputs.get(i).getOpcode(Opcodes.ILOAD), i));
            }
        }

        private static List<Type> inputs(MethodInsnNode call) {
            List<Type> inputs = new ArrayList<>(List.of(Type.getArgumentTypes(call.desc)));
            if (call.getOpcode() != Opcodes.INVOKESTATIC) {
                inputs.add(0, Type.getObjectType(call.owner));
            }
            return inputs;
        }
    }
}
