package jcardsim.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.licel.jcardsim.bouncycastle.asn1.sec.SECNamedCurves;
import com.licel.jcardsim.bouncycastle.asn1.x9.X9ECParameters;
import com.licel.jcardsim.bouncycastle.crypto.params.ECDomainParameters;
import com.licel.jcardsim.bouncycastle.math.ec.ECAlgorithms;
import com.licel.jcardsim.bouncycastle.math.ec.ECPoint;
import com.licel.jcardsim.bouncycastle.math.ec.FixedPointCombMultiplier;
import com.licel.jcardsim.bouncycastle.math.ec.FixedPointUtil;
import java.math.BigInteger;
import java.util.Random;
import jcardsim.bridge.internal.GeneratorMultiples;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorMultiplesTest {

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"secp192r1", "secp256r1", "secp384r1", "secp521r1"})
  void aMultipleByTheTableIsWhatDoublingAndAddingGives(String name) {
    X9ECParameters curve = SECNamedCurves.getByName(name);
    ECDomainParameters kept = GeneratorMultiples.keptWith(new ECDomainParameters(curve.getCurve(), curve.getG(), curve.getN(), curve.getH()));
    ECPoint generator = kept.getG();
    assertSame(GeneratorMultiples.class, FixedPointUtil.precompute(generator).getLookupTable().getClass());
    Random repeatable = new Random(1);
    for (int i = 0; i < 20; i++) {
      BigInteger factor = new BigInteger(curve.getN().bitLength() - 1, repeatable);
      assertMultiple(generator, factor);
    }
    for (int small = 0; small < 4; small++) {
      assertMultiple(generator, BigInteger.valueOf(small));
      assertMultiple(generator, curve.getN().subtract(BigInteger.valueOf(small)));
    }
  }

  private static void assertMultiple(ECPoint generator, BigInteger factor) {
    assertEquals(ECAlgorithms.referenceMultiply(generator, factor), new FixedPointCombMultiplier().multiply(generator, factor));
  }
}
