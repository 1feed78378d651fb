package epurse;

import jcardsim.bridge.PowerLostException;

/** Cuts the power in the middle of a command. */
final class Cut {

    private Cut() {
    }

    /**
     * Sends a command and cuts before its persistent write n, or after the last one; powers the card again.
     *
     * @return false if the command has fewer writes than n and was answered
     */
    static boolean during(TestCard card, byte[] command, int n) {
        card.simulated.cutPowerAt(n);
        try {
            card.transmit(command);
            card.simulated.disarm();
            return false;
        } catch (PowerLostException cut) {
            card.simulated.powerOn();
            return true;
        }
    }
}
