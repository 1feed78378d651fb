/**
 * The card side: loaded once per card by {@link jcardsim.bridge.load.CardClassLoader}, next to the applet and jCardSim, so that a
 * static here belongs to one card. Not API.
 */
package jcardsim.bridge.card;
