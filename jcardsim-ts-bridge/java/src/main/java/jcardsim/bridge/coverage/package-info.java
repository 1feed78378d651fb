/**
 * Branch coverage of an applet, over any number of cards and sessions of one Java process.
 *
 * <p>{@link jcardsim.bridge.coverage.BranchCoverage} is a class transform: with it in a card's specification, every branch
 * that the applet takes is noted in {@link jcardsim.bridge.coverage.Probes}.
 */
package jcardsim.bridge.coverage;
