package epurse;

import javacard.framework.Util;
import javacard.security.ECPublicKey;

/**
 * The issuer's and acquirer's public keys, by keyRef: each of the four in a current and a next version, key objects ready for use. One
 * byte per pair says whether the next one has taken over; it never goes back.
 */
final class PublicKeys {

    private static final short COUNT = 8;
    private static final short PAIRS = COUNT / 2;

    /** Per key: keyId and roles, the first part of keyData. */
    private static final short ENTRY_LENGTH = Wire.KEY_DATA_POINT;

    private static final byte[] AUTHORITIES = {
        Wire.AUTHORITY_TERMINAL_CA, Wire.AUTHORITY_POS_CA, Wire.AUTHORITY_CREDIT, Wire.AUTHORITY_ORDER,
    };

    /** Most roles each pair may grant: whatever the issuer writes, an acquirer's CA makes no desks. */
    private static final byte[] GRANTABLE = {
        Wire.ROLE_LOAD | Wire.ROLE_PERSO, Wire.ROLE_POS, 0, 0,
    };

    private final ECPublicKey[] keys = new ECPublicKey[COUNT];
    private final byte[] entries = new byte[(short) (COUNT * ENTRY_LENGTH)];
    private final byte[] present = new byte[COUNT];
    private final byte[] switched = new byte[PAIRS];

    PublicKeys() {
        for (short i = 0; i < COUNT; i++) {
            keys[i] = P256.newPublicKey();
        }
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
        present[ref] = 0;
        keys[ref].setW(point, pointOffset, P256.ENCODED_LENGTH);
        Util.arrayCopy(keyData, offset, entries, (short) (ref * ENTRY_LENGTH), ENTRY_LENGTH);
        present[ref] = 1;
    }

    /** Whether every key is there and names this scheme. */
    boolean isComplete(byte[] scheme, short schemeOffset) {
        for (byte ref = 0; ref < COUNT; ref++) {
            short keyId = (short) (ref * ENTRY_LENGTH);
            if (present[ref] == 0
                || Util.arrayCompare(entries, (short) (keyId + Wire.KEY_ID_SCHEME), scheme, schemeOffset, (short) 2) != 0) {
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
        return (byte) (ref + switched[(short) (ref >> 1)]);
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
        return Util.arrayCompare(entries, (short) (ref * ENTRY_LENGTH), keyId, offset, Wire.KEY_ID_LENGTH) == 0;
    }

    boolean mayGrant(byte ref, byte role) {
        return (byte) (entries[(short) ((short) (ref * ENTRY_LENGTH) + Wire.KEY_DATA_ROLES)] & role) != 0;
    }

    ECPublicKey get(byte ref) {
        return keys[ref];
    }

    boolean hasSwitched(byte ref) {
        return switched[(short) (ref >> 1)] != 0;
    }

    /** The next key takes over for ever. One byte: atomic by itself, and part of a transaction where there is one. */
    void switchToNext(byte ref) {
        switched[(short) (ref >> 1)] = 1;
    }
}
