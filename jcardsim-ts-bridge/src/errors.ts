/** What can go wrong, as a closed list. `java` tells the name the Java side uses for it. */
const codes = {
  /** No `java` to run. */
  JavaNotFound: null,
  /** `java` is older than 17. */
  JavaTooOld: null,
  /** The Java half was not built, or the class path given does not hold it. */
  BridgeNotBuilt: null,
  /** The Java process ended by itself or was killed. What was on disk is on disk. */
  BridgeDied: null,
  /** The bridge was closed before. */
  BridgeClosed: null,
  /** The card did not answer in time; the bridge was killed. */
  NoAnswer: null,
  /** An argument that cannot be meant; a defect of the caller. */
  BadRequest: 'BAD_REQUEST',
  /** The card was closed before. */
  CardClosed: 'CARD_CLOSED',
  CardOff: 'CARD_OFF',
  /** The card lies in a virtual reader, which alone may power it and talk to it. */
  CardInReader: 'CARD_IN_READER',
  NotInReader: 'NOT_IN_READER',
  /** Power failed where a cut was armed; `writesDone` persistent writes had been made. */
  PowerLost: 'POWER_LOST',
  AppletNotFound: 'APPLET_NOT_FOUND',
  /** The applet uses platform API that Java Card 3.0.4 does not have. */
  ApiTooNew: 'API_TOO_NEW',
  InstallFailed: 'INSTALL_FAILED',
  RewriteFailed: 'REWRITE_FAILED',
  /** Another card object or process (`pid`) runs this image. */
  ImageInUse: 'IMAGE_IN_USE',
  ImageMissing: 'IMAGE_MISSING',
  ImageExists: 'IMAGE_EXISTS',
  ImageDamaged: 'IMAGE_DAMAGED',
  /** The image was made by other applet code. */
  ImageOtherApplet: 'IMAGE_OTHER_APPLET',
  ImageNotStorable: 'IMAGE_NOT_STORABLE',
  /** The disk refused. */
  ImageFailed: 'IMAGE_FAILED',
  SnapshotUnknown: 'SNAPSHOT_UNKNOWN',
  /** Nothing listens where a virtual reader was expected. */
  ReaderUnreachable: 'READER_UNREACHABLE',
  /** The virtual reader has another card. */
  ReaderOccupied: 'READER_OCCUPIED',
  /** Another process (`pid`) keeps a card inserted under this pid file. */
  KeeperRunning: 'KEEPER_RUNNING',
  /** No living keeper belongs to this pid file. */
  KeeperNotRunning: null,
  PcscdNotInstalled: null,
  VpcdNotInstalled: null,
  PcscdNotReady: null,
  /** A defect of the bridge. */
  Internal: 'INTERNAL',
} as const satisfies Record<string, string | null>;

export type BridgeErrorCode = keyof typeof codes;

/** What some errors know besides their code. */
export interface BridgeErrorDetails {
  /** ImageInUse, KeeperRunning: the process that stands in the way. */
  readonly pid?: number;
  /** PowerLost: persistent writes the command had made. */
  readonly writesDone?: number;
  /** PowerLost out of `transmitAll`: the answers of the commands before. */
  readonly answers?: readonly Uint8Array[];
  readonly cause?: unknown;
}

/** The only kind of error this package throws. `code` is stable; `message` is one sentence for a person. */
export class BridgeError extends Error {
  override readonly name = 'BridgeError';
  readonly code: BridgeErrorCode;
  readonly pid: number | undefined;
  readonly writesDone: number | undefined;
  readonly answers: readonly Uint8Array[] | undefined;

  constructor(code: BridgeErrorCode, message: string, details: BridgeErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.pid = details.pid;
    this.writesDone = details.writesDone;
    this.answers = details.answers;
  }
}

export function isBridgeError(error: unknown, ...oneOf: readonly BridgeErrorCode[]): error is BridgeError {
  return error instanceof BridgeError && (oneOf.length === 0 || oneOf.includes(error.code));
}

const byJavaName = new Map<string, BridgeErrorCode>(
  Object.entries(codes).flatMap(([code, java]) => (java === null ? [] : [[java, code as BridgeErrorCode]])),
);

/** The names the Java side may send. */
export const javaErrorNames: ReadonlySet<string> = new Set(byJavaName.keys());

const ownedByPid: ReadonlySet<BridgeErrorCode> = new Set<BridgeErrorCode>(['ImageInUse', 'KeeperRunning']);

/** The error for a failure frame. `detail` is the number the Java side adds to some codes. */
export function errorFromJava(
  name: string,
  detail: number,
  sentence: string,
  answers?: readonly Uint8Array[],
): BridgeError {
  const code = byJavaName.get(name) ?? 'Internal';
  const number =
    code === 'PowerLost' ? { writesDone: detail } : ownedByPid.has(code) && detail > 0 ? { pid: detail } : {};
  return new BridgeError(code, sentence, { ...number, ...(answers && { answers }) });
}
