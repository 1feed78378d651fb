package jcardsim.bridge.p256;

import com.licel.jcardsim.bouncycastle.math.ec.ECCurve;
import com.licel.jcardsim.bouncycastle.math.ec.ECFieldElement;
import com.licel.jcardsim.bouncycastle.math.ec.ECPoint;

/**
 * A point in Jacobian coordinates: (X : Y : Z) is (X/Z², Y/Z³). Formulas for a = -3: D. Hankerson, A. Menezes, S. Vanstone, Guide to Elliptic Curve
 * Cryptography, section 3.2.2. There is no point with y = 0, as the order of the group is odd.
 */
final class P256Point extends ECPoint.AbstractFp {
  /** Neither coordinate means the point at infinity. */
  P256Point(ECCurve curve, ECFieldElement x, ECFieldElement y) {
    super(curve, x, y);
  }

  P256Point(ECCurve curve, ECFieldElement x, ECFieldElement y, ECFieldElement[] z) {
    super(curve, x, y, z);
  }

  private P256Element x() {
    return (P256Element) x;
  }

  private P256Element y() {
    return (P256Element) y;
  }

  private P256Element z() {
    return (P256Element) zs[0];
  }

  private ECPoint at(P256Element newX, P256Element newY, P256Element newZ) {
    return new P256Point(curve, newX, newY, new ECFieldElement[] {newZ});
  }

  @Override
  protected ECPoint detach() {
    return new P256Point(null, getAffineXCoord(), getAffineYCoord());
  }

  @Override
  public ECPoint negate() {
    return isInfinity() ? this : new P256Point(curve, x, y.negate(), zs);
  }

  @Override
  public ECPoint add(ECPoint point) {
    if (isInfinity() || point.isInfinity()) {
      return isInfinity() ? point : this;
    }
    P256Point other = (P256Point) point;
    // Multiples that are kept, and every operand once normalised, have Z = 1: five multiplications less for each.
    boolean plain = z().isOne();
    boolean otherPlain = other.z().isOne();
    P256Element zz = z().squared();
    P256Element otherZz = other.z().squared();
    P256Element x1 = otherPlain ? x() : x().times(otherZz);
    P256Element y1 = otherPlain ? y() : y().times(otherZz.times(other.z()));
    P256Element x2 = plain ? other.x() : other.x().times(zz);
    P256Element y2 = plain ? other.y() : other.y().times(zz.times(z()));
    P256Element dx = x2.minus(x1);
    P256Element dy = y2.minus(y1);
    if (dx.isZero()) {
      return dy.isZero() ? twice() : curve.getInfinity();
    }
    P256Element dxSquared = dx.squared();
    P256Element dxCubed = dxSquared.times(dx);
    P256Element v = x1.times(dxSquared);
    P256Element newX = dy.squared().minus(dxCubed).minus(v.doubled());
    P256Element newY = dy.times(v.minus(newX)).minus(y1.times(dxCubed));
    P256Element zProduct = plain ? other.z() : otherPlain ? z() : z().times(other.z());
    return at(newX, newY, zProduct.times(dx));
  }

  @Override
  public ECPoint subtract(ECPoint point) {
    return add(point.negate());
  }

  @Override
  public ECPoint twice() {
    if (isInfinity()) {
      return this;
    }
    P256Element zz = z().squared();
    P256Element yy = y().squared();
    P256Element fourXyy = x().times(yy).doubled().doubled();
    P256Element product = x().minus(zz).times(x().plus(zz));
    P256Element slope = product.doubled().plus(product);
    P256Element newX = slope.squared().minus(fourXyy.doubled());
    P256Element eightY4 = yy.doubled().squared().doubled();
    return at(newX, slope.times(fourXyy.minus(newX)).minus(eightY4), y().doubled().times(z()));
  }
}
