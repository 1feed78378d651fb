package jcardsim.bridge.card;

import javacard.security.Signature;
import javacard.security.SignatureMessageRecovery;
import jcardsim.bridge.Counters.Item;

/** A signature with message recovery (ISO/IEC 9796-2). */
final class CardRecoverySignature extends CardSignature implements SignatureMessageRecovery {

  CardRecoverySignature(byte algorithm) {
    super(algorithm);
  }

  private SignatureMessageRecovery recovery(byte mode) {
    return (SignatureMessageRecovery) ready(mode);
  }

  @Override
  public short beginVerify(byte[] signature, short offset, short length) {
    return recovery(Signature.MODE_VERIFY).beginVerify(signature, offset, length);
  }

  @Override
  public short sign(byte[] in, short inOffset, short inLength, byte[] out, short outOffset, short[] recoverable, short recoverableOffset) {
    Card.TALLY.add(Item.SIGN);
    return recovery(Signature.MODE_SIGN).sign(in, inOffset, inLength, out, outOffset, recoverable, recoverableOffset);
  }

  @Override
  public boolean verify(byte[] in, short inOffset, short inLength) {
    Card.TALLY.add(Item.VERIFY);
    return recovery(Signature.MODE_VERIFY).verify(in, inOffset, inLength);
  }
}
