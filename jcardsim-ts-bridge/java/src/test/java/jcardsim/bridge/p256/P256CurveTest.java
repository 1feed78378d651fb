package jcardsim.bridge.p256;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.licel.jcardsim.bouncycastle.asn1.sec.SECNamedCurves;
import com.licel.jcardsim.bouncycastle.asn1.x9.X9ECParameters;
import com.licel.jcardsim.bouncycastle.crypto.params.ECDomainParameters;
import com.licel.jcardsim.bouncycastle.math.ec.ECAlgorithms;
import com.licel.jcardsim.bouncycastle.math.ec.ECFieldElement;
import com.licel.jcardsim.bouncycastle.math.ec.ECPoint;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Judged by whole numbers of any size, and by BouncyCastle's general curve. */
class P256CurveTest {
  private static final BigInteger P = P256Limbs.P;
  private static final ECDomainParameters GENERAL = domain("secp256r1");
  private static final ECDomainParameters OWN = P256Curve.insteadOf(GENERAL);
  private static final BigInteger N = GENERAL.getN();

  private static ECDomainParameters domain(String name) {
    X9ECParameters curve = SECNamedCurves.getByName(name);
    return new ECDomainParameters(curve.getCurve(), curve.getG(), curve.getN(), curve.getH());
  }

  /** The ends of the field, of each limb and of each power of two in p, and some between. */
  private static List<BigInteger> numbers() {
    List<BigInteger> numbers = new ArrayList<>();
    for (int bits = 0; bits <= 256; bits += 4) {
      for (int delta = -1; delta <= 1; delta++) {
        BigInteger near = BigInteger.TWO.pow(bits).add(BigInteger.valueOf(delta));
        numbers.add(near.mod(P));
        numbers.add(P.subtract(near).mod(P));
      }
    }
    Random repeatable = new Random(1);
    for (int i = 0; i < 100; i++) {
      numbers.add(new BigInteger(256, repeatable).mod(P));
    }
    return numbers;
  }

  @Test
  void sumsDifferencesAndProductsAreThoseOfWholeNumbersModuloP() {
    List<BigInteger> numbers = numbers();
    for (BigInteger x : numbers) {
      P256Element element = P256Element.of(x);
      assertEquals(x, element.toBigInteger());
      assertEquals(x.negate().mod(P), element.negate().toBigInteger());
      assertEquals(x.multiply(x).mod(P), element.square().toBigInteger());
      assertEquals(x.add(BigInteger.ONE).mod(P), element.addOne().toBigInteger());
      assertEquals(x.signum() == 0, element.isZero());
      assertEquals(x.equals(BigInteger.ONE), element.isOne());
      for (BigInteger y : numbers) {
        P256Element other = P256Element.of(y);
        assertEquals(x.add(y).mod(P), element.add(other).toBigInteger());
        assertEquals(x.subtract(y).mod(P), element.subtract(other).toBigInteger());
        assertEquals(x.multiply(y).mod(P), element.multiply(other).toBigInteger());
      }
    }
  }

  @Test
  void whatWasDividedByANumberAndMultipliedByItIsAsBefore() {
    ECFieldElement seven = P256Element.of(BigInteger.valueOf(7));
    for (BigInteger x : numbers()) {
      if (x.signum() != 0) {
        P256Element element = P256Element.of(x);
        assertEquals(seven, seven.divide(element).multiply(element));
        assertEquals(x.modInverse(P), element.invert().toBigInteger());
      }
    }
  }

  @Test
  void aSquareHasARootAndWhatIsNoneHasNone() {
    for (BigInteger x : numbers().subList(0, 50)) {
      P256Element element = P256Element.of(x);
      assertEquals(element.square(), element.square().sqrt().square());
    }
    BigInteger half = P.shiftRight(1);
    BigInteger three = BigInteger.valueOf(3);
    assertEquals(P.subtract(BigInteger.ONE), three.modPow(half, P), "3 is no square, by Euler");
    assertNull(P256Element.of(three).sqrt());
  }

  @Test
  void aNumberOutsideOfTheFieldIsNoElement() {
    assertThrows(IllegalArgumentException.class, () -> P256Element.of(P));
    assertThrows(IllegalArgumentException.class, () -> P256Element.of(BigInteger.ONE.negate()));
    assertThrows(IllegalArgumentException.class, () -> P256Element.of(null));
  }

  @Test
  void aMultipleIsThatOfTheGeneralCurve() {
    Random repeatable = new Random(2);
    List<BigInteger> factors = new ArrayList<>();
    for (int small = 0; small < 6; small++) {
      factors.add(BigInteger.valueOf(small));
      factors.add(N.subtract(BigInteger.valueOf(small)));
      factors.add(N.add(BigInteger.valueOf(small)));
    }
    for (int i = 0; i < 30; i++) {
      factors.add(new BigInteger(256, repeatable));
    }
    ECPoint generalPoint = GENERAL.getG().multiply(BigInteger.valueOf(4711));
    ECPoint ownPoint = OWN.getCurve().importPoint(generalPoint);
    for (BigInteger factor : factors) {
      assertSamePoint(generalPoint.multiply(factor), ownPoint.multiply(factor));
      BigInteger other = new BigInteger(256, repeatable);
      assertSamePoint(
        ECAlgorithms.sumOfTwoMultiplies(GENERAL.getG(), factor, generalPoint, other),
        ECAlgorithms.sumOfTwoMultiplies(OWN.getG(), factor, ownPoint, other));
    }
  }

  private static void assertSamePoint(ECPoint general, ECPoint own) {
    assertInstanceOf(P256Point.class, own);
    assertEquals(general.isInfinity(), own.isInfinity());
    assertEquals(OWN.getCurve().importPoint(general), own);
  }

  @Test
  void aPointPlusItselfItsOppositeAndNothingIsWhatTheGroupSays() {
    ECPoint infinity = OWN.getCurve().getInfinity();
    ECPoint scaled = OWN.getG().twice().add(OWN.getG());
    for (ECPoint point : List.of(OWN.getG(), scaled, scaled.normalize())) {
      assertEquals(point.twice(), point.add(point));
      assertEquals(point.twice(), scaled.add(point).subtract(scaled).add(point));
      assertSame(infinity, point.add(point.negate()));
      assertSame(infinity, point.normalize().subtract(point));
      assertSame(point, point.add(infinity));
      assertSame(point, infinity.add(point));
      assertTrue(point.isValid());
    }
    assertSame(infinity, infinity.twice());
    assertSame(infinity, infinity.negate());
    assertSame(infinity, infinity.add(infinity));
  }

  @Test
  void aPointThatIsNotOnTheCurveIsRefused() {
    ECPoint generator = OWN.getG();
    BigInteger x = generator.getAffineXCoord().toBigInteger();
    BigInteger y = generator.getAffineYCoord().toBigInteger();
    assertThrows(IllegalArgumentException.class, () -> OWN.getCurve().validatePoint(x, y.add(BigInteger.ONE)));
    assertThrows(IllegalArgumentException.class, () -> OWN.getCurve().validatePoint(x.add(P), y));
    byte[] encoding = generator.getEncoded(false);
    assertEquals(generator, OWN.getCurve().decodePoint(encoding));
    assertEquals(generator, OWN.getCurve().decodePoint(generator.getEncoded(true)));
    encoding[64] ^= 1;
    assertThrows(IllegalArgumentException.class, () -> OWN.getCurve().decodePoint(encoding));
  }

  @Test
  void everyOtherCurveStaysAsItIs() {
    ECDomainParameters koblitz = domain("secp256k1");
    assertSame(koblitz, P256Curve.insteadOf(koblitz));
    assertNotEquals(koblitz.getCurve(), OWN.getCurve());
    assertEquals(GENERAL.getCurve(), OWN.getCurve());
    assertFalse(OWN.getG().isInfinity());
  }
}
