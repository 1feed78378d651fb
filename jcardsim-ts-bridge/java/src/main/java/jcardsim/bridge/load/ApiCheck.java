package jcardsim.bridge.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jcardsim.bridge.CardLoadException;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Finds platform API that a 3.0.4 card does not have, and methods that jCardSim declares but does not implement: it leaves
 * them native or lets a factory return null, so that the applet would fail much later with a mere 6F00.
 */
final class ApiCheck {
  private static final Set<String> NEWER = readList("newer-than-3.0.4.txt");

  private final boolean refuseNewer;
  private final Set<String> findings = new TreeSet<>();

  ApiCheck(boolean refuseNewer) {
    this.refuseNewer = refuseNewer;
  }

  private static Set<String> readList(String resource) {
    try (InputStream in = ApiCheck.class.getResourceAsStream(resource);
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return lines.lines().filter(line -> !line.startsWith("#")).collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void inspect(byte[] classFile) {
    ClassNode node = new ClassNode();
    new ClassReader(classFile).accept(node, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    if (refuseNewer) {
      inspectTypes(classFile);
    }
    for (MethodNode method : node.methods) {
      for (AbstractInsnNode insn : method.instructions) {
        if (insn instanceof MethodInsnNode call && call.owner.startsWith("javacard")) {
          inspectCall(call);
        }
      }
    }
  }

  private void inspectTypes(byte[] classFile) {
    Remapper collector = new Remapper() {
      @Override
      public String map(String internalName) {
        if (NEWER.contains(internalName)) {
          findings.add(internalName + " is newer than Java Card 3.0.4");
        }
        return internalName;
      }
    };
    new ClassReader(classFile).accept(new ClassRemapper(new ClassWriter(0), collector), 0);
  }

  private void inspectCall(MethodInsnNode call) {
    String member = call.owner + '.' + call.name + call.desc;
    if (refuseNewer && NEWER.contains(member)) {
      findings.add(member + " is newer than Java Card 3.0.4");
    } else if (!CallRedirects.covers(call.owner, call.name) && isStub(call)) {
      findings.add(member + " has no implementation in jCardSim");
    }
  }

  private static boolean isStub(MethodInsnNode call) {
    byte[] platform = PlatformClasses.original(call.owner);
    if (platform == null) {
      return false;
    }
    ClassNode node = new ClassNode();
    new ClassReader(platform).accept(node, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    for (MethodNode method : node.methods) {
      if (method.name.equals(call.name) && method.desc.equals(call.desc)) {
        return (method.access & Opcodes.ACC_NATIVE) != 0 || ((method.access & Opcodes.ACC_STATIC) != 0 && returnsNull(method));
      }
    }
    return false;
  }

  private static boolean returnsNull(MethodNode method) {
    int[] body = java.util.stream.StreamSupport.stream(method.instructions.spliterator(), false)
      .mapToInt(AbstractInsnNode::getOpcode).filter(opcode -> opcode >= 0).toArray();
    return body.length == 2 && body[0] == Opcodes.ACONST_NULL && body[1] == Opcodes.ARETURN;
  }

  /**
   * @throws CardLoadException (API_TOO_NEW) that names everything found
   */
  void refuseFindings() {
    if (!findings.isEmpty()) {
      throw new CardLoadException(CardLoadException.Reason.API_TOO_NEW, "the applet uses API that the card does not have: " + String.join("; ", findings));
    }
  }
}
