package epurse;

import java.security.KeyPair;
import java.util.HashMap;
import java.util.Map;

/** A terminal: its identity, and the cards it remembers. */
final class TestTerminal {

    private static final long ACQUIRER = 0xAC01;

    /** What a terminal keeps for resumed sessions. */
    record Pair(byte[] name, byte[] encryptionKey, byte[] macKey) {
    }

    final byte[] id;
    final byte role;
    final long expiry;
    final KeyPair key = Crypto.newKeyPair();
    final byte[] certificate;
    final Map<String, Pair> pairs = new HashMap<>();

    private TestTerminal(byte[] id, byte role, long expiry, int keyRef, KeyPair ca, long acquirer, byte[] limits) {
        this.id = id;
        this.role = role;
        this.expiry = expiry;
        byte[] body = Tlv.tlv(Wire.TAG_CERTIFICATE_BODY,
            Tlv.tlv(Wire.TAG_PROFILE, Bytes.u8(Wire.PROFILE_TERMINAL)),
            Tlv.tlv(Wire.TAG_AUTHORITY_REFERENCE, Issuer.keyId(keyRef)),
            Tlv.tlv(Wire.TAG_HOLDER_REFERENCE, id),
            Tlv.tlv(Wire.TAG_PUBLIC_KEY, Tlv.tlv(Tlv.tag(Wire.TAG_SIGN_POINT), Crypto.point(key.getPublic()))),
            Tlv.tlv(Wire.TAG_AUTHORISATION,
                Tlv.tlv(Wire.TAG_DISCRETIONARY, Bytes.u8(role), Bytes.u32(acquirer), Bytes.u32(0x3E01), limits)),
            Tlv.tlv(Wire.TAG_EFFECTIVE, Bytes.u32(Issuer.NOW)),
            Tlv.tlv(Wire.TAG_EXPIRY, Bytes.u32(expiry)));
        certificate = Issuer.signed(ca.getPrivate(), body);
    }

    /** A shop that takes EUR up to 100.00, USD up to 10.00 and points up to 100. */
    static TestTerminal pos(Issuer issuer, String id) {
        return posOf(issuer, id, ACQUIRER);
    }

    /** The same, of another acquirer. */
    static TestTerminal posOf(Issuer issuer, String id, long acquirer) {
        byte[] limits = Bytes.concat(Bytes.u16(Issuer.EUR), Bytes.u32(10000), Bytes.u16(Issuer.USD), Bytes.u32(1000),
            Bytes.u16(Issuer.POINTS), Bytes.u32(100));
        return new TestTerminal(id.getBytes(), Wire.ROLE_POS, Issuer.NOW + 90 * Issuer.DAY, Wire.KEY_REF_POS_CA,
            issuer.keys[Wire.KEY_REF_POS_CA], acquirer, limits);
    }

    static TestTerminal pos(Issuer issuer, String id, int keyRef, long expiry, byte[] limits) {
        return new TestTerminal(id.getBytes(), Wire.ROLE_POS, expiry, keyRef, issuer.keys[keyRef], ACQUIRER, limits);
    }

    static TestTerminal kiosk(Issuer issuer, String id) {
        return other(issuer, id, Wire.ROLE_LOAD, Wire.KEY_REF_TERMINAL_CA);
    }

    static TestTerminal desk(Issuer issuer, String id) {
        return other(issuer, id, Wire.ROLE_PERSO, Wire.KEY_REF_TERMINAL_CA);
    }

    static TestTerminal other(Issuer issuer, String id, byte role, int keyRef) {
        return until(issuer, id, role, keyRef, Issuer.NOW + 3000 * Issuer.DAY);
    }

    static TestTerminal until(Issuer issuer, String id, byte role, int keyRef, long expiry) {
        return new TestTerminal(id.getBytes(), role, expiry, keyRef, issuer.keys[keyRef], ACQUIRER, new byte[0]);
    }

    byte[] cancelOrder(byte[] cardId, long cancelledNt, long cancelledTn, long tn, int slot, long amount) {
        return Crypto.sign(key.getPrivate(), Bytes.concat(Wire.DOMAIN_CANCEL_ORDER, Bytes.u16(Issuer.SCHEME), cardId, id,
            Bytes.u32(cancelledNt), Bytes.u32(cancelledTn), Bytes.u32(tn), Bytes.u8(slot), Bytes.u32(amount)));
    }
}
