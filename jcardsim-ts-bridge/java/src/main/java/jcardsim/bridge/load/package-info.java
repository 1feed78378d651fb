/**
 * Loading: how the applet's classes and jCardSim's come into a card's own class loader, rewritten on the way. Not API.
 */
package jcardsim.bridge.load;
