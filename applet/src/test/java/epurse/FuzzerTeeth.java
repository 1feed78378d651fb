package epurse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jcardsim.bridge.ClassTransform;
import jcardsim.bridge.mutation.LoopLimit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** The fuzzer finds each thing that it looks for, in an applet that has it. Run by the campaign {@code apdus}; {@link FuzzTest} is its slice of every run. */
@Tag("campaign")
@Tag("slow")
class FuzzerTeeth {

    private static final int INPUTS = 150;

    @AfterEach
    void healEveryCard() {
        EveryCard.changes(null);
        LoopLimit.allow(Long.MAX_VALUE);
        Crypto.unseed();
    }

    private static ClassTransform beginningWith(String type, String method, AbstractInsnNode... steps) {
        return Doctored.atStart(type, method, (code, place) -> {
            for (AbstractInsnNode step : steps) {
                code.insertBefore(place, step.clone(null));
            }
        });
    }

    private static void finds(String what, ClassTransform defect) {
        EveryCard.changes(defect);
        Fuzzer fuzzer = new Fuzzer(7);
        AssertionError found = assertThrows(AssertionError.class, () -> fuzzer.run(INPUTS, () -> false));
        assertTrue(found.getMessage().contains(what), found.getMessage());
    }

    @Test
    void aFailureThatNobodyForesawIsNoAnswer() {
        finds("status word", beginningWith("PinCommands", "change",
            new InsnNode(Opcodes.ICONST_1), new InsnNode(Opcodes.ICONST_0), new InsnNode(Opcodes.IDIV), new InsnNode(Opcodes.POP)));
    }

    @Test
    void anOrderThatIsRefusedAfterTheCardHasChangedIsNotPassedOver() {
        finds("refused, and yet the state has changed", beginningWith("Orders", "putOrder",
            new VarInsnNode(Opcodes.ALOAD, 0), new FieldInsnNode(Opcodes.GETFIELD, "epurse/Orders", "lifeCycle", "Lepurse/LifeCycle;"),
            new InsnNode(Opcodes.ICONST_1), new MethodInsnNode(Opcodes.INVOKEVIRTUAL, "epurse/LifeCycle", "setBlocked", "(Z)V", false)));
    }

    @Test
    void memoryThatACommandTakesIsNotPassedOver() {
        finds("status word", beginningWith("LogCommands", "getProof",
            new IntInsnNode(Opcodes.BIPUSH, 8), new IntInsnNode(Opcodes.NEWARRAY, Opcodes.T_BYTE), new InsnNode(Opcodes.POP)));
    }

    /** With a card that answers no more the campaign does not hang: the loop is cut, and told. */
    @Test
    void aCommandThatNeverEndsIsNoAnswer() {
        finds("", Doctored.atStart("LogCommands", "readLog", (code, place) -> {
            LabelNode again = new LabelNode();
            AbstractInsnNode[] loop = {new InsnNode(Opcodes.NOP), again, new FrameNode(Opcodes.F_SAME, 0, null, 0, null),
                new InsnNode(Opcodes.ICONST_0), new JumpInsnNode(Opcodes.IFEQ, again)};
            for (AbstractInsnNode step : loop) {
                code.insertBefore(place, step);
            }
        }));
    }

    @Test
    void theAppletAsItIsHasNoneOfThem() {
        assertEquals(INPUTS, new Fuzzer(7).run(INPUTS, () -> false));
    }
}
