package epurse;

import javacard.framework.Util;

/** Who the card is: serial, card id, scheme, key version, expiry, unit of each purse slot. Written in RAW only. */
final class CardData {

    static final short ID_LENGTH = 8;
    static final short SERIAL_LENGTH = 8;
    static final short SERIAL = Wire.CARD_DATA_LENGTH; // 8, from the install parameters

    /** DOMAIN ‖ scheme ‖ card id ‖ key version: what everything starts with that the card signs. */
    static final short CARD_PREFIX_LENGTH = 4 + Wire.SIGNED_RECORD_RECORD;
    /** DOMAIN ‖ scheme ‖ card id: what everything starts with that is signed for one card. */
    static final short PREFIX_LENGTH = 4 + Wire.SIGNED_RECORD_KEY_VERSION;

    private static final short DOMAIN_LENGTH = 4;

    /** cardData of structures.yaml, then the serial. */
    final byte[] data = new byte[(short) (SERIAL + SERIAL_LENGTH)];

    byte keyVersion() {
        return data[Wire.CARD_DATA_KEY_VERSION];
    }

    /** Offset in {@link #data} of a slot's unit code (2 bytes). */
    short unitOffset(byte slot) {
        return (short) (Wire.CARD_DATA_UNITS + (short) (slot * Wire.UNIT_CODE_LENGTH));
    }

    /** Whether the card has such a slot; the byte comes from the wire. */
    static boolean hasSlot(byte slot) {
        return slot >= 0 && slot < Wire.PURSE_SLOTS;
    }

    /** Writes DOMAIN ‖ scheme ‖ card id and returns where it ends. */
    short prefix(byte[] domain, byte[] out, short offset) {
        short end = Util.arrayCopyNonAtomic(domain, (short) 0, out, offset, DOMAIN_LENGTH);
        end = Util.arrayCopyNonAtomic(data, Wire.CARD_DATA_SCHEME, out, end, (short) 2);
        return Util.arrayCopyNonAtomic(data, Wire.CARD_DATA_CARD_ID, out, end, ID_LENGTH);
    }

    /** Writes DOMAIN ‖ scheme ‖ card id ‖ key version and returns where it ends. */
    short cardPrefix(byte[] domain, byte[] out, short offset) {
        short end = prefix(domain, out, offset);
        out[end] = keyVersion();
        return (short) (end + 1);
    }
}
