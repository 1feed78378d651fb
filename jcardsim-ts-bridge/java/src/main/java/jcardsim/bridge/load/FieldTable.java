package jcardsim.bridge.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.tree.FieldInsnNode;

/** Numbers the fields that hooked code writes, so that a hook can name a field with one int: number × 8 + bytes on the card. */
public final class FieldTable {
  private static final int WIDTH_BITS = 3;

  /**
   * One field as an instruction names it.
   *
   * @param owner class with slashes; the field may be declared in a superclass of it
   * @param name field name
   */
  public record FieldName(String owner, String name) {}

  private final List<FieldName> fields = new ArrayList<>();
  private final Map<FieldName, Integer> numbers = new HashMap<>();

  /** The handle for the field of this instruction; the same field always gets the same one. */
  synchronized int handleOf(FieldInsnNode store) {
    FieldName field = new FieldName(store.owner, store.name);
    Integer number = numbers.get(field);
    if (number == null) {
      number = fields.size();
      numbers.put(field, number);
      fields.add(field);
    }
    return number << WIDTH_BITS | SizeModel.ofDescriptor(store.desc);
  }

  /** The field that a handle names. */
  public synchronized FieldName field(int handle) {
    return fields.get(handle >> WIDTH_BITS);
  }

  /** Bytes the field takes on the card. */
  public static int width(int handle) {
    return handle & ((1 << WIDTH_BITS) - 1);
  }
}
