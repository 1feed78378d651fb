package jcardsim.bridge.link;

import static jcardsim.bridge.link.LinkException.Code.IMAGE_DAMAGED;
import static jcardsim.bridge.link.LinkException.Code.IMAGE_EXISTS;
import static jcardsim.bridge.link.LinkException.Code.IMAGE_FAILED;
import static jcardsim.bridge.link.LinkException.Code.IMAGE_MISSING;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * One card image on disk, always whole: the file has two slots, and a save writes the slot that does not hold the
 * newest state, then waits for the disk. A process or machine that dies half-way leaves a slot whose checksum fails;
 * the other one still holds the state before.
 *
 * <p>Why slots: a save is one write and one fdatasync of blocks that are there already. A temporary file with fsync and
 * rename costs three times as much (file data, file size, folder), a journal of whole images would need compaction.
 *
 * <pre>
 * 0     magic "JCBIMG01" | slot size u32 | CRC-32C of these 12 bytes u32 | zeros up to 4096
 * 4096  slot 0: sequence u64 | length u32 | CRC-32C of sequence, length and image u32 | image
 * 4096 + slot size  slot 1
 * </pre>
 */
final class ImageFile implements AutoCloseable {
  private static final byte[] MAGIC = {'J', 'C', 'B', 'I', 'M', 'G', '0', '1'};
  private static final int BLOCK = 4096;
  private static final int HEADER = 16;
  private static final int SLOT_HEADER = 16;
  private static final int CHECKSUM_AT = 12;
  private static final int MAX_SLOT = 64 << 20;

  private final Path path;
  private final ImageLock lock;
  private FileChannel channel;
  private int slotSize;
  private long sequence;
  private int newest;
  private ByteBuffer buffer;

  private ImageFile(Path path, ImageLock lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Locks the name of a card that is to be made; nothing is on disk under it before the first {@link #save}.
   *
   * @throws LinkException IMAGE_IN_USE, IMAGE_EXISTS, IMAGE_FAILED
   */
  static ImageFile create(Path image) {
    Path path = absolute(image);
    ImageFile file = new ImageFile(path, ImageLock.take(path));
    if (Files.exists(path)) {
      file.close();
      throw new LinkException(IMAGE_EXISTS, "There is a card image already: " + path + ".");
    }
    return file;
  }

  /**
   * Locks and opens an image; {@link #load} reads it.
   *
   * @throws LinkException IMAGE_IN_USE, IMAGE_MISSING, IMAGE_FAILED
   */
  static ImageFile open(Path image) {
    if (!Files.isRegularFile(image)) {
      throw new LinkException(IMAGE_MISSING, "There is no card image " + image + ".");
    }
    Path path = absolute(image);
    return new ImageFile(path, ImageLock.take(path));
  }

  /** The newest whole state. */
  byte[] load() {
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      readHeader();
      byte[] first = readSlot(0);
      long firstSequence = sequence;
      byte[] second = readSlot(1);
      if (first == null && second == null) {
        throw damaged("neither of its two copies is whole");
      }
      boolean takeFirst = second == null || first != null && firstSequence > sequence;
      newest = takeFirst ? 0 : 1;
      sequence = takeFirst ? firstSequence : sequence;
      return takeFirst ? first : second;
    } catch (IOException e) {
      throw new LinkException(IMAGE_FAILED, "Cannot read the card image " + path + ": " + e + ".", e);
    }
  }

  /**
   * Returns when the state is on disk. After a failure the state before is still there and whole.
   *
   * @throws LinkException IMAGE_FAILED
   */
  void save(byte[] image) {
    try {
      if (channel == null || image.length > slotSize - SLOT_HEADER) {
        replaceFile(image);
      } else {
        int older = newest ^ 1;
        writeFully(channel, slot(sequence + 1, image), BLOCK + (long) older * slotSize);
        channel.force(false);
        newest = older;
        sequence++;
      }
    } catch (IOException e) {
      throw new LinkException(IMAGE_FAILED, "Cannot save the card image " + path + ": " + e + ".", e);
    }
  }

  /** The first save and one that outgrew its slot: a new file with room to grow takes the name in one step. */
  private void replaceFile(byte[] image) throws IOException {
    int size = roundUp(SLOT_HEADER + image.length + image.length / 2);
    if (size > MAX_SLOT) {
      throw new IOException("an image of " + image.length + " bytes is too large");
    }
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    FileChannel next = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      buffer = ByteBuffer.allocateDirect(size);
      writeFully(next, ByteBuffer.allocate(BLOCK + 2 * size), 0);
      writeFully(next, header(size), 0);
      writeFully(next, slot(sequence + 1, image), BLOCK);
      next.force(true);
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceFolder();
    } catch (IOException e) {
      next.close();
      throw e;
    }
    if (channel != null) {
      channel.close();
    }
    channel = next;
    slotSize = size;
    newest = 0;
    sequence++;
  }

  private void forceFolder() throws IOException {
    try (FileChannel folder = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  private ByteBuffer header(int slotSize) {
    ByteBuffer header = ByteBuffer.allocate(HEADER).put(MAGIC).putInt(slotSize);
    return header.putInt(checksum(header.array(), CHECKSUM_AT)).flip();
  }

  private void readHeader() throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    readFully(header, 0);
    int magic = Arrays.mismatch(header.array(), MAGIC);
    if (header.position() < HEADER || magic < MAGIC.length) {
      throw damaged("it does not begin like one");
    }
    slotSize = header.getInt(MAGIC.length);
    if (header.getInt(CHECKSUM_AT) != checksum(header.array(), CHECKSUM_AT)
        || slotSize < SLOT_HEADER || slotSize > MAX_SLOT) {
      throw damaged("the checksum of its header is wrong");
    }
    buffer = ByteBuffer.allocateDirect(slotSize);
  }

  private ByteBuffer slot(long sequence, byte[] image) {
    buffer.clear();
    buffer.putLong(sequence).putInt(image.length).putInt(0).put(image).flip();
    return buffer.putInt(CHECKSUM_AT, slotChecksum(sequence, image));
  }

  /** The image in a slot, its number in {@link #sequence}; null when the slot is empty or was not written to its end. */
  private byte[] readSlot(int index) throws IOException {
    buffer.clear();
    readFully(buffer, BLOCK + (long) index * slotSize);
    buffer.flip();
    if (buffer.limit() < SLOT_HEADER) {
      return null;
    }
    long number = buffer.getLong();
    int length = buffer.getInt();
    int checksum = buffer.getInt();
    if (number < 1 || length < 1 || length > buffer.remaining()) {
      return null;
    }
    byte[] image = new byte[length];
    buffer.get(image);
    if (checksum != slotChecksum(number, image)) {
      return null;
    }
    sequence = number;
    return image;
  }

  private static int slotChecksum(long sequence, byte[] image) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(12).putLong(sequence).putInt(image.length).flip());
    crc.update(image, 0, image.length);
    return (int) crc.getValue();
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static int roundUp(int size) {
    return (size + BLOCK - 1) / BLOCK * BLOCK;
  }

  private static void writeFully(FileChannel to, ByteBuffer bytes, long at) throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      position += to.write(bytes, position);
    }
  }

  private void readFully(ByteBuffer bytes, long at) throws IOException {
    long position = at;
    for (int read = 0; read >= 0 && bytes.hasRemaining(); position += read) {
      read = channel.read(bytes, position);
    }
  }

  /** Symbolic links are followed, so that two names of one image meet at one lock. */
  private static Path absolute(Path image) {
    try {
      Path whole = image.toAbsolutePath();
      return Files.exists(whole) ? whole.toRealPath() : whole.getParent().toRealPath().resolve(whole.getFileName());
    } catch (IOException e) {
      throw new LinkException(IMAGE_FAILED, "There is no folder for the card image " + image + ".", e);
    }
  }

  private LinkException damaged(String how) {
    return new LinkException(IMAGE_DAMAGED, "The card image " + path + " is damaged: " + how + ".");
  }

  @Override
  public void close() {
    try {
      if (channel != null) {
        channel.close();
      }
      lock.close();
    } catch (IOException e) {
      throw new LinkException(IMAGE_FAILED, "Cannot close the card image " + path + ": " + e + ".", e);
    }
  }
}
