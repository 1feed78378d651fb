package epurse;

import java.util.ArrayList;
import java.util.List;
import jcardsim.bridge.Snapshot;

/** A card in some state of its life and of a session, from which a fuzzer begins; and commands that are right there. */
final class FuzzStation {

    private static final int EUR = 0;

    final String name;
    final TestCard card;
    private final Snapshot snapshot;
    private final TestSession session;
    final List<FuzzInput.Command> seeds;

    private FuzzStation(String name, TestCard card, TestSession session, FuzzInput.Command... seeds) {
        this.name = name;
        this.card = card;
        // as it is now: its owner goes on with it, and a card that is put back knows nothing of that
        this.session = session == null ? null : session.copy();
        this.seeds = List.of(seeds);
        snapshot = card.simulated.snapshot();
    }

    /** Puts the card back; gives the session that is open here, null where there is none. */
    TestSession begin() {
        card.simulated.restore(snapshot);
        return session == null ? null : session.copy();
    }

    /** Raw, issued, with money, blocked and retired cards, with and without session, of every role. */
    static List<FuzzStation> all(Issuer issuer, TestCard raw, TestCard issued) {
        List<FuzzStation> all = new ArrayList<>();
        raw.select();
        all.add(new FuzzStation("raw", raw, null, resume(new byte[8])));
        TestSession transport = TestSession.openRaw(raw);
        all.add(new FuzzStation("raw, session", raw, transport, FuzzInput.Command.inside(Wire.INS_GENERATE_KEYS, 0, 0),
            store(Wire.DATA_GROUP_CARD_DATA, 0, raw.cardData()), store(Wire.DATA_GROUP_KEY, 0, issuer.keyData(0)),
            store(Wire.DATA_GROUP_PARAMETERS, 0, Issuer.parameters(1)), store(Wire.DATA_GROUP_PIN, 0, TestCard.PIN)));
        raw.storeAll(transport);
        all.add(new FuzzStation("raw, complete", raw, transport, FuzzInput.Command.inside(Wire.INS_ACTIVATE, 0, 0),
            store(Wire.DATA_GROUP_CERTIFICATE, 0, issuer.cardCertificate(TestCard.CARD_ID, TestCard.KEY_VERSION, raw.points, raw.expiry))));
        addIssued(all, issuer, issued);
        return all;
    }

    private static void addIssued(List<FuzzStation> all, Issuer issuer, TestCard card) {
        TestTerminal pos = TestTerminal.pos(issuer, "POS-0001");
        TestTerminal kiosk = TestTerminal.kiosk(issuer, "KIOSK-01");
        TestTerminal desk = TestTerminal.desk(issuer, "DESK-001");
        card.select();
        all.add(new FuzzStation("selected", card, null, FuzzInput.Command.plain(Wire.INS_PRESENT_CERTIFICATE, 0, 0xBE, pos.certificate),
            new FuzzInput.Command(false, Bytes.concat(new byte[] {0, (byte) 0xA4, 4, 0, 9}, TestCard.AID))));
        byte[] nonce = card.plain(0x80, Wire.INS_PRESENT_CERTIFICATE, 0, 0xBE, pos.certificate).expectOk();
        byte[] point = Crypto.point(Crypto.newKeyPair().getPublic());
        all.add(new FuzzStation("certificate presented", card, null,
            FuzzInput.Command.plain(Wire.INS_OPEN_SESSION_FULL, 0, 0, TestSession.openRequest(pos, nonce, new byte[16], point))));
        card.select();
        all.add(new FuzzStation("keys agreed", card, TestSession.agree(card, pos), FuzzInput.Command.inside(Wire.INS_CONFIRM_SESSION, 0, 0, Bytes.u8(EUR))));
        TestSession loading = TestSession.openFull(card, kiosk, EUR);
        all.add(new FuzzStation("kiosk", card, loading, verify(TestCard.PIN), verify(TestCard.WRONG_PIN)));
        loading.verifyPin(TestCard.PIN).expectOk();
        all.add(new FuzzStation("kiosk, with PIN", card, loading, FuzzInput.Command.inside(Wire.INS_CHANGE_PIN, 0, 1, TestCard.PIN, TestCard.WRONG_PIN),
            FuzzInput.Command.inside(Wire.INS_INIT_LOAD, 0, 0, Bytes.u8(Wire.LOAD_TYPE_LOAD), Bytes.u8(EUR), Bytes.u32(5000), Bytes.u32(Issuer.NOW)),
            FuzzInput.Command.inside(Wire.INS_READ_LOG, Wire.LOG_VIEW_TOTALS, 0)));
        byte[] statement = loading.initLoad(Wire.LOAD_TYPE_LOAD, EUR, 5000).expectOk();
        byte[] authorisation = issuer.authorisation(TestCard.CARD_ID, Bytes.slice(statement, Wire.STATEMENT_REGISTER, 64),
            0, new byte[32], Issuer.NOW + 60);
        all.add(new FuzzStation("load pending", card, loading, FuzzInput.Command.inside(Wire.INS_CREDIT, 0, 0, authorisation),
            FuzzInput.Command.inside(Wire.INS_CANCEL_LOAD, 0, 0, Bytes.u32(1))));
        loading.send(Wire.INS_CREDIT, 0, 0, authorisation).expectOk();
        addPaying(all, issuer, card, pos, desk);
    }

    private static void addPaying(List<FuzzStation> all, Issuer issuer, TestCard card, TestTerminal pos, TestTerminal desk) {
        TestSession paying = TestSession.openFull(card, pos, EUR);
        all.add(new FuzzStation("shop", card, paying,
            FuzzInput.Command.inside(Wire.INS_DEBIT, 0, 0, Bytes.u8(EUR), Bytes.u32(350), Bytes.u32(1), Bytes.u32(Issuer.NOW)), verify(TestCard.PIN)));
        paying.debit(EUR, 300, 1).expectOk();
        all.add(new FuzzStation("shop, after a purchase", card, paying,
            FuzzInput.Command.inside(Wire.INS_CANCEL_LAST, 0, 0, Bytes.u8(EUR), Bytes.u32(300), Bytes.u32(2), Bytes.u32(1), Bytes.u32(2),
                Bytes.u32(Issuer.NOW), pos.cancelOrder(TestCard.CARD_ID, 2, 1, 2, EUR, 300)),
            FuzzInput.Command.inside(Wire.INS_GET_PROOF, Wire.PROOF_RECORD, 0, Bytes.u32(2))));
        all.add(new FuzzStation("shop, resumed", card, TestSession.openResumed(card, pos, EUR),
            FuzzInput.Command.inside(Wire.INS_DEBIT, 0, 0, Bytes.u8(EUR), Bytes.u32(100), Bytes.u32(3), Bytes.u32(Issuer.NOW)), resume(pos.id)));
        TestSession serving = TestSession.openFull(card, desk, EUR);
        byte[] parameters = Bytes.concat(Bytes.u32(1), Issuer.parameters(2));
        all.add(new FuzzStation("desk", card, serving, FuzzInput.Command.inside(Wire.INS_READ_LOG, Wire.LOG_VIEW_RECORDS, 0, Bytes.u32(1)),
            FuzzInput.Command.inside(Wire.INS_READ_LOG, Wire.LOG_VIEW_CANCEL_ORDERS, 0), FuzzInput.Command.inside(Wire.INS_GET_PROOF, Wire.PROOF_LOG, 0),
            order(issuer, Wire.ORDER_TYPE_BLOCK, Bytes.u32(5)), order(issuer, Wire.ORDER_TYPE_RETIRE, Bytes.u32(1)),
            order(issuer, Wire.ORDER_TYPE_PARAMETERS, parameters)));
        serving.order(Wire.ORDER_TYPE_BLOCK, 0, issuer.order(Wire.KEY_REF_ORDER, TestCard.CARD_ID, Wire.ORDER_TYPE_BLOCK, Bytes.u32(5))).expectOk();
        serving = TestSession.openFull(card, desk, EUR);
        all.add(new FuzzStation("blocked, desk", card, serving, order(issuer, Wire.ORDER_TYPE_UNBLOCK, Bytes.concat(Bytes.u32(1), Bytes.u32(6))),
            FuzzInput.Command.inside(Wire.INS_GET_PROOF, Wire.PROOF_BLOCK, 0)));
        serving.order(Wire.ORDER_TYPE_RETIRE, 0, issuer.order(Wire.KEY_REF_ORDER, TestCard.CARD_ID, Wire.ORDER_TYPE_RETIRE, Bytes.u32(1))).expectOk();
        all.add(new FuzzStation("retired, desk", card, TestSession.openFull(card, desk, EUR), FuzzInput.Command.inside(Wire.INS_GET_PROOF, Wire.PROOF_CLOSING, 0)));
    }

    private static FuzzInput.Command store(int group, int p2, byte[] data) {
        return FuzzInput.Command.inside(Wire.INS_STORE_DATA, group, p2, data);
    }

    private static FuzzInput.Command verify(byte[] pin) {
        return FuzzInput.Command.inside(Wire.INS_VERIFY_PIN, 0, 1, pin);
    }

    private static FuzzInput.Command order(Issuer issuer, int type, byte[] body) {
        return FuzzInput.Command.inside(Wire.INS_PUT_ORDER, type, 0, issuer.order(Wire.KEY_REF_ORDER, TestCard.CARD_ID, type, body));
    }

    private static FuzzInput.Command resume(byte[] terminalId) {
        return FuzzInput.Command.plain(Wire.INS_OPEN_SESSION_RESUMED, 1, 0, terminalId, new byte[16], Bytes.u8(EUR));
    }
}
