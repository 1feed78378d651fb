package epurse;

import javacard.framework.Util;
import javacard.security.ECPublicKey;

/**
 * The issuer's and acquirer's public keys, by keyRef: each of the four in a current and a next version, key objects ready for use. A
 * byte beside the current one says whether the next has taken over; it never goes back.
 */
final class PublicKeys {

    private static final short COUNT = 8;

    /** Per key: keyId and roles as in keyData, whether it is there, and whether its successor has taken over. */
    private static final short PRESENT = Wire.KEY_DATA_POINT; // 1
    private static final short SWITCHED = PRESENT + 1; // 1, of the current key of a pair
    private static final short ENTRY_LENGTH = SWITCHED + 1;

    private static final byte[] AUTHORITIES = {
        Wire.AUTHORITY_TERMINAL_CA, Wire.AUTHORITY_POS_CA, Wire.AUTHORITY_CREDIT, Wire.AUTHORITY_ORDER,
    };

    /** Most roles each pair may grant: whatever the issuer writes, an acquirer's CA makes no desks. */
    private static final byte[] GRANTABLE = {
        Wire.ROLE_LOAD | Wire.ROLE_PERSO, Wire.ROLE_POS, 0, 0,
    };

    private final ECPublicKey[] keys = new ECPublicKey[COUNT];
    private final byte[] entries = new byte[(short) (COUNT * ENTRY_LENGTH)];

    PublicKeys() {
        for (short i = 0; i < COUNT; i++) {
            keys[i] = P256.newPublicKey();
        }
    }

    private static short entry(byte ref) {
        return (short) (ref * ENTRY_LENGTH);
    }

    static boolean isReference(byte ref) {
        return ref >= 0 && ref < COUNT;
    }

    /** Whether keyData may stand under a reference: right authority, and roles that authority may grant. */
    static boolean isValid(byte ref, byte[] keyData, short offset) {
        short pair = (short) (ref >> 1);
        byte roles = keyData[(short) (offset + Wire.KEY_DATA_ROLES)];
        byte grantable = GRANTABLE[pair];
        return keyData[(short) (offset + Wire.KEY_DATA_KEY_ID + Wire.KEY_ID_AUTHORITY)] == AUTHORITIES[pair]
            && (byte) (roles & ~grantable) == 0
            && (roles != 0 || grantable == 0);
    }

    /**
     * Stores one key. In RAW only. Not present, key, present: a tear leaves it absent.
     *
     * @param point 04 || X || Y
     */
    void store(byte ref, byte[] keyData, short offset, byte[] point, short pointOffset) {
        short entry = entry(ref);
        entries[(short) (entry + PRESENT)] = 0;
        keys[ref].setW(point, pointOffset, P256.ENCODED_LENGTH);
        Util.arrayCopy(keyData, offset, entries, entry, PRESENT);
        entries[(short) (entry + PRESENT)] = 1;
    }

    /** Whether every key is there and names this scheme. */
    boolean isComplete(byte[] scheme, short schemeOffset) {
        for (byte ref = 0; ref < COUNT; ref++) {
            short entry = entry(ref);
            if (entries[(short) (entry + PRESENT)] == 0
                || Util.arrayCompare(entries, (short) (entry + Wire.KEY_ID_SCHEME), scheme, schemeOffset, (short) 2) != 0) {
                return false;
            }
        }
        return true;
    }

    /** The version of a pair in force, given its current keyRef. */
    ECPublicKey inForce(byte ref) {
        return keys[inForceReference(ref)];
    }

    private byte inForceReference(byte ref) {
        return (byte) (hasSwitched(ref) ? ref + 1 : ref);
    }

    /** Reference of the CA in force with this key identifier, or -1. */
    byte findAuthority(byte[] keyId, short offset) {
        byte terminalCa = inForceReference(Wire.KEY_REF_TERMINAL_CA);
        if (hasKeyId(terminalCa, keyId, offset)) {
            return terminalCa;
        }
        byte posCa = inForceReference(Wire.KEY_REF_POS_CA);
        return hasKeyId(posCa, keyId, offset) ? posCa : -1;
    }

    private boolean hasKeyId(byte ref, byte[] keyId, short offset) {
        return Util.arrayCompare(entries, entry(ref), keyId, offset, Wire.KEY_ID_LENGTH) == 0;
    }

    boolean mayGrant(byte ref, byte role) {
        return (byte) (entries[(short) (entry(ref) + Wire.KEY_DATA_ROLES)] & role) != 0;
    }

    ECPublicKey get(byte ref) {
        return keys[ref];
    }

    /** Whether the successor of a current key, given by its keyRef, is in force. */
    boolean hasSwitched(byte ref) {
        return entries[(short) (entry(ref) + SWITCHED)] != 0;
    }

    /** The next key takes over for ever. One byte: atomic by itself, and part of a transaction where there is one. */
    void switchToNext(byte ref) {
        entries[(short) (entry(ref) + SWITCHED)] = 1;
    }
}
