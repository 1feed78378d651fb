package jcardsim.bridge.link;

/** What a request asks for. The place in this list is the number on the wire; the TypeScript side has the same list. */
enum Operation {
  /** → protocol version u8, Java version string. */
  HELLO,
  /** file string (empty: in memory), blank flag, spec → handle u32. */
  CREATE,
  /** file string (empty: in memory), image bytes (empty: read the file), spec → handle u32. */
  OPEN,
  INSTALL,
  /** → ATR, the rest of the frame. */
  POWER_ON,
  /** → ATR, the rest of the frame. */
  RESET,
  POWER_OFF,
  /** APDU, the rest of the frame → answer, the rest of the frame. */
  TRANSMIT,
  /** count u32, that many APDUs → count u32, that many answers, failed flag, then the failure if so. */
  TRANSMIT_MANY,
  /** n u32. */
  CUT_POWER_AT,
  DISARM,
  /** → snapshot u32. */
  SNAPSHOT,
  /** snapshot u32. */
  RESTORE,
  /** snapshot u32. */
  DROP_SNAPSHOT,
  /** → image, the rest of the frame. */
  SAVE_IMAGE,
  /** since mark flag → cut points of the last command u32, count u32, that many (name string, value u64). */
  COUNTERS,
  MARK,
  MEMORY,
  /** count u32, that many names left out → SHA-256 bytes, text string. */
  PERSISTENT_STATE,
  FAULTS,
  CLOSE,
  /** host string, port u32, number u32 by which the caller will hear of the end of the stay. */
  INSERT,
  /** yank flag. */
  EJECT,
  /** pid file string: the process outlives its starter until the card is ejected or SIGTERM comes. */
  KEEP,
  /** APDU bytes, count u32, that many names left out → points u32, commit bytes u32, count u32, that many (write u32, points u32, SHA-256 bytes, snapshot u32). */
  CUT_EVERYWHERE
}
