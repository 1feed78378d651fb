package jcardsim.bridge.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.SimpleRemapper;

/**
 * The class files of jCardSim, three of them replaced: the bridge's own class takes the place and name of the original. The
 * replacements carry names of their own in the bridge's jar, so no class exists twice on a class path.
 */
final class PlatformClasses {
  private static final String REPLACEMENTS = "jcardsim/bridge/card/platform/";

  private static final Map<String, String> REPLACED = Map.of(
    "javacard/framework/OwnerPIN", REPLACEMENTS + "OwnerPinReplacement",
    "com/licel/jcardsim/crypto/ByteContainer", REPLACEMENTS + "ByteContainerReplacement",
    "com/licel/jcardsim/crypto/SecureRandomNullProvider", REPLACEMENTS + "SecureRandomReplacement");

  private static final Map<String, byte[]> CACHE = new ConcurrentHashMap<>();

  private PlatformClasses() {}

  /** Whether each card loads its own copy: everything of the platform but BouncyCastle, which keeps no state of a card. */
  static boolean isPerCard(String internalName) {
    return internalName.startsWith("javacard/") || internalName.startsWith("javacardx/")
      || internalName.startsWith("jcardsim/bridge/card/")
      || internalName.startsWith("com/licel/jcardsim/") && !isShared(internalName);
  }

  private static boolean isShared(String internalName) {
    return internalName.startsWith("com/licel/jcardsim/bouncycastle/") || internalName.startsWith("com/licel/jcardsim/esotericsoftware/");
  }

  /** Whether the fields of this class are persistent memory of the card. */
  static boolean isPersistent(String internalName) {
    return internalName.startsWith("com/licel/jcardsim/crypto/") && internalName.endsWith("KeyImpl");
  }

  /** Whether this class makes keys on its own, which must come from the bridge. */
  static boolean buildsKeys(String internalName) {
    return internalName.equals("com/licel/jcardsim/crypto/KeyPairImpl");
  }

  /** The class file as the card shall see it, or {@code null}. */
  static byte[] find(String internalName) {
    return CACHE.computeIfAbsent(internalName, name -> {
      String replacement = REPLACED.get(name);
      return replacement == null ? original(name) : renamed(original(replacement), replacement, name);
    });
  }

  private static byte[] renamed(byte[] classFile, String from, String to) {
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(classFile).accept(new ClassRemapper(writer, new SimpleRemapper(from, to)), 0);
    return writer.toByteArray();
  }

  /** The class file in the jar, or {@code null}. */
  static byte[] original(String internalName) {
    try (InputStream in = PlatformClasses.class.getClassLoader().getResourceAsStream(internalName + ".class")) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
