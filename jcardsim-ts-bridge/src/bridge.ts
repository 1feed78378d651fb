import { resolve } from 'node:path';
import { Card } from './card.js';
import type { CardHost } from './card.js';
import { Connection } from './connection.js';
import type { BridgeOptions } from './connection.js';
import { BridgeError } from './errors.js';
import { FieldReader, FieldWriter } from './fields.js';
import { defaultVpcdHost, defaultVpcdPort, insertionEnds } from './insertion.js';
import type { Insertion, InsertionEnd, ReaderLink } from './insertion.js';
import { protocolVersion } from './protocol.js';
import { writeSpec } from './spec.js';
import type { CardSpec } from './spec.js';

/** What {@link Bridge.createCard} may be told besides the spec. */
export interface CreateOptions {
  /** Binds the card to this new image file; without it the card lives in memory. */
  readonly file?: string;
  /** Leaves the applet uninstalled until `card.install()`, for tests that cut power during install. */
  readonly blank?: boolean;
}

/** Where a card comes from: a file it stays bound to, or bytes of `card.image()`, optionally bound to a new file. */
export type CardSource = { readonly file: string } | { readonly image: Uint8Array; readonly file?: string };

/**
 * Starts a Java process that hosts cards. It ends with {@link Bridge.close}, and with this process at the latest.
 *
 * @throws BridgeError JavaNotFound, JavaTooOld, BridgeNotBuilt, BridgeDied
 */
export async function startBridge(options: BridgeOptions = {}): Promise<Bridge> {
  const bridge = new Bridge(options);
  try {
    await bridge.greet();
    return bridge;
  } catch (error) {
    await bridge.close();
    throw error;
  }
}

/** One Java process with any number of cards. Commands of all its cards run one after the other, in the order sent. */
export class Bridge {
  readonly #connection: Connection;
  readonly #host: CardHost;
  /** Stays in readers that have not ended, by the number this side gave them. */
  readonly #stays = new Map<number, (end: InsertionEnd) => void>();
  #lastStay = 0;
  #javaVersion = '';

  /** For {@link startBridge}, which also greets the other side. */
  constructor(options: BridgeOptions) {
    this.#connection = new Connection(
      options,
      (notification) => this.#leftReader(notification),
      () => this.#allLeft(),
    );
    this.#host = {
      connection: this.#connection,
      insert: (handle, link) => this.#insert(handle, link),
    };
  }

  /** The Java process. */
  get pid(): number {
    return this.#connection.pid;
  }

  get javaVersion(): string {
    return this.#javaVersion;
  }

  async greet(): Promise<void> {
    const in_ = new FieldReader(await this.#connection.request('hello'));
    const version = in_.u8();
    if (version !== protocolVersion) {
      throw new BridgeError(
        'BridgeNotBuilt',
        `The Java half speaks protocol ${version}, this half ${protocolVersion}; build it anew.`,
      );
    }
    this.#javaVersion = in_.string();
  }

  /**
   * Makes a card with a freshly installed applet, switched off.
   *
   * @throws BridgeError AppletNotFound, ApiTooNew, InstallFailed, RewriteFailed, BadRequest; with a file ImageExists,
   *   ImageInUse, ImageFailed, ImageNotStorable
   */
  async createCard(spec: CardSpec, options: CreateOptions = {}): Promise<Card> {
    const body = new FieldWriter().string(pathOf(options.file)).flag(options.blank ?? false);
    return this.#card('create', writeSpec(body, spec));
  }

  /**
   * Opens a card from its image, switched off. The spec names the same applet code as when it was made.
   *
   * @throws BridgeError ImageMissing, ImageInUse, ImageDamaged, ImageOtherApplet and as {@link createCard}
   */
  async openCard(source: CardSource, spec: CardSpec): Promise<Card> {
    const image = 'image' in source ? source.image : new Uint8Array(0);
    if ('image' in source && image.length === 0) throw new BridgeError('ImageDamaged', 'The card image is empty.');
    const body = new FieldWriter().string(pathOf(source.file)).bytes(image);
    return this.#card('open', writeSpec(body, spec));
  }

  /** Lets commands under way finish, saves and closes all cards, and ends the Java process. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  /** For the keeper: the process outlives this one for as long as its card is in a reader. The bridge is closed by this. */
  async leaveRunning(pidFile: string): Promise<void> {
    await this.#connection.request('keep', 0, new FieldWriter().string(resolve(pidFile)).finish());
    this.#connection.abandon();
  }

  async #card(operation: 'create' | 'open', body: FieldWriter): Promise<Card> {
    const answer = await this.#connection.request(operation, 0, body.finish());
    return new Card(this.#host, new FieldReader(answer).u32());
  }

  async #insert(handle: number, link: ReaderLink): Promise<Insertion> {
    const stay = ++this.#lastStay;
    const body = new FieldWriter()
      .string(link.host ?? defaultVpcdHost)
      .u32(link.port ?? defaultVpcdPort)
      .u32(stay);
    // listening starts before the request: the card may be out again before its answer is read
    const ended = new Promise<InsertionEnd>((settle) => this.#stays.set(stay, settle));
    this.#connection.hold();
    try {
      await this.#connection.request('insert', handle, body.finish());
    } catch (error) {
      this.#end(stay, 'reader-gone');
      throw error;
    }
    return { ended };
  }

  #leftReader(notification: FieldReader): void {
    const stay = notification.u32();
    this.#end(stay, insertionEnds[notification.u8()] ?? 'card-failed');
  }

  #allLeft(): void {
    for (const stay of [...this.#stays.keys()]) this.#end(stay, 'bridge-died');
  }

  #end(stay: number, end: InsertionEnd): void {
    const settle = this.#stays.get(stay);
    if (!settle) return;
    this.#stays.delete(stay);
    this.#connection.release();
    settle(end);
  }
}

function pathOf(file: string | undefined): string {
  return file === undefined ? '' : resolve(file);
}
