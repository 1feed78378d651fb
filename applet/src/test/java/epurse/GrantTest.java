package epurse;

import static epurse.IssuedCardTest.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A shop's certificate grants the units it names: neither what is encoded behind them, nor the purse that has no unit yet. [R6] */
class GrantTest {

    private static final int SLOT = 1;

    @ParameterizedTest
    @ValueSource(ints = {0x0000, Wire.TAG_EFFECTIVE})
    void noOtherUnitIsShownOrTaken(int unit) {
        Issuer issuer = new Issuer();
        byte[] limits = Bytes.concat(Bytes.u16(Issuer.EUR), Bytes.u32(10000));
        TestTerminal shop = TestTerminal.pos(issuer, "POS-0001", Wire.KEY_REF_POS_CA, Issuer.NOW + Issuer.DAY, limits);
        try (TestCard card = TestCard.raw(issuer)) {
            card.units = new int[] {Issuer.EUR, unit, Issuer.POINTS};
            card.personalize();
            TestSession session = TestSession.openFull(card, shop, SLOT);
            assertArrayEquals(new byte[12], Bytes.slice(session.s1, Wire.OPENING_ANSWER_ROOM, 12));
            assertRefused(Wire.SW_INCORRECT_DATA, Wire.REASON_UNIT, session.debit(SLOT, 1, 1));
        }
    }
}
