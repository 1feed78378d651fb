package jcardsim.bridge.card;

import java.lang.reflect.Field;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javacard.framework.OwnerPIN;
import javacard.security.Key;
import javacard.security.KeyPair;
import jcardsim.bridge.MemoryReport.Usage;
import jcardsim.bridge.load.SizeModel;

/** Adds up the non-volatile memory of everything the applet can reach. Keys, PINs and engines count as one object each. */
final class MemoryMeter {
  private final Map<String, int[]> byKind = new TreeMap<>();
  private final Map<Object, Boolean> seen = new IdentityHashMap<>();
  private final List<Object> open = new ArrayList<>();
  private int total;

  MemoryMeter(Roots roots) {
    for (Field field : roots.statics()) {
      count("static fields", width(field), 0);
      if (!field.getType().isPrimitive()) {
        visit(Shape.get(field, null));
      }
    }
    visit(roots.applet());
    for (int next = 0; next < open.size(); next++) {
      measure(open.get(next));
    }
  }

  int total() {
    return total;
  }

  List<Usage> byKind() {
    List<Usage> usages = new ArrayList<>();
    byKind.forEach((kind, figures) -> usages.add(new Usage(kind, figures[0], figures[1])));
    usages.sort(Comparator.comparingInt(Usage::bytes).reversed());
    return usages;
  }

  private void visit(Object object) {
    if (object != null && !(object instanceof SecureRandom) && seen.put(object, true) == null) {
      open.add(object);
    }
  }

  private void measure(Object object) {
    if (object instanceof Key key) {
      boolean persistent = KeySizes.event(key.getType()) == 0;
      count(key.getClass().getSimpleName(), SizeModel.HEADER + (persistent ? KeySizes.payload(key.getType(), key.getSize()) : 0), 1);
    } else if (object instanceof OwnerPIN) {
      countDeep(object);
    } else if (object instanceof KeyPair pair) {
      count("KeyPair", SizeModel.HEADER + 2 * SizeModel.REFERENCE, 1);
      visit(pair.getPublic());
      visit(pair.getPrivate());
    } else if (object.getClass().getName().startsWith("jcardsim.bridge.card.")) {
      count(object.getClass().getSimpleName(), SizeModel.HEADER + Engines.PAYLOAD, 1);
    } else if (object.getClass().isArray()) {
      array(object);
    } else {
      fields(object);
    }
  }

  private void fields(Object object) {
    int bytes = SizeModel.HEADER;
    for (Field field : Shape.of(object.getClass()).durable) {
      bytes += width(field);
      if (!field.getType().isPrimitive()) {
        visit(Shape.get(field, object));
      }
    }
    count(object.getClass().getSimpleName(), bytes, 1);
  }

  /** A PIN's arrays are inside the object on a card. */
  private void countDeep(Object pin) {
    int bytes = SizeModel.HEADER;
    for (Field field : Shape.of(pin.getClass()).durable) {
      Object value = Shape.get(field, pin);
      boolean array = value != null && value.getClass().isArray();
      bytes += array ? DurableGraph.isTransient(value) ? 0 : Instances.payload(value) : width(field);
    }
    count("OwnerPIN", bytes, 1);
  }

  private void array(Object array) {
    boolean isTransient = DurableGraph.isTransient(array);
    String kind = array.getClass().getComponentType().getSimpleName() + "[]";
    count(isTransient ? "transient " + kind : kind, SizeModel.HEADER + (isTransient ? 0 : Instances.payload(array)), 1);
    if (array instanceof Object[] references && !isTransient) {
      for (Object element : references) {
        visit(element);
      }
    }
  }

  private static int width(Field field) {
    return SizeModel.ofDescriptor(field.getType().descriptorString());
  }

  private void count(String kind, int bytes, int objects) {
    int[] figures = byKind.computeIfAbsent(kind, k -> new int[2]);
    figures[0] += objects;
    figures[1] += bytes;
    total += bytes;
  }
}
