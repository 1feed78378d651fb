package jcardsim.bridge.card;

/** The classes whose objects may stand in an image, by name: the applet's own and the platform's data classes. */
final class StorableClasses {
  private StorableClasses() {}

  static boolean contains(String className) {
    String internalName = className.replace('.', '/');
    return Card.LOADER.appletClasses().contains(internalName) || className.startsWith("javacard.")
      || className.startsWith("com.licel.jcardsim.crypto.") && !className.contains("$") && !className.contains("AuthenticatedSymmetric")
      || className.startsWith("jcardsim.bridge.card.Card");
  }
}
