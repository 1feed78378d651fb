package epurse;

import javacard.framework.JCSystem;
import javacard.framework.Util;

/** SELECT: version, scheme and state, the serial while RAW; nothing that tells one card from another once it is issued. */
final class Selection {

    private final CardData card;
    private final CardKeys cardKeys;
    private final LifeCycle lifeCycle;

    Selection(Purse purse) {
        card = purse.card;
        cardKeys = purse.cardKeys;
        lifeCycle = purse.lifeCycle;
    }

    /** Finishes a torn erase of the transport keys, then writes selectAnswer (apdu-specs/tlv.yaml) and returns its length. */
    short answer(byte[] out) {
        eraseTransportKeys();
        boolean raw = lifeCycle.isRaw();
        out[0] = Wire.TAG_FCI;
        out[2] = Wire.TAG_DF_NAME;
        out[3] = JCSystem.getAID().getBytes(out, (short) 4);
        short proprietary = (short) (4 + out[3]);
        out[proprietary] = Wire.TAG_PROPRIETARY;

        short at = object(out, (short) (proprietary + 2), Wire.TAG_VERSION, (short) 2);
        out[at] = Wire.VERSION_MAJOR;
        out[(short) (at + 1)] = Wire.VERSION_MINOR;
        at = object(out, (short) (at + 2), Wire.TAG_SCHEME, (short) 2);
        if (raw) {
            Util.setShort(out, at, (short) 0);
        } else {
            Util.arrayCopyNonAtomic(card.data, Wire.CARD_DATA_SCHEME, out, at, (short) 2);
        }
        at = object(out, (short) (at + 2), Wire.TAG_STATE, (short) 1);
        out[at] = lifeCycle.state();
        at++;
        if (raw) {
            at = object(out, at, Wire.TAG_SERIAL, CardData.SERIAL_LENGTH);
            at = Util.arrayCopyNonAtomic(card.data, CardData.SERIAL, out, at, CardData.SERIAL_LENGTH);
        }
        out[(short) (proprietary + 1)] = (byte) (at - proprietary - 2);
        out[1] = (byte) (at - 2);
        return at;
    }

    /** Erases the transport keys of a card that is no longer RAW; writes nothing if that is done. */
    void eraseTransportKeys() {
        if (!lifeCycle.isRaw()) {
            cardKeys.eraseTransportKeys();
        }
    }

    /** Writes tag and length and returns where the value goes. */
    private static short object(byte[] out, short at, byte tag, short length) {
        out[at] = tag;
        out[(short) (at + 1)] = (byte) length;
        return (short) (at + 2);
    }
}
