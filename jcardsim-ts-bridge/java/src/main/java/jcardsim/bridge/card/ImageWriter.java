package jcardsim.bridge.card;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes what survives power-off; see {@link ImageFormat}. */
final class ImageWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(16384);
  private final DataOutputStream out = new DataOutputStream(bytes);
  private final Roots roots;
  private final DurableGraph graph;
  private final Map<Class<?>, Integer> classes = new LinkedHashMap<>();

  private ImageWriter(Roots roots) {
    this.roots = roots;
    graph = new DurableGraph(roots);
  }

  /**
   * @throws jcardsim.bridge.CardImageException (NOT_STORABLE)
   */
  static byte[] write(Roots roots) {
    try {
      return new ImageWriter(roots).write();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] write() throws IOException {
    out.writeInt(ImageFormat.MAGIC);
    out.writeShort(ImageFormat.VERSION);
    out.write(Card.LOADER.appletCodeHash());
    byte[] aid = Card.SPEC.appletAid();
    out.writeByte(aid.length);
    out.write(aid);
    out.write(Card.RANDOM.state());
    statics();
    classes();
    objects();
    out.writeInt(graph.numberOf(Card.RUNTIME.instanceAid()));
    out.writeInt(graph.numberOf(roots.applet()));
    byte[] image = bytes.toByteArray();
    out.write(ImageFormat.checksum(image, image.length));
    return bytes.toByteArray();
  }

  private void statics() throws IOException {
    out.writeInt(roots.statics().size());
    for (Field field : roots.statics()) {
      out.writeUTF(field.getDeclaringClass().getName());
      out.writeUTF(field.getName());
      value(field, null);
    }
  }

  private void classes() throws IOException {
    List<Class<?>> met = new ArrayList<>();
    for (Object object : graph.objects()) {
      if (!object.getClass().isArray() && !(object instanceof SecureRandom) && classes.putIfAbsent(object.getClass(), classes.size()) == null) {
        met.add(object.getClass());
      }
    }
    out.writeInt(met.size());
    for (Class<?> type : met) {
      Field[] fields = Shape.of(type).durable;
      out.writeUTF(type.getName());
      out.writeShort(fields.length);
      for (Field field : fields) {
        out.writeUTF(field.getName());
        out.writeUTF(field.getType().descriptorString());
      }
    }
  }

  private void objects() throws IOException {
    out.writeInt(graph.objects().size());
    for (Object object : graph.objects()) {
      head(object);
    }
    for (Object object : graph.objects()) {
      contents(object);
    }
  }

  private void head(Object object) throws IOException {
    if (object instanceof SecureRandom) {
      out.writeByte(ImageFormat.RANDOM);
    } else if (object instanceof byte[] array) {
      array(ImageFormat.BYTES, array, array.length);
    } else if (object instanceof short[] array) {
      array(ImageFormat.SHORTS, array, array.length);
    } else if (object instanceof boolean[] array) {
      array(ImageFormat.BOOLEANS, array, array.length);
    } else if (object instanceof int[] array) {
      array(ImageFormat.INTS, array, array.length);
    } else if (object instanceof Object[] array) {
      array(ImageFormat.REFERENCES, array, array.length);
      out.writeUTF(array.getClass().getName());
    } else {
      out.writeByte(ImageFormat.OBJECT);
      out.writeInt(classes.get(object.getClass()));
    }
  }

  private void array(int kind, Object array, int length) throws IOException {
    out.writeByte(kind);
    out.writeByte(Card.RAM.eventOf(array));
    out.writeInt(length);
  }

  /** Transient arrays have none: they come back cleared. */
  private void contents(Object object) throws IOException {
    if (object instanceof SecureRandom || object.getClass().isArray() && DurableGraph.isTransient(object)) {
      return;
    }
    if (object instanceof byte[] array) {
      out.write(array);
    } else if (object instanceof short[] array) {
      for (short element : array) {
        out.writeShort(element);
      }
    } else if (object instanceof boolean[] array) {
      for (boolean element : array) {
        out.writeBoolean(element);
      }
    } else if (object instanceof int[] array) {
      for (int element : array) {
        out.writeInt(element);
      }
    } else if (object instanceof Object[] array) {
      for (Object element : array) {
        out.writeInt(graph.numberOf(element));
      }
    } else {
      for (Field field : Shape.of(object.getClass()).durable) {
        value(field, object);
      }
    }
  }

  private void value(Field field, Object target) throws IOException {
    Object value = Shape.get(field, target);
    switch (field.getType().descriptorString().charAt(0)) {
      case 'Z' -> out.writeBoolean((Boolean) value);
      case 'B' -> out.writeByte((Byte) value);
      case 'S' -> out.writeShort((Short) value);
      case 'I' -> out.writeInt((Integer) value);
      default -> out.writeInt(graph.numberOf(value));
    }
  }
}
