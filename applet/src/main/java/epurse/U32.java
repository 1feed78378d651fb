package epurse;

import javacard.framework.Util;

/**
 * Unsigned 32-bit numbers, big-endian in byte arrays: Java Card has no unsigned type and no int everywhere. Money, counters
 * and dates are all of this kind. Whatever can leave the range says so by its result; nothing wraps unseen.
 */
final class U32 {

    static final short LENGTH = 4;

    private U32() {
    }

    /**
     * Less than zero, zero or above as a is less than, equal to or above b. Not Util.arrayCompare: its description does not say
     * whether bytes are compared as signed or unsigned, and money must not depend on the card's choice.
     */
    static byte compare(byte[] a, short aOffset, byte[] b, short bOffset) {
        for (short i = 0; i < LENGTH; i++) {
            short left = (short) (a[(short) (aOffset + i)] & 0xFF);
            short right = (short) (b[(short) (bOffset + i)] & 0xFF);
            if (left != right) {
                return (byte) (left < right ? -1 : 1);
            }
        }
        return 0;
    }

    static boolean isZero(byte[] a, short offset) {
        return (byte) (a[offset] | a[(short) (offset + 1)] | a[(short) (offset + 2)] | a[(short) (offset + 3)]) == 0;
    }

    /** Whether a counter has reached its end, FFFFFFFF. */
    static boolean isLast(byte[] a, short offset) {
        return (byte) (a[offset] & a[(short) (offset + 1)] & a[(short) (offset + 2)] & a[(short) (offset + 3)]) == (byte) 0xFF;
    }

    static void copy(byte[] from, short fromOffset, byte[] to, short toOffset) {
        Util.arrayCopyNonAtomic(from, fromOffset, to, toOffset, LENGTH);
    }

    static void clear(byte[] a, short offset) {
        Util.arrayFillNonAtomic(a, offset, LENGTH, (byte) 0);
    }

    /** a += b. True if the sum does not fit; a is then its low 32 bits. */
    static boolean add(byte[] a, short aOffset, byte[] b, short bOffset) {
        short carry = 0;
        for (short i = (short) (LENGTH - 1); i >= 0; i--) {
            short at = (short) (aOffset + i);
            carry = (short) ((a[at] & 0xFF) + (b[(short) (bOffset + i)] & 0xFF) + carry);
            a[at] = (byte) carry;
            carry = (short) (carry >> 8);
        }
        return carry != 0;
    }

    /** a -= b. True if b is above a; a is then the difference modulo 2^32. */
    static boolean subtract(byte[] a, short aOffset, byte[] b, short bOffset) {
        short borrow = 0;
        for (short i = (short) (LENGTH - 1); i >= 0; i--) {
            short at = (short) (aOffset + i);
            borrow = (short) ((a[at] & 0xFF) - (b[(short) (bOffset + i)] & 0xFF) + borrow);
            a[at] = (byte) borrow;
            borrow = (short) (borrow >> 8);
        }
        return borrow != 0;
    }

    /** a += 1. True if a was FFFFFFFF; a is then zero. */
    static boolean increment(byte[] a, short offset) {
        for (short i = (short) (LENGTH - 1); i >= 0; i--) {
            short at = (short) (offset + i);
            a[at]++;
            if (a[at] != 0) {
                return false;
            }
        }
        return true;
    }

    /** a = the lesser of a and b. */
    static void limit(byte[] a, short aOffset, byte[] b, short bOffset) {
        if (compare(a, aOffset, b, bOffset) > 0) {
            copy(b, bOffset, a, aOffset);
        }
    }

    /** a = a - b, or zero where b is above a. */
    static void remaining(byte[] a, short aOffset, byte[] b, short bOffset) {
        if (subtract(a, aOffset, b, bOffset)) {
            clear(a, aOffset);
        }
    }

    /**
     * quotient = floor(dividend / divisor), by shift and subtract. Leading zero bytes of the dividend cost nothing, so an everyday
     * amount takes half the steps. The four numbers must not overlap.
     *
     * @param divisor not zero
     * @param rest 4 bytes of working memory; the remainder afterwards
     */
    static void divide(byte[] dividend, short dividendOffset, byte[] divisor, short divisorOffset,
                       byte[] quotient, short quotientOffset, byte[] rest, short restOffset) {
        clear(quotient, quotientOffset);
        clear(rest, restOffset);
        short i = 0;
        while (i < LENGTH && dividend[(short) (dividendOffset + i)] == 0) {
            i++;
        }
        for (; i < LENGTH; i++) {
            byte digits = dividend[(short) (dividendOffset + i)];
            byte result = 0;
            for (byte bit = 0; bit < 8; bit++) {
                shiftIn(rest, restOffset, digits < 0);
                digits = (byte) (digits << 1);
                result = (byte) (result << 1);
                if (compare(rest, restOffset, divisor, divisorOffset) >= 0) {
                    subtract(rest, restOffset, divisor, divisorOffset);
                    result = (byte) (result | 1);
                }
            }
            quotient[(short) (quotientOffset + i)] = result;
        }
    }

    /** a = 2 * a + (bit ? 1 : 0). The rest of n bits is below 2^n, so of 32 bits of a dividend none falls out. */
    private static void shiftIn(byte[] a, short offset, boolean bit) {
        short carry = (short) (bit ? 1 : 0);
        for (short i = (short) (LENGTH - 1); i >= 0; i--) {
            short at = (short) (offset + i);
            carry = (short) ((short) ((a[at] & 0xFF) << 1) | carry);
            a[at] = (byte) carry;
            carry = (short) (carry >> 8);
        }
    }
}
