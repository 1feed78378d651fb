package jcardsim.bridge.load;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import jcardsim.bridge.CardLoadException;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/**
 * The applet's class files: the applet class and every class of the class path it refers to, directly or not. What else
 * lies on the class path (tests, other applets) is no part of the card.
 */
public final class AppletArchive {
  private final SortedMap<String, byte[]> classFiles = new TreeMap<>();

  private AppletArchive() {}

  /**
   * Reads the applet class and all that it needs.
   *
   * @throws CardLoadException (CLASS_NOT_FOUND) if an entry of the class path or the applet class is missing
   */
  public static AppletArchive read(List<Path> classpath, String appletClassName) {
    AppletArchive archive = new AppletArchive();
    try (ClassFiles files = new ClassFiles(classpath)) {
      archive.collect(appletClassName.replace('.', '/'), files);
    } catch (IOException e) {
      throw new CardLoadException(CardLoadException.Reason.CLASS_NOT_FOUND, "cannot read the applet's class path " + classpath, e);
    }
    return archive;
  }

  private void collect(String appletClass, ClassFiles files) throws IOException {
    Deque<String> wanted = new ArrayDeque<>(List.of(appletClass));
    while (!wanted.isEmpty()) {
      String name = wanted.pop();
      if (classFiles.containsKey(name)) {
        continue;
      }
      byte[] file = files.find(name);
      if (file != null) {
        classFiles.put(name, file);
        references(file, wanted);
      } else if (name.equals(appletClass)) {
        throw new CardLoadException(CardLoadException.Reason.CLASS_NOT_FOUND, "no class " + name.replace('/', '.') + " on the applet's class path");
      }
    }
  }

  private static void references(byte[] classFile, Deque<String> into) {
    Remapper collector = new Remapper() {
      @Override
      public String map(String internalName) {
        if (!isPlatform(internalName)) {
          into.push(internalName);
        }
        return internalName;
      }
    };
    new ClassReader(classFile).accept(new ClassRemapper(new ClassWriter(0), collector), 0);
  }

  private static boolean isPlatform(String internalName) {
    return internalName.startsWith("java/") || internalName.startsWith("javacard/") || internalName.startsWith("javacardx/");
  }

  /** Class files by internal name, in alphabetical order. */
  public Map<String, byte[]> classFiles() {
    return classFiles;
  }

  /** SHA-256 over names and class files: the identity of the applet's code, 32 bytes. */
  public byte[] codeHash() {
    MessageDigest sha;
    try {
      sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    classFiles.forEach((name, file) -> {
      sha.update((name + '\0' + file.length + '\0').getBytes(java.nio.charset.StandardCharsets.UTF_8));
      sha.update(file);
    });
    return sha.digest();
  }

  /** The class path, opened. */
  private static final class ClassFiles implements AutoCloseable {
    private final List<Path> roots = new java.util.ArrayList<>();
    private final List<FileSystem> jars = new java.util.ArrayList<>();

    ClassFiles(List<Path> classpath) throws IOException {
      for (Path entry : classpath) {
        if (Files.isDirectory(entry)) {
          roots.add(entry);
        } else if (Files.isRegularFile(entry)) {
          FileSystem jar = FileSystems.newFileSystem(entry, (ClassLoader) null);
          jars.add(jar);
          roots.add(jar.getPath("/"));
        } else {
          close();
          throw new CardLoadException(CardLoadException.Reason.CLASS_NOT_FOUND, "no jar or folder " + entry);
        }
      }
    }

    byte[] find(String internalName) throws IOException {
      for (Path root : roots) {
        Path file = root.resolve(internalName + ".class");
        if (Files.isRegularFile(file)) {
          return Files.readAllBytes(file);
        }
      }
      return null;
    }

    @Override
    public void close() throws IOException {
      for (FileSystem jar : jars) {
        jar.close();
      }
    }
  }
}
