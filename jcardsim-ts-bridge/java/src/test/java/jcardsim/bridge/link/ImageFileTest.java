package jcardsim.bridge.link;

import static jcardsim.bridge.link.LinkException.Code.IMAGE_DAMAGED;
import static jcardsim.bridge.link.LinkException.Code.IMAGE_EXISTS;
import static jcardsim.bridge.link.LinkException.Code.IMAGE_FAILED;
import static jcardsim.bridge.link.LinkException.Code.IMAGE_IN_USE;
import static jcardsim.bridge.link.LinkException.Code.IMAGE_MISSING;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A card image on disk")
class ImageFileTest {
  private static final int BLOCK = 4096;
  private static final int SLOT_SIZE_AT = 8;
  private static final int SLOT_HEADER = 16;

  @TempDir
  Path folder;

  private Path path;

  @BeforeEach
  void name() {
    path = folder.resolve("a.card");
  }

  @Test
  @DisplayName("gives back the newest of any number of saves")
  void newest() {
    try (ImageFile file = ImageFile.create(path)) {
      for (int i = 1; i <= 9; i++) {
        file.save(image(i, 100 + i));
      }
    }
    assertArrayEquals(image(9, 109), load());
    try (ImageFile file = ImageFile.open(path)) {
      file.load();
      file.save(image(10, 50));
    }
    assertArrayEquals(image(10, 50), load());
  }

  @Test
  @DisplayName("grows with its card, and keeps going in two slots afterwards")
  void grows() {
    try (ImageFile file = ImageFile.create(path)) {
      for (int size : new int[] {10, 5000, 20_000, 20_001, 300_000, 10}) {
        file.save(image(size, size));
        file.save(image(size + 1, size));
      }
    }
    assertArrayEquals(image(11, 10), load());
    assertFalse(Files.exists(folder.resolve("a.card.new")));
  }

  @Tag("slow")
  @Test
  @DisplayName("cut off anywhere in a save still holds the state before")
  void torn() throws IOException {
    try (ImageFile file = ImageFile.create(path)) {
      file.save(image(1, 300));
      file.save(image(2, 300));
    }
    byte[] before = Files.readAllBytes(path);
    try (ImageFile file = ImageFile.open(path)) {
      file.load();
      file.save(image(3, 300));
    }
    byte[] after = Files.readAllBytes(path);
    int from = Arrays.mismatch(before, after);
    for (int cut = from; cut < from + SLOT_HEADER + 300; cut++) {
      byte[] half = before.clone();
      System.arraycopy(after, from, half, from, cut - from);
      Files.write(path, half);
      boolean whole = Arrays.equals(half, after);
      assertArrayEquals(whole ? image(3, 300) : image(2, 300), load(), "cut at " + cut);
    }
    Files.write(path, after);
    assertArrayEquals(image(3, 300), load());
  }

  @Test
  @DisplayName("with no whole copy, a wrong header or another beginning is refused")
  void damaged() throws IOException {
    try (ImageFile file = ImageFile.create(path)) {
      file.save(image(1, 300));
    }
    byte[] whole = Files.readAllBytes(path);
    int slotSize = ByteBuffer.wrap(whole).getInt(SLOT_SIZE_AT);
    for (int at : new int[] {0, 7, SLOT_SIZE_AT, SLOT_SIZE_AT + 3, 12, 15, BLOCK + 7, BLOCK + 11, BLOCK + 12, BLOCK + SLOT_HEADER + 299}) {
      byte[] spoilt = whole.clone();
      spoilt[at] ^= 1;
      Files.write(path, spoilt);
      refused(IMAGE_DAMAGED, this::load);
    }
    for (int length : new int[] {0, 1, 15, 16, BLOCK, BLOCK + SLOT_HEADER + 299}) {
      Files.write(path, Arrays.copyOf(whole, length));
      refused(IMAGE_DAMAGED, this::load);
    }
    Files.write(path, Arrays.copyOf(whole, BLOCK + slotSize));
    assertArrayEquals(image(1, 300), load(), "the empty second slot may be missing");
  }

  @Test
  @DisplayName("keeps the state before when a save fails, and says so")
  void failedSave() {
    try (ImageFile file = ImageFile.create(path)) {
      file.save(image(1, 300));
      file.save(image(2, 300));
      assertTrue(folder.resolve("a.card.new").toFile().mkdir());
      refused(IMAGE_FAILED, () -> file.save(image(3, 100_000)));
      file.save(image(4, 300));
    }
    assertArrayEquals(image(4, 300), load());
  }

  @Test
  @DisplayName("is not made over another, nor opened where there is none")
  void names() {
    refused(IMAGE_MISSING, () -> ImageFile.open(path));
    refused(IMAGE_MISSING, () -> ImageFile.open(folder));
    refused(IMAGE_FAILED, () -> ImageFile.create(folder.resolve("no/folder.card")));
    try (ImageFile file = ImageFile.create(path)) {
      file.save(image(1, 10));
    }
    refused(IMAGE_EXISTS, () -> ImageFile.create(path));
    assertArrayEquals(image(1, 10), load());
  }

  @Tag("slow")
  @Test
  @DisplayName("has one owner in this process, under whatever name, and keeps its lock when another is refused")
  void oneOwner() throws Exception {
    try (ImageFile file = ImageFile.create(path)) {
      file.save(image(1, 10));
      Path alias = Files.createSymbolicLink(folder.resolve("alias"), path);
      long me = ProcessHandle.current().pid();
      assertEquals(me, refused(IMAGE_IN_USE, () -> ImageFile.open(path)).detail());
      assertEquals(me, refused(IMAGE_IN_USE, () -> ImageFile.open(alias)).detail());
      refused(IMAGE_IN_USE, () -> ImageFile.create(path));
      assertEquals(1, tryFromAnotherProcess(), "another process gets the lock");
    }
    assertEquals(0, tryFromAnotherProcess(), "the lock was given free");
    assertArrayEquals(image(1, 10), load());
  }

  /** Exit status of a Java of its own that opens the image: 1 when it is in use. */
  private int tryFromAnotherProcess() throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process other = new ProcessBuilder(java.toString(), "-cp", System.getProperty("java.class.path"),
        OpenInAnotherProcess.class.getName(), path.toString()).inheritIO().start();
    assertTrue(other.waitFor(20, TimeUnit.SECONDS));
    return other.exitValue();
  }

  /** The other process. */
  static final class OpenInAnotherProcess {
    private OpenInAnotherProcess() {}

    public static void main(String[] arguments) {
      try (ImageFile file = ImageFile.open(Path.of(arguments[0]))) {
        file.load();
      } catch (LinkException e) {
        System.exit(e.code() == IMAGE_IN_USE ? 1 : 2);
      }
    }
  }

  private byte[] load() {
    try (ImageFile file = ImageFile.open(path)) {
      return file.load();
    }
  }

  private static LinkException refused(LinkException.Code code, Executable action) {
    LinkException refusal = assertThrows(LinkException.class, action);
    assertEquals(code, refusal.code(), refusal.getMessage());
    return refusal;
  }

  private static byte[] image(int fill, int size) {
    byte[] image = new byte[size];
    Arrays.fill(image, (byte) fill);
    return image;
  }
}
