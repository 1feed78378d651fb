package jcardsim.bridge.card;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How the state of one class of objects is laid out: its instance fields, its own and inherited ones, up to the JDK. */
final class Shape {
  private static final String BOUNCY_CASTLE = "com.licel.jcardsim.bouncycastle.";

  private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
    @Override
    protected Shape computeValue(Class<?> type) {
      return new Shape(type);
    }
  };

  /** No state of the card inside: the JDK's own, constants, and BouncyCastle's immutable numbers, points and parameters. */
  final boolean leaf;
  /** Fields that may change, which a snapshot saves. */
  final Field[] mutable;
  /** Fields that lead to other objects. */
  final Field[] references;
  /** What survives power-off, in a fixed order. */
  final Field[] durable;

  private Shape(Class<?> type) {
    leaf = isLeaf(type);
    List<Field> all = leaf || type.isArray() ? List.of() : instanceFields(type);
    mutable = all.stream().filter(f -> !Modifier.isFinal(f.getModifiers())).toArray(Field[]::new);
    references = all.stream().filter(f -> !f.getType().isPrimitive()).toArray(Field[]::new);
    durable = all.stream().filter(Shape::isDurable).toArray(Field[]::new);
  }

  static Shape of(Class<?> type) {
    return SHAPES.get(type);
  }

  private static boolean isLeaf(Class<?> type) {
    if (type.isArray()) {
      return false;
    }
    String name = type.getName();
    return isJdk(type) || type.isEnum() || SecureRandom.class.isAssignableFrom(type)
      || name.startsWith(BOUNCY_CASTLE + "math.") || name.startsWith(BOUNCY_CASTLE + "crypto.params.");
  }

  static boolean isJdk(Class<?> type) {
    return type.getClassLoader() == null || type.getClassLoader() == ClassLoader.getPlatformClassLoader();
  }

  /** Engines of BouncyCastle are made anew; whatever is marked {@code transient} too. */
  private static boolean isDurable(Field field) {
    return !Modifier.isTransient(field.getModifiers()) && !field.getType().getName().startsWith(BOUNCY_CASTLE);
  }

  private static List<Field> instanceFields(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> c = type; c != null && !isJdk(c); c = c.getSuperclass()) {
      for (Field field : declared(c)) {
        if (!Modifier.isStatic(field.getModifiers())) {
          fields.add(field);
        }
      }
    }
    return fields;
  }

  /** Static fields of an applet class that hold state; compile-time constants do not. */
  static List<Field> staticState(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Field field : declared(type)) {
      int modifiers = field.getModifiers();
      if (Modifier.isStatic(modifiers) && !field.isSynthetic() && !(Modifier.isFinal(modifiers) && field.getType().isPrimitive())) {
        fields.add(field);
      }
    }
    return fields;
  }

  private static List<Field> declared(Class<?> type) {
    List<Field> fields = new ArrayList<>(List.of(type.getDeclaredFields()));
    fields.sort(Comparator.comparing(Field::getName));
    fields.forEach(field -> field.setAccessible(true));
    return fields;
  }

  static Object get(Field field, Object target) {
    try {
      return field.get(target);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  static void set(Field field, Object target, Object value) {
    try {
      field.set(target, value);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
