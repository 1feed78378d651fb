package jcardsim.bridge;

/** What the bridge refuses although jCardSim lets it pass. All are on unless {@link CardSpec.Builder#tolerate} says otherwise. */
public enum Strictness {
  /** Bytes beyond the end that Lc and Le give an APDU: 6700, not silently dropped. (Too few bytes are 6700 in any case.) */
  APDU_FORMAT,
  /** Command data is not in the APDU buffer before the applet calls {@code setIncomingAndReceive()}, as with T=0. */
  DATA_ONLY_AFTER_RECEIVE,
  /** {@code new} and {@code makeTransient…} after {@code install()} throw {@code SystemException.NO_RESOURCE}. */
  NO_ALLOCATION_AFTER_INSTALL,
  /** Objects beyond {@link CardSpec#persistentCapacity()} or {@link CardSpec#transientCapacity()} are refused. */
  MEMORY_BUDGET,
  /** An applet that uses platform API newer than Java Card 3.0.4 is refused when it is loaded. */
  API_3_0_4,
  /** A public point that is not on its curve: {@code CryptoException.ILLEGAL_VALUE}. */
  POINT_ON_CURVE
}
