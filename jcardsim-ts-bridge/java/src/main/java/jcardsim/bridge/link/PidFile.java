package jcardsim.bridge.link;

import static jcardsim.bridge.link.LinkException.Code.IMAGE_FAILED;
import static jcardsim.bridge.link.LinkException.Code.KEEPER_RUNNING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Tells others which process keeps a card inserted. */
final class PidFile implements AutoCloseable {
  private final Path path;

  private PidFile(Path path) {
    this.path = path;
  }

  /** @throws LinkException KEEPER_RUNNING when the file names a living process; IMAGE_FAILED when it cannot be written */
  static PidFile write(Path path) {
    try {
      refuseLiving(path);
      Path fresh = path.resolveSibling(path.getFileName() + ".new");
      Files.writeString(fresh, ProcessHandle.current().pid() + "\n");
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return new PidFile(path);
    } catch (IOException e) {
      throw new LinkException(IMAGE_FAILED, "Cannot write the pid file " + path + ": " + e + ".", e);
    }
  }

  private static void refuseLiving(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    String text = Files.readString(path).trim();
    long pid = text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    if (pid > 0 && ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
      throw new LinkException(KEEPER_RUNNING, "Process " + pid + " keeps a card inserted under " + path + ".", pid, null);
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException ignored) {
      // a file that stays behind names a process that is gone, which readers of it check
    }
  }
}
