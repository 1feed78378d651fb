/**
 * What terminals ask of the issuer, and the only way they reach it: in process (`host/issuer/local.ts`) or over HTTP
 * (`host/terminal/issuer-http.ts`). Every call may be repeated with the same content and gives the same answer.
 * Nothing a kiosk calls can create money: an authorisation needs the card's signed statement and the issuer's own funding.
 *
 * Byte arrays hold the structures of `apdu-specs/structures.yaml`, without their domain tags unless said otherwise.
 */

/** An issuer order as the terminal passes it on in PUT ORDER. */
export interface SignedOrder {
  /** `orderType`, P1. */
  readonly type: number;
  /** P2: 0 the card's current order key, 1 its successor. */
  readonly keyIndex: 0 | 1;
  /** Body by type. */
  readonly body: Uint8Array;
  /** DER ECDSA, at most 72 bytes. */
  readonly signature: Uint8Array;
}

/** A public key stored on the card at issue. */
export interface CardKey {
  /** `keyRef`, P2 of STORE DATA. */
  readonly ref: number;
  /** Structure `keyData`, 69 bytes. */
  readonly data: Uint8Array;
}

export interface IssueRequest {
  readonly deskId: Uint8Array;
  readonly serial: Uint8Array;
  /** X ‖ Y, 64 bytes. */
  readonly signPoint: Uint8Array;
  /** X ‖ Y, 64 bytes. */
  readonly agreePoint: Uint8Array;
  /** As typed by the clerk, at most 80 characters; kept at the issuer, never on the card. */
  readonly holder: string;
  /** Lost card whose balance is to follow as a load when the presentation window is over. */
  readonly replaces?: Uint8Array;
}

/** What makes a raw card somebody's purse. The PIN is not here: the desk makes it and the issuer never sees it. */
export interface IssuedCard {
  readonly cardId: Uint8Array;
  /** Structure `cardData`. */
  readonly cardData: Uint8Array;
  /** Card certificate, at most 255 bytes. */
  readonly certificate: Uint8Array;
  /** Structure `parameters`. */
  readonly parameters: Uint8Array;
  readonly keys: readonly CardKey[];
}

/** A structure `statement` with the card's signature. */
export interface SignedStatement {
  readonly cardId: Uint8Array;
  readonly statement: Uint8Array;
  readonly signature: Uint8Array;
}

/** A structure `record` with S3. */
export interface SignedRecord {
  readonly cardId: Uint8Array;
  readonly record: Uint8Array;
  readonly s3: Uint8Array;
}

/** The card's log after A: records in order, and the cancel orders among them (structure `keptCancelOrder`). */
export interface UploadedLog extends SignedStatement {
  readonly records: readonly Uint8Array[];
  readonly cancelOrders: readonly Uint8Array[];
}

export type Authorisation =
  | {
      readonly status: 'authorised';
      /** Structure `creditAuthorisation`. */
      readonly authorisation: Uint8Array;
      readonly signature: Uint8Array;
    }
  /** Funding has not answered: ask again, or come back; the card keeps the load pending. */
  | { readonly status: 'pending' }
  | { readonly status: 'refused'; readonly code: LoadRefusal; readonly message: string };

export type LoadRefusal =
  | 'funding-declined'
  | 'card-listed'
  | 'card-limit'
  | 'holder-limit'
  | 'no-account'
  | 'load-cancelled'
  | 'statement-rejected';

/** The order key's signature on a final answer: a terminal closes its entry on this alone. */
export interface SignedEntryAnswer {
  /** Structure `entryAnswer`. */
  readonly answer: Uint8Array;
  readonly signature: Uint8Array;
}

/** How a load stands at the issuer, asked by the counter that S1 shows. Needs no PIN: an authorisation serves its own card only. */
export type LoadStatus =
  | Authorisation
  /** The issuer holds the credit's record or the cancel statement: nothing is left to do. */
  | { readonly status: 'settled' }
  /** It never saw a statement of this load: INIT LOAD again, or CANCEL LOAD. */
  | { readonly status: 'unknown' };

/** The issuer's word on a journal entry the terminal cannot close itself. */
export type EntryAnswer =
  /** `s3` is empty where the issuer has the record from the card's log alone; a batch then claims it with the record and no S3. */
  | ({ readonly status: 'executed' } & SignedRecord & SignedEntryAnswer)
  /** Final: the window is over, or another record has the number. */
  | ({ readonly status: 'void' } & SignedEntryAnswer)
  | { readonly status: 'unknown'; readonly askAfter: number };

export interface SignedHotList {
  /** Structure `hotList`. */
  readonly list: Uint8Array;
  readonly signature: Uint8Array;
}

export interface SignedBatch {
  /** Structure `batch`. */
  readonly batch: Uint8Array;
  readonly signature: Uint8Array;
  readonly terminalCertificate: Uint8Array;
}

export interface SignedAcknowledgement {
  /** Structure `batchAcknowledgement`. */
  readonly acknowledgement: Uint8Array;
  readonly signature: Uint8Array;
}

export type DeskOrder = 'unblock' | 'pinReset' | 'retire' | 'parameters';

export interface IssuerPort {
  /** Desk: register a raw card. Same serial and points give the same card again. */
  issueCard(request: IssueRequest): Promise<IssuedCard>;
  /** Desk: the card answered for itself; it counts from now on. */
  cardActivated(proof: SignedStatement): Promise<void>;
  /** Desk: an order for a card, made for the counters its statement or totals show. */
  orderFor(request: {
    deskId: Uint8Array;
    order: DeskOrder;
    proof: SignedStatement;
    reason: string;
  }): Promise<SignedOrder>;
  /** Desk: the order was taken; a retire brings the closing statement. */
  orderTaken(proof: SignedStatement): Promise<void>;

  /** Kiosk, desk: upload the log after A; the answer is SYNC and whatever else waits for this card. */
  synchronise(log: UploadedLog): Promise<readonly SignedOrder[]>;
  /** Kiosk: ask for a credit authorisation on an INIT LOAD statement. The issuer asks its funding port itself. */
  authoriseLoad(request: { kioskId: Uint8Array; log: UploadedLog }): Promise<Authorisation>;
  /**
   * Kiosk: what became of the load that the card's register names, so that any kiosk can finish it at a later visit without PIN.
   * An `authorised` one is the same bytes as before, also when the card has taken it already and its record never arrived.
   */
  loadStatus(request: { kioskId: Uint8Array; cardId: Uint8Array; counter: number }): Promise<LoadStatus>;
  /** Kiosk: the load or unload is on the card. */
  loadCredited(proof: SignedRecord): Promise<void>;
  /** Kiosk, desk: CANCEL LOAD's statement; funded money goes back. */
  loadCancelled(proof: SignedStatement): Promise<void>;

  /** All terminals: the newest hot list, or null when `known` is it. */
  hotList(known: number): Promise<SignedHotList | null>;
  /** Any terminal that carried a block order: structure `blockStatement` with the card's signature. */
  blockTaken(proof: { cardId: Uint8Array; statement: Uint8Array; signature: Uint8Array }): Promise<void>;
  /** POS: hand in a closed batch. Same batch, same acknowledgement. */
  uploadBatch(batch: SignedBatch): Promise<SignedAcknowledgement>;
  /** POS: what became of a debit order whose answer never came. */
  entryAnswer(request: {
    terminalId: Uint8Array;
    cardId: Uint8Array;
    tn: number;
    ntSeen: number;
  }): Promise<EntryAnswer>;
}

export type IssuerErrorCode =
  'unreachable' | 'unknown-card' | 'unknown-terminal' | 'conflict' | 'rejected' | 'busy' | 'internal';

/** The issuer could not be asked, or said no. `message` is a sentence for a person. */
export class IssuerError extends Error {
  override readonly name = 'IssuerError';
  constructor(
    readonly code: IssuerErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
