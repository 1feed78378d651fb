package epurse;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;

/** Checks that need no reason beside the status word: outside a session, and of a command's form (P1-P2, then the length). */
final class Require {

    private Require() {
    }

    static void that(boolean condition, short statusWord) {
        if (!condition) {
            ISOException.throwIt(statusWord);
        }
    }

    static void p1p2(byte[] apdu, byte p1, byte p2) {
        if (apdu[ISO7816.OFFSET_P1] != p1 || apdu[ISO7816.OFFSET_P2] != p2) {
            ISOException.throwIt(Wire.SW_WRONG_P1_P2);
        }
    }

    static void length(short length, short expected) {
        if (length != expected) {
            ISOException.throwIt(Wire.SW_WRONG_LENGTH);
        }
    }

    static void length(short length, short least, short most) {
        if (length < least || length > most) {
            ISOException.throwIt(Wire.SW_WRONG_LENGTH);
        }
    }
}
