package epurse;

import javacard.framework.ISOException;

/**
 * How a command is refused: a status word in its ISO 7816-4 meaning and, inside a session, a reason in front of it. The reason waits
 * in transient memory while the ISOException travels (the runtime's own instance, nothing is allocated).
 */
final class Refusal {

    private final byte[] data;

    Refusal(Session session) {
        data = session.data;
    }

    /** To be called before each command. */
    void clear() {
        data[Session.REASON] = Wire.REASON_NONE;
    }

    /** Names the reason for whatever the next steps throw by themselves; {@link #clear()} takes it back. */
    void expect(byte why) {
        data[Session.REASON] = why;
    }

    byte reason() {
        return data[Session.REASON];
    }

    /** Refuses if a condition holds. */
    void when(boolean condition, byte why) {
        if (condition) {
            because(why);
        }
    }

    /** Refuses with the status word that goes with the reason (apdu-specs/states.yaml). Does not return. */
    void because(byte why) {
        because(why, statusWord(why));
    }

    /** Refuses with a reason and a status word of its own. Does not return. */
    void because(byte why, short statusWord) {
        expect(why);
        ISOException.throwIt(statusWord);
    }

    static short statusWord(byte why) {
        switch (why) {
            case Wire.REASON_UNIT:
            case Wire.REASON_AMOUNT:
            case Wire.REASON_FORMAT:
            case Wire.REASON_SIGNATURE:
            case Wire.REASON_MISSING:
                return Wire.SW_INCORRECT_DATA;
            case Wire.REASON_PIN_REQUIRED:
            case Wire.REASON_ROLE:
            case Wire.REASON_FULL_SESSION:
                return Wire.SW_SECURITY_STATUS;
            case Wire.REASON_LOG_FULL:
                return Wire.SW_LOG_FULL;
            case Wire.REASON_KEY:
                return Wire.SW_REFERENCE_NOT_FOUND;
            default:
                return Wire.SW_CONDITIONS;
        }
    }
}
