package jcardsim.bridge.p256;

import java.math.BigInteger;

/**
 * Numbers below p = 2^256 - 2^224 + 2^192 + 2^96 - 1 as five limbs of 52 bits, the lowest first. Every result is reduced. Montgomery's form of x is
 * x·2^260 mod p (P. L. Montgomery, Modular Multiplication Without Trial Division, 1985). Not in constant time: a simulator has no timing to hide.
 */
final class P256Limbs {
  static final BigInteger P = BigInteger.TWO.pow(256).subtract(BigInteger.TWO.pow(224)).add(BigInteger.TWO.pow(192)).add(BigInteger.TWO.pow(96))
    .subtract(BigInteger.ONE);

  private static final int COUNT = 5;
  private static final int BITS = 52;
  private static final long MASK = (1L << BITS) - 1;

  /** The limbs of p but its third, which is 0. */
  private static final long P0 = MASK;

  private static final long P1 = (1L << 44) - 1;
  private static final long P3 = 1L << 36;
  private static final long P4 = (1L << 48) - (1L << 16);

  private P256Limbs() {}

  /** @param value 0 to p - 1 */
  static long[] of(BigInteger value) {
    long[] limbs = new long[COUNT];
    for (int i = 0; i < COUNT; i++) {
      limbs[i] = value.shiftRight(BITS * i).longValue() & MASK;
    }
    return limbs;
  }

  static BigInteger toBigInteger(long[] limbs) {
    BigInteger value = BigInteger.ZERO;
    for (int i = COUNT - 1; i >= 0; i--) {
      value = value.shiftLeft(BITS).or(BigInteger.valueOf(limbs[i]));
    }
    return value;
  }

  static long[] add(long[] x, long[] y) {
    return reduced(x[0] + y[0], x[1] + y[1], x[2] + y[2], x[3] + y[3], x[4] + y[4]);
  }

  static long[] subtract(long[] x, long[] y) {
    return reduced(x[0] - y[0] + P0, x[1] - y[1] + P1, x[2] - y[2], x[3] - y[3] + P3, x[4] - y[4] + P4);
  }

  /**
   * x·y/2^260 mod p. After each limb of x so much of p is added that the lowest limb is 0 and falls away. As p = -1 mod 2^52, that is the limb
   * itself, and the products with the limbs of p are shifts.
   */
  static long[] multiply(long[] x, long[] y) {
    long y0 = y[0], y1 = y[1], y2 = y[2], y3 = y[3], y4 = y[4];
    long c0 = 0, c1 = 0, c2 = 0, c3 = 0, c4 = 0;
    for (int i = 0; i < COUNT; i++) {
      long limb = x[i];
      c0 += low(limb, y0);
      long m = c0 & MASK;
      c0 = (c0 >> BITS) + c1 + high(limb, y0) + low(limb, y1) + (m << 44 & MASK);
      c1 = c2 + high(limb, y1) + low(limb, y2) + (m >> 8);
      c2 = c3 + high(limb, y2) + low(limb, y3) + (m << 36 & MASK);
      c3 = c4 + high(limb, y3) + low(limb, y4) + (m >> 16) + (m << 48 & MASK) - (m << 16 & MASK);
      c4 = high(limb, y4) + (m >> 4) - (m >> 36);
    }
    return reduced(c0, c1, c2, c3, c4);
  }

  private static long low(long x, long y) {
    return x * y & MASK;
  }

  /** What is above the lowest 52 bits of the product; the shifts put that into the upper word. */
  private static long high(long x, long y) {
    return Math.multiplyHigh(x << 6, y << 6);
  }

  /** Carries, and takes p away once if the number, 0 to 2p - 1, is not below it. */
  private static long[] reduced(long c0, long c1, long c2, long c3, long c4) {
    c1 += c0 >> BITS;
    c2 += c1 >> BITS;
    c3 += c2 >> BITS;
    c4 += c3 >> BITS;
    c0 &= MASK;
    c1 &= MASK;
    c2 &= MASK;
    c3 &= MASK;
    long d0 = c0 - P0;
    long d1 = c1 - P1 + (d0 >> BITS);
    long d2 = c2 + (d1 >> BITS);
    long d3 = c3 - P3 + (d2 >> BITS);
    long d4 = c4 - P4 + (d3 >> BITS);
    return d4 < 0 ? new long[] {c0, c1, c2, c3, c4} : new long[] {d0 & MASK, d1 & MASK, d2 & MASK, d3 & MASK, d4};
  }
}
