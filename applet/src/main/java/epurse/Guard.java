package epurse;

/**
 * Who may send which protected command in which life-cycle state: the generated table, and the order of its refusals
 * (apdu-specs/states.yaml).
 */
final class Guard {

    private final Session session;
    private final LifeCycle lifeCycle;
    private final Refusal refusal;

    Guard(Purse purse) {
        session = purse.session;
        lifeCycle = purse.lifeCycle;
        refusal = purse.refusal;
    }

    /** Returns if the terminal at hand may send this instruction now; else refuses. */
    void check(byte instruction) {
        short command = ordinal(instruction);
        if (command < 0) {
            refusal.because(Wire.REASON_NONE, Wire.SW_INS_NOT_SUPPORTED);
        }
        if (command == Wire.COMMAND_CONFIRM_SESSION && session.state() != Session.AGREED) {
            refusal.because(Wire.REASON_NONE, Wire.SW_CONDITIONS);
        }
        byte state = lifeCycle.state();
        short row = (short) (command * Wire.ROLE_COUNT);
        byte anyRole = (byte) (Wire.ALLOWED[row] | Wire.ALLOWED[(short) (row + 1)] | Wire.ALLOWED[(short) (row + 2)]);
        requireState(anyRole, state);
        byte thisRole = Wire.ALLOWED[(short) (row + (short) (session.role() >> 1))];
        if (thisRole == 0) {
            refusal.because(Wire.REASON_ROLE);
        }
        requireState(thisRole, state);
        if (Wire.FULL_ONLY[command] != 0 && session.state() != Session.FULL) {
            refusal.because(Wire.REASON_FULL_SESSION);
        }
    }

    /** Whether an instruction exists, but only under secure messaging. */
    static boolean isProtected(byte instruction) {
        return ordinal(instruction) >= 0;
    }

    private static short ordinal(byte instruction) {
        for (short i = 0; i < Wire.COMMAND_COUNT; i++) {
            if (Wire.INSTRUCTIONS[i] == instruction) {
                return i;
            }
        }
        return -1;
    }

    private void requireState(byte allowed, byte state) {
        if ((byte) (allowed & state) != 0) {
            return;
        }
        switch (state) {
            case Wire.LIFE_BLOCKED:
                refusal.because(Wire.REASON_LIFE_CYCLE, Wire.SW_BLOCKED);
                break;
            case Wire.LIFE_EXPIRED:
                refusal.because(Wire.REASON_CARD_EXPIRED);
                break;
            default:
                refusal.because(Wire.REASON_LIFE_CYCLE);
        }
    }
}
