package epurse;

import static epurse.IssuedCardTest.EUR;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import jcardsim.bridge.ClassTransform;
import jcardsim.bridge.Counters;
import jcardsim.bridge.Counters.Item;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** The applet on platforms that do what Java Card allows and the simulator never does. */
class OtherPlatformTest {

    private static final String OURS = "epurse/OtherPlatform";
    private static final String APDU = "javacard/framework/APDU";
    private static final String SIGNATURE = "javacard/security/Signature";
    private static final String AGREEMENT = "javacard/security/KeyAgreement";

    private final Issuer issuer = new Issuer();
    private final TestTerminal pos = TestTerminal.pos(issuer, "POS-0001");
    private final TestTerminal kiosk = TestTerminal.kiosk(issuer, "KIOSK-01");
    private TestCard card;

    @AfterEach
    void close() {
        OtherPlatform.loseTheLink(false);
        if (card != null) {
            card.close();
        }
    }

    private TestCard raw(ClassTransform... changes) {
        return raw(0, changes);
    }

    private TestCard raw(int options, ClassTransform... changes) {
        card = TestCard.raw(issuer, options, spec -> {
            List.of(changes).forEach(spec::classTransform);
            return spec;
        });
        return card;
    }

    /** Raw until its personalization, then loaded. */
    private TestCard loaded(ClassTransform... changes) {
        raw(changes).personalize();
        TestSession.openFull(card, kiosk, EUR).load(EUR, 1000);
        return card;
    }

    @Test
    void aCommandThatTheLinkBringsInPiecesIsTheSameCommand() { // [R9]
        for (int length : new int[] {1, 7, 100}) {
            OtherPlatform.bringInPiecesOf(length);
            try (TestCard piecewise = loaded(PlatformCalls.altered(APDU, "setIncomingAndReceive", "firstPiece"),
                PlatformCalls.replaced(APDU, "receiveBytes", "nextPiece"))) {
                TestSession.openFull(piecewise, pos, EUR).debit(EUR, 100, 1).expectOk();
                assertEquals(900, TestSession.openResumed(piecewise, pos, EUR).s1(Wire.OPENING_ANSWER_BALANCE));
            }
        }
    }

    @Test
    void aLinkThatIsLostInTheMiddleOfACommandEndsTheSession() { // [M7]
        TestSession session = TestSession.openFull(loaded(PlatformCalls.refused(APDU, "setIncomingAndReceive", "javacard/framework/APDUException", "lostLink")),
            pos, EUR);
        byte[] other = session.copy().wrap(Wire.INS_GENERATE_KEYS, 0, 0, new byte[0]);
        OtherPlatform.loseTheLink(true);
        card.transmit(session.wrap(Wire.INS_VERIFY_PIN, 0, 1, TestCard.PIN));
        OtherPlatform.loseTheLink(false);
        assertEquals(Wire.SW_SECURITY_STATUS, (short) Answer.of(card.transmit(other)).statusWord());
    }

    @Test
    void anExtendedLengthIsRefusedWhereThePlatformLetsItThrough() {
        raw(PlatformCalls.replaced(APDU, "getOffsetCdata", "extendedOffset")).select();
        assertEquals(Wire.SW_WRONG_LENGTH, (short) card.plain(0x80, Wire.INS_PRESENT_CERTIFICATE, 0, 0xBE, pos.certificate).statusWord());
    }

    @Test
    void anEngineThatForgetsItsKeyAtPowerOffIsGivenItAgain() { // [M4]
        loaded(PlatformCalls.observed(SIGNATURE, "init", "initialised"), PlatformCalls.observed(AGREEMENT, "init", "initialised"),
            PlatformCalls.refused(SIGNATURE, "sign", "javacard/security/CryptoException", "forgotten"),
            PlatformCalls.refused(AGREEMENT, "generateSecret", "javacard/security/CryptoException", "forgotten"));
        for (int day = 0; day < 2; day++) {
            OtherPlatform.forgetKeys();
            TestSession.openFull(card, pos, EUR).debit(EUR, 100, day).expectOk();
        }
    }

    @Test
    void whatTheBufferHeldBeforeIsInNoAnswerToASelection() { // [R5]
        ClassTransform dirty = Doctored.atStart("Selection", "answer", (code, place) -> {
            code.insertBefore(place, new VarInsnNode(Opcodes.ALOAD, 1));
            code.insertBefore(place, new MethodInsnNode(Opcodes.INVOKESTATIC, OURS, "dirty", "([B)V", false));
        });
        byte[] onDirt = raw(dirty).select();
        try (TestCard clean = TestCard.raw(issuer)) {
            assertArrayEquals(clean.select(), onDirt);
        }
    }

    /** Applet.install allows the AID to be left out (Java Card 3.0.4 API, Applet.install). */
    @Test
    void anInstallerThatNamesNoAidGetsAnInstanceAllTheSame() { // [R3]
        ClassTransform unnamed = Doctored.atStart("PurseApplet", "install", (code, place) -> {
            code.insertBefore(place, new VarInsnNode(Opcodes.ALOAD, 0));
            code.insertBefore(place, new VarInsnNode(Opcodes.ILOAD, 1));
            code.insertBefore(place, new MethodInsnNode(Opcodes.INVOKESTATIC, OURS, "withoutAid", "([BS)[B", false));
            code.insertBefore(place, new VarInsnNode(Opcodes.ASTORE, 0));
        });
        assertEquals(Wire.LIFE_RAW, raw(unnamed).state());
    }

    /** External access and encrypted keys cost memory on cards that have them, and are refused by cards that have not. */
    @Test
    void enginesAreForThisAppletAloneAndKeysAreSetInClearAndToldTheirWholeCurve() {
        for (int options : new int[] {0, 1}) { // 1: CMAC built from the cipher
            OtherPlatform.askedNothing();
            try (TestCard watched = raw(options, observed())) {
                assertEquals(Wire.LIFE_RAW, watched.state());
                Map<String, Integer> asked = OtherPlatform.asked();
                assertEquals(List.of("engine", "key", "key on a curve", "parameter of a curve"), asked.keySet().stream().sorted().toList());
                assertEquals(6 * asked.get("key on a curve"), asked.get("parameter of a curve"));
            }
        }
    }

    /** All that an applet asks for when it is installed. */
    private static ClassTransform[] observed() {
        return new ClassTransform[] {PlatformCalls.observed(SIGNATURE, "getInstance", "asked"),
            PlatformCalls.observed("javacardx/crypto/Cipher", "getInstance", "asked"), PlatformCalls.observed(AGREEMENT, "getInstance", "asked"),
            PlatformCalls.observed("javacard/security/MessageDigest", "getInstance", "asked"),
            PlatformCalls.observed("javacard/security/KeyBuilder", "buildKey", "asked"), curve("setFieldFP"), curve("setA"), curve("setB"), curve("setG"),
            curve("setR"), curve("setK")};
    }

    private static ClassTransform curve(String setter) {
        return PlatformCalls.observed("javacard/security/ECKey", setter, "curve");
    }

    /** Every byte more wears the memory and fills the commit buffer. */
    @Test
    void aPurchaseWritesItsFiguresAndItsRecordAndNotAByteMore() {
        TestSession.openFull(loaded(), pos, EUR).debit(EUR, 100, 1).expectOk();
        Counters cost = card.simulated.lastCommand();
        assertEquals(PurseMemory.ACKNOWLEDGED + Wire.RECORD_LENGTH, cost.get(Item.BYTES_IN_TRANSACTION));
        assertEquals(0, cost.get(Item.BYTES_ATOMIC));
    }
}
