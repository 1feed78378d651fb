package jcardsim.bridge.card;

import java.lang.reflect.Field;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import javacard.framework.AID;
import javacard.framework.OwnerPIN;

/** The applet's state as text, one value a line, in an order that depends on the classes alone. */
final class StateDump {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final StringBuilder text = new StringBuilder();
  private final Map<Object, String> paths = new IdentityHashMap<>();
  private final Set<String> leftOut;
  private final View view;

  private enum View {
    PERSISTENT, PERSISTENT_WITH_TRIES, TRANSIENT
  }

  private StateDump(Set<String> leftOut, View view) {
    this.leftOut = leftOut;
    this.view = view;
  }

  static String of(Roots roots, Set<String> leftOut) {
    return new StateDump(leftOut, View.PERSISTENT).all(roots);
  }

  static String withTries(Roots roots, Set<String> leftOut) {
    return new StateDump(leftOut, View.PERSISTENT_WITH_TRIES).all(roots);
  }

  /** Transient byte arrays alone. */
  static String ofRam(Roots roots) {
    return new StateDump(Set.of(), View.TRANSIENT).all(roots);
  }

  private String all(Roots roots) {
    for (Field field : roots.statics()) {
      field(field.getDeclaringClass().getSimpleName(), field, null);
    }
    object(roots.applet().getClass().getSimpleName(), roots.applet());
    return text.toString();
  }

  private void field(String path, Field field, Object target) {
    if (!leftOut.contains(field.getDeclaringClass().getSimpleName() + '.' + field.getName()) && !isBookkeeping(field)) {
      value(path + '.' + field.getName(), Shape.get(field, target), field.getType().isPrimitive());
    }
  }

  /** Tries of a PIN go down at refusals too, which is what they are for. */
  private boolean isBookkeeping(Field field) {
    boolean tries = field.getDeclaringClass() == OwnerPIN.class && field.getName().equals("triesLeft");
    return tries && view != View.PERSISTENT_WITH_TRIES || SecureRandom.class.isAssignableFrom(field.getType());
  }

  private void value(String path, Object value, boolean primitive) {
    if (primitive || value == null) {
      line(path, " = ", String.valueOf(value));
    } else {
      object(path, value);
    }
  }

  private void line(String path, String relation, String value) {
    if (view != View.TRANSIENT) {
      append(path, relation, value);
    }
  }

  private void append(String path, String relation, String value) {
    text.append(path).append(relation).append(value).append('\n');
  }

  private void object(String path, Object object) {
    String first = paths.putIfAbsent(object, path);
    if (first != null) {
      line(path, " -> ", first);
    } else if (object.getClass().isArray()) {
      array(path, object);
    } else if (object instanceof AID aid) {
      byte[] bytes = new byte[16];
      line(path, " = AID ", HEX.formatHex(bytes, 0, aid.getBytes(bytes, (short) 0)));
    } else if (object.getClass().getName().startsWith("jcardsim.bridge.card.")) {
      line(path, " = ", object.getClass().getSimpleName());
    } else {
      for (Field field : Shape.of(object.getClass()).durable) {
        field(path, field, object);
      }
    }
  }

  private void array(String path, Object array) {
    if (DurableGraph.isTransient(array)) {
      line(path, " = ", "transient " + java.lang.reflect.Array.getLength(array));
      if (view == View.TRANSIENT && array instanceof byte[] bytes) {
        append(path, " = ", HEX.formatHex(bytes));
      }
    } else if (array instanceof byte[] bytes) {
      line(path, " = ", HEX.formatHex(bytes));
    } else if (array instanceof Object[] references) {
      for (int i = 0; i < references.length; i++) {
        value(path + '[' + i + ']', references[i], false);
      }
    } else {
      for (int i = 0; i < java.lang.reflect.Array.getLength(array); i++) {
        value(path + '[' + i + ']', java.lang.reflect.Array.get(array, i), true);
      }
    }
  }
}
