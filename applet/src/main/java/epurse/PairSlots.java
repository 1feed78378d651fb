package epurse;

import javacard.framework.JCSystem;
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

    private static final short NAME = 0; // 8, random
    private static final short AGE = NAME + NAME_LENGTH; // u32, higher is younger
    private static final short TERMINAL = AGE + U32.LENGTH; // Terminal.LENGTH
    private static final short ENTRY_LENGTH = TERMINAL + Terminal.LENGTH;

    private final byte[] valid = new byte[Wire.PAIR_SLOTS];
    private final byte[] entries = new byte[(short) (Wire.PAIR_SLOTS * ENTRY_LENGTH)];
    private final AESKey[] encryptionKeys = new AESKey[Wire.PAIR_SLOTS];
    private final AESKey[] macKeys = new AESKey[Wire.PAIR_SLOTS];

    /** A new entry before it is written. */
    private final byte[] draft = JCSystem.makeTransientByteArray(ENTRY_LENGTH, JCSystem.CLEAR_ON_DESELECT);

    PairSlots() {
        for (short i = 0; i < Wire.PAIR_SLOTS; i++) {
            encryptionKeys[i] = newKey();
            macKeys[i] = newKey();
        }
    }

    private static AESKey newKey() {
        return (AESKey) KeyBuilder.buildKey(KeyBuilder.TYPE_AES, KeyBuilder.LENGTH_AES_128, false);
    }

    private static short entry(byte slot) {
        return (short) (slot * ENTRY_LENGTH);
    }

    /** The slot of a terminal, or -1. */
    byte find(byte[] terminalId, short offset) {
        for (byte slot = 0; slot < Wire.PAIR_SLOTS; slot++) {
            short id = (short) (entry(slot) + TERMINAL + Terminal.ID);
            if (valid[slot] != 0 && Util.arrayCompare(entries, id, terminalId, offset, Terminal.ID_LENGTH) == 0) {
                return slot;
            }
        }
        return -1;
    }

    byte role(byte slot) {
        return entries[(short) (entry(slot) + TERMINAL + Terminal.ROLE)];
    }

    AESKey encryptionKey(byte slot) {
        return encryptionKeys[slot];
    }

    AESKey macKey(byte slot) {
        return macKeys[slot];
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
     * @param keys K-ENC || K-MAC
     */
    void store(byte[] terminal, short terminalOffset, byte[] name, short nameOffset, byte[] keys, short keysOffset) {
        byte slot = choose(terminal, (short) (terminalOffset + Terminal.ID));
        Util.arrayCopyNonAtomic(name, nameOffset, draft, NAME, NAME_LENGTH);
        youngestAge(draft, AGE);
        U32.increment(draft, AGE);
        Util.arrayCopyNonAtomic(terminal, terminalOffset, draft, TERMINAL, Terminal.LENGTH);

        valid[slot] = 0;
        Util.arrayCopyNonAtomic(draft, (short) 0, entries, entry(slot), ENTRY_LENGTH);
        encryptionKeys[slot].setKey(keys, keysOffset);
        macKeys[slot].setKey(keys, (short) (keysOffset + KEY_LENGTH));
        valid[slot] = 1;
    }

    private byte choose(byte[] terminalId, short offset) {
        byte own = find(terminalId, offset);
        if (own >= 0) {
            return own;
        }
        byte oldest = 0;
        for (byte slot = 0; slot < Wire.PAIR_SLOTS; slot++) {
            if (valid[slot] == 0) {
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
            if (valid[slot] != 0 && U32.compare(entries, age, out, outOffset) > 0) {
                U32.copy(entries, age, out, outOffset);
            }
        }
    }

    /** Forgets all terminals; inside a transaction with what caused it. */
    void clear() {
        for (byte slot = 0; slot < Wire.PAIR_SLOTS; slot++) {
            if (valid[slot] != 0) {
                valid[slot] = 0;
            }
        }
    }
}
