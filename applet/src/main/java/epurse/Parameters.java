package epurse;

import javacard.framework.Util;

/** The parameter set in force: limits per slot and over all. Replaced as a whole, inside a transaction. */
final class Parameters {

    /** parameters of structures.yaml. */
    final byte[] data = new byte[Wire.PARAMETERS_LENGTH];

    /** Offset in {@link #data} of a slot's limits (slotParameters). */
    static short slot(byte slot) {
        return (short) (Wire.PARAMETERS_SLOTS + (short) (slot * Wire.SLOT_PARAMETERS_LENGTH));
    }

    /** Debits between two synchronisations, 0 to 255. */
    short offlineCount() {
        return (short) (data[Wire.PARAMETERS_OFFLINE_COUNT] & 0xFF);
    }

    byte cancelsBetweenSyncs() {
        return data[Wire.PARAMETERS_CANCELS_BETWEEN_SYNCS];
    }

    /** Whether a set asks for no more than the card can keep. */
    static boolean isValid(byte[] set, short offset) {
        byte cancels = set[(short) (offset + Wire.PARAMETERS_CANCELS_BETWEEN_SYNCS)];
        return cancels >= 0 && cancels <= Wire.CANCEL_ORDERS;
    }

    /**
     * Whether a set is newer than the one in force; a record names its set by version, so no version is used twice. Byte by byte, for the
     * reason that U32.compare gives.
     */
    boolean isNewer(byte[] set, short offset) {
        short at = (short) (offset + Wire.PARAMETERS_VERSION);
        short high = (short) ((set[at] & 0xFF) - (data[Wire.PARAMETERS_VERSION] & 0xFF));
        if (high != 0) {
            return high > 0;
        }
        short low = (short) (Wire.PARAMETERS_VERSION + 1);
        return (short) (set[(short) (at + 1)] & 0xFF) > (short) (data[low] & 0xFF);
    }

    /** Inside a transaction. */
    void store(byte[] set, short offset) {
        Util.arrayCopy(set, offset, data, (short) 0, Wire.PARAMETERS_LENGTH);
    }
}
