package jcardsim.bridge.internal;

import com.licel.jcardsim.bouncycastle.crypto.params.ECDomainParameters;
import com.licel.jcardsim.bouncycastle.math.ec.AbstractECLookupTable;
import com.licel.jcardsim.bouncycastle.math.ec.ECLookupTable;
import com.licel.jcardsim.bouncycastle.math.ec.ECPoint;
import com.licel.jcardsim.bouncycastle.math.ec.FixedPointPreCompInfo;
import com.licel.jcardsim.bouncycastle.math.ec.FixedPointUtil;

/**
 * The table of a generator's multiples, read by index. BouncyCastle's own goes through the whole table for every entry, to give
 * nothing away by its timing, and makes the point anew; a simulator has no timing to hide.
 */
public final class GeneratorMultiples extends AbstractECLookupTable {
  private final ECPoint[] points;

  private GeneratorMultiples(ECLookupTable table) {
    points = new ECPoint[table.getSize()];
    for (int i = 0; i < points.length; i++) {
      points[i] = table.lookup(i);
    }
  }

  /** The same parameters, their generator's multiples computed and kept with it. */
  public static ECDomainParameters keptWith(ECDomainParameters curve) {
    FixedPointPreCompInfo info = FixedPointUtil.precompute(curve.getG());
    info.setLookupTable(new GeneratorMultiples(info.getLookupTable()));
    return curve;
  }

  @Override
  public int getSize() {
    return points.length;
  }

  @Override
  public ECPoint lookup(int index) {
    return points[index];
  }

  @Override
  public ECPoint lookupVar(int index) {
    return points[index];
  }
}
