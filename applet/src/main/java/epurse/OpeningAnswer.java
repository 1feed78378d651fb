package epurse;

import javacard.framework.OwnerPIN;
import javacard.framework.Util;

/** S1 (EN 1546), the card's opening answer: what a terminal may know of the purse before it asks for anything. */
final class OpeningAnswer {

    private static final byte FLAG_BLOCKED = 0x02;
    private static final byte FLAG_EXPIRED = 0x04;
    private static final byte FLAG_RETIRED = 0x08;
    private static final byte FLAG_NO_ROOM = 0x10;

    private final Session session;
    private final CardData card;
    private final LifeCycle lifeCycle;
    private final PurseMemory memory;
    private final Parameters parameters;
    private final TransactionLog log;
    private final OwnerPIN pin;

    OpeningAnswer(Purse purse) {
        session = purse.session;
        card = purse.card;
        lifeCycle = purse.lifeCycle;
        memory = purse.memory;
        parameters = purse.parameters;
        log = purse.log;
        pin = purse.pin;
    }

    /** Writes openingAnswer for the session's terminal and purse slot, and returns where it ends. */
    short write(byte[] out, short offset) {
        memory.load();
        byte slot = session.slot();
        boolean pos = session.role() == Wire.ROLE_POS;
        short limit = pos ? session.limitOffset(card.data, card.unitOffset(slot)) : -1;
        Util.arrayFillNonAtomic(out, offset, Wire.OPENING_ANSWER_LENGTH, (byte) 0);

        out[(short) (offset + Wire.OPENING_ANSWER_FLAGS)] = flags();
        out[(short) (offset + Wire.OPENING_ANSWER_PIN_TRIES)] = pin.getTriesRemaining();
        Util.arrayCopyNonAtomic(card.data, Wire.CARD_DATA_CARD_ID, out, (short) (offset + Wire.OPENING_ANSWER_CARD_ID), CardData.ID_LENGTH);
        U32.copy(memory.next, PurseMemory.DATE, out, (short) (offset + Wire.OPENING_ANSWER_DATE));
        U32.copy(memory.next, PurseMemory.NT, out, (short) (offset + Wire.OPENING_ANSWER_NT));
        out[(short) (offset + Wire.OPENING_ANSWER_SLOT)] = slot;
        Util.arrayCopyNonAtomic(card.data, card.unitOffset(slot), out, (short) (offset + Wire.OPENING_ANSWER_UNIT), (short) 2);
        Util.arrayCopyNonAtomic(parameters.data, Wire.PARAMETERS_VERSION,
            out, (short) (offset + Wire.OPENING_ANSWER_PARAMETERS_VERSION), (short) 2);
        short room = (short) (offset + Wire.OPENING_ANSWER_ROOM);
        if (!pos) {
            balance(slot, out, offset);
            registerBrief(out, room);
        } else if (limit >= 0) {
            balance(slot, out, offset);
            headroom(slot, limit, out, room);
        } // else: a POS learns nothing of a unit that it was not granted
        newest(out, (short) (offset + Wire.OPENING_ANSWER_NEWEST));
        return (short) (offset + Wire.OPENING_ANSWER_LENGTH);
    }

    private byte flags() {
        byte flags = 0;
        byte state = lifeCycle.state();
        if (state == Wire.LIFE_BLOCKED) {
            flags = FLAG_BLOCKED;
        }
        if (state == Wire.LIFE_RETIRED) {
            flags = FLAG_RETIRED;
        }
        if (lifeCycle.hasExpired()) {
            flags = (byte) (flags | FLAG_EXPIRED);
        }
        if (memory.unacknowledged() >= (short) (Wire.LOG_SIZE - Wire.PURCHASE_RESERVE)) {
            flags = (byte) (flags | FLAG_NO_ROOM);
        }
        return flags;
    }

    private void balance(byte slot, byte[] out, short offset) {
        U32.copy(memory.next, PurseMemory.balance(slot), out, (short) (offset + Wire.OPENING_ANSWER_BALANCE));
    }

    /** What this POS may debit now: per transaction, without PIN, before the next synchronisation. */
    private void headroom(byte slot, short limit, byte[] out, short at) {
        short limits = Parameters.slot(slot);
        short transaction = (short) (at + Wire.HEADROOM_TRANSACTION);
        U32.copy(parameters.data, (short) (limits + Wire.SLOT_PARAMETERS_MAX_TRANSACTION), out, transaction);
        U32.limit(out, transaction, session.data, limit);

        short pinless = (short) (at + Wire.HEADROOM_PINLESS);
        U32.copy(parameters.data, (short) (limits + Wire.SLOT_PARAMETERS_PINLESS_SUM), out, pinless);
        U32.remaining(out, pinless, memory.next, PurseMemory.pinlessSum(slot));
        U32.limit(out, pinless, parameters.data, (short) (limits + Wire.SLOT_PARAMETERS_PINLESS_SINGLE));

        if ((short) (memory.next[PurseMemory.OFFLINE_COUNT] & 0xFF) < parameters.offlineCount()) {
            short offline = (short) (at + Wire.HEADROOM_OFFLINE);
            U32.copy(parameters.data, (short) (limits + Wire.SLOT_PARAMETERS_OFFLINE_SUM), out, offline);
            U32.remaining(out, offline, memory.next, PurseMemory.offlineSum(slot));
        }
    }

    private void registerBrief(byte[] out, short at) {
        short register = PurseMemory.REGISTER;
        byte[] next = memory.next;
        U32.copy(next, (short) (register + Wire.LOAD_REGISTER_COUNTER), out, (short) (at + Wire.LOAD_REGISTER_BRIEF_COUNTER));
        out[(short) (at + Wire.LOAD_REGISTER_BRIEF_STATE)] = next[(short) (register + Wire.LOAD_REGISTER_STATE)];
        out[(short) (at + Wire.LOAD_REGISTER_BRIEF_TYPE)] = next[(short) (register + Wire.LOAD_REGISTER_TYPE)];
        out[(short) (at + Wire.LOAD_REGISTER_BRIEF_SLOT)] = next[(short) (register + Wire.LOAD_REGISTER_SLOT)];
        U32.copy(next, (short) (register + Wire.LOAD_REGISTER_AMOUNT), out, (short) (at + Wire.LOAD_REGISTER_BRIEF_AMOUNT));
    }

    private void newest(byte[] out, short at) {
        short record = log.newestOf(session);
        if (record < 0) {
            return;
        }
        byte[] records = log.records();
        U32.copy(records, (short) (record + Wire.RECORD_NT), out, (short) (at + Wire.NEWEST_RECORD_NT));
        out[(short) (at + Wire.NEWEST_RECORD_TYPE)] = records[(short) (record + Wire.RECORD_TYPE)];
        U32.copy(records, (short) (record + Wire.RECORD_TN), out, (short) (at + Wire.NEWEST_RECORD_TN));
        out[(short) (at + Wire.NEWEST_RECORD_SLOT)] = records[(short) (record + Wire.RECORD_SLOT)];
        U32.copy(records, (short) (record + Wire.RECORD_AMOUNT), out, (short) (at + Wire.NEWEST_RECORD_AMOUNT));
    }
}
