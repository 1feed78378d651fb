package jcardsim.bridge.card;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import javacard.framework.AID;

/** Copies of everything that can change, engines included, to be written back into the very same objects. */
final class GraphSnapshot {
  private final List<Object> objects = new ArrayList<>(256);
  private final List<Object> contents = new ArrayList<>(256);
  private final Field[] statics;
  private final Object[] staticValues;
  private final AID selected = Card.RUNTIME.selected();
  private final byte[] random = Card.RANDOM.state();
  private final int[] epochs = Engine.epochs();
  final boolean powered;

  GraphSnapshot(Roots roots, boolean powered) {
    this.powered = powered;
    statics = roots.statics().toArray(new Field[0]);
    staticValues = new Object[statics.length];
    IdentitySet seen = new IdentitySet();
    for (int i = 0; i < statics.length; i++) {
      staticValues[i] = Shape.get(statics[i], null);
      visit(staticValues[i], seen);
    }
    visit(roots.applet(), seen);
    for (int next = 0; next < objects.size(); next++) {
      contents.add(save(objects.get(next), seen));
    }
  }

  private void visit(Object object, IdentitySet seen) {
    if (object != null && !Shape.of(object.getClass()).leaf && seen.add(object)) {
      objects.add(object);
    }
  }

  private Object save(Object object, IdentitySet seen) {
    if (object instanceof byte[] bytes) {
      return bytes.clone();
    }
    if (object instanceof Object[] array) {
      for (Object element : array) {
        visit(element, seen);
      }
      return array.clone();
    }
    if (object.getClass().isArray()) {
      return clonePrimitives(object);
    }
    Shape shape = Shape.of(object.getClass());
    for (Field field : shape.references) {
      visit(Shape.get(field, object), seen);
    }
    Object[] values = new Object[shape.mutable.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Shape.get(shape.mutable[i], object);
    }
    return values;
  }

  private static Object clonePrimitives(Object array) {
    if (array instanceof int[] ints) {
      return ints.clone();
    }
    if (array instanceof short[] shorts) {
      return shorts.clone();
    }
    if (array instanceof boolean[] booleans) {
      return booleans.clone();
    }
    return ((long[]) array).clone();
  }

  void restore() {
    for (int i = 0; i < statics.length; i++) {
      if (!Modifier.isFinal(statics[i].getModifiers())) {
        Shape.set(statics[i], null, staticValues[i]);
      }
    }
    for (int i = 0; i < objects.size(); i++) {
      restore(objects.get(i), contents.get(i));
    }
    Card.RUNTIME.forgetSelection();
    Card.RUNTIME.select(selected);
    Card.RANDOM.restore(random);
    Engine.restoreEpochs(epochs);
  }

  private static void restore(Object object, Object saved) {
    if (object.getClass().isArray()) {
      System.arraycopy(saved, 0, object, 0, java.lang.reflect.Array.getLength(saved));
      return;
    }
    Field[] fields = Shape.of(object.getClass()).mutable;
    Object[] values = (Object[]) saved;
    for (int i = 0; i < fields.length; i++) {
      Shape.set(fields[i], object, values[i]);
    }
  }
}
