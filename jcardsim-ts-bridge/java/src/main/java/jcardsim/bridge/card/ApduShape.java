package jcardsim.bridge.card;

import com.licel.jcardsim.base.ApduCase;

/**
 * The four cases of a command APDU, short and extended (ISO 7816-3, 12.1.3).
 *
 * @param form case and coding
 * @param lc bytes of command data
 * @param le expected bytes of answer, 0 if none, 256 or 32767 for "all"
 * @param dataOffset where the data starts in the command
 */
record ApduShape(ApduCase form, int lc, int le, int dataOffset) {
  private static final int HEADER = 4;

  /** The shape, or {@code null} if the bytes are no APDU. {@code ignoreSurplus} drops bytes beyond a short case 3 or 4. */
  static ApduShape of(byte[] command, boolean ignoreSurplus) {
    int length = command.length;
    if (length < HEADER) {
      return null;
    }
    if (length == HEADER) {
      return new ApduShape(ApduCase.Case1, 0, 0, HEADER + 1);
    }
    int p3 = command[HEADER] & 0xFF;
    if (length == HEADER + 1) {
      return new ApduShape(ApduCase.Case2, 0, shortLe(p3), HEADER + 1);
    }
    return p3 == 0 ? extended(command) : shortWithData(command, p3, ignoreSurplus);
  }

  private static ApduShape shortWithData(byte[] command, int lc, boolean ignoreSurplus) {
    int end = HEADER + 1 + lc;
    if (command.length == end) {
      return new ApduShape(ApduCase.Case3, lc, 0, HEADER + 1);
    }
    if (command.length == end + 1 || command.length > end && ignoreSurplus) {
      return new ApduShape(ApduCase.Case4, lc, shortLe(command[end] & 0xFF), HEADER + 1);
    }
    return null;
  }

  private static ApduShape extended(byte[] command) {
    if (command.length < HEADER + 3) {
      return null;
    }
    int value = word(command, HEADER + 1);
    int data = HEADER + 3;
    if (command.length == data) {
      return new ApduShape(ApduCase.Case2Extended, 0, extendedLe(value), data);
    }
    if (value == 0 || value > Short.MAX_VALUE) {
      return null;
    }
    if (command.length == data + value) {
      return new ApduShape(ApduCase.Case3Extended, value, 0, data);
    }
    if (command.length == data + value + 2) {
      return new ApduShape(ApduCase.Case4Extended, value, extendedLe(word(command, data + value)), data);
    }
    return null;
  }

  private static int word(byte[] bytes, int offset) {
    return (bytes[offset] & 0xFF) << 8 | bytes[offset + 1] & 0xFF;
  }

  private static int shortLe(int coded) {
    return coded == 0 ? 256 : coded;
  }

  private static int extendedLe(int coded) {
    return coded == 0 ? Short.MAX_VALUE : Math.min(coded, Short.MAX_VALUE);
  }
}
