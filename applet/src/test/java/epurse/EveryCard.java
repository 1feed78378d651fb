package epurse;

import jcardsim.bridge.ClassTransform;

/** What is done to the applet of every card that the tests make: nothing, unless a campaign measures the tests themselves. */
public final class EveryCard {

    private static ClassTransform transform;

    private EveryCard() {
    }

    /** @param change for cards made from now on; null: the applet as it is */
    public static void changes(ClassTransform change) {
        transform = change;
    }

    static ClassTransform transform() {
        return transform;
    }
}
