package jcardsim.bridge.card;

import java.lang.reflect.Field;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import jcardsim.bridge.CardImageException;
import jcardsim.bridge.CardImageException.Reason;

/** Everything reachable that survives power-off, numbered from 1 in the order it is met. */
final class DurableGraph {
  private final Map<Object, Integer> numbers = new IdentityHashMap<>();
  private final List<Object> objects = new ArrayList<>();

  DurableGraph(Roots roots) {
    for (Field field : roots.statics()) {
      if (!field.getType().isPrimitive()) {
        visit(Shape.get(field, null));
      }
    }
    visit(Card.RUNTIME.instanceAid());
    visit(roots.applet());
    for (int next = 0; next < objects.size(); next++) {
      expand(objects.get(next));
    }
  }

  private void visit(Object object) {
    if (object != null && !numbers.containsKey(object)) {
      requireStorable(object);
      objects.add(object);
      numbers.put(object, objects.size());
    }
  }

  private void expand(Object object) {
    if (object instanceof Object[] array) {
      if (!isTransient(array)) {
        for (Object element : array) {
          visit(element);
        }
      }
    } else if (!object.getClass().isArray()) {
      for (Field field : Shape.of(object.getClass()).durable) {
        if (!field.getType().isPrimitive()) {
          visit(Shape.get(field, object));
        }
      }
    }
  }

  private static void requireStorable(Object object) {
    Class<?> type = object.getClass();
    boolean storable = object instanceof SecureRandom || object instanceof byte[] || object instanceof short[]
      || object instanceof boolean[] || object instanceof int[] || object instanceof Object[] || StorableClasses.contains(type.getName());
    if (!storable) {
      throw new CardImageException(Reason.NOT_STORABLE, "the applet keeps a " + type.getName() + ", which an image cannot hold");
    }
  }

  static boolean isTransient(Object array) {
    return Card.RAM.eventOf(array) != 0;
  }

  List<Object> objects() {
    return objects;
  }

  /** 0 for {@code null}. */
  int numberOf(Object object) {
    return object == null ? 0 : numbers.get(object);
  }
}
