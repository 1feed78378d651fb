package jcardsim.bridge.card;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import sun.reflect.ReflectionFactory;

/** Makes objects for an image without running the applet's constructors. */
final class Instances {
  private Instances() {}

  /** An object whose fields are all zero; only the constructor of its first JDK superclass has run. */
  static Object blank(Class<?> type) throws ReflectiveOperationException {
    Class<?> jdk = type;
    while (!Shape.isJdk(jdk)) {
      jdk = jdk.getSuperclass();
    }
    Constructor<?> first = jdk.getDeclaredConstructor();
    return ReflectionFactory.getReflectionFactory().newConstructorForSerialization(type, first).newInstance();
  }

  /** The generator that a key pair of jCardSim holds: one door to the card's own. */
  static Object random() throws ReflectiveOperationException {
    Constructor<?> constructor = Card.LOADER.loadClass("com.licel.jcardsim.crypto.SecureRandomNullProvider").getDeclaredConstructor();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }

  /** The element class of an array class given by name: Object, or a class that may stand in an image, or an array of bytes. */
  static Class<?> componentOf(String arrayClass) throws ClassNotFoundException {
    String element = arrayClass.substring(arrayClass.startsWith("[L") ? 2 : 1, arrayClass.length() - (arrayClass.endsWith(";") ? 1 : 0));
    boolean allowed = element.equals("java.lang.Object") || element.matches("\\[[BSZI]") || StorableClasses.contains(element);
    if (!allowed) {
      throw new ClassNotFoundException(arrayClass);
    }
    return Class.forName(arrayClass, false, Card.LOADER).getComponentType();
  }

  /** Bytes of an array's elements on a card. */
  static int payload(Object array) {
    int width = array instanceof byte[] || array instanceof boolean[] ? 1 : array instanceof int[] ? 4 : 2;
    return width * Array.getLength(array);
  }
}
