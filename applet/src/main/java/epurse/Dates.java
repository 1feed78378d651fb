package epurse;

/**
 * Time on a card without a clock: the later of the stored date, which only the issuer advances, and the time a terminal gives. The terminal's
 * time is never stored, so a wrong clock refuses service and kills no card.
 */
final class Dates {

    private final CardData card;
    private final PurseMemory memory;
    private final Session session;
    private final Refusal refusal;
    private final byte[] work;

    Dates(Purse purse) {
        card = purse.card;
        memory = purse.memory;
        session = purse.session;
        refusal = purse.refusal;
        work = purse.work;
    }

    /** Refuses if, at the later of stored date and terminal's time, the card or the terminal's certificate has expired. */
    void requireValid(byte[] time, short offset) {
        U32.copy(time, offset, work, (short) 0);
        if (U32.compare(memory.next, PurseMemory.DATE, work, (short) 0) > 0) {
            U32.copy(memory.next, PurseMemory.DATE, work, (short) 0);
        }
        if (U32.compare(work, (short) 0, card.data, Wire.CARD_DATA_EXPIRY) >= 0) {
            refusal.because(Wire.REASON_CARD_EXPIRED);
        }
        if (U32.compare(work, (short) 0, session.data, (short) (Session.TERMINAL + Terminal.EXPIRY)) >= 0) {
            refusal.because(Wire.REASON_TERMINAL_EXPIRED);
        }
    }
}
