package epurse;

import static epurse.IssuedCardTest.EUR;
import static epurse.IssuedCardTest.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import jcardsim.bridge.ClassTransform;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** The end of the counters, on cards that are made to begin close to it. [M10] */
@Tag("slow")
class CounterTest {

    private final Issuer issuer = new Issuer();
    private final TestTerminal kiosk = TestTerminal.kiosk(issuer, "KIOSK-01");
    private final TestTerminal pos = TestTerminal.pos(issuer, "POS-0001");

    /** PurseMemory begins with a given NT and A, and a load counter. */
    private static ClassTransform beginAt(long nt, long loadCounter) {
        return Doctored.atEnd("PurseMemory", "<init>", (code, place) -> {
            store(code, place, PurseMemory.NT, nt);
            store(code, place, PurseMemory.ACKNOWLEDGED, nt);
            store(code, place, PurseMemory.REGISTER + Wire.LOAD_REGISTER_COUNTER, loadCounter);
        });
    }

    private static void store(InsnList code, AbstractInsnNode place, int offset, long value) {
        for (int i = 0; i < 4; i++) {
            code.insertBefore(place, new VarInsnNode(Opcodes.ALOAD, 0));
            code.insertBefore(place, new FieldInsnNode(Opcodes.GETFIELD, "epurse/PurseMemory", "stored", "[B"));
            code.insertBefore(place, new IntInsnNode(Opcodes.SIPUSH, offset + i));
            code.insertBefore(place, new IntInsnNode(Opcodes.BIPUSH, (byte) (value >> (24 - 8 * i))));
            code.insertBefore(place, new InsnNode(Opcodes.BASTORE));
        }
    }

    private TestCard card(long nt, long loadCounter) {
        TestCard card = TestCard.raw(issuer, 0, spec -> spec.classTransform(beginAt(nt, loadCounter)));
        card.personalize();
        return card;
    }

    private Answer load(TestCard card, int type, long amount) {
        TestSession session = kiosk.pairs.isEmpty() ? TestSession.openFull(card, kiosk, EUR) : TestSession.openResumed(card, kiosk, EUR);
        session.verifyPin(TestCard.PIN).expectOk();
        byte[] statement = session.initLoad(type, EUR, amount).expectOk();
        byte[] authorisation = issuer.authorisation(TestCard.CARD_ID, Bytes.from(statement, Wire.STATEMENT_REGISTER),
            Bytes.u32(statement, Wire.STATEMENT_NT), Bytes.slice(statement, Wire.STATEMENT_RUNNING_HASH, 32), Issuer.NOW);
        return session.send(Wire.INS_CREDIT, 0, 0, authorisation);
    }

    @Test
    void theLastSixteenNumbersAreForTheWayOutAndAfterTheLastThereIsNone() {
        try (TestCard card = card(0xFFFFFFEDL, 0)) {
            assertEquals(0xFFFFFFEEL, Bytes.u32(load(card, Wire.LOAD_TYPE_LOAD, 5000).expectOk(), Wire.RECORD_NT));
            TestSession session = TestSession.openFull(card, pos, EUR);
            session.debit(EUR, 100, 1).expectOk();
            assertRefused(Wire.SW_CONDITIONS, Wire.REASON_COUNTER, session.debit(EUR, 100, 2));
            byte[] cancel = pos.cancelOrder(TestCard.CARD_ID, 0xFFFFFFEFL, 1, 3, EUR, 100);
            session.send(Wire.INS_CANCEL_LAST, 0, 0, Bytes.u8(EUR), Bytes.u32(100), Bytes.u32(0xFFFFFFEFL), Bytes.u32(1), Bytes.u32(3),
                Bytes.u32(Issuer.NOW), cancel).expectOk();
            for (int i = 0; i < 15; i++) {
                load(card, Wire.LOAD_TYPE_UNLOAD, 10).expectOk();
            }
            assertRefused(Wire.SW_CONDITIONS, Wire.REASON_COUNTER, load(card, Wire.LOAD_TYPE_UNLOAD, 10));
            TestSession last = TestSession.openFull(card, kiosk, EUR);
            assertEquals(0xFFFFFFFFL, last.s1(Wire.OPENING_ANSWER_NT));
            assertEquals(4850, last.s1(Wire.OPENING_ANSWER_BALANCE));
            last.verifyPin(TestCard.PIN).expectOk();
            byte[] newest = last.send(Wire.INS_READ_LOG, Wire.LOG_VIEW_RECORDS, 0, Bytes.u32(0xFFFFFFFEL)).expectOk();
            assertEquals(2 * Wire.RECORD_LENGTH, newest.length);
            assertEquals(0xFFFFFFFFL, Bytes.u32(newest, Wire.RECORD_LENGTH + Wire.RECORD_NT));
        }
    }

    @Test
    void afterTheLastOrderThereIsNone() {
        ClassTransform atEnd = Doctored.atEnd("LifeCycle", "<init>", (code, place) -> {
            for (int i = 0; i < 4; i++) {
                code.insertBefore(place, new VarInsnNode(Opcodes.ALOAD, 0));
                code.insertBefore(place, new FieldInsnNode(Opcodes.GETFIELD, "epurse/LifeCycle", "data", "[B"));
                code.insertBefore(place, new IntInsnNode(Opcodes.SIPUSH, LifeCycle.ORDER_COUNTER + i));
                code.insertBefore(place, new IntInsnNode(Opcodes.BIPUSH, -1));
                code.insertBefore(place, new InsnNode(Opcodes.BASTORE));
            }
        });
        try (TestCard card = TestCard.raw(issuer, 0, spec -> spec.classTransform(atEnd))) {
            card.personalize();
            TestSession desk = TestSession.openFull(card, TestTerminal.desk(issuer, "DESK-001"), EUR);
            byte[] retire = issuer.order(Wire.KEY_REF_ORDER, TestCard.CARD_ID, Wire.ORDER_TYPE_RETIRE, Bytes.u32(0));
            assertRefused(Wire.SW_CONDITIONS, Wire.REASON_COUNTER, desk.order(Wire.ORDER_TYPE_RETIRE, 0, retire));
            assertEquals(Wire.LIFE_ACTIVE, card.state());
        }
    }

    @Test
    void theLoadCounterStopsAtItsEnd() {
        try (TestCard card = card(0, 0xFFFFFFFEL)) {
            load(card, Wire.LOAD_TYPE_LOAD, 1000).expectOk();
            TestSession session = TestSession.openFull(card, kiosk, EUR);
            session.verifyPin(TestCard.PIN).expectOk();
            assertRefused(Wire.SW_CONDITIONS, Wire.REASON_COUNTER, session.initLoad(Wire.LOAD_TYPE_LOAD, EUR, 1000));
            session.verifyPin(TestCard.PIN).expectOk();
            assertRefused(Wire.SW_CONDITIONS, Wire.REASON_MAX_BALANCE, session.initLoad(Wire.LOAD_TYPE_LOAD, EUR, 19001));
        }
    }
}
