package epurse;

import javacard.framework.Util;
import javacard.security.AESKey;
import javacard.security.KeyBuilder;

/**
 * The last terminals and the pair keys agreed with them, for resumed sessions. A terminal has one slot at most.
 *
 * <p>A slot is written as valid byte off, data, keys, valid byte on: a tear leaves it empty, and the terminal opens a full session
 * next time.
 */
final class PairSlots {

    static final short NAME_LENGTH = 8;
    static final short KEY_LENGTH = 16;

    private static final short VALID = 0; // 1
    private static final short NAME = VALID + 1; // 8, random
    private static final short AGE = NAME + NAME_LENGTH; // u32, higher is younger
    private static final short TERMINAL = AGE + U32.LENGTH; // Terminal.LENGTH
    private static final short ENTRY_LENGTH = TERMINAL + Terminal.LENGTH;

    private final byte[] entries = new byte[(short) (Wire.PAIR_SLOTS * ENTRY_LENGTH)];
    /** K-ENC and K-MAC of each slot, one after the other. */
    private final AESKey[] keys = new AESKey[(short) (2 * Wire.PAIR_SLOTS)];

    PairSlots() {
        for (short i = 0; i < (short) (2 * Wire.PAIR_SLOTS); i++) {
            keys[i] = newKey();
        }
    }

    private static AESKey newKey() {
        return (AESKey) KeyBuilder.buildKey(KeyBuilder.TYPE_AES, KeyBuilder.LENGTH_AES_128, false);
    }

    private static short entry(byte slot) {
        return (short) (slot * ENTRY_LENGTH);
    }

    private boolean isValid(byte slot) {
        return entries[(short) (entry(slot) + VALID)] != 0;
    }

    private void setValid(byte slot, byte valid) {
        entries[(short) (entry(slot) + VALID)] = valid;
    }

    /** The slot of a terminal, or -1. */
    byte find(byte[] terminalId, short offset) {
        for (byte slot = 0; slot < Wire.PAIR_SLOTS; slot++) {
            short id = (short) (entry(slot) + TERMINAL + Terminal.ID);
            if (isValid(slot) && Util.arrayCompare(entries, id, terminalId, offset, Terminal.ID_LENGTH) == 0) {
                return slot;
            }
        }
        return -1;
    }

    byte role(byte slot) {
        return entries[(short) (entry(slot) + TERMINAL + Terminal.ROLE)];
    }

    AESKey encryptionKey(byte slot) {
        return keys[(short) (2 * slot)];
    }

    AESKey macKey(byte slot) {
        return keys[(short) (2 * slot + 1)];
    }

    /** Offers what is known of the terminal, Terminal.LENGTH bytes. */
    void copyTerminal(byte slot, byte[] out, short outOffset) {
        Util.arrayCopyNonAtomic(entries, (short) (entry(slot) + TERMINAL), out, outOffset, Terminal.LENGTH);
    }

    /** Writes the slot name and returns where it ends. */
    short copyName(byte slot, byte[] out, short outOffset) {
        return Util.arrayCopyNonAtomic(entries, (short) (entry(slot) + NAME), out, outOffset, NAME_LENGTH);
    }

    /** Whether the terminal's certificate, as remembered, has expired at the card's stored date. */
    boolean hasExpired(byte slot, PurseMemory memory) {
        return memory.isPast(entries, (short) (entry(slot) + TERMINAL + Terminal.EXPIRY));
    }

    /**
     * Remembers a terminal in its own slot, else an empty one, else the oldest.
     *
     * @param terminal Terminal.LENGTH bytes
     * @param name 8 random bytes
     * @param pairKeys K-ENC || K-MAC
     * @param draft working memory for an entry
     */
    void store(byte[] terminal, short terminalOffset, byte[] name, short nameOffset, byte[] pairKeys, short keysOffset, byte[] draft) {
        byte slot = choose(terminal, (short) (terminalOffset + Terminal.ID));
        draft[VALID] = 0;
        Util.arrayCopyNonAtomic(name, nameOffset, draft, NAME, NAME_LENGTH);
        youngestAge(draft, AGE);
        U32.increment(draft, AGE);
        Util.arrayCopyNonAtomic(terminal, terminalOffset, draft, TERMINAL, Terminal.LENGTH);

        setValid(slot, (byte) 0);
        Util.arrayCopyNonAtomic(draft, (short) 0, entries, entry(slot), ENTRY_LENGTH);
        encryptionKey(slot).setKey(pairKeys, keysOffset);
        macKey(slot).setKey(pairKeys, (short) (keysOffset + KEY_LENGTH));
        setValid(slot, (byte) 1);
    }

    private byte choose(byte[] terminalId, short offset) {
        byte own = find(terminalId, offset);
        if (own >= 0) {
            return own;
        }
        byte oldest = 0;
        for (byte slot = 0; slot < Wire.PAIR_SLOTS; slot++) {
            if (!isValid(slot)) {
                return slot;
            }
            if (U32.compare(entries, (short) (entry(slot) + AGE), entries, (short) (entry(oldest) + AGE)) < 0) {
                oldest = slot;
            }
        }
        return oldest;
    }

    /** The highest age of any slot. One CONFIRM each: memory wears out long before the number does. */
    private void youngestAge(byte[] out, short outOffset) {
        U32.clear(out, outOffset);
        for (byte slot = 0; slot < Wire.PAIR_SLOTS; slot++) {
            short age = (short) (entry(slot) + AGE);
            if (isValid(slot) && U32.compare(entries, age, out, outOffset) > 0) {
                U32.copy(entries, age, out, outOffset);
            }
        }
    }

    /** Forgets all terminals; inside a transaction with what caused it. */
    void clear() {
        for (byte slot = 0; slot < Wire.PAIR_SLOTS; slot++) {
            if (isValid(slot)) {
                setValid(slot, (byte) 0);
            }
        }
    }
}
