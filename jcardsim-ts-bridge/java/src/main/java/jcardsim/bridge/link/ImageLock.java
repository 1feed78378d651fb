package jcardsim.bridge.link;

import static jcardsim.bridge.link.LinkException.Code.IMAGE_FAILED;
import static jcardsim.bridge.link.LinkException.Code.IMAGE_IN_USE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to run one card image: an operating system lock on {@code <image>.lock}, which also holds the owner's pid.
 *
 * <p>The lock, not the file, is what counts: it goes when its process goes, however it goes, so a lock file left by a
 * killed process is stale by itself and no pid has to be guessed alive. The empty file stays behind on purpose;
 * removing it would let two processes lock two files of one name.
 */
final class ImageLock implements AutoCloseable {
  private static final int MAX_PID_DIGITS = 20;

  /** Lock files held by this process: opening and closing one a second time would drop the lock (POSIX fcntl). */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;

  private ImageLock(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * @throws LinkException IMAGE_IN_USE with the owner's pid; IMAGE_FAILED when the folder cannot be written
   */
  static ImageLock take(Path image) {
    Path path = image.resolveSibling(image.getFileName() + ".lock");
    if (!HELD.add(path)) {
      throw inUse(image, pid());
    }
    FileChannel channel = null;
    boolean taken = false;
    try {
      channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        throw inUse(image, readPid(channel));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
      taken = true;
      return new ImageLock(path, channel);
    } catch (IOException e) {
      throw new LinkException(IMAGE_FAILED, "Cannot lock the card image " + image + ": " + e.getMessage() + ".", e);
    } finally {
      if (!taken) {
        HELD.remove(path);
        closeQuietly(channel);
      }
    }
  }

  private static LinkException inUse(Path image, long owner) {
    String who = owner == 0 ? "another process" : "process " + owner;
    return new LinkException(IMAGE_IN_USE, "The card image " + image + " is in use by " + who + ".", owner, null);
  }

  /** 0 when the owner has not written its pid yet. */
  private static long readPid(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(MAX_PID_DIGITS);
    channel.read(text, 0);
    String pid = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).trim();
    return pid.matches("[0-9]{1,18}") ? Long.parseLong(pid) : 0;
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  private static void closeQuietly(FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException ignored) {
        // the first failure is the one that is reported
      }
    }
  }

  /** Closing a second time does nothing. */
  @Override
  public void close() throws IOException {
    if (!channel.isOpen()) {
      return;
    }
    try {
      channel.truncate(0);
    } finally {
      channel.close();
      HELD.remove(path);
    }
  }
}
