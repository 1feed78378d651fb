package epurse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Meetings to the letter: shapes of the commands that open a session, and certificates that are signed rightly and built wrongly. */
class MeetingTest extends IssuedCardTest {

    private static final byte[] LIMIT = Bytes.concat(Bytes.u16(Issuer.EUR), Bytes.u32(10000));

    /** The parts of a shop's certificate, each of which a test may replace. */
    private static final class Parts {
        byte[] profile = Tlv.tlv(Wire.TAG_PROFILE, Bytes.u8(Wire.PROFILE_TERMINAL));
        byte[] authority = Tlv.tlv(Wire.TAG_AUTHORITY_REFERENCE, Issuer.keyId(Wire.KEY_REF_POS_CA));
        byte[] holder = Tlv.tlv(Wire.TAG_HOLDER_REFERENCE, "POS-0009".getBytes());
        byte[] key = Tlv.tlv(Tlv.tag(Wire.TAG_SIGN_POINT), Crypto.point(Crypto.newKeyPair().getPublic()));
        byte[] afterKey = {};
        byte[] role = Bytes.u8(Wire.ROLE_POS);
        byte[] limits = LIMIT;
        byte[] afterDiscretionary = {};
        byte[] effective = Tlv.tlv(Wire.TAG_EFFECTIVE, Bytes.u32(Issuer.NOW));
        byte[] expiry = Tlv.tlv(Wire.TAG_EXPIRY, Bytes.u32(Issuer.NOW + Issuer.DAY));
        byte[] atEnd = {};
        int ca = Wire.KEY_REF_POS_CA;

        byte[] body() {
            byte[] discretionary = Tlv.tlv(Wire.TAG_DISCRETIONARY, role, Bytes.u32(0xAC01), Bytes.u32(0x3E01), limits);
            return Tlv.tlv(Wire.TAG_CERTIFICATE_BODY, profile, authority, holder, Tlv.tlv(Wire.TAG_PUBLIC_KEY, key, afterKey),
                Tlv.tlv(Wire.TAG_AUTHORISATION, discretionary, afterDiscretionary), effective, expiry, atEnd);
        }
    }

    private interface Change {
        void on(Parts parts);
    }

    private Answer present(byte[] certificate) {
        return card.plain(0x80, Wire.INS_PRESENT_CERTIFICATE, 0, 0xBE, certificate);
    }

    private Answer present(Change change) {
        Parts parts = new Parts();
        change.on(parts);
        return present(Issuer.signed(issuer.keys[parts.ca].getPrivate(), parts.body()));
    }

    private static void assertClear(short statusWord, Answer answer) {
        assertEquals(String.format("%04X", statusWord), String.format("%04X", answer.statusWord()));
        assertEquals(0, answer.data().length);
    }

    private void refused(Change change) {
        assertClear(Wire.SW_INCORRECT_DATA, present(change));
    }

    @Test
    void aCertificateThatIsBuiltWronglyIsRefusedHoweverRightlyItIsSigned() { // [R6] [M6]
        present(parts -> {
        }).expectOk();
        byte[] before = state();
        refused(parts -> parts.profile = Tlv.tlv(Wire.TAG_PROFILE, Bytes.u8(Wire.PROFILE_CARD)));
        refused(parts -> parts.profile = Tlv.tlv(Wire.TAG_PROFILE, Bytes.u8(Wire.PROFILE_TERMINAL), Bytes.u8(0)));
        refused(parts -> parts.profile = new byte[0]);
        refused(parts -> parts.authority = Tlv.tlv(Wire.TAG_AUTHORITY_REFERENCE, Bytes.slice(Issuer.keyId(Wire.KEY_REF_POS_CA), 0, 3)));
        refused(parts -> parts.authority = Tlv.tlv(Wire.TAG_AUTHORITY_REFERENCE, Issuer.keyId(Wire.KEY_REF_POS_CA), Bytes.u8(0)));
        refused(parts -> parts.holder = Tlv.tlv(Wire.TAG_HOLDER_REFERENCE, "POS-009".getBytes()));
        refused(parts -> parts.holder = Tlv.tlv(Wire.TAG_HOLDER_REFERENCE, "POS-00009".getBytes()));
        refused(parts -> parts.key = Tlv.tlv(Tlv.tag(Wire.TAG_SIGN_POINT), new byte[63]));
        refused(parts -> parts.afterKey = Tlv.tlv(Tlv.tag(Wire.TAG_AGREE_POINT), new byte[1]));
        refused(parts -> parts.afterDiscretionary = Tlv.tlv(Wire.TAG_DISCRETIONARY));
        refused(parts -> parts.atEnd = Tlv.tlv(Wire.TAG_EXPIRY, Bytes.u32(1)));
        refused(parts -> parts.effective = Tlv.tlv(Wire.TAG_EFFECTIVE, Bytes.u16(1)));
        refused(parts -> parts.expiry = Tlv.tlv(Wire.TAG_EXPIRY, Bytes.u32(Issuer.NOW), Bytes.u8(0)));
        refused(parts -> parts.expiry = Bytes.slice(parts.expiry, 0, 3));
        assertArrayEquals(before, state());
    }

    @Test
    void aCertificateIsGoodForSomeTimeAndNotForNone() {
        refused(parts -> parts.effective = Tlv.tlv(Wire.TAG_EFFECTIVE, Bytes.u32(Issuer.NOW + Issuer.DAY)));
        refused(parts -> parts.effective = Tlv.tlv(Wire.TAG_EFFECTIVE, Bytes.u32(Issuer.NOW + Issuer.DAY + 1)));
        present(parts -> parts.effective = Tlv.tlv(Wire.TAG_EFFECTIVE, Bytes.u32(Issuer.NOW + Issuer.DAY - 1))).expectOk();
    }

    @Test
    void aShopIsGrantedNoneToThreeUnitsAndOthersNone() {
        present(parts -> parts.limits = new byte[0]).expectOk();
        present(parts -> parts.limits = Bytes.concat(LIMIT, LIMIT, LIMIT)).expectOk();
        refused(parts -> parts.limits = Bytes.concat(LIMIT, LIMIT, LIMIT, LIMIT));
        for (int length : new int[] {1, 5, 7, 13}) {
            refused(parts -> parts.limits = new byte[length]);
        }
        Change kiosk = parts -> {
            parts.ca = Wire.KEY_REF_TERMINAL_CA;
            parts.authority = Tlv.tlv(Wire.TAG_AUTHORITY_REFERENCE, Issuer.keyId(Wire.KEY_REF_TERMINAL_CA));
            parts.role = Bytes.u8(Wire.ROLE_LOAD);
        };
        refused(kiosk);
        present(parts -> {
            kiosk.on(parts);
            parts.limits = new byte[0];
        }).expectOk();
        for (int role : new int[] {0, Wire.ROLE_LOAD | Wire.ROLE_PERSO, 0x08, 0xFF}) {
            refused(parts -> {
                kiosk.on(parts);
                parts.limits = new byte[0];
                parts.role = Bytes.u8(role);
            });
        }
        refused(parts -> parts.role = new byte[0]);
    }

    /** Signs a body that is encoded otherwise than in the shortest way. */
    private Answer presentEncoded(UnaryOperator<byte[]> body, UnaryOperator<byte[]> whole) {
        byte[] encoded = body.apply(new Parts().body());
        byte[] signature = Crypto.sign(issuer.keys[Wire.KEY_REF_POS_CA].getPrivate(), encoded);
        return present(whole.apply(Tlv.tlv(Wire.TAG_CERTIFICATE, encoded, Tlv.tlv(Wire.TAG_SIGNATURE, signature))));
    }

    @Test
    void lengthsAreEncodedInTheShortestWayAndEndWhereTheyShould() {
        UnaryOperator<byte[]> same = bytes -> bytes;
        presentEncoded(same, same).expectOk();
        // 5F 29 01 00 becomes 5F 29 81 01 00
        assertClear(Wire.SW_INCORRECT_DATA, presentEncoded(body -> {
            int at = 2 + (body[2] == (byte) 0x81 ? 2 : 1) + 2;
            byte[] longer = Bytes.concat(Bytes.slice(body, 0, at), Bytes.u8(0x81), Bytes.from(body, at));
            longer[3]++;
            return longer;
        }, same));
        assertClear(Wire.SW_INCORRECT_DATA, presentEncoded(same, whole -> {
            byte[] other = whole.clone();
            other[2] = (byte) 0x82;
            return other;
        }));
        assertClear(Wire.SW_INCORRECT_DATA, presentEncoded(same, whole -> Bytes.concat(whole, Bytes.u8(0))));
        assertClear(Wire.SW_INCORRECT_DATA, presentEncoded(same, whole -> {
            byte[] other = Bytes.concat(whole, Bytes.u8(0));
            other[3]++;
            return other;
        }));
    }

    @Test
    void aSignatureOfACertificateHasEightToSeventyTwoBytes() {
        byte[] body = new Parts().body();
        for (int length : new int[] {0, 7, 8, 72, 73}) {
            assertClear(Wire.SW_INCORRECT_DATA, present(Tlv.tlv(Wire.TAG_CERTIFICATE, body, Tlv.tlv(Wire.TAG_SIGNATURE, new byte[length]))));
        }
    }

    @Test
    void presentCertificateHasOneShape() {
        assertClear(Wire.SW_WRONG_P1_P2, card.plain(0x80, Wire.INS_PRESENT_CERTIFICATE, 1, 0xBE, pos.certificate));
        assertClear(Wire.SW_WRONG_P1_P2, card.plain(0x80, Wire.INS_PRESENT_CERTIFICATE, 0, 0xBF, pos.certificate));
        assertClear(Wire.SW_WRONG_LENGTH, Answer.of(card.transmit(new byte[] {(byte) 0x80, Wire.INS_PRESENT_CERTIFICATE, 0, (byte) 0xBE, 0})));
        assertClear(Wire.SW_INCORRECT_DATA, present(new byte[1]));
        assertClear(Wire.SW_INCORRECT_DATA, present(new byte[Wire.CERTIFICATE_TERMINAL_MAX]));
        assertClear(Wire.SW_WRONG_LENGTH, present(new byte[Wire.CERTIFICATE_TERMINAL_MAX + 1]));
    }

    @Test
    void openFullHasOneShapeAndOneAttempt() {
        byte[] point = Crypto.point(Crypto.newKeyPair().getPublic());
        for (int[] each : new int[][] {{1, 72, Wire.SW_WRONG_P1_P2}, {0, 7, Wire.SW_WRONG_LENGTH}, {0, 73, Wire.SW_WRONG_LENGTH},
            {0, 8, Wire.SW_INCORRECT_DATA}, {0, 72, Wire.SW_INCORRECT_DATA}}) {
            present(pos.certificate).expectOk();
            byte[] request = Bytes.concat(new byte[16], point, new byte[each[1]]);
            assertClear((short) each[2], card.plain(0x80, Wire.INS_OPEN_SESSION_FULL, 0, each[0], request));
            assertClear(Wire.SW_CONDITIONS, card.plain(0x80, Wire.INS_OPEN_SESSION_FULL, 0, 0, request));
        }
        assertClear(Wire.SW_WRONG_P1_P2, card.plain(0x80, Wire.INS_OPEN_SESSION_FULL, 2, 0, new byte[90]));
    }

    @Test
    void openResumedHasOneShapeAndKnowsThreePurses() {
        byte[] request = Bytes.concat(pos.id, new byte[16], Bytes.u8(EUR));
        assertClear(Wire.SW_WRONG_P1_P2, card.plain(0x80, Wire.INS_OPEN_SESSION_RESUMED, 1, 1, request));
        assertClear(Wire.SW_WRONG_LENGTH, card.plain(0x80, Wire.INS_OPEN_SESSION_RESUMED, 1, 0, Bytes.slice(request, 0, 24)));
        assertClear(Wire.SW_WRONG_LENGTH, card.plain(0x80, Wire.INS_OPEN_SESSION_RESUMED, 1, 0, Bytes.concat(request, Bytes.u8(0))));
        for (int slot : new int[] {3, 4, 0x7F, 0x80, 0xFF}) {
            assertClear(Wire.SW_INCORRECT_DATA, card.plain(0x80, Wire.INS_OPEN_SESSION_RESUMED, 1, 0, Bytes.concat(pos.id, new byte[16], Bytes.u8(slot))));
        }
        for (int slot = 0; slot < 3; slot++) {
            assertEquals(slot, TestSession.openResumed(card, pos, slot).s1[Wire.OPENING_ANSWER_SLOT]);
        }
    }

    @Test
    void confirmHasOneShapeAndKnowsThreePurses() {
        byte[] before = state();
        for (byte[] data : new byte[][] {{}, {0, 0}}) {
            card.select();
            assertRefused(Wire.SW_WRONG_LENGTH, 0, TestSession.agree(card, pos).send(Wire.INS_CONFIRM_SESSION, 0, 0, data));
        }
        card.select();
        assertRefused(Wire.SW_WRONG_P1_P2, 0, TestSession.agree(card, pos).send(Wire.INS_CONFIRM_SESSION, 0, 1, Bytes.u8(EUR)));
        card.select();
        assertRefused(Wire.SW_WRONG_P1_P2, 0, TestSession.agree(card, pos).send(Wire.INS_CONFIRM_SESSION, 1, 0, Bytes.u8(EUR)));
        card.select();
        assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_UNIT, TestSession.agree(card, pos).confirm(pos, 3));
        assertArrayEquals(before, state());
        assertEquals(USD, TestSession.openFull(card, pos, USD).s1[Wire.OPENING_ANSWER_SLOT]);
        assertRefused(Wire.SW_CONDITIONS, 0, atPos().send(Wire.INS_CONFIRM_SESSION, 0, 0, Bytes.u8(EUR)));
    }

    @Test
    void aSlotNameIsNewAtEveryFirstMeetingAndStaysAfterwards() {
        byte[] first = pos.pairs.get("card").name();
        byte[] request = Bytes.concat(pos.id, new byte[16], Bytes.u8(EUR));
        byte[] answer = card.plain(0x80, Wire.INS_OPEN_SESSION_RESUMED, 1, 0, request).expectOk();
        assertArrayEquals(first, Bytes.slice(answer, 0, 8));
        assertEquals(8 + 16 + Wire.OPENING_ANSWER_LENGTH + 2 + 8, answer.length);
        TestSession.openFull(card, pos, EUR);
        byte[] second = pos.pairs.get("card").name();
        assertFalse(Arrays.equals(first, second));
        assertArrayEquals(second, Bytes.slice(card.plain(0x80, Wire.INS_OPEN_SESSION_RESUMED, 1, 0, request).expectOk(), 0, 8));
    }

    @Test
    void aDeskSeesTheLoadRegisterInsteadOfHeadroom() {
        byte[] s1 = atDesk().s1;
        assertArrayEquals(new byte[12], Bytes.slice(s1, Wire.OPENING_ANSWER_ROOM, 12));
        askForLoad(Wire.LOAD_TYPE_LOAD, USD, 777);
        byte[] brief = Bytes.concat(Bytes.u32(1), Bytes.u8(Wire.LOAD_STATE_PENDING), Bytes.u8(Wire.LOAD_TYPE_LOAD), Bytes.u8(USD), Bytes.u32(777), Bytes.u8(0));
        for (TestSession session : new TestSession[] {atDesk(), atKiosk()}) {
            assertArrayEquals(brief, Bytes.slice(session.s1, Wire.OPENING_ANSWER_ROOM, 12));
        }
    }
}
