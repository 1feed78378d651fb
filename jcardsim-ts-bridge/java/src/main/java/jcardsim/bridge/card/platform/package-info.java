/** Classes that take the place, and the name, of classes of jCardSim when a card is loaded. Not API. */
package jcardsim.bridge.card.platform;
