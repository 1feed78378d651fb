package epurse;

import static epurse.IssuedCardTest.EUR;
import static epurse.IssuedCardTest.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import javacard.security.CryptoException;
import jcardsim.bridge.ClassTransform;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
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

    /** A CryptoException where CardKeys.sign signs, if the message is a record with the broken TN. */
    private static ClassTransform signingThrows(int reason) {
        return Doctored.atTry("CardKeys", "sign", (code, place) -> {
            LabelNode go = new LabelNode();
            InsnList check = new InsnList();
            check.add(new VarInsnNode(Opcodes.ALOAD, 1));
            check.add(new IntInsnNode(Opcodes.BIPUSH, LOWEST_BYTE_OF_TN));
            check.add(new InsnNode(Opcodes.BALOAD));
            check.add(new IntInsnNode(Opcodes.BIPUSH, BROKEN_TN));
            check.add(new JumpInsnNode(Opcodes.IF_ICMPNE, go));
            check.add(thrown(reason));
            check.add(go);
            check.add(new FrameNode(Opcodes.F_SAME, 0, null, 0, null));
            code.insertBefore(place, check);
        });
    }

    private static InsnList thrown(int reason) {
        InsnList code = new InsnList();
        code.add(new IntInsnNode(Opcodes.BIPUSH, reason));
        code.add(new MethodInsnNode(Opcodes.INVOKESTATIC, "javacard/security/CryptoException", "throwIt", "(S)V", false));
        return code;
    }

    private final Issuer issuer = new Issuer();
    private final TestTerminal pos = TestTerminal.pos(issuer, "POS-0001");

    private TestCard card(ClassTransform change) {
        TestCard card = TestCard.raw(issuer, 0, spec -> spec.classTransform(change));
        card.personalize();
        TestSession.openFull(card, TestTerminal.kiosk(issuer, "KIOSK-01"), EUR).load(EUR, 1000);
        return card;
    }

    /** As after the return of an engine that forgot its key. */
    @Test
    void anEngineThatForgotItsKeyGetsItAgainAndTheDebitIsAnswered() {
        try (TestCard card = card(signingThrows(CryptoException.INVALID_INIT))) {
            byte[] answer = TestSession.openFull(card, pos, EUR).debit(EUR, 100, BROKEN_TN).expectOk();
            byte[] proof = TestSession.openResumed(card, pos, EUR).send(Wire.INS_GET_PROOF, Wire.PROOF_RECORD, 0, Bytes.u32(2)).expectOk();
            byte[] record = Bytes.slice(proof, 0, Wire.RECORD_LENGTH);
            assertTrue(card.verifies(Wire.DOMAIN_SIGNED_RECORD, record, Bytes.from(answer, Wire.DEBIT_RES_S3)));
            assertTrue(card.verifies(Wire.DOMAIN_SIGNED_RECORD, record, Bytes.from(proof, Wire.RECORD_LENGTH)));
        }
    }

    private ClassTransform agreementThrows(int reason) {
        return Doctored.atTry("CardKeys", "agree", (code, place) -> code.insertBefore(place, thrown(reason)));
    }

    @Tag("slow")
    @Test
    void aKeyAgreementThatForgotItsKeyGetsItAgainAndTheSessionOpens() {
        try (TestCard card = card(agreementThrows(CryptoException.INVALID_INIT))) {
            TestSession.openFull(card, pos, EUR).debit(EUR, 100, 1).expectOk();
        }
    }

    /** A point that the platform refuses is not tried a second time. */
    @Test
    void aKeyAgreementThatFailsOtherwiseEndsTheAttempt() { // [M6]
        ClassTransform throwing = agreementThrows(CryptoException.ILLEGAL_VALUE);
        try (TestCard raw = TestCard.raw(issuer, 0, spec -> spec.classTransform(throwing))) {
            raw.personalize();
            raw.select();
            byte[] nonce = raw.plain(0x80, Wire.INS_PRESENT_CERTIFICATE, 0, 0xBE, pos.certificate).expectOk();
            byte[] point = Crypto.point(Crypto.newKeyPair().getPublic());
            Answer refused = raw.plain(0x80, Wire.INS_OPEN_SESSION_FULL, 0, 0, TestSession.openRequest(pos, nonce, new byte[16], point));
            assertEquals(Wire.SW_INCORRECT_DATA, (short) refused.statusWord());
        }
    }

    /** Some platforms look at a point when they get it. */
    @Test
    void anIssuersPointThatThePlatformRefusesIsNotStored() { // [M6]
        ClassTransform throwing = Doctored.atStart("PublicKeys", "store", (code, place) -> code.insertBefore(place, thrown(CryptoException.ILLEGAL_VALUE)));
        try (TestCard raw = TestCard.raw(issuer, 0, spec -> spec.classTransform(throwing))) {
            TestSession session = TestSession.openRaw(raw);
            assertRefused(Wire.SW_INCORRECT_DATA, 0, session.store(Wire.DATA_GROUP_KEY, 0, issuer.keyData(0)));
            session.store(Wire.DATA_GROUP_PIN, 0, TestCard.PIN).expectOk();
        }
    }

    /** What nobody foresaw is answered, too, and leaves no session. */
    @Test
    void anUnforeseenFailureOutsideASessionIsAMemoryFailure() { // [M7]
        ClassTransform failing = Doctored.atStart("PublicKeys", "findAuthority", (code, place) -> {
            code.insertBefore(place, new IntInsnNode(Opcodes.BIPUSH, 1));
            code.insertBefore(place, new MethodInsnNode(Opcodes.INVOKESTATIC, "javacard/framework/SystemException", "throwIt", "(S)V", false));
        });
        try (TestCard raw = TestCard.raw(issuer, 0, spec -> spec.classTransform(failing))) {
            raw.personalize();
            raw.select();
            assertEquals(Wire.SW_MEMORY_FAILURE, (short) raw.plain(0x80, Wire.INS_PRESENT_CERTIFICATE, 0, 0xBE, pos.certificate).statusWord());
            assertEquals(Wire.SW_CONDITIONS, (short) raw.plain(0x80, Wire.INS_OPEN_SESSION_FULL, 0, 0, new byte[90]).statusWord());
        }
    }

    /** Division by the difference of the instruction and VERIFY PIN's. */
    private static void failAtVerifyPin(InsnList code, AbstractInsnNode place) {
        AbstractInsnNode[] division = {new InsnNode(Opcodes.ICONST_1), new VarInsnNode(Opcodes.ALOAD, 1), new InsnNode(Opcodes.ICONST_1),
            new InsnNode(Opcodes.BALOAD), new IntInsnNode(Opcodes.BIPUSH, Wire.INS_VERIFY_PIN), new InsnNode(Opcodes.IXOR), new InsnNode(Opcodes.IDIV),
            new InsnNode(Opcodes.POP)};
        for (AbstractInsnNode step : division) {
            code.insertBefore(place, step);
        }
    }

    @Test
    void anUnforeseenFailureBeforeACommandIsUnwrappedEndsTheSession() { // [M7]
        ClassTransform failing = Doctored.atStart("SecureMessaging", "unwrap", SignatureFailureTest::failAtVerifyPin);
        try (TestCard raw = TestCard.raw(issuer, 0, spec -> spec.classTransform(failing))) {
            TestSession session = TestSession.openRaw(raw);
            byte[] other = session.copy().wrap(Wire.INS_GENERATE_KEYS, 0, 0, new byte[0]);
            assertEquals(Wire.SW_MEMORY_FAILURE, (short) Answer.of(raw.transmit(session.wrap(Wire.INS_VERIFY_PIN, 0, 1, TestCard.PIN))).statusWord());
            assertEquals(Wire.SW_SECURITY_STATUS, (short) Answer.of(raw.transmit(other)).statusWord());
        }
    }

    /** Whatever the platform throws in the middle of a transaction, the transaction is undone before the answer. */
    @Test
    void aFailureInsideATransactionUndoesItAndTheNextOneBegins() { // [M5]
        for (int reason : new int[] {CryptoException.ILLEGAL_VALUE, CryptoException.UNINITIALIZED_KEY}) {
            ClassTransform throwing = Doctored.atStart("CardCertificate", "store", (code, place) -> code.insertBefore(place, thrown(reason)));
            try (TestCard raw = TestCard.raw(issuer, 0, spec -> spec.classTransform(throwing))) {
                TestSession session = TestSession.openRaw(raw);
                for (int attempt = 0; attempt < 2; attempt++) {
                    assertRefused(Wire.SW_INCORRECT_DATA, 0, session.store(Wire.DATA_GROUP_CERTIFICATE, 0, new byte[128]));
                    session.store(Wire.DATA_GROUP_CARD_DATA, 0, raw.cardData()).expectOk();
                }
                assertTrue(raw.simulated.faults().isEmpty(), raw.simulated.faults().toString());
            }
        }
    }

    /** Some platforms throw for a malformed signature, others say that it does not verify. */
    @Test
    void aSignatureThatThePlatformThrowsForIsNoSignature() { // [M3] [M6]
        ClassTransform throwing = Doctored.atTry("CardKeys", "verify", (code, place) -> code.insertBefore(place, thrown(CryptoException.ILLEGAL_VALUE)));
        try (TestCard raw = TestCard.raw(issuer, 0, spec -> spec.classTransform(throwing))) {
            raw.personalize();
            raw.select();
            Answer refused = raw.plain(0x80, Wire.INS_PRESENT_CERTIFICATE, 0, 0xBE, pos.certificate);
            assertEquals(Wire.SW_INCORRECT_DATA, (short) refused.statusWord());
        }
    }

    @Tag("slow")
    @Test
    void aDebitWhoseSignatureFailsIsExecutedAndSaysSo() {
        try (TestCard card = card(signingThrows(CryptoException.ILLEGAL_USE))) {
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
