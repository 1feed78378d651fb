package epurse;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import jcardsim.bridge.CardSpec;
import jcardsim.bridge.SimulatedCard;

/** A card in the simulator, raw or issued, and the batch key it was made under. */
final class TestCard implements AutoCloseable {

    /** The applet as Maven compiled it; beside the test classes, wherever the tests run. */
    static final Path CLASSES = testClasses().resolveSibling("classes");
    static final byte[] AID = HexFormat.of().parseHex("F04550555253450101");
    static final byte[] SERIAL = HexFormat.of().parseHex("0000000000005E01");
    static final byte[] BATCH_KEY = Bytes.fill(0xB7, 16);
    static final byte[] CARD_ID = HexFormat.of().parseHex("CA4D000000000001");
    static final byte[] PIN = HexFormat.of().parseHex("241234FFFFFFFFFF");
    static final byte[] WRONG_PIN = HexFormat.of().parseHex("244321FFFFFFFFFF");
    static final int KEY_VERSION = 3;

    final SimulatedCard simulated;
    final Issuer issuer;
    long expiry = Issuer.NOW + 5 * 365 * Issuer.DAY;
    /** Of its three purses. */
    int[] units = {Issuer.EUR, Issuer.USD, Issuer.POINTS};

    /** Public points of the card, known once it is issued. */
    byte[] points;

    /** Where commands go. */
    private UnaryOperator<byte[]> link;

    private TestCard(Issuer issuer, SimulatedCard simulated, UnaryOperator<byte[]> link) {
        this.issuer = issuer;
        this.simulated = simulated;
        this.link = link;
    }

    /** A raw card somewhere else than in the bridge: {@link #simulated} is null. */
    static TestCard over(Issuer issuer, UnaryOperator<byte[]> link) {
        return new TestCard(issuer, null, link);
    }

    private static Path testClasses() {
        try {
            return Path.of(TestCard.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static TestCard raw(Issuer issuer) {
        return raw(issuer, 0, UnaryOperator.identity());
    }

    /**
     * @param options installParameters options
     * @param change changes the card's specification
     */
    static TestCard raw(Issuer issuer, int options, UnaryOperator<CardSpec.Builder> change) {
        SimulatedCard simulated = SimulatedCard.create(change.apply(spec(options)).build());
        simulated.powerOn();
        return new TestCard(issuer, simulated, simulated::transmit);
    }

    static CardSpec.Builder spec(int options) {
        byte[] parameters = Bytes.concat(SERIAL, transportKey(1), transportKey(2), Bytes.u8(options));
        CardSpec.Builder spec = CardSpec.builder().appletClasspath(CLASSES).appletClassName("epurse.PurseApplet").appletAid(AID).installParameters(parameters);
        return EveryCard.transform() == null ? spec : spec.classTransform(EveryCard.transform());
    }

    static TestCard issued(Issuer issuer) {
        TestCard card = raw(issuer);
        card.personalize();
        return card;
    }

    /** The same card after a power-off: out of its image, in a new simulator. */
    TestCard reopened() {
        SimulatedCard other = SimulatedCard.open(simulated.saveImage(), simulated.spec());
        other.powerOn();
        TestCard copy = new TestCard(issuer, other, other::transmit);
        copy.expiry = expiry;
        copy.units = units;
        copy.points = points;
        return copy;
    }

    static byte[] transportKey(int purpose) {
        return Crypto.cmac(BATCH_KEY, Bytes.concat(Bytes.u8(purpose), SERIAL));
    }

    byte[] transmit(byte[] apdu) {
        return link.apply(apdu);
    }

    /** Puts something into the link, such as a clock. */
    void through(UnaryOperator<UnaryOperator<byte[]>> decorator) {
        link = decorator.apply(link);
    }

    Answer plain(int cla, int ins, int p1, int p2, byte[] data) {
        return Answer.of(transmit(Bytes.concat(new byte[] {(byte) cla, (byte) ins, (byte) p1, (byte) p2, (byte) data.length}, data, Bytes.u8(0))));
    }

    byte[] select() {
        return plain(0x00, 0xA4, 0x04, 0x00, AID).expectOk();
    }

    /** The life-cycle bit that SELECT shows. */
    byte state() {
        byte[] fci = select();
        for (int i = 0; i < fci.length - 2; i++) {
            if (fci[i] == Wire.TAG_STATE && fci[i + 1] == 1) {
                return fci[i + 2];
            }
        }
        throw new AssertionError("no state in the answer to SELECT");
    }

    byte[] cardData() {
        return Bytes.concat(CARD_ID, Bytes.u16(Issuer.SCHEME), Bytes.u8(KEY_VERSION), Bytes.u32(Issuer.NOW), Bytes.u32(expiry),
            Bytes.u16(units[0]), Bytes.u16(units[1]), Bytes.u16(units[2]));
    }

    /** Everything a desk does, in a session under the transport keys. */
    void personalize() {
        TestSession session = TestSession.openRaw(this);
        storeAll(session);
        session.send(Wire.INS_ACTIVATE, 0, 0).expectOk();
    }

    /** Everything but ACTIVATE. */
    void storeAll(TestSession session) {
        points = session.send(Wire.INS_GENERATE_KEYS, 0, 0).expectOk();
        session.store(Wire.DATA_GROUP_CARD_DATA, 0, cardData()).expectOk();
        for (int ref = 0; ref < 8; ref++) {
            session.store(Wire.DATA_GROUP_KEY, ref, issuer.keyData(ref)).expectOk();
        }
        session.store(Wire.DATA_GROUP_PARAMETERS, 0, Issuer.parameters(1)).expectOk();
        session.store(Wire.DATA_GROUP_PIN, 0, PIN).expectOk();
        storeCertificate(session, issuer.cardCertificate(CARD_ID, KEY_VERSION, points, expiry));
    }

    static void storeCertificate(TestSession session, byte[] certificate) {
        session.store(Wire.DATA_GROUP_CERTIFICATE, 0, Bytes.slice(certificate, 0, 128)).expectOk();
        session.store(Wire.DATA_GROUP_CERTIFICATE, 1, Bytes.from(certificate, 128)).expectOk();
    }

    byte[] signPoint() {
        return Bytes.slice(points, 0, 64);
    }

    byte[] agreePoint() {
        return Bytes.slice(points, 64, 64);
    }

    /** Whether S3 is this card's signature over a record. */
    boolean verifies(byte[] domain, byte[] content, byte[] signature) {
        return Crypto.verify(signPoint(), Bytes.concat(domain, Bytes.u16(Issuer.SCHEME), CARD_ID, Bytes.u8(KEY_VERSION), content), signature);
    }

    @Override
    public void close() {
        if (simulated != null) {
            simulated.close();
        }
    }
}
