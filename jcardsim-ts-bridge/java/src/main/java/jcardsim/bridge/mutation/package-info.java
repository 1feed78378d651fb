/**
 * Mutants of an applet: one small change to its bytecode, to see whether a test notices.
 *
 * <p>{@link jcardsim.bridge.mutation.Mutations} lists what can be changed in a class, {@link jcardsim.bridge.mutation.Mutant}
 * is the class transform that changes one of these places while a card is loaded.
 */
package jcardsim.bridge.mutation;
