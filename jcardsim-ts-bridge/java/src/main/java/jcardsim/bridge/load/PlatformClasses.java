package jcardsim.bridge.load;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
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

  private static final String JCARDSIM = locateJcardsim();
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

  /** The class file in the jar, or {@code null}. Platform classes come from jCardSim's jar even where another API jar precedes it. */
  static byte[] original(String internalName) {
    try (InputStream in = open(internalName + ".class")) {
      return in.readAllBytes();
    } catch (FileNotFoundException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String resource) throws IOException {
    if (resource.startsWith("javacard")) {
      return new URL(JCARDSIM + resource).openStream();
    }
    InputStream in = PlatformClasses.class.getClassLoader().getResourceAsStream(resource);
    if (in == null) {
      throw new FileNotFoundException(resource);
    }
    return in;
  }

  private static String locateJcardsim() {
    String landmark = "com/licel/jcardsim/base/Simulator.class";
    URL url = PlatformClasses.class.getClassLoader().getResource(landmark);
    if (url == null) {
      throw new IllegalStateException("jCardSim is not on the class path");
    }
    return url.toString().substring(0, url.toString().length() - landmark.length());
  }
}
