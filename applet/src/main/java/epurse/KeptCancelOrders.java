package epurse;

import javacard.framework.Util;

/**
 * Cancel orders with the terminals' signatures, kept until the issuer has them. A ring of as many places as a card may cancel between
 * two synchronisations, so the place that is overwritten holds an acknowledged one.
 */
final class KeptCancelOrders {

    private static final short PLACE_LENGTH = Wire.KEPT_CANCEL_ORDER_MAX;

    private final byte[] places = new byte[(short) (Wire.CANCEL_ORDERS * PLACE_LENGTH)];

    static boolean isPlace(byte place) {
        return place >= 0 && place < Wire.CANCEL_ORDERS;
    }

    /** The place after this one. */
    static byte following(byte place) {
        return (byte) ((short) (place + 1) % Wire.CANCEL_ORDERS);
    }

    /**
     * Inside a transaction: keeps an order.
     *
     * @param numbers cancelled NT, cancelled TN, own TN: 12 bytes
     */
    void store(byte place, byte[] numbers, short numbersOffset, byte[] signature, short signatureOffset, short signatureLength) {
        short at = (short) (place * PLACE_LENGTH);
        at = Util.arrayCopy(numbers, numbersOffset, places, at, Wire.KEPT_CANCEL_ORDER_SIGNATURE);
        places[at] = (byte) signatureLength;
        Util.arrayCopy(signature, signatureOffset, places, (short) (at + 1), signatureLength);
    }

    /** Writes the order kept in a place and returns its length, 0 if the place is empty. */
    short copy(byte place, byte[] out, short outOffset) {
        short at = (short) (place * PLACE_LENGTH);
        byte signatureLength = places[(short) (at + Wire.KEPT_CANCEL_ORDER_SIGNATURE)];
        if (signatureLength == 0) {
            return 0;
        }
        short length = (short) (Wire.KEPT_CANCEL_ORDER_SIGNATURE + 1 + signatureLength);
        Util.arrayCopyNonAtomic(places, at, out, outOffset, length);
        return length;
    }
}
