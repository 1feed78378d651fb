package epurse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SessionTest {

    @Test
    void aRawCardIsPersonalizedEndToEnd() {
        try (TestCard card = TestCard.raw(new Issuer())) {
            assertEquals(Wire.LIFE_RAW, card.state());
            card.personalize();
            assertEquals(Wire.LIFE_ACTIVE, card.state());
            TestTerminal pos = TestTerminal.pos(card.issuer, "POS-0001");
            TestSession session = TestSession.openFull(card, pos, 0);
            assertEquals(0, session.s1(Wire.OPENING_ANSWER_NT));
            TestSession again = TestSession.openResumed(card, pos, 0);
            assertEquals(0, again.s1(Wire.OPENING_ANSWER_BALANCE));
            assertTrue(!again.debit(0, 100, 1).ok());
        }
    }
}
