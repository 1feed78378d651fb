package jcardsim.bridge.internal;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Domain parameters by their encoding, for all cards of the process. BouncyCastle keeps the multiples of a generator with
 * the point object; jCardSim makes a new one for every signature and computes them again each time.
 */
public final class SharedCurves {
  private static final int KEPT = 64;
  private static final Map<ByteBuffer, Object> CURVES = new ConcurrentHashMap<>();

  private SharedCurves() {}

  /** The parameters with this encoding, made by {@code maker} the first time. Immutable objects only. */
  public static Object get(byte[] encoding, Supplier<Object> maker) {
    Object known = CURVES.get(ByteBuffer.wrap(encoding));
    if (known != null) {
      return known;
    }
    Object made = maker.get();
    if (CURVES.size() < KEPT) {
      CURVES.put(ByteBuffer.wrap(encoding), made);
    }
    return made;
  }
}
