package jcardsim.bridge.mutation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jcardsim.bridge.ClassTransform;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Many mutants in one applet, of which one at a time is switched on, without loading anything again (mutant schemata: Untch,
 * Offutt and Harrold, 1993). Each mutation becomes a changed copy of its method; the original begins with a switch to the copy that
 * is on. So a card that was made once serves thousands of mutants, and one that is being made can be mutated in the middle.
 *
 * <p>What is switched on is on for all cards of this virtual machine.
 */
public final class Mutants implements ClassTransform {
  private static final String SWITCH = Type.getInternalName(Mutants.class);
  private static int selected = -1;

  private final List<Mutation> mutations;
  private final Map<String, byte[]> originals = new HashMap<>();
  private final Map<String, byte[]> transformed = new HashMap<>();

  /**
   * @param mutations those that can be switched on
   * @throws IllegalArgumentException if one of them is in a constructor, which cannot hand over to a copy of itself
   */
  public Mutants(List<Mutation> mutations) {
    this.mutations = List.copyOf(mutations);
    this.mutations.stream().filter(mutation -> !canBeSwitched(mutation)).findFirst().ifPresent(constructor -> {
      throw new IllegalArgumentException("in a constructor, so it has to be made as the applet is loaded: " + constructor.id());
    });
  }

  public static boolean canBeSwitched(Mutation mutation) {
    return !mutation.method().startsWith("<");
  }

  public boolean has(Mutation mutation) {
    return mutations.contains(mutation);
  }

  /** Runs something while a mutant is on. @throws IllegalArgumentException if it is none of these */
  public void during(Mutation mutation, Runnable action) {
    int number = mutations.indexOf(mutation);
    if (number < 0) {
      throw new IllegalArgumentException("not among these mutants: " + mutation.id());
    }
    with(number, action);
  }

  /** Runs something with no mutant on, such as the making of a card that several mutants are to share. */
  public static void without(Runnable action) {
    with(-1, action);
  }

  private static void with(int number, Runnable action) {
    int before = selected;
    selected = number;
    try {
      action.run();
    } finally {
      selected = before;
    }
  }

  /** For the applet's classes: the number of the mutant that is on. */
  public static int selected() {
    return selected;
  }

  @Override
  public synchronized byte[] transform(String internalName, byte[] classFile) {
    if (!Arrays.equals(classFile, originals.get(internalName))) {
      originals.put(internalName, classFile);
      transformed.put(internalName, withCopies(internalName, classFile));
    }
    return transformed.get(internalName);
  }

  private byte[] withCopies(String internalName, byte[] classFile) {
    Map<String, Map<Integer, Mutation>> byMethod = byMethod(internalName);
    if (byMethod.isEmpty()) {
      return classFile;
    }
    ClassNode owner = new ClassNode();
    new ClassReader(classFile).accept(owner, 0);
    for (MethodNode method : List.copyOf(owner.methods)) {
      Map<Integer, Mutation> own = byMethod.getOrDefault(method.name + method.desc, Map.of());
      own.forEach((number, mutation) -> owner.methods.add(copy(method, number, mutation)));
      if (!own.isEmpty()) {
        method.instructions.insert(dispatcher(owner, method, own.keySet().stream().mapToInt(Integer::intValue).toArray()));
      }
    }
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    owner.accept(writer);
    return writer.toByteArray();
  }

  private Map<String, Map<Integer, Mutation>> byMethod(String internalName) {
    Map<String, Map<Integer, Mutation>> byMethod = new HashMap<>();
    for (int number = 0; number < mutations.size(); number++) {
      Mutation mutation = mutations.get(number);
      if (mutation.owner().equals(internalName)) {
        byMethod.computeIfAbsent(mutation.method(), m -> new TreeMap<>()).put(number, mutation);
      }
    }
    return byMethod;
  }

  private static MethodNode copy(MethodNode method, int number, Mutation mutation) {
    int access = method.access & Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE | Opcodes.ACC_SYNTHETIC;
    MethodNode copy = new MethodNode(Opcodes.ASM9, access, nameOf(method, number), method.desc, null, method.exceptions.toArray(new String[0]));
    method.accept(copy);
    Mutant.change(copy, mutation);
    return copy;
  }

  private static String nameOf(MethodNode method, int number) {
    return method.name + "$mutant" + number;
  }

  /** {@code switch (Mutants.selected()) { case n: return method$mutantN(…); … }}, before anything else. */
  private static InsnList dispatcher(ClassNode owner, MethodNode method, int[] numbers) {
    LabelNode original = new LabelNode();
    LabelNode[] copies = Arrays.stream(numbers).mapToObj(n -> new LabelNode()).toArray(LabelNode[]::new);
    InsnList code = new InsnList();
    code.add(new MethodInsnNode(Opcodes.INVOKESTATIC, SWITCH, "selected", "()I", false));
    code.add(new LookupSwitchInsnNode(original, numbers, copies));
    for (int i = 0; i < numbers.length; i++) {
      code.add(copies[i]);
      code.add(new FrameNode(Opcodes.F_SAME, 0, null, 0, null));
      code.add(handOver(owner, method, nameOf(method, numbers[i])));
    }
    code.add(original);
    code.add(new FrameNode(Opcodes.F_SAME, 0, null, 0, null));
    // two frames cannot be at one place: the original may begin with one of its own
    code.add(new InsnNode(Opcodes.NOP));
    return code;
  }

  private static InsnList handOver(ClassNode owner, MethodNode method, String copy) {
    boolean isStatic = (method.access & Opcodes.ACC_STATIC) != 0;
    InsnList code = new InsnList();
    int variable = 0;
    if (!isStatic) {
      code.add(new VarInsnNode(Opcodes.ALOAD, variable++));
    }
    for (Type argument : Type.getArgumentTypes(method.desc)) {
      code.add(new VarInsnNode(argument.getOpcode(Opcodes.ILOAD), variable));
      variable += argument.getSize();
    }
    code.add(new MethodInsnNode(isStatic ? Opcodes.INVOKESTATIC : Opcodes.INVOKESPECIAL, owner.name, copy, method.desc, false));
    code.add(new InsnNode(Type.getReturnType(method.desc).getOpcode(Opcodes.IRETURN)));
    return code;
  }
}
