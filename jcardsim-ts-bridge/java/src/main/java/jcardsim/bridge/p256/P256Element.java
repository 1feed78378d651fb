package jcardsim.bridge.p256;

import com.licel.jcardsim.bouncycastle.math.ec.ECFieldElement;
import com.licel.jcardsim.bouncycastle.util.BigIntegers;
import java.math.BigInteger;
import java.util.Arrays;

/** An element of the field modulo p, immutable, kept in Montgomery's form. */
final class P256Element extends ECFieldElement.AbstractFp {
  static final P256Element ZERO = of(BigInteger.ZERO);
  static final P256Element ONE = of(BigInteger.ONE);

  private static final BigInteger ROOT = P256Limbs.P.add(BigInteger.ONE).shiftRight(2);

  private final long[] limbs;

  private P256Element(long[] limbs) {
    this.limbs = limbs;
  }

  /**
   * @throws IllegalArgumentException unless the value is 0 to p - 1
   */
  static P256Element of(BigInteger value) {
    if (value == null || value.signum() < 0 || value.compareTo(P256Limbs.P) >= 0) {
      throw new IllegalArgumentException("no element of the field");
    }
    return new P256Element(P256Limbs.multiply(P256Limbs.of(value), IntoMontgomery.FACTOR));
  }

  /** 2^520 mod p takes a number into Montgomery's form; a class of its own, as {@link #ONE} is made before this class is ready. */
  private static final class IntoMontgomery {
    static final long[] FACTOR = P256Limbs.of(BigInteger.TWO.pow(520).mod(P256Limbs.P));
    static final long[] BACK = P256Limbs.of(BigInteger.ONE);
  }

  P256Element plus(P256Element other) {
    return new P256Element(P256Limbs.add(limbs, other.limbs));
  }

  P256Element minus(P256Element other) {
    return new P256Element(P256Limbs.subtract(limbs, other.limbs));
  }

  P256Element times(P256Element other) {
    return new P256Element(P256Limbs.multiply(limbs, other.limbs));
  }

  P256Element squared() {
    return times(this);
  }

  P256Element doubled() {
    return plus(this);
  }

  @Override
  public BigInteger toBigInteger() {
    return P256Limbs.toBigInteger(P256Limbs.multiply(limbs, IntoMontgomery.BACK));
  }

  @Override
  public String getFieldName() {
    return "P-256";
  }

  @Override
  public int getFieldSize() {
    return P256Limbs.P.bitLength();
  }

  @Override
  public boolean isZero() {
    return equals(ZERO);
  }

  @Override
  public boolean isOne() {
    return equals(ONE);
  }

  @Override
  public ECFieldElement add(ECFieldElement other) {
    return plus((P256Element) other);
  }

  @Override
  public ECFieldElement addOne() {
    return plus(ONE);
  }

  @Override
  public ECFieldElement subtract(ECFieldElement other) {
    return minus((P256Element) other);
  }

  @Override
  public ECFieldElement multiply(ECFieldElement other) {
    return times((P256Element) other);
  }

  @Override
  public ECFieldElement divide(ECFieldElement other) {
    return multiply(other.invert());
  }

  @Override
  public ECFieldElement negate() {
    return ZERO.minus(this);
  }

  @Override
  public ECFieldElement square() {
    return squared();
  }

  @Override
  public ECFieldElement invert() {
    return of(BigIntegers.modOddInverseVar(P256Limbs.P, toBigInteger()));
  }

  /** As p = 3 mod 4, a root is the power (p + 1)/4, if there is one; {@code null} if there is none. */
  @Override
  public ECFieldElement sqrt() {
    P256Element root = of(toBigInteger().modPow(ROOT, P256Limbs.P));
    return root.squared().equals(this) ? root : null;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof P256Element element && Arrays.equals(limbs, element.limbs);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(limbs);
  }
}
