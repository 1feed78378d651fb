package epurse;

import static epurse.IssuedCardTest.EUR;
import static epurse.IssuedCardTest.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import jcardsim.bridge.ClassTransform;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** A card whose signature engine fails for the records of one TN. [M4] */
class SignatureFailureTest {

    private static final int BROKEN_TN = 0x66;
    private static final int LOWEST_BYTE_OF_TN = CardData.CARD_PREFIX_LENGTH + Wire.RECORD_TN + 3;

    /** CryptoException.ILLEGAL_USE at the start of CardKeys.sign if the message is a record with the broken TN. */
    private static final ClassTransform BROKEN = Doctored.atStart("CardKeys", "sign", (code, first) -> {
        LabelNode go = new LabelNode();
        InsnList check = new InsnList();
        check.add(new VarInsnNode(Opcodes.ALOAD, 1));
        check.add(new IntInsnNode(Opcodes.BIPUSH, LOWEST_BYTE_OF_TN));
        check.add(new InsnNode(Opcodes.BALOAD));
        check.add(new IntInsnNode(Opcodes.BIPUSH, BROKEN_TN));
        check.add(new JumpInsnNode(Opcodes.IF_ICMPNE, go));
        check.add(new InsnNode(Opcodes.ICONST_5));
        check.add(new MethodInsnNode(Opcodes.INVOKESTATIC, "javacard/security/CryptoException", "throwIt", "(S)V", false));
        check.add(go);
        check.add(new FrameNode(Opcodes.F_SAME, 0, null, 0, null));
        code.insertBefore(first, check);
    });

    @Tag("slow")
    @Test
    void aDebitWhoseSignatureFailsIsExecutedAndSaysSo() {
        Issuer issuer = new Issuer();
        try (TestCard card = TestCard.raw(issuer, 0, spec -> spec.classTransform(BROKEN))) {
            card.personalize();
            TestTerminal kiosk = TestTerminal.kiosk(issuer, "KIOSK-01");
            TestSession load = TestSession.openFull(card, kiosk, EUR);
            load.verifyPin(TestCard.PIN).expectOk();
            byte[] statement = load.initLoad(Wire.LOAD_TYPE_LOAD, EUR, 1000).expectOk();
            load.send(Wire.INS_CREDIT, 0, 0, issuer.authorisation(TestCard.CARD_ID, Bytes.from(statement, Wire.STATEMENT_REGISTER), 0,
                new byte[32], Issuer.NOW)).expectOk();

            TestTerminal pos = TestTerminal.pos(issuer, "POS-0001");
            TestSession session = TestSession.openFull(card, pos, EUR);
            assertRefused(Wire.SW_EXECUTED_FETCH_PROOF, 0, session.debit(EUR, 100, BROKEN_TN));
            TestSession again = TestSession.openResumed(card, pos, EUR);
            assertEquals(2, again.s1(Wire.OPENING_ANSWER_NT));
            assertEquals(900, again.s1(Wire.OPENING_ANSWER_BALANCE));
            assertEquals(BROKEN_TN, again.s1(Wire.OPENING_ANSWER_NEWEST + Wire.NEWEST_RECORD_TN));
            again.debit(EUR, 100, BROKEN_TN + 1).expectOk();
        }
    }
}
