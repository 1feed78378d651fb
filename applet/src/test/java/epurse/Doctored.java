package epurse;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import jcardsim.bridge.ClassTransform;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.MethodNode;

/** Changes one method of the applet for cards that a test needs and no card gets into by itself. */
final class Doctored {

    private Doctored() {
    }

    /** @param change gets the method's instructions and an instruction to insert before */
    static ClassTransform atStart(String type, String method, BiConsumer<InsnList, AbstractInsnNode> change) {
        return at(type, method, change, false);
    }

    /** Before the last return of a method. */
    static ClassTransform atEnd(String type, String method, BiConsumer<InsnList, AbstractInsnNode> change) {
        return at(type, method, change, true);
    }

    /** Where the first try block of a method begins, inside it. */
    static ClassTransform atTry(String type, String method, BiConsumer<InsnList, AbstractInsnNode> change) {
        return changed(type, method, each -> change.accept(each.instructions, each.tryCatchBlocks.get(0).start.getNext()));
    }

    private static ClassTransform at(String type, String method, BiConsumer<InsnList, AbstractInsnNode> change, boolean end) {
        return changed(type, method, each -> {
            AbstractInsnNode place = each.instructions.getFirst();
            for (AbstractInsnNode insn : each.instructions) {
                place = end && insn.getOpcode() == Opcodes.RETURN ? insn : place;
            }
            change.accept(each.instructions, place);
        });
    }

    /** The method, and its changed copies where a campaign has made some: what is doctored is so on mutants, too. */
    private static ClassTransform changed(String type, String method, Consumer<MethodNode> change) {
        return (name, classFile) -> {
            if (!name.equals("epurse/" + type)) {
                return classFile;
            }
            ClassNode node = new ClassNode();
            new ClassReader(classFile).accept(node, 0);
            node.methods.stream().filter(each -> each.name.equals(method) || each.name.startsWith(method + "$mutant")).forEach(change);
            ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
            node.accept(writer);
            return writer.toByteArray();
        };
    }
}
