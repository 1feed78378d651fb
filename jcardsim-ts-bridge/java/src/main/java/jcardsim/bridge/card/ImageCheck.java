package jcardsim.bridge.card;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import jcardsim.bridge.CardImageException;
import jcardsim.bridge.CardImageException.Reason;

/** Whether an image may be opened with this card, decided before anything is read out of it. */
final class ImageCheck {
  private ImageCheck() {}

  static void require(byte[] image) {
    ByteBuffer in = ByteBuffer.wrap(image);
    try {
      if (in.getInt() != ImageFormat.MAGIC) {
        throw new CardImageException(Reason.NOT_AN_IMAGE, "this is no card image");
      }
      int version = in.getShort() & 0xFFFF;
      if (version != ImageFormat.VERSION) {
        throw new CardImageException(Reason.UNSUPPORTED_VERSION, "the image has format version " + version + ", this bridge reads " + ImageFormat.VERSION);
      }
      requireChecksum(image);
      requireSameApplet(in);
    } catch (BufferUnderflowException e) {
      throw new CardImageException(in.limit() < Integer.BYTES ? Reason.NOT_AN_IMAGE : Reason.DAMAGED, "the image is cut short", e);
    }
  }

  private static void requireChecksum(byte[] image) {
    int length = image.length - ImageFormat.CHECKSUM;
    if (length < 0 || !Arrays.equals(image, length, image.length, ImageFormat.checksum(image, length), 0, ImageFormat.CHECKSUM)) {
      throw new CardImageException(Reason.DAMAGED, "the image is damaged: its checksum does not fit");
    }
  }

  private static void requireSameApplet(ByteBuffer in) {
    byte[] code = new byte[ImageFormat.CHECKSUM];
    in.get(code);
    if (!Arrays.equals(code, Card.LOADER.appletCodeHash())) {
      throw new CardImageException(Reason.OTHER_APPLET, "The card image was made by another build of the applet.");
    }
    byte[] aid = new byte[in.get() & 0xFF];
    in.get(aid);
    if (!Arrays.equals(aid, Card.SPEC.appletAid())) {
      throw new CardImageException(Reason.OTHER_APPLET, "the image belongs to an applet instance with another AID");
    }
  }
}
