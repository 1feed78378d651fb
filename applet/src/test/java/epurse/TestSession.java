package epurse;

import java.security.KeyPair;
import java.util.Arrays;

/** The terminal's end of a session: opens it in each of its three forms, wraps and unwraps (docs/protocol.md sections 2 to 4). */
final class TestSession {

    final TestCard card;
    private final byte[] encryptionKey;
    private final byte[] macKey;
    private byte[] chain;

    /** S1, once the session is open; empty on a raw card. */
    byte[] s1 = {};

    private TestSession(TestCard card, byte[] encryptionKey, byte[] macKey, byte[] chain) {
        this.card = card;
        this.encryptionKey = encryptionKey;
        this.macKey = macKey;
        this.chain = chain;
    }

    /** SELECT and OPEN under the transport keys. */
    static TestSession openRaw(TestCard card) {
        card.select();
        return resume(card, Bytes.fill(0xDE, 8), 0, TestCard.transportKey(1), TestCard.transportKey(2));
    }

    /** SELECT and OPEN at a terminal that knows the card. */
    static TestSession openResumed(TestCard card, TestTerminal terminal, int slot) {
        card.select();
        return resumeAgain(card, terminal, slot);
    }

    /** OPEN at a terminal that knows the card, inside whatever session there is. */
    static TestSession resumeAgain(TestCard card, TestTerminal terminal, int slot) {
        TestTerminal.Pair pair = terminal.pairs.get("card");
        return resume(card, terminal.id, slot, pair.encryptionKey(), pair.macKey());
    }

    private static TestSession resume(TestCard card, byte[] terminalId, int slot, byte[] encryptionKey, byte[] macKey) {
        byte[] request = Bytes.concat(terminalId, Crypto.random(16), Bytes.u8(slot));
        byte[] answer = card.plain(0x80, Wire.INS_OPEN_SESSION_RESUMED, 1, 0, request).expectOk();
        byte[] transcript = Bytes.concat(Wire.DOMAIN_RESUMED_TRANSCRIPT, new byte[] {(byte) 0x80, 0x50, 0x01, 0x00}, request,
            Bytes.slice(answer, 0, 24));
        TestSession session = new TestSession(card, encryptionKey, macKey, Crypto.cmac(macKey, transcript));
        session.s1 = session.unwrap(Bytes.from(answer, 24)).expectOk();
        if (session.s1.length != 0 && session.s1.length != Wire.OPENING_ANSWER_LENGTH) {
            throw new AssertionError("S1 has " + session.s1.length + " bytes");
        }
        return session;
    }

    /** SELECT, PRESENT CERTIFICATE, OPEN, CONFIRM; the terminal then knows the card. */
    static TestSession openFull(TestCard card, TestTerminal terminal, int slot) {
        card.select();
        TestSession session = agree(card, terminal);
        session.confirm(terminal, slot).expectOk();
        return session;
    }

    /** Another end of the same session: to go on from here more than once. */
    TestSession copy() {
        TestSession copy = new TestSession(card, encryptionKey, macKey, chain);
        copy.s1 = s1;
        copy.pairKeys = pairKeys;
        return copy;
    }

    private byte[] pairKeys;

    /** K-ENC ‖ K-MAC of the pair, from OPEN full on. */
    byte[] pairKeys() {
        return pairKeys;
    }

    /** PRESENT CERTIFICATE and OPEN: keys agreed, CONFIRM due. */
    static TestSession agree(TestCard card, TestTerminal terminal) {
        byte[] cardNonce = card.plain(0x80, Wire.INS_PRESENT_CERTIFICATE, 0, 0xBE, terminal.certificate).expectOk();
        byte[] terminalNonce = Crypto.random(16);
        KeyPair ephemeral = Crypto.newKeyPair();
        byte[] point = Crypto.point(ephemeral.getPublic());
        byte[] certificate = card.plain(0x80, Wire.INS_OPEN_SESSION_FULL, 0, 0,
            openRequest(terminal, cardNonce, terminalNonce, point)).expectOk();
        byte[] agreePoint = agreePointOf(card, certificate);
        byte[] info = Bytes.concat(Wire.DOMAIN_SESSION_KEY_INFO, TestCard.CARD_ID, terminal.id, Bytes.u32(terminal.expiry),
            cardNonce, terminalNonce, point);
        byte[] keys = Crypto.x963(Crypto.agree(ephemeral.getPrivate(), agreePoint), info);
        TestSession session = new TestSession(card, Bytes.slice(keys, 0, 16), Bytes.slice(keys, 16, 16), cardNonce);
        session.pairKeys = Bytes.from(keys, 32);
        return session;
    }

    static byte[] openRequest(TestTerminal terminal, byte[] cardNonce, byte[] terminalNonce, byte[] point) {
        byte[] message = Bytes.concat(Wire.DOMAIN_TERMINAL_AUTHENTICATION, Bytes.u16(Issuer.SCHEME), terminal.id,
            Bytes.u32(terminal.expiry), cardNonce, terminalNonce, point);
        return Bytes.concat(terminalNonce, point, Crypto.sign(terminal.key.getPrivate(), message));
    }

    /** The agreement key in the certificate the card showed; the certificate must be the one the issuer signed. */
    private static byte[] agreePointOf(TestCard card, byte[] certificate) {
        byte[] body = Bytes.slice(certificate, 4 - (certificate[2] == (byte) 0x81 ? 0 : 1), 0xAC + 4);
        byte[] signature = Bytes.from(certificate, certificate.length - certificate[4 + 0xAC + 4 + 2]);
        if (!Crypto.verify(Crypto.point(card.issuer.cardCa.getPublic()), body, signature)) {
            throw new AssertionError("the card's certificate does not verify");
        }
        // behind the other point, whose random bytes may look like anything
        int agree = indexOf(certificate, new byte[] {Wire.TAG_SIGN_POINT, 0x40}) + 2 + 64;
        return Bytes.slice(certificate, agree + 2, 64);
    }

    private static int indexOf(byte[] in, byte[] what) {
        for (int i = 0; i <= in.length - what.length; i++) {
            if (Arrays.equals(Bytes.slice(in, i, what.length), what)) {
                return i;
            }
        }
        throw new AssertionError("not found");
    }

    Answer confirm(TestTerminal terminal, int slot) {
        Answer answer = send(Wire.INS_CONFIRM_SESSION, 0, 0, Bytes.u8(slot));
        if (answer.ok()) {
            terminal.pairs.put("card", new TestTerminal.Pair(Bytes.slice(answer.data(), 0, 8),
                Bytes.slice(pairKeys, 0, 16), Bytes.slice(pairKeys, 16, 16)));
            s1 = Bytes.from(answer.data(), 8);
        }
        return answer;
    }

    /** Sends a protected command and gives the true answer; fails if the card answers in clear. */
    Answer send(byte ins, int p1, int p2, byte[]... data) {
        byte[] raw = card.transmit(wrap(ins, p1, p2, Bytes.concat(data)));
        if (Bytes.u16(raw, raw.length - 2) != 0x9000) {
            throw new AssertionError("answered in clear: " + Answer.of(raw));
        }
        Answer answer = unwrap(Bytes.slice(raw, 0, raw.length - 2));
        AnswerLengths.check(ins, p1, answer);
        return answer;
    }

    Answer store(byte group, int p2, byte[] data) {
        return send(Wire.INS_STORE_DATA, group, p2, data);
    }

    /** A protected command; the chain moves on. */
    byte[] wrap(byte ins, int p1, int p2, byte[] data) {
        byte[] encrypted = Crypto.ctr(encryptionKey, chain, data);
        byte[] header = {(byte) 0x84, ins, (byte) p1, (byte) p2, (byte) (data.length + 8)};
        byte[] mac = Crypto.cmac(macKey, Bytes.concat(chain, Bytes.u8(0x43), header, encrypted));
        chain = mac;
        return Bytes.concat(header, encrypted, Bytes.slice(mac, 0, 8), Bytes.u8(0));
    }

    /** Checks and decrypts a protected answer, its outer status word taken off. */
    Answer unwrap(byte[] answer) {
        byte[] encrypted = Bytes.slice(answer, 0, answer.length - 8);
        byte[] mac = Crypto.cmac(macKey, Bytes.concat(chain, Bytes.u8(0x52), encrypted));
        if (!Arrays.equals(Bytes.slice(mac, 0, 8), Bytes.from(answer, answer.length - 8))) {
            throw new AssertionError("the answer's MAC is wrong");
        }
        byte[] plain = Crypto.ctr(encryptionKey, chain, encrypted);
        chain = mac;
        return Answer.of(plain);
    }

    // --- commands ---

    Answer verifyPin(byte[] block) {
        return send(Wire.INS_VERIFY_PIN, 0, 1, block);
    }

    Answer debit(int slot, long amount, long tn) {
        return debit(slot, amount, tn, Issuer.NOW + 60);
    }

    Answer debit(int slot, long amount, long tn, long time) {
        return send(Wire.INS_DEBIT, 0, 0, Bytes.u8(slot), Bytes.u32(amount), Bytes.u32(tn), Bytes.u32(time));
    }

    Answer initLoad(int type, int slot, long amount) {
        return send(Wire.INS_INIT_LOAD, 0, 0, Bytes.u8(type), Bytes.u8(slot), Bytes.u32(amount), Bytes.u32(Issuer.NOW + 60));
    }

    /** The first load of a card, at a kiosk: PIN, INIT LOAD, and CREDIT under the issuer's authorisation. */
    void load(int slot, long amount) {
        verifyPin(TestCard.PIN).expectOk();
        byte[] register = Bytes.from(initLoad(Wire.LOAD_TYPE_LOAD, slot, amount).expectOk(), Wire.STATEMENT_REGISTER);
        send(Wire.INS_CREDIT, 0, 0, card.issuer.authorisation(TestCard.CARD_ID, register, 0, new byte[32], Issuer.NOW)).expectOk();
    }

    Answer order(int type, int p2, byte[] bodyAndSignature) {
        return send(Wire.INS_PUT_ORDER, type, p2, bodyAndSignature);
    }

    /** READ LOG totals; at a kiosk with the PIN. */
    byte[] totals() {
        return send(Wire.INS_READ_LOG, Wire.LOG_VIEW_TOTALS, 0).expectOk();
    }

    long s1(int offset) {
        return Bytes.u32(s1, offset);
    }
}
