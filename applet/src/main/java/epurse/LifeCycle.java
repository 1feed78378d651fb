package epurse;

import javacard.framework.OwnerPIN;

/**
 * The card's life cycle. RAW, ACTIVE and RETIRED are stored; BLOCKED and EXPIRED are computed each time, so that no power cut
 * falls between a cause and the state (R16).
 */
final class LifeCycle {

    private static final short STORED = 0; // 1, LIFE_RAW, LIFE_ACTIVE or LIFE_RETIRED
    private static final short BLOCKED = STORED + 1; // 1, a block order was taken
    private static final short RESETTING = BLOCKED + 1; // 1, a PIN reset is under way
    static final short ORDER_COUNTER = RESETTING + 1; // u32, last order taken
    static final short BLOCK_NUMBER = ORDER_COUNTER + U32.LENGTH; // u32, highest block order taken
    static final short UNBLOCK_NUMBER = BLOCK_NUMBER + U32.LENGTH; // u32, highest block number issued at the last unblock
    private static final short LENGTH = UNBLOCK_NUMBER + U32.LENGTH;

    final byte[] data = new byte[LENGTH];

    private final OwnerPIN pin;
    private final PurseMemory memory;
    private final CardData card;

    LifeCycle(OwnerPIN pin, PurseMemory memory, CardData card) {
        this.pin = pin;
        this.memory = memory;
        this.card = card;
        data[STORED] = Wire.LIFE_RAW;
    }

    /** The state now, one LIFE_ bit. */
    byte state() {
        byte stored = data[STORED];
        if (stored != Wire.LIFE_ACTIVE) {
            return stored;
        }
        if (data[BLOCKED] != 0 || data[RESETTING] != 0 || pin.getTriesRemaining() == 0) {
            return Wire.LIFE_BLOCKED;
        }
        return hasExpired() ? Wire.LIFE_EXPIRED : Wire.LIFE_ACTIVE;
    }

    boolean isRaw() {
        return data[STORED] == Wire.LIFE_RAW;
    }

    boolean hasExpired() {
        return memory.isPast(card.data, Wire.CARD_DATA_EXPIRY);
    }

    void activate() {
        data[STORED] = Wire.LIFE_ACTIVE;
    }

    void retire() {
        data[STORED] = Wire.LIFE_RETIRED;
    }

    void setBlocked(boolean blocked) {
        data[BLOCKED] = (byte) (blocked ? 1 : 0);
    }

    void setResetting(boolean resetting) {
        data[RESETTING] = (byte) (resetting ? 1 : 0);
    }
}
