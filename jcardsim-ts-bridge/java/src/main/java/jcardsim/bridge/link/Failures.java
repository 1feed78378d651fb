package jcardsim.bridge.link;

import static jcardsim.bridge.link.LinkException.Code.API_TOO_NEW;
import static jcardsim.bridge.link.LinkException.Code.APPLET_NOT_FOUND;
import static jcardsim.bridge.link.LinkException.Code.BAD_REQUEST;
import static jcardsim.bridge.link.LinkException.Code.IMAGE_DAMAGED;
import static jcardsim.bridge.link.LinkException.Code.IMAGE_NOT_STORABLE;
import static jcardsim.bridge.link.LinkException.Code.IMAGE_OTHER_APPLET;
import static jcardsim.bridge.link.LinkException.Code.INSTALL_FAILED;
import static jcardsim.bridge.link.LinkException.Code.INTERNAL;
import static jcardsim.bridge.link.LinkException.Code.POWER_LOST;
import static jcardsim.bridge.link.LinkException.Code.REWRITE_FAILED;

import jcardsim.bridge.CardImageException;
import jcardsim.bridge.CardLoadException;
import jcardsim.bridge.PowerLostException;

/** Gives whatever the card core throws its place in the closed list of codes. */
final class Failures {
  private Failures() {}

  static LinkException of(Throwable thrown) {
    if (thrown instanceof LinkException e) {
      return e;
    }
    if (thrown instanceof PowerLostException e) {
      return new LinkException(POWER_LOST, sentence(e), e.writesDone(), e);
    }
    if (thrown instanceof CardLoadException e) {
      return new LinkException(code(e.reason()), sentence(e), e);
    }
    if (thrown instanceof CardImageException e) {
      return new LinkException(code(e.reason()), sentence(e), e);
    }
    if (thrown instanceof IllegalArgumentException e) {
      return new LinkException(BAD_REQUEST, sentence(e), e);
    }
    return new LinkException(INTERNAL, "The bridge has a defect: " + thrown, thrown);
  }

  private static LinkException.Code code(CardLoadException.Reason reason) {
    return switch (reason) {
      case CLASS_NOT_FOUND -> APPLET_NOT_FOUND;
      case API_TOO_NEW -> API_TOO_NEW;
      case INSTALL_FAILED -> INSTALL_FAILED;
      case REWRITE_FAILED -> REWRITE_FAILED;
    };
  }

  private static LinkException.Code code(CardImageException.Reason reason) {
    return switch (reason) {
      case NOT_AN_IMAGE, UNSUPPORTED_VERSION, DAMAGED -> IMAGE_DAMAGED;
      case OTHER_APPLET -> IMAGE_OTHER_APPLET;
      case NOT_STORABLE -> IMAGE_NOT_STORABLE;
    };
  }

  /** The message and those of its causes: an applet's own exception says what a person needs. */
  private static String sentence(Throwable thrown) {
    StringBuilder text = new StringBuilder(String.valueOf(thrown.getMessage()));
    for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
      text.append(" (").append(cause).append(')');
    }
    return text.toString();
  }
}
