package jcardsim.bridge.card.platform;

import javacard.framework.JCSystem;
import javacard.framework.PIN;
import javacard.framework.PINException;
import javacard.framework.Util;
import jcardsim.bridge.Counters.Item;
import jcardsim.bridge.card.Card;

/**
 * Takes the place of {@code javacard.framework.OwnerPIN}: the try counter goes down before the comparison and never comes back by
 * an abort or a power cut; a new PIN is one conditional update (Java Card API 3.0.4, OwnerPIN).
 */
public class OwnerPinReplacement implements PIN {
  private static final byte NO_PIN_YET = -1;

  private final byte tryLimit;
  private final byte maxPINSize;
  /** Size (1 byte), PIN. */
  private final byte[] pin;
  private final byte[] triesLeft = new byte[1];
  private final boolean[] flags = new boolean[1];

  public OwnerPinReplacement(byte tryLimit, byte maxPINSize) throws PINException {
    if (tryLimit < 1 || maxPINSize < 1) {
      PINException.throwIt(PINException.ILLEGAL_VALUE);
    }
    Card.ALLOCATOR.persistent("a PIN's value", maxPINSize + 2);
    Card.ALLOCATOR.ram("a PIN's validated flag", 1);
    Card.RAM.register(flags, JCSystem.CLEAR_ON_RESET, 1);
    this.tryLimit = tryLimit;
    this.maxPINSize = maxPINSize;
    pin = new byte[1 + maxPINSize];
    pin[0] = NO_PIN_YET;
    triesLeft[0] = tryLimit;
  }

  protected boolean getValidatedFlag() {
    return flags[0];
  }

  protected void setValidatedFlag(boolean value) {
    Card.MEMORY.requirePower();
    flags[0] = value;
  }

  private void setTries(byte tries) {
    Card.MEMORY.beforeTries();
    triesLeft[0] = tries;
  }

  @Override
  public byte getTriesRemaining() {
    return triesLeft[0];
  }

  @Override
  public boolean check(byte[] candidate, short offset, byte length) {
    Card.TALLY.add(Item.PIN_CHECKS);
    setValidatedFlag(false);
    if (triesLeft[0] == 0) {
      return false;
    }
    setTries((byte) (triesLeft[0] - 1));
    if (length != pin[0] || Util.arrayCompare(candidate, offset, pin, (short) 1, length) != 0) {
      return false;
    }
    setTries(tryLimit);
    setValidatedFlag(true);
    return true;
  }

  @Override
  public boolean isValidated() {
    return getValidatedFlag();
  }

  @Override
  public void reset() {
    if (isValidated()) {
      resetAndUnblock();
    }
  }

  public void update(byte[] newPin, short offset, byte length) throws PINException {
    if (length < 0 || length > maxPINSize) {
      PINException.throwIt(PINException.ILLEGAL_VALUE);
    }
    byte[] value = new byte[pin.length];
    value[0] = length;
    System.arraycopy(newPin, offset, value, 1, length);
    Card.MEMORY.beforePinUpdate(pin, triesLeft);
    System.arraycopy(value, 0, pin, 0, value.length);
    triesLeft[0] = tryLimit;
    setValidatedFlag(false);
  }

  public void resetAndUnblock() {
    setTries(tryLimit);
    setValidatedFlag(false);
  }
}
