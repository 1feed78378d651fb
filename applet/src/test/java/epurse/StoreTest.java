package epurse;

import static epurse.IssuedCardTest.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Personalization to the letter: the shape of every command on a raw card, and what each group must look like. [R3] */
class StoreTest {

    private static final Issuer ISSUER = new Issuer();

    private TestCard card;
    private TestSession session;
    private byte[] before;

    @BeforeEach
    void openARawCard() {
        card = TestCard.raw(ISSUER);
        session = TestSession.openRaw(card);
        before = state();
    }

    @AfterEach
    void close() {
        card.close();
    }

    private byte[] state() {
        return card.simulated.persistentDigest(Set.of("CardKeys.scratch", "CardKeys.signPair", "CardKeys.agreePair"));
    }

    private void refused(short statusWord, int reason, int group, int p2, byte[] data) {
        assertRefused(statusWord, reason, session.store((byte) group, p2, data));
        assertArrayEquals(before, state());
    }

    private void hasLength(int group, int p2, byte[] data) {
        refused(Wire.SW_WRONG_LENGTH, 0, group, p2, Bytes.slice(data, 0, data.length - 1));
        refused(Wire.SW_WRONG_LENGTH, 0, group, p2, Bytes.concat(data, Bytes.u8(0)));
    }

    @Test
    void everyGroupHasOneLength() {
        hasLength(Wire.DATA_GROUP_CARD_DATA, 0, card.cardData());
        hasLength(Wire.DATA_GROUP_KEY, 0, ISSUER.keyData(0));
        hasLength(Wire.DATA_GROUP_PARAMETERS, 0, Issuer.parameters(1));
        hasLength(Wire.DATA_GROUP_PIN, 0, TestCard.PIN);
        hasLength(Wire.DATA_GROUP_CERTIFICATE, 0, new byte[128]);
        refused(Wire.SW_WRONG_LENGTH, 0, Wire.DATA_GROUP_CERTIFICATE, 1, new byte[0]);
        refused(Wire.SW_WRONG_LENGTH, 0, Wire.DATA_GROUP_CERTIFICATE, 1, new byte[128]);
        session.store(Wire.DATA_GROUP_CERTIFICATE, 1, new byte[127]).expectOk();
        session.store(Wire.DATA_GROUP_CERTIFICATE, 1, new byte[1]).expectOk();
    }

    @Test
    void groupsAndReferencesThatThereAreNotAreRefused() {
        for (int group : new int[] {0, 6, 7, 0x80, 0xFF}) {
            refused(Wire.SW_WRONG_P1_P2, 0, group, 0, new byte[1]);
        }
        refused(Wire.SW_WRONG_P1_P2, 0, Wire.DATA_GROUP_CARD_DATA, 1, card.cardData());
        refused(Wire.SW_WRONG_P1_P2, 0, Wire.DATA_GROUP_PARAMETERS, 1, Issuer.parameters(1));
        refused(Wire.SW_WRONG_P1_P2, 0, Wire.DATA_GROUP_PIN, 1, TestCard.PIN);
        for (int reference : new int[] {8, 9, 0x80, 0xFF}) {
            refused(Wire.SW_WRONG_P1_P2, 0, Wire.DATA_GROUP_KEY, reference, ISSUER.keyData(0));
        }
        for (int block : new int[] {2, 3, 0x80, 0xFF}) {
            refused(Wire.SW_WRONG_P1_P2, 0, Wire.DATA_GROUP_CERTIFICATE, block, new byte[127]);
        }
    }

    @Test
    void generatingAndActivatingHaveOneShape() {
        for (byte instruction : new byte[] {Wire.INS_GENERATE_KEYS, Wire.INS_ACTIVATE}) {
            assertRefused(Wire.SW_WRONG_P1_P2, 0, session.send(instruction, 1, 0));
            assertRefused(Wire.SW_WRONG_P1_P2, 0, session.send(instruction, 0, 1));
            assertRefused(Wire.SW_WRONG_LENGTH, 0, session.send(instruction, 0, 0, Bytes.u8(0)));
        }
        assertArrayEquals(before, state());
    }

    @Test
    void aCardHasItsBeginBeforeItsEnd() {
        byte[] data = card.cardData();
        System.arraycopy(data, Wire.CARD_DATA_DATE, data, Wire.CARD_DATA_EXPIRY, 4);
        refused(Wire.SW_INCORRECT_DATA, Wire.REASON_FORMAT, Wire.DATA_GROUP_CARD_DATA, 0, data);
        data[Wire.CARD_DATA_EXPIRY + 3]++;
        session.store(Wire.DATA_GROUP_CARD_DATA, 0, data).expectOk();
    }

    @Test
    void everyKeyStandsUnderItsOwnAuthorityWithRolesThatItMayGrant() {
        for (int reference = 0; reference < 8; reference++) {
            byte[] own = ISSUER.keyData(reference);
            for (int other = 0; other < 8; other++) {
                if (other / 2 != reference / 2) {
                    refused(Wire.SW_INCORRECT_DATA, Wire.REASON_FORMAT, Wire.DATA_GROUP_KEY, other, own);
                }
            }
            byte[] everything = own.clone();
            everything[Wire.KEY_DATA_ROLES] = Wire.ROLE_POS | Wire.ROLE_LOAD | Wire.ROLE_PERSO;
            refused(Wire.SW_INCORRECT_DATA, Wire.REASON_FORMAT, Wire.DATA_GROUP_KEY, reference, everything);
            if (reference < 4) {
                byte[] nothing = own.clone();
                nothing[Wire.KEY_DATA_ROLES] = 0;
                refused(Wire.SW_INCORRECT_DATA, Wire.REASON_FORMAT, Wire.DATA_GROUP_KEY, reference, nothing);
            }
        }
    }

    @Test
    void noMoreCancelsAreAllowedThanTheCardCanKeep() {
        for (int cancels : new int[] {5, 0x7F, 0x80, 0xFF}) {
            byte[] parameters = Issuer.parameters(1);
            parameters[Wire.PARAMETERS_CANCELS_BETWEEN_SYNCS] = (byte) cancels;
            refused(Wire.SW_INCORRECT_DATA, Wire.REASON_FORMAT, Wire.DATA_GROUP_PARAMETERS, 0, parameters);
        }
        for (int cancels : new int[] {0, Wire.CANCEL_ORDERS}) {
            byte[] parameters = Issuer.parameters(1);
            parameters[Wire.PARAMETERS_CANCELS_BETWEEN_SYNCS] = (byte) cancels;
            session.store(Wire.DATA_GROUP_PARAMETERS, 0, parameters).expectOk();
        }
    }

    @Test
    void parametersAreReplacedByNewerOnesInEveryByteOfTheVersion() {
        card.storeAll(session);
        session.send(Wire.INS_ACTIVATE, 0, 0).expectOk();
        TestTerminal desk = TestTerminal.desk(ISSUER, "DESK-001");
        TestSession orders = TestSession.openFull(card, desk, 0);
        int counter = 0;
        int inForce = 1;
        for (int version : new int[] {0, 1, 0x7F, 0x80, 0x7F, 0xFF, 0x100, 0xFF, 0x101, 0x7FFF, 0x8000, 0x7F00, 0xFFFE, 0x8001, 0xFFFF, 0xFFFF}) {
            byte[] body = Bytes.concat(Bytes.u32(counter + 1), Issuer.parameters(version));
            Answer answer = orders.order(Wire.ORDER_TYPE_PARAMETERS, 0, ISSUER.order(Wire.KEY_REF_ORDER, TestCard.CARD_ID, Wire.ORDER_TYPE_PARAMETERS, body));
            if (version > inForce) {
                answer.expectOk();
                inForce = version;
                counter++;
            } else {
                assertRefused(Wire.SW_CONDITIONS, Wire.REASON_STALE, answer);
            }
            assertArrayEquals(Issuer.parameters(inForce), Bytes.from(orders.totals(), Wire.TOTALS_PARAMETERS));
        }
    }
}
