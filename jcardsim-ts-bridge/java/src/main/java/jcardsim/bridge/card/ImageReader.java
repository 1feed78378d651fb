package jcardsim.bridge.card;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javacard.framework.AID;
import javacard.framework.Applet;
import javacard.framework.JCSystem;
import jcardsim.bridge.CardImageException;
import jcardsim.bridge.CardImageException.Reason;

/** Rebuilds the applet's objects from an image. Runs no constructor of the applet and loads no class the card does not have. */
final class ImageReader {
  private static final int LARGEST_ARRAY = 1 << 20;

  private final DataInputStream in;
  private final Map<Field, Object> staticValues = new HashMap<>();
  private final Map<Integer, Object> existing = new HashMap<>();
  private Class<?>[] classes;
  private Object[] objects;

  private ImageReader(byte[] image) {
    in = new DataInputStream(new ByteArrayInputStream(image, 0, image.length - ImageFormat.CHECKSUM));
  }

  /**
   * Fills a card whose applet classes are loaded but not installed.
   *
   * @throws CardImageException whatever the reason, before anything of the card has changed but its static fields
   */
  static void read(byte[] image, Roots roots) {
    ImageCheck.require(image);
    try {
      new ImageReader(image).read(roots);
    } catch (IOException | IndexOutOfBoundsException | ClassCastException e) {
      throw new CardImageException(Reason.DAMAGED, "the image does not follow its own format", e);
    } catch (ReflectiveOperationException e) {
      throw new CardImageException(Reason.OTHER_APPLET, "the image does not fit this applet", e);
    }
  }

  private void read(Roots roots) throws IOException, ReflectiveOperationException {
    in.readInt();
    in.readUnsignedShort();
    in.skipNBytes(ImageFormat.CHECKSUM);
    in.skipNBytes(in.readUnsignedByte());
    byte[] random = in.readNBytes(ImageFormat.RANDOM_STATE);
    statics(roots);
    classes();
    objects();
    AID aid = (AID) objects[in.readInt()];
    Applet applet = (Applet) objects[in.readInt()];
    for (Map.Entry<Field, Object> entry : staticValues.entrySet()) {
      Object value = entry.getKey().getType().isPrimitive() ? entry.getValue() : objects[(Integer) entry.getValue()];
      Shape.set(entry.getKey(), null, value);
    }
    Card.RANDOM.restore(random);
    Card.RUNTIME.adopt(aid, applet);
  }

  /** An object that a static final field holds already is filled, not replaced. */
  private void statics(Roots roots) throws IOException {
    int count = in.readInt();
    Map<String, Field> known = new HashMap<>();
    roots.statics().forEach(field -> known.put(field.getDeclaringClass().getName() + '.' + field.getName(), field));
    if (count != known.size()) {
      throw other("static fields");
    }
    for (int i = 0; i < count; i++) {
      Field field = known.get(in.readUTF() + '.' + in.readUTF());
      if (field == null) {
        throw other("static fields");
      }
      Object value = value(field.getType());
      if (!Modifier.isFinal(field.getModifiers())) {
        staticValues.put(field, value);
      } else if ((Integer) value != 0) {
        existing.put((Integer) value, Shape.get(field, null));
      }
    }
  }

  private static CardImageException other(String what) {
    return new CardImageException(Reason.OTHER_APPLET, "the image was made by other code: its " + what + " differ");
  }

  private void classes() throws IOException, ClassNotFoundException {
    classes = new Class<?>[in.readInt()];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = storable(in.readUTF());
      Field[] fields = Shape.of(classes[i]).durable;
      int count = in.readUnsignedShort();
      boolean same = count == fields.length;
      for (int f = 0; f < count; f++) {
        String name = in.readUTF();
        String descriptor = in.readUTF();
        same = same && fields[f].getName().equals(name) && fields[f].getType().descriptorString().equals(descriptor);
      }
      if (!same) {
        throw other("fields of " + classes[i].getName());
      }
    }
  }

  private static Class<?> storable(String name) throws ClassNotFoundException {
    if (!StorableClasses.contains(name)) {
      throw other("classes (" + name + ")");
    }
    return Class.forName(name, true, Card.LOADER);
  }

  private void objects() throws IOException, ReflectiveOperationException {
    objects = new Object[in.readInt() + 1];
    byte[] events = new byte[objects.length];
    for (int i = 1; i < objects.length; i++) {
      objects[i] = head(i, events);
    }
    for (int i = 1; i < objects.length; i++) {
      contents(objects[i], events[i]);
    }
  }

  private Object head(int number, byte[] events) throws IOException, ReflectiveOperationException {
    int kind = in.readUnsignedByte();
    if (kind == ImageFormat.OBJECT) {
      Class<?> type = classes[in.readInt()];
      Object present = existing.get(number);
      return present != null && present.getClass() == type ? present : Instances.blank(type);
    }
    if (kind == ImageFormat.RANDOM) {
      return Instances.random();
    }
    events[number] = in.readByte();
    int length = in.readInt();
    if (length < 0 || length > LARGEST_ARRAY) {
      throw new IOException("array of " + length);
    }
    Object array = Array.newInstance(elementType(kind), length);
    Object present = existing.get(number);
    if (present != null && present.getClass() == array.getClass() && Array.getLength(present) == length) {
      array = present;
    }
    if (events[number] != JCSystem.NOT_A_TRANSIENT_OBJECT) {
      Card.RAM.register(array, events[number], Instances.payload(array));
    }
    return array;
  }

  private Class<?> elementType(int kind) throws IOException, ClassNotFoundException {
    return switch (kind) {
      case ImageFormat.BYTES -> byte.class;
      case ImageFormat.SHORTS -> short.class;
      case ImageFormat.BOOLEANS -> boolean.class;
      case ImageFormat.INTS -> int.class;
      case ImageFormat.REFERENCES -> Instances.componentOf(in.readUTF());
      default -> throw new IOException("kind " + kind);
    };
  }

  private void contents(Object object, byte event) throws IOException, ReflectiveOperationException {
    if (event != JCSystem.NOT_A_TRANSIENT_OBJECT || object instanceof java.security.SecureRandom) {
      return;
    }
    if (object instanceof byte[] array) {
      in.readFully(array);
    } else if (object instanceof short[] array) {
      for (int i = 0; i < array.length; i++) {
        array[i] = in.readShort();
      }
    } else if (object instanceof boolean[] array) {
      for (int i = 0; i < array.length; i++) {
        array[i] = in.readBoolean();
      }
    } else if (object instanceof int[] array) {
      for (int i = 0; i < array.length; i++) {
        array[i] = in.readInt();
      }
    } else if (object instanceof Object[] array) {
      for (int i = 0; i < array.length; i++) {
        array[i] = objects[in.readInt()];
      }
    } else {
      for (Field field : Shape.of(object.getClass()).durable) {
        Object value = value(field.getType());
        Shape.set(field, object, field.getType().isPrimitive() ? value : objects[(Integer) value]);
      }
    }
  }

  private Object value(Class<?> type) throws IOException {
    return switch (type.descriptorString().charAt(0)) {
      case 'Z' -> in.readBoolean();
      case 'B' -> in.readByte();
      case 'S' -> in.readShort();
      default -> in.readInt();
    };
  }
}
