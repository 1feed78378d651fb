package jcardsim.bridge.card;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

/** Where the applet's state hangs: static fields of its classes, and the instance. */
final class Roots {
  private final List<Field> statics = new ArrayList<>();

  /** Loads and initialises all classes of the applet, as a card does when it loads the package. */
  Roots() {
    try {
      for (String internalName : Card.LOADER.appletClasses()) {
        Class<?> type = Class.forName(internalName.replace('/', '.'), true, Card.LOADER);
        statics.addAll(Shape.staticState(type));
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  List<Field> statics() {
    return statics;
  }

  Object applet() {
    return Card.RUNTIME.applet();
  }
}
