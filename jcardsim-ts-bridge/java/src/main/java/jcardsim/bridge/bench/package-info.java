/** jCardSim as it is, for comparison. */
package jcardsim.bridge.bench;
