package jcardsim.bridge.card.platform;

import java.security.SecureRandom;

/**
 * Takes the place of {@code com.licel.jcardsim.crypto.SecureRandomNullProvider}, whose generator has no seed: every card made the
 * same key pair, and every ECDSA nonce was the private key.
 */
public class SecureRandomReplacement extends SecureRandom {
  private static final long serialVersionUID = 1L;

  public SecureRandomReplacement() {
    super(new CardRandomSource(), null);
  }
}
