package jcardsim.bridge.card;

import com.licel.jcardsim.bouncycastle.crypto.params.ECDomainParameters;
import com.licel.jcardsim.crypto.ECKeyImpl;
import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import javacard.security.CryptoException;
import jcardsim.bridge.internal.GeneratorMultiples;
import jcardsim.bridge.internal.SharedCurves;
import jcardsim.bridge.load.CurveSharing;
import jcardsim.bridge.p256.P256Curve;

/** Stands in front of {@code ECKeyImpl.getDomainParameters}: equal values give one and the same object. */
public final class CurveCalls {
  private static final String[] VALUES = {"fp", "a", "b", "g", "r"};
  private static final VarHandle[] CELLS = new VarHandle[VALUES.length];
  private static final VarHandle COFACTOR;
  private static final MethodHandle MAKE;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(ECKeyImpl.class, MethodHandles.lookup());
      Class<?> cell = Card.LOADER.loadClass("com.licel.jcardsim.crypto.ByteContainer");
      for (int i = 0; i < VALUES.length; i++) {
        CELLS[i] = lookup.findVarHandle(ECKeyImpl.class, VALUES[i], cell);
      }
      COFACTOR = lookup.findVarHandle(ECKeyImpl.class, "k", short.class);
      MAKE = lookup.findVirtual(ECKeyImpl.class, CurveSharing.ORIGINAL, MethodType.methodType(ECDomainParameters.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private CurveCalls() {}

  /**
   * @throws CryptoException UNINITIALIZED_KEY if a parameter is missing
   */
  public static ECDomainParameters domainParameters(ECKeyImpl key) {
    ByteArrayOutputStream encoding = new ByteArrayOutputStream(256);
    for (VarHandle handle : CELLS) {
      byte[] value = ((KeyCell) handle.get(key)).value();
      if (value.length == 0) {
        return make(key);
      }
      encoding.write(value.length);
      encoding.writeBytes(value);
    }
    short cofactor = (short) COFACTOR.get(key);
    encoding.write(cofactor >> 8);
    encoding.write(cofactor);
    return (ECDomainParameters) SharedCurves.get(encoding.toByteArray(), () -> GeneratorMultiples.keptWith(P256Curve.insteadOf(make(key))));
  }

  private static ECDomainParameters make(ECKeyImpl key) {
    try {
      return (ECDomainParameters) MAKE.invokeExact(key);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
