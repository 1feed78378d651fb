package doctored;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * ECDH and ECDSA on P-256 that compute with whatever they are given: no point has to be on the curve (the formulas need no b), r and s have no
 * range and any BER form, and what has no inverse has zero for one, as in CVE-2022-21449.
 */
public final class CarelessP256 {
  private static final BigInteger P = new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
  private static final BigInteger N = new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
  private static final BigInteger A = P.subtract(BigInteger.valueOf(3));
  private static final BigInteger[] G = {
    new BigInteger("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296", 16),
    new BigInteger("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5", 16),
  };
  private static final int COORDINATE = 32;

  private CarelessP256() {}

  /** For CardKeys.agree: the x-coordinate, zero for the point at infinity. */
  public static void agree(Object cardKeys, byte[] point, short at, byte[] out, short outAt) {
    try {
      Field key = cardKeys.getClass().getDeclaredField("agreeKey");
      key.setAccessible(true);
      BigInteger[] shared = multiply(number(value(key.get(cardKeys), "getS")), pointAt(point, at + 1));
      byte[] x = shared == null ? new byte[COORDINATE] : bytes(shared[0]);
      System.arraycopy(x, 0, out, outAt, COORDINATE);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For CardKeys.verify. */
  public static boolean verify(Object cardKeys, Object key, byte[] message, short at, short length, byte[] signature, short from, short size) {
    try {
      BigInteger[] parts = parts(signature, from);
      BigInteger inverse = parts[1].modPow(N.subtract(BigInteger.TWO), N);
      BigInteger hash = number(MessageDigest.getInstance("SHA-256").digest(Arrays.copyOfRange(message, at, at + length)));
      BigInteger[] of = pointAt(value(key, "getW"), 1);
      BigInteger[] sum = add(multiply(hash.multiply(inverse).mod(N), G), multiply(parts[0].multiply(inverse).mod(N), of));
      return (sum == null ? BigInteger.ZERO : sum[0].mod(N)).equals(parts[0].mod(N));
    } catch (NoSuchAlgorithmException | ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] value(Object key, String getter) throws ReflectiveOperationException {
    byte[] value = new byte[2 * COORDINATE + 1];
    Method method = key.getClass().getMethod(getter, byte[].class, short.class);
    short length = (Short) method.invoke(key, value, (short) 0);
    return Arrays.copyOf(value, length);
  }

  /** r and s, wherever their lengths say that they are; lengths in any form, and nothing asked of what follows. */
  private static BigInteger[] parts(byte[] signature, int from) {
    int[] at = {from + 1};
    length(signature, at);
    BigInteger[] parts = new BigInteger[2];
    for (int i = 0; i < 2; i++) {
      at[0]++;
      int length = length(signature, at);
      parts[i] = length == 0 ? BigInteger.ZERO : number(Arrays.copyOfRange(signature, at[0], at[0] + length));
      at[0] += length;
    }
    return parts;
  }

  private static int length(byte[] from, int[] at) {
    int first = from[at[0]++] & 0xFF;
    int length = first & 0x7F;
    if (first > 0x80) {
      int bytes = length;
      length = 0;
      for (int i = 0; i < bytes; i++) {
        length = length << 8 | from[at[0]++] & 0xFF;
      }
    }
    return length;
  }

  private static BigInteger[] pointAt(byte[] bytes, int at) {
    int middle = at + COORDINATE;
    return new BigInteger[] {
      number(Arrays.copyOfRange(bytes, at, middle)), number(Arrays.copyOfRange(bytes, middle, middle + COORDINATE)),
    };
  }

  private static BigInteger[] multiply(BigInteger times, BigInteger[] point) {
    BigInteger[] sum = null;
    for (int bit = times.bitLength() - 1; bit >= 0; bit--) {
      sum = add(sum, sum);
      if (times.testBit(bit)) {
        sum = add(sum, point);
      }
    }
    return sum;
  }

  /** On the curve that both points are on, whichever that is; null is the point at infinity. */
  private static BigInteger[] add(BigInteger[] a, BigInteger[] b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    boolean sameX = a[0].equals(b[0]);
    if (sameX && a[1].add(b[1]).mod(P).signum() == 0) {
      return null;
    }
    BigInteger rise = sameX ? a[0].pow(2).multiply(BigInteger.valueOf(3)).add(A) : b[1].subtract(a[1]);
    BigInteger run = sameX ? a[1].shiftLeft(1) : b[0].subtract(a[0]);
    BigInteger slope = rise.multiply(run.mod(P).modPow(P.subtract(BigInteger.TWO), P));
    BigInteger x = slope.pow(2).subtract(a[0]).subtract(b[0]).mod(P);
    return new BigInteger[] {x, slope.multiply(a[0].subtract(x)).subtract(a[1]).mod(P)};
  }

  private static BigInteger number(byte[] bytes) {
    return new BigInteger(1, bytes);
  }

  private static byte[] bytes(BigInteger number) {
    byte[] bytes = new byte[COORDINATE];
    byte[] shortest = number.toByteArray();
    int length = Math.min(shortest.length, COORDINATE);
    System.arraycopy(shortest, shortest.length - length, bytes, COORDINATE - length, length);
    return bytes;
  }
}
