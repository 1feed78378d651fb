package epurse;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;

/** Checks of the command's form that every handler makes after the guard: P1-P2, then the length. */
final class Require {

    private Require() {
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
