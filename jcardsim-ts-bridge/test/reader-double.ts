import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/**
 * Plays the vpcd driver: a TCP server that the card connects to, which sends length and body in two writes. As pcscd does,
 * it first asks for the ATR, to learn that a card is there.
 */
export class ReaderDouble {
  readonly #server: Server;
  readonly #silent: boolean;
  #card: Socket | undefined;
  #received = Buffer.alloc(0);
  /** Cards that left, and how many of them {@link cardGone} was told of: the next may come before the last has gone. */
  #departures = 0;
  #awaited = 0;
  #wake: () => void = () => undefined;

  private constructor(server: Server, silent: boolean) {
    this.#server = server;
    this.#silent = silent;
    server.on('connection', (socket) => this.#accept(socket));
  }

  /** @param silent accepts cards and never asks them, as vpcd while another card is in */
  static async open(silent = false): Promise<ReaderDouble> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ReaderDouble(server, silent);
  }

  get link(): { link: 'vpcd'; port: number } {
    return { link: 'vpcd', port: (this.#server.address() as AddressInfo).port };
  }

  send(body: Uint8Array): void {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(body.length);
    this.#card?.write(length);
    this.#card?.write(body);
  }

  control(code: 'off' | 'on' | 'reset' | 'atr'): void {
    this.send(Uint8Array.of({ off: 0, on: 1, reset: 2, atr: 4 }[code]));
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    this.send(apdu);
    return this.receive();
  }

  /** For the helpers that power a card before they talk to it. */
  async powerOn(): Promise<Uint8Array> {
    this.control('on');
    this.control('atr');
    return this.receive();
  }

  async receive(): Promise<Uint8Array> {
    await this.#until(() => this.#received.length >= 2 && this.#received.length >= 2 + this.#received.readUInt16BE(0));
    const end = 2 + this.#received.readUInt16BE(0);
    const body = Uint8Array.from(this.#received.subarray(2, end));
    this.#received = this.#received.subarray(end);
    return body;
  }

  /** Waits for a card and its first ATR; power is up to the caller. */
  async cardPresent(): Promise<void> {
    while (!this.#card) await this.#change();
    await this.receive();
  }

  /** Waits until one more card has left. */
  async cardGone(): Promise<void> {
    while (this.#departures === this.#awaited) await this.#change();
    this.#awaited++;
  }

  /** The reader is unplugged. */
  async close(): Promise<void> {
    this.#card?.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(socket: Socket): void {
    this.#card = socket;
    this.#received = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      if (this.#card === socket) this.#received = Buffer.concat([this.#received, bytes]);
      this.#wake();
    });
    socket.on('error', () => undefined);
    if (!this.#silent) this.control('atr');
    socket.on('close', () => {
      this.#departures++;
      if (this.#card === socket) this.#card = undefined;
      this.#wake();
    });
    this.#wake();
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (!this.#card) throw new Error('the card left the reader');
      await this.#change();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }
}
