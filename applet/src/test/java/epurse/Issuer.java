package epurse;

import java.security.KeyPair;
import java.security.PrivateKey;

/** Scheme, issuer and acquirer of the tests: all the keys, and what is signed with them. */
final class Issuer {

    static final int SCHEME = 0x0101;
    static final long NOW = 1_795_000_000L;
    static final long DAY = 86_400;
    static final int EUR = 0x0978;
    static final int USD = 0x0840;
    static final int POINTS = 0xF001;

    final KeyPair cardCa = Crypto.newKeyPair();

    /** By keyRef. */
    final KeyPair[] keys = new KeyPair[8];

    Issuer() {
        for (int i = 0; i < keys.length; i++) {
            keys[i] = Crypto.newKeyPair();
        }
    }

    static byte[] keyId(int ref) {
        byte[] authorities = {Wire.AUTHORITY_TERMINAL_CA, Wire.AUTHORITY_POS_CA, Wire.AUTHORITY_CREDIT, Wire.AUTHORITY_ORDER};
        return Bytes.concat(Bytes.u16(SCHEME), Bytes.u8(authorities[ref / 2]), Bytes.u8(1 + ref % 2));
    }

    byte[] keyData(int ref) {
        int[] roles = {Wire.ROLE_LOAD | Wire.ROLE_PERSO, Wire.ROLE_POS, 0, 0};
        return Bytes.concat(keyId(ref), Bytes.u8(roles[ref / 2]), Crypto.point(keys[ref].getPublic()));
    }

    /** EUR and USD up to 200.00, 50.00 a payment, 25.00 without PIN and 60.00 in sum, 150.00 offline; a point per whole euro. */
    static byte[] parameters(int version) {
        byte[] money = Bytes.concat(Bytes.u32(20000), Bytes.u32(5000), Bytes.u32(2500), Bytes.u32(6000), Bytes.u32(15000), Bytes.u32(100));
        byte[] points = Bytes.concat(Bytes.u32(1000), Bytes.u32(500), Bytes.u32(500), Bytes.u32(1000), Bytes.u32(1000), Bytes.u32(0));
        return Bytes.concat(Bytes.u16(version), Bytes.u8(20), Bytes.u8(2), money, money, points);
    }

    byte[] cardCertificate(byte[] cardId, int keyVersion, byte[] points, long expiry) {
        byte[] body = Tlv.tlv(Wire.TAG_CERTIFICATE_BODY,
            Tlv.tlv(Wire.TAG_PROFILE, Bytes.u8(Wire.PROFILE_CARD)),
            Tlv.tlv(Wire.TAG_AUTHORITY_REFERENCE, Bytes.u16(SCHEME), Bytes.u8(Wire.AUTHORITY_CARD_CA), Bytes.u8(1)),
            Tlv.tlv(Wire.TAG_HOLDER_REFERENCE, cardId, Bytes.u8(keyVersion)),
            Tlv.tlv(Wire.TAG_PUBLIC_KEY,
                Tlv.tlv(Tlv.tag(Wire.TAG_SIGN_POINT), Bytes.slice(points, 0, 64)),
                Tlv.tlv(Tlv.tag(Wire.TAG_AGREE_POINT), Bytes.slice(points, 64, 64))),
            Tlv.tlv(Wire.TAG_EFFECTIVE, Bytes.u32(NOW)),
            Tlv.tlv(Wire.TAG_EXPIRY, Bytes.u32(expiry)));
        return signed(cardCa.getPrivate(), body);
    }

    static byte[] signed(PrivateKey ca, byte[] body) {
        return Tlv.tlv(Wire.TAG_CERTIFICATE, body, Tlv.tlv(Wire.TAG_SIGNATURE, Crypto.sign(ca, body)));
    }

    /** Body and signature of an order, as PUT ORDER carries them. */
    byte[] order(int keyRef, byte[] cardId, int type, byte[] body) {
        return Bytes.concat(body, orderSignature(keyRef, cardId, type, body));
    }

    byte[] orderSignature(int keyRef, byte[] cardId, int type, byte[] body) {
        return Crypto.sign(keys[keyRef].getPrivate(),
            Bytes.concat(Wire.DOMAIN_ORDER, Bytes.u16(SCHEME), cardId, Bytes.u8(type), body));
    }

    /**
     * CREDIT request for a load that a statement asks for.
     *
     * @param register loadRegister of the card's statement
     */
    byte[] authorisation(byte[] cardId, byte[] register, long acknowledged, byte[] runningHash, long date) {
        byte[] body = Bytes.concat(
            Bytes.slice(register, Wire.LOAD_REGISTER_COUNTER, 4),
            Bytes.slice(register, Wire.LOAD_REGISTER_RANDOM, 8),
            Bytes.slice(register, Wire.LOAD_REGISTER_TYPE, 8),
            Bytes.u32(acknowledged), runningHash, Bytes.u32(date));
        return authorisation(cardId, body);
    }

    byte[] authorisation(byte[] cardId, byte[] body) {
        return Bytes.concat(body, Crypto.sign(keys[Wire.KEY_REF_CREDIT].getPrivate(),
            Bytes.concat(Wire.DOMAIN_CREDIT_AUTHORISATION, Bytes.u16(SCHEME), cardId, body)));
    }
}
