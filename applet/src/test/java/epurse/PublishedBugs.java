package epurse;

import java.util.LinkedHashMap;
import java.util.Map;
import jcardsim.bridge.ClassTransform;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** The purse with the bugs that published purses had, by name. */
public final class PublishedBugs {

    /** What a bug is, and the tests that have to notice it, each as class, dot, method. */
    public record Bug(ClassTransform change, String... noticedBy) {
    }

    private PublishedBugs() {
    }

    public static Map<String, Bug> all() {
        Map<String, Bug> all = new LinkedHashMap<>();
        all.put("says yes and never debits", new Bug(withoutCall("Payments", "debit", "storeSpending"),
            "PaymentTest.aPaymentIsSignedOverTheRecordThatTheTerminalRebuilds", "FiguresTest.aPurchaseChangesItsOwnFiguresAndNoOthers"));
        all.put("debits one unit whatever is asked for", new Bug(oneUnit(),
            "PaymentTest.aPaymentIsSignedOverTheRecordThatTheTerminalRebuilds", "FiguresTest.aPurchaseChangesItsOwnFiguresAndNoOthers"));
        all.put("loads at a shop's terminal", new Bug(everybodyIsAKiosk(), "LoadTest.aShopLoadsNothing",
            "OrderTest.ordersAreRefusedFromTheWrongTerminalForAnotherCardAndUnderTheWrongKey"));
        all.put("takes a reload terminal that a shop's authority made", new Bug(answers("PublicKeys", "mayGrant", 1),
            "SessionTest.aCertificateIsTakenOnlyFromTheRightAuthorityForItsRoleAndInTime"));
        all.put("asks for a PIN and takes none", new Bug(answers("Session", "pinVerified", 1), "PaymentTest.aDebitMovesExactlyWhatTheLimitsAllow",
            "LoadTest.aLoadIsRefusedBeyondTheMaximumForPointsAndWithoutPin"));
        all.put("takes every PIN", new Bug(withoutCall("PinCommands", "check", "because"), "PinTest.fiveWrongPinsBlockTheCardForAllButDesks"));
        all.put("lets the balance go below zero", new Bug(answers("U32", "subtract", 0), "FiguresTest.sumsThatDoNotFitAreRefusedAndNotCutShort"));
        all.put("cancels without a record", new Bug(withoutCall("Payments", "cancelLast", "append"),
            "TearTest.aTornCancelIsOldOrNew", "FiguresTest.aCancelGivesBackToTheByte"));
        return all;
    }

    /** Every call of that name in a method is not made; results there are none. */
    private static ClassTransform withoutCall(String type, String method, String called) {
        return Doctored.atStart(type, method, (code, first) -> {
            int dropped = 0;
            for (AbstractInsnNode insn : code.toArray()) {
                if (insn instanceof MethodInsnNode call && call.name.equals(called) && Type.getReturnType(call.desc) == Type.VOID_TYPE) {
                    int taken = Type.getArgumentTypes(call.desc).length + 1;
                    for (int i = 0; i < taken; i++) {
                        code.insertBefore(call, new InsnNode(Opcodes.POP));
                    }
                    code.remove(call);
                    dropped++;
                }
            }
            if (dropped == 0) {
                throw new IllegalStateException("there is no call of " + called + " in " + type + '.' + method);
            }
        });
    }

    /** A method does its work and then answers always the same. */
    private static ClassTransform answers(String type, String method, int answer) {
        return Doctored.atStart(type, method, (code, first) -> {
            for (AbstractInsnNode insn : code.toArray()) {
                if (insn.getOpcode() == Opcodes.IRETURN) {
                    code.insertBefore(insn, new InsnNode(Opcodes.POP));
                    code.insertBefore(insn, new InsnNode(answer == 0 ? Opcodes.ICONST_0 : Opcodes.ICONST_1));
                }
            }
        });
    }

    /** DEBIT begins by making the amount 1. */
    private static ClassTransform oneUnit() {
        return Doctored.atStart("Payments", "debit", (code, first) -> {
            InsnList one = new InsnList();
            for (int i = 0; i < U32.LENGTH; i++) {
                one.add(new VarInsnNode(Opcodes.ALOAD, 1));
                one.add(new IntInsnNode(Opcodes.BIPUSH, 5 + Wire.DEBIT_REQ_AMOUNT + i));
                one.add(new InsnNode(i == U32.LENGTH - 1 ? Opcodes.ICONST_1 : Opcodes.ICONST_0));
                one.add(new InsnNode(Opcodes.BASTORE));
            }
            code.insertBefore(first, one);
        });
    }

    private static ClassTransform everybodyIsAKiosk() {
        return Doctored.atStart("Session", "role", (code, first) -> {
            for (AbstractInsnNode insn : code.toArray()) {
                if (insn.getOpcode() == Opcodes.IRETURN) {
                    code.insertBefore(insn, new InsnNode(Opcodes.POP));
                    code.insertBefore(insn, new IntInsnNode(Opcodes.BIPUSH, Wire.ROLE_LOAD));
                }
            }
        });
    }
}
