/**
 * The card's end of a session, written a second time from docs/protocol.md with node:crypto alone and bytes put together by
 * hand: it shares no code with what it tests, the certificate of the card apart.
 */
import {
  createCipheriv,
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import type { CardChannel } from '../../host/protocol/channel/channel.js';

/** What a protected command gets: data and status word, as plaintext. */
export type Handler = (ins: number, p1: number, p2: number, data: Buffer) => { data?: Uint8Array; sw: number };

export interface DoublePair {
  readonly name: Buffer;
  readonly terminalId: Buffer;
  readonly enc: Buffer;
  readonly mac: Buffer;
}

export class CardDouble implements CardChannel {
  readonly cardId: Buffer;
  /** Set by the test, once it has signed the points. */
  certificate: Uint8Array = Buffer.alloc(0);
  /** S1 that OPEN and CONFIRM show, 53 bytes. */
  s1: Uint8Array = Buffer.alloc(53);
  handler: Handler = () => ({ sw: 0x6d00 });
  /** What OPEN in the resumed form says inside: data and status word, in place of S1 and 9000. */
  resumedAnswer: Uint8Array | undefined;
  /** The only terminal this card knows. */
  pair: DoublePair | undefined;
  /** Makes the card raw, with these transport keys. */
  transport: { readonly enc: Uint8Array; readonly mac: Uint8Array } | undefined;
  scheme = 0x4550;
  readonly log: string[] = [];
  readonly #agreement = createECDH('prime256v1');
  readonly #signature = createECDH('prime256v1');
  #terminal: { certificate: Buffer; nonce: Buffer } | undefined;
  #session: { enc: Buffer; mac: Buffer; chain: Buffer; pair?: DoublePair } | undefined;

  constructor(cardId: Uint8Array) {
    this.cardId = Buffer.from(cardId);
    this.#agreement.generateKeys();
    this.#signature.generateKeys();
  }

  get agreePoint(): Uint8Array {
    return new Uint8Array(this.#agreement.getPublicKey().subarray(1));
  }

  get signPoint(): Uint8Array {
    return new Uint8Array(this.#signature.getPublicKey().subarray(1));
  }

  /** ECDSA with the card's signature key. */
  sign(message: Uint8Array): Uint8Array {
    const d = Buffer.alloc(32);
    this.#signature.getPrivateKey().copy(d, 32 - this.#signature.getPrivateKey().length);
    const point = this.#signature.getPublicKey();
    const jwk = { kty: 'EC', crv: 'P-256', d: b64(d), x: b64(point.subarray(1, 33)), y: b64(point.subarray(33)) };
    return sign('sha256', message, createPrivateKey({ key: jwk, format: 'jwk' }));
  }

  transmit(apdu: Uint8Array): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.#process(Buffer.from(apdu))));
  }

  #process(apdu: Buffer): Buffer {
    const [cla = 0, ins = 0, p1 = 0, p2 = 0] = apdu;
    this.log.push(apdu.subarray(0, 4).toString('hex'));
    const lc = apdu.length > 5 ? (apdu[4] ?? 0) : 0;
    const data = apdu.subarray(5, 5 + lc);
    if (cla === 0x84) return this.#protected(ins, p1, p2, data);
    this.#session = undefined;
    if (cla === 0x00 && ins === 0xa4) return this.#select();
    if (cla === 0x80 && ins === 0x2a) return this.#presentCertificate(data);
    if (cla === 0x80 && ins === 0x50) return p1 === 0 ? this.#openFull(data) : this.#openResumed(data);
    return status(0x6987);
  }

  #select(): Buffer {
    const serial = this.transport
      ? Buffer.concat([Buffer.from([0x83, 8]), Buffer.from('0102030405060708', 'hex')])
      : Buffer.alloc(0);
    const inside = Buffer.concat([
      Buffer.from([0x80, 2, 1, 0, 0x81, 2, this.scheme >> 8, this.scheme & 0xff, 0x82, 1, this.transport ? 1 : 2]),
      serial,
    ]);
    const name = Buffer.from('f04550555253450101', 'hex');
    const template = Buffer.concat([
      Buffer.from([0x84, name.length]),
      name,
      Buffer.from([0xa5, inside.length]),
      inside,
    ]);
    return Buffer.concat([Buffer.from([0x6f, template.length]), template, status(0x9000)]);
  }

  /** A card would check the signature with the CA's key here; this one looks at terminals in the tests only. */
  #presentCertificate(certificate: Buffer): Buffer {
    const nonce = randomBytes(16);
    this.#terminal = { certificate: Buffer.from(certificate), nonce };
    return Buffer.concat([nonce, status(0x9000)]);
  }

  #openFull(data: Buffer): Buffer {
    const terminal = this.#terminal;
    this.#terminal = undefined;
    if (!terminal) return status(0x6985);
    const [terminalNonce, ephemeral, signature] = [data.subarray(0, 16), data.subarray(16, 80), data.subarray(80)];
    const { id, point, expiry } = fieldsOf(terminal.certificate);
    const message = Buffer.concat([
      Buffer.from('EPT1'),
      Buffer.from([this.scheme >> 8, this.scheme & 0xff]),
      id,
      expiry,
      terminal.nonce,
      terminalNonce,
      ephemeral,
    ]);
    if (!verifyWith(point, message, signature)) return status(0x6a80);
    const z = this.#agreement.computeSecret(Buffer.concat([Buffer.from([4]), ephemeral]));
    const info = Buffer.concat([
      Buffer.from('EPK1'),
      this.cardId,
      id,
      expiry,
      terminal.nonce,
      terminalNonce,
      ephemeral,
    ]);
    const material = Buffer.concat([1, 2].map((i) => sha256(Buffer.concat([z, Buffer.from([0, 0, 0, i]), info]))));
    const key = (i: number): Buffer => material.subarray(16 * i, 16 * (i + 1));
    const pair = { name: randomBytes(8), terminalId: Buffer.from(id), enc: key(2), mac: key(3) };
    this.#session = { enc: key(0), mac: key(1), chain: terminal.nonce, pair };
    return Buffer.concat([this.certificate, status(0x9000)]);
  }

  #openResumed(data: Buffer): Buffer {
    const [terminalId, terminalNonce, slot] = [data.subarray(0, 8), data.subarray(8, 24), data.subarray(24)];
    const known = this.pair && terminalId.equals(this.pair.terminalId) ? this.pair : undefined;
    const keys = this.transport ?? known;
    if (!keys) return status(0x6a88);
    const name = this.transport ? Buffer.alloc(8) : (known?.name ?? Buffer.alloc(8));
    const nonce = randomBytes(16);
    const [enc, mac] = [Buffer.from(keys.enc), Buffer.from(keys.mac)];
    const transcript = Buffer.concat([
      Buffer.from('EPS1'),
      Buffer.from('80500100', 'hex'),
      terminalId,
      terminalNonce,
      slot,
      name,
      nonce,
    ]);
    this.#session = { enc, mac, chain: cmac(mac, transcript) };
    const s1 = this.transport ? Buffer.alloc(0) : this.s1;
    const inside = Buffer.from(this.resumedAnswer ?? Buffer.concat([s1, status(0x9000)]));
    return Buffer.concat([name, nonce, this.#wrap(inside), status(0x9000)]);
  }

  #protected(ins: number, p1: number, p2: number, data: Buffer): Buffer {
    const session = this.#session;
    if (!session) return status(0x6982);
    const [cipher, sent] = [data.subarray(0, -8), data.subarray(-8)];
    const mac = cmac(
      session.mac,
      Buffer.concat([session.chain, Buffer.from([0x43, 0x84, ins, p1, p2, data.length]), cipher]),
    );
    if (sent.length !== 8 || !timingSafeEqual(mac.subarray(0, 8), sent)) {
      this.#session = undefined;
      return status(0x6988);
    }
    const plain = ctr(session.enc, session.chain, cipher);
    session.chain = mac;
    const { data: answer = Buffer.alloc(0), sw } = this.#act(ins, p1, p2, plain);
    return Buffer.concat([this.#wrap(Buffer.concat([answer, status(sw)])), status(0x9000)]);
  }

  #act(ins: number, p1: number, p2: number, data: Buffer): { data?: Uint8Array; sw: number } {
    const session = this.#session;
    if (ins !== 0x82 || !session?.pair) return this.handler(ins, p1, p2, data);
    this.pair = session.pair;
    delete session.pair;
    return { data: Buffer.concat([this.pair.name, this.s1]), sw: 0x9000 };
  }

  #wrap(plain: Buffer): Buffer {
    const session = this.#session;
    if (!session) throw new Error('no session');
    const cipher = ctr(session.enc, session.chain, plain);
    session.chain = cmac(session.mac, Buffer.concat([session.chain, Buffer.from([0x52]), cipher]));
    return Buffer.concat([cipher, session.chain.subarray(0, 8)]);
  }
}

/** RFC 4493 on node's AES. */
export function cmac(key: Buffer, message: Buffer): Buffer {
  const encrypt = (block: Buffer): Buffer => {
    const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
    return Buffer.concat([cipher.update(block), cipher.final()]);
  };
  const double = (block: Buffer): Buffer => {
    const value = BigInt(`0x${block.toString('hex')}`) << 1n;
    const reduced = (value & ((1n << 128n) - 1n)) ^ (value >> 128n ? 0x87n : 0n);
    return Buffer.from(reduced.toString(16).padStart(32, '0'), 'hex');
  };
  const k1 = double(encrypt(Buffer.alloc(16)));
  const whole = message.length > 0 && message.length % 16 === 0;
  const padded = whole
    ? Buffer.from(message)
    : Buffer.concat([message, Buffer.from([0x80]), Buffer.alloc(15 - (message.length % 16))]);
  const last = whole ? k1 : double(k1);
  for (let i = 0; i < 16; i++) padded[padded.length - 16 + i]! ^= last[i]!;
  let state: Buffer = Buffer.alloc(16);
  for (let at = 0; at < padded.length; at += 16)
    state = encrypt(Buffer.from(state.map((byte, i) => byte ^ padded[at + i]!)));
  return state;
}

function ctr(key: Buffer, chain: Buffer, data: Buffer): Buffer {
  const first = Buffer.concat([chain.subarray(0, 15), Buffer.from([0])]);
  const cipher = createCipheriv('aes-128-ctr', key, first);
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

/** Where the fields of a canonical terminal certificate lie, counted from its end and its tags. */
function fieldsOf(certificate: Buffer): { id: Buffer; point: Buffer; expiry: Buffer } {
  const after = (tag: string, length: number): Buffer => {
    const at = certificate.indexOf(Buffer.from(tag, 'hex')) + tag.length / 2;
    return certificate.subarray(at, at + length);
  };
  return { id: after('5f2008', 8), point: after('7f49428640', 64), expiry: after('5f2404', 4) };
}

function verifyWith(point: Buffer, message: Buffer, signature: Buffer): boolean {
  const jwk = { kty: 'EC', crv: 'P-256', x: b64(point.subarray(0, 32)), y: b64(point.subarray(32)) };
  return verify('sha256', message, createPublicKey({ key: jwk, format: 'jwk' }), signature);
}

function sha256(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}

function b64(bytes: Buffer): string {
  return bytes.toString('base64url');
}

function status(sw: number): Buffer {
  return Buffer.from([sw >> 8, sw & 0xff]);
}
