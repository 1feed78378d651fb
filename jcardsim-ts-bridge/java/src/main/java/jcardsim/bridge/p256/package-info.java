/**
 * The curve P-256 (SP 800-186, section 3.2.1.3) in arithmetic of its own, below BouncyCastle's algorithms. BouncyCastle's version for it is not among the
 * classes that jCardSim brings, and its general one, on numbers of any size, takes most of the time of a simulated card. Not API.
 */
package jcardsim.bridge.p256;
