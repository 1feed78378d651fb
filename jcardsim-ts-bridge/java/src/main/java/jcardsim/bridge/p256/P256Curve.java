package jcardsim.bridge.p256;

import com.licel.jcardsim.bouncycastle.crypto.params.ECDomainParameters;
import com.licel.jcardsim.bouncycastle.math.ec.ECCurve;
import com.licel.jcardsim.bouncycastle.math.ec.ECFieldElement;
import com.licel.jcardsim.bouncycastle.math.ec.ECPoint;
import java.math.BigInteger;

/** P-256 for BouncyCastle's algorithms. It is an {@link ECCurve.Fp} because jCardSim reads p from no other. */
public final class P256Curve extends ECCurve.Fp {
  private static final BigInteger A = P256Limbs.P.subtract(BigInteger.valueOf(3));
  private static final BigInteger B = new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);

  private final ECPoint infinity;

  private P256Curve(BigInteger order, BigInteger cofactor) {
    super(P256Limbs.P, A, B, order, cofactor, true);
    coord = COORD_JACOBIAN;
    infinity = new P256Point(this, null, null);
  }

  /** The same domain parameters on this curve, if it is theirs; otherwise as they came. */
  public static ECDomainParameters insteadOf(ECDomainParameters general) {
    ECCurve curve = general.getCurve();
    boolean same = curve.getField().getCharacteristic().equals(P256Limbs.P)
      && curve.getA().toBigInteger().equals(A) && curve.getB().toBigInteger().equals(B);
    if (!same) {
      return general;
    }
    P256Curve own = new P256Curve(general.getN(), general.getH());
    return new ECDomainParameters(own, own.importPoint(general.getG()), general.getN(), general.getH());
  }

  @Override
  protected ECCurve cloneCurve() {
    return new P256Curve(order, cofactor);
  }

  @Override
  public boolean supportsCoordinateSystem(int system) {
    return system == COORD_JACOBIAN;
  }

  @Override
  public ECFieldElement fromBigInteger(BigInteger value) {
    return P256Element.of(value);
  }

  @Override
  protected ECPoint createRawPoint(ECFieldElement x, ECFieldElement y) {
    return new P256Point(this, x, y);
  }

  @Override
  protected ECPoint createRawPoint(ECFieldElement x, ECFieldElement y, ECFieldElement[] z) {
    return new P256Point(this, x, y, z);
  }

  @Override
  public ECPoint importPoint(ECPoint point) {
    if (point.getCurve() == this || point.isInfinity()) {
      return point.isInfinity() ? infinity : point;
    }
    ECPoint affine = point.normalize();
    return createPoint(affine.getXCoord().toBigInteger(), affine.getYCoord().toBigInteger());
  }

  @Override
  public ECPoint getInfinity() {
    return infinity;
  }
}
