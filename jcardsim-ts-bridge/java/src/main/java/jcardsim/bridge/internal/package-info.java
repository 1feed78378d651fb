/** What the host side and the card side of the bridge know of each other. Not API. */
package jcardsim.bridge.internal;
