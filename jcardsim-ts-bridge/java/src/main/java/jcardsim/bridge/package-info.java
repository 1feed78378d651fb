/**
 * Runs any Java Card applet in jCardSim with the manners of a real card: true transactions, state that outlives the
 * process, a power cut before any persistent write, randomness of its own per card, strict transport and budgets.
 *
 * <p>Start at {@link jcardsim.bridge.CardSpec} and {@link jcardsim.bridge.SimulatedCard}.
 */
package jcardsim.bridge;
