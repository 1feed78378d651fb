package jcardsim.bridge.load;

/** Bytes that things take in a card's memory. The payload is exact, the header an estimate for 16-bit virtual machines. */
public final class SizeModel {
  /** Header of an object or array. */
  public static final int HEADER = 8;

  /** A reference. */
  public static final int REFERENCE = 2;

  private SizeModel() {}

  /** Bytes of a field or array element with this descriptor. */
  public static int ofDescriptor(String descriptor) {
    return switch (descriptor.charAt(0)) {
      case 'Z', 'B' -> 1;
      case 'S' -> 2;
      case 'I' -> 4;
      case 'L', '[' -> REFERENCE;
      default -> throw new IllegalArgumentException("no such type on a Java Card: " + descriptor);
    };
  }
}
