package jcardsim.bridge.link;

import static jcardsim.bridge.link.LinkException.Code.BAD_REQUEST;

import java.nio.file.Path;
import jcardsim.bridge.CardSpec;
import jcardsim.bridge.ClassTransform;
import jcardsim.bridge.Strictness;

/** Reads a card specification from a frame. Zero and the empty string stand for "as the core has it by default". */
final class SpecCodec {
  private SpecCodec() {}

  static CardSpec read(FieldReader in) {
    CardSpec.Builder spec = CardSpec.builder();
    for (int left = in.count("class path"); left > 0; left--) {
      spec.appletClasspath(Path.of(in.string()));
    }
    spec.appletClassName(in.string());
    spec.appletAid(in.bytes());
    spec.installParameters(in.bytes());
    byte[] seed = in.bytes();
    spec.cardSeed(seed.length == 0 ? null : seed);
    readCapacities(in, spec);
    byte[] atr = in.bytes();
    if (atr.length > 0) {
      spec.atr(atr);
    }
    for (int left = in.count("list of rules"); left > 0; left--) {
      spec.tolerate(Strictness.valueOf(in.string()));
    }
    for (int left = in.count("list of class transforms"); left > 0; left--) {
      spec.classTransform(transform(in.string(), in.string()));
    }
    return spec.build();
  }

  private static void readCapacities(FieldReader in, CardSpec.Builder spec) {
    int transientBytes = in.u32();
    int persistentBytes = in.u32();
    int commitBytes = in.u32();
    if (transientBytes != 0) {
      spec.transientCapacity(transientBytes);
    }
    if (persistentBytes != 0) {
      spec.persistentCapacity(persistentBytes);
    }
    if (commitBytes != 0) {
      spec.commitCapacity(commitBytes);
    }
  }

  /** A transform comes from the bridge's own class path: a public class with a constructor for the argument, or for none. */
  private static ClassTransform transform(String className, String argument) {
    try {
      Class<?> type = Class.forName(className);
      Object made = argument.isEmpty()
          ? type.getConstructor().newInstance()
          : type.getConstructor(String.class).newInstance(argument);
      return (ClassTransform) made;
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new LinkException(BAD_REQUEST, "The class transform " + className + " cannot be used: " + e + ".", e);
    }
  }
}
