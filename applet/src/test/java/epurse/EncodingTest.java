package epurse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lengths in a certificate that do not fit each other, however rightly it is signed. [R6] [M6] */
class EncodingTest extends IssuedCardTest {

    private Answer present(byte[] certificate) {
        return card.plain(0x80, Wire.INS_PRESENT_CERTIFICATE, 0, 0xBE, certificate);
    }

    private void refused(String what, byte[] certificate) {
        assertEquals(String.format("%04X", Wire.SW_INCORRECT_DATA), String.format("%04X", present(certificate).statusWord()), what);
    }

    /** Where the body begins and ends in a certificate: 7F21 81 L, 7F4E (81) L. */
    private static final int BODY = 4;

    private static int bodyEnd(byte[] certificate) {
        int head = certificate[BODY + 2] == (byte) 0x81 ? 4 : 3;
        return BODY + head + (certificate[BODY + head - 1] & 0xFF);
    }

    /** The same body, changed and signed again; its own length as it was, or as the change made it. */
    private byte[] signedAgain(byte[] body) {
        return Issuer.signed(issuer.keys[Wire.KEY_REF_POS_CA].getPrivate(), body);
    }

    /** Offsets of the lengths of all objects within the body, that of the body itself left out. */
    private static List<Integer> lengths(byte[] body) {
        List<Integer> found = new ArrayList<>();
        int at = body[2] == (byte) 0x81 ? 4 : 3;
        while (at < body.length) {
            boolean longTag = (body[at] & 0x1F) == 0x1F;
            boolean constructed = (body[at] & 0x20) != 0;
            at += longTag ? 2 : 1;
            found.add(at);
            at += constructed ? 1 : 1 + body[at];
        }
        return found;
    }

    @Test
    void everyLengthIsWhatItsContentHasAndNoOther() {
        byte[] body = Bytes.slice(pos.certificate, BODY, bodyEnd(pos.certificate) - BODY);
        List<Integer> lengths = lengths(body);
        assertEquals(9, lengths.size(), "profile, authority, holder, key, point, authorisation, discretionary, effective, expiry");
        present(signedAgain(body)).expectOk();
        byte[] before = state();
        for (int at : lengths) {
            for (int by : new int[] {-1, 1, 2, -body[at], 0x7F - body[at]}) {
                byte[] changed = body.clone();
                changed[at] += (byte) by;
                refused("length at " + at + " changed by " + by, signedAgain(changed));
            }
        }
        assertArrayEquals(before, state());
    }

    @Test
    void everyTagIsItsOwnAndNoOther() {
        byte[] body = Bytes.slice(pos.certificate, BODY, bodyEnd(pos.certificate) - BODY);
        byte[] before = state();
        for (int at : lengths(body)) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = body.clone();
                changed[at - 1] ^= (byte) (1 << bit);
                refused("tag before " + at + ", bit " + bit, signedAgain(changed));
            }
        }
        assertArrayEquals(before, state());
    }

    /** What is signed ends where the body says, so that it says so wrongly and is signed accordingly. */
    @Test
    void theBodyEndsWithItsLastField() {
        byte[] certificate = pos.certificate;
        byte[] body = Bytes.slice(certificate, BODY, bodyEnd(certificate) - BODY);
        int length = body[2] == (byte) 0x81 ? 3 : 2;
        for (int by : new int[] {-1, 1}) {
            byte[] changed = body.clone();
            changed[length] += (byte) by;
            byte[] signed = by < 0 ? Bytes.slice(changed, 0, changed.length - 1) : Bytes.concat(changed, Bytes.u8(0x5F));
            byte[] signature = Crypto.sign(issuer.keys[Wire.KEY_REF_POS_CA].getPrivate(), signed);
            refused("body changed by " + by, Tlv.tlv(Wire.TAG_CERTIFICATE, changed, Tlv.tlv(Wire.TAG_SIGNATURE, signature)));
        }
    }

    @Test
    void aTemplateAndTheFieldAtItsEndDoNotShareAWrongLength() {
        byte[] body = Bytes.slice(pos.certificate, BODY, bodyEnd(pos.certificate) - BODY);
        List<Integer> lengths = lengths(body);
        for (int[] nested : new int[][] {{3, 4}, {5, 6}}) {
            for (int by : new int[] {-1, 1}) {
                byte[] changed = body.clone();
                changed[lengths.get(nested[0])] += (byte) by;
                changed[lengths.get(nested[1])] += (byte) by;
                refused("lengths " + nested[0] + " and " + nested[1] + " changed by " + by, signedAgain(changed));
            }
        }
    }

    @Test
    void theWholeIsAsLongAsItsOuterLengthSays() {
        for (int by : new int[] {-2, -1, 1}) {
            byte[] changed = pos.certificate.clone();
            changed[3] += (byte) by;
            refused("outer length changed by " + by, changed);
        }
        for (int by : new int[] {-1, 1}) {
            byte[] changed = pos.certificate.clone();
            changed[bodyEnd(pos.certificate) + 2] += (byte) by;
            refused("length of the signature changed by " + by, changed);
        }
    }

    @Test
    void aCertificateThatEndsAnywhereBeforeItsEndIsRefusedEvenIfItsOuterLengthAgrees() {
        for (int length = 4; length < pos.certificate.length; length++) {
            byte[] cut = Bytes.slice(pos.certificate, 0, length);
            cut[3] = (byte) (length - 4);
            refused("cut to " + length, cut);
            refused("content of " + (length - 4), Tlv.tlv(Wire.TAG_CERTIFICATE, Bytes.slice(pos.certificate, 4, length - 4)));
        }
    }

    @Test
    void aShopWithoutRoleOrPartiesInItsAuthorisationIsRefused() {
        for (int length = 0; length < Wire.TERMINAL_AUTHORISATION_LIMITS; length++) {
            byte[] discretionary = Bytes.slice(Bytes.concat(Bytes.u8(Wire.ROLE_POS), new byte[8]), 0, length);
            byte[] body = Tlv.tlv(Wire.TAG_CERTIFICATE_BODY, Tlv.tlv(Wire.TAG_PROFILE, Bytes.u8(Wire.PROFILE_TERMINAL)),
                Tlv.tlv(Wire.TAG_AUTHORITY_REFERENCE, Issuer.keyId(Wire.KEY_REF_POS_CA)), Tlv.tlv(Wire.TAG_HOLDER_REFERENCE, pos.id),
                Tlv.tlv(Wire.TAG_PUBLIC_KEY, Tlv.tlv(Tlv.tag(Wire.TAG_SIGN_POINT), Crypto.point(pos.key.getPublic()))),
                Tlv.tlv(Wire.TAG_AUTHORISATION, Tlv.tlv(Wire.TAG_DISCRETIONARY, discretionary)),
                Tlv.tlv(Wire.TAG_EFFECTIVE, Bytes.u32(Issuer.NOW)), Tlv.tlv(Wire.TAG_EXPIRY, Bytes.u32(pos.expiry)));
            refused("authorisation of " + length, signedAgain(body));
        }
    }

    @Test
    void aSignatureInALongerEncodingIsNone() {
        byte[] body = Bytes.slice(pos.certificate, BODY, bodyEnd(pos.certificate) - BODY);
        byte[] der = Crypto.sign(issuer.keys[Wire.KEY_REF_POS_CA].getPrivate(), body);
        present(Tlv.tlv(Wire.TAG_CERTIFICATE, body, Tlv.tlv(Wire.TAG_SIGNATURE, der))).expectOk();
        byte[] longLength = Bytes.concat(Bytes.u8(0x30), Bytes.u8(0x81), Bytes.from(der, 1));
        byte[] trailing = Bytes.concat(der, Bytes.u8(0));
        byte[] indefinite = Bytes.concat(new byte[] {0x30, (byte) 0x80}, Bytes.from(der, 2), new byte[2]);
        for (byte[] other : new byte[][] {longLength, trailing, indefinite}) {
            refused("signature of " + other.length, Tlv.tlv(Wire.TAG_CERTIFICATE, body, Tlv.tlv(Wire.TAG_SIGNATURE, other)));
        }
    }

    @Test
    void refusalsForShapeComeBeforeThoseForContent() {
        byte[] tooLong = new byte[Wire.CERTIFICATE_TERMINAL_MAX + 1];
        for (int[] p : new int[][] {{1, 0xBE}, {0, 0xBF}}) {
            assertEquals(Wire.SW_WRONG_P1_P2, (short) card.plain(0x80, Wire.INS_PRESENT_CERTIFICATE, p[0], p[1], tooLong).statusWord());
        }
        present(pos.certificate).expectOk();
        assertEquals(Wire.SW_WRONG_P1_P2, (short) card.plain(0x80, Wire.INS_OPEN_SESSION_FULL, 0, 1, new byte[3]).statusWord());
        assertEquals(Wire.SW_WRONG_P1_P2, (short) card.plain(0x80, Wire.INS_OPEN_SESSION_RESUMED, 1, 1, new byte[3]).statusWord());
        card.select();
        assertRefused(Wire.SW_WRONG_P1_P2, 0, TestSession.agree(card, pos).send(Wire.INS_CONFIRM_SESSION, 0, 1, new byte[2]));
    }

    @Test
    void refusalsForShapeComeBeforeThoseForWhoAsks() {
        assertRefused(Wire.SW_WRONG_LENGTH, 0, atPos().send(Wire.INS_GET_PROOF, Wire.PROOF_LOG, 0, new byte[1]));
        assertRefused(Wire.SW_WRONG_LENGTH, 0, atPos().order(Wire.ORDER_TYPE_UNBLOCK, 0, new byte[3]));
    }

    @Test
    void aSessionThatNoCertificateWasPresentedForIsRefusedForThatWhateverItsShape() {
        for (int p2 : new int[] {0, 1}) {
            card.select();
            assertEquals(Wire.SW_CONDITIONS, (short) card.plain(0x80, Wire.INS_OPEN_SESSION_FULL, 0, p2, new byte[3]).statusWord());
        }
    }

    @Test
    void aCommandOfMoreDataThanAnyHasIsNoneHoweverRightItsMac() { // [M7]
        TestSession session = atPos();
        byte[] longest = session.wrap(Wire.INS_VERIFY_PIN, 0, 1, new byte[Wire.PROTECTED_COMMAND_MAX]);
        session.unwrap(Bytes.slice(card.transmit(longest), 0, 2 + 8));
        byte[] tooLong = session.wrap(Wire.INS_VERIFY_PIN, 0, 1, new byte[Wire.PROTECTED_COMMAND_MAX + 1]);
        assertEquals(Wire.SW_SM_INCORRECT, (short) Answer.of(card.transmit(tooLong)).statusWord());
    }

    @Test
    void extendedLengthsAreRefused() {
        byte[] extended = Bytes.concat(new byte[] {(byte) 0x80, Wire.INS_PRESENT_CERTIFICATE, 0, (byte) 0xBE, 0}, Bytes.u16(pos.certificate.length),
            pos.certificate);
        assertEquals(Wire.SW_WRONG_LENGTH, (short) Answer.of(card.transmit(extended)).statusWord());
    }
}
