/**
 * The terminal's end of a session for tests that do what no terminal does: any class and instruction, any bytes, wrong MACs, the
 * same command twice. It can be forked, as a card is put back to a snapshot. Written from docs/protocol.md; it shares the codecs
 * with the protocol library, not the session.
 */
import { parseApdu } from '../../host/protocol/channel/apdu.js';
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import { concat, equalBytes, readU16 } from '../../host/protocol/codec/bytes.js';
import { parseCardCertificate } from '../../host/protocol/certificates/card.js';
import type { CardCertificate } from '../../host/protocol/certificates/card.js';
import type { SessionKeys } from '../../host/protocol/channel/secure.js';
import { commands } from '../../host/protocol/generated/commands.js';
import { classes, macLength, nonceLength } from '../../host/protocol/generated/parameters.js';
import {
  domains,
  resumedTranscriptCodec,
  sessionKeyInfoCodec,
  terminalAuthenticationCodec,
} from '../../host/protocol/generated/structures.js';
import type { TerminalIdentity } from '../../host/protocol/session/session.js';
import { nobleEnd } from './crypto-ends.js';
import type { CryptoEnd } from './crypto-ends.js';
import { bytesFor, privateKeyFor } from './keys.js';
import { schemeId } from './scheme.js';

/** What the card said. `reason` 0: the status word stood alone. */
export interface Answer {
  readonly where: 'clear' | 'inside';
  readonly sw: number;
  readonly reason: number;
  /** Empty for a refusal. */
  readonly data: Uint8Array;
}

/** A plain command as it is. */
export function apdu(
  cla: number,
  ins: number,
  p1: number,
  p2: number,
  data: Uint8Array = new Uint8Array(0),
): Uint8Array {
  return data.length === 0
    ? Uint8Array.of(cla, ins, p1, p2, 0)
    : concat(Uint8Array.of(cla, ins, p1, p2, data.length), data, Uint8Array.of(0));
}

export function clearAnswer(wire: Uint8Array): Answer {
  return { where: 'clear', sw: readU16(wire, wire.length - 2), reason: 0, data: wire.slice(0, -2) };
}

export class WireSession {
  readonly #crypto: CryptoEnd;
  readonly #keys: SessionKeys;
  #chain: Uint8Array;

  constructor(keys: SessionKeys, chain: Uint8Array, crypto: CryptoEnd = nobleEnd) {
    this.#crypto = crypto;
    this.#keys = keys;
    this.#chain = chain;
  }

  /** Another terminal's end in the same place. */
  fork(): WireSession {
    return new WireSession(this.#keys, this.#chain, this.#crypto);
  }

  /** Protects a command; from then on the card has to have received it. */
  wrap(
    ins: number,
    p1: number,
    p2: number,
    data: Uint8Array = new Uint8Array(0),
    cla: number = classes.protected,
  ): Uint8Array {
    const cipher = this.#crypt(data);
    const header = Uint8Array.of(cla, ins, p1, p2, data.length + macLength);
    this.#chain = this.#crypto.cmac(this.#keys.mac, concat(this.#chain, Uint8Array.of(0x43), header, cipher));
    return concat(header, cipher, this.#chain.slice(0, macLength), Uint8Array.of(0));
  }

  /** An answer under 9000 with the right MAC comes from inside, whatever else came in clear. */
  unwrap(wire: Uint8Array): Answer {
    const clear = clearAnswer(wire);
    const plain = clear.sw === 0x9000 ? this.open(clear.data) : undefined;
    if (!plain) return clear;
    const sw = readU16(plain, plain.length - 2);
    const data = plain.slice(0, -2);
    const done = sw === 0x9000;
    return { where: 'inside', sw, reason: done ? 0 : (data[0] ?? 0), data: done ? data : new Uint8Array(0) };
  }

  /** Data and status word of r ‖ MAC; undefined, and nothing changed, when the MAC is wrong. */
  open(wire: Uint8Array): Uint8Array | undefined {
    const cipher = wire.slice(0, -macLength);
    const mac = this.#crypto.cmac(this.#keys.mac, concat(this.#chain, Uint8Array.of(0x52), cipher));
    if (wire.length < macLength + 2 || !equalBytes(mac.slice(0, macLength), wire.slice(-macLength))) return undefined;
    const plain = this.#crypt(cipher);
    this.#chain = mac;
    return plain;
  }

  /** The session as a channel for the commands of the protocol library: plaintext in, plaintext and true status word out. */
  over(link: CardChannel): CardChannel {
    return {
      transmit: async (plain) => {
        const { ins, p1, p2, data } = parseApdu(plain);
        const wire = clearAnswer(await link.transmit(this.wrap(ins, p1, p2, data)));
        const answer = wire.sw === 0x9000 ? this.open(wire.data) : undefined;
        if (!answer) throw new Error(`no answer of the session, but ${wire.sw.toString(16)}`);
        return answer;
      },
    };
  }

  async send(link: CardChannel, ins: number, p1: number, p2: number, data?: Uint8Array): Promise<Answer> {
    return this.unwrap(await link.transmit(this.wrap(ins, p1, p2, data)));
  }

  #crypt(data: Uint8Array): Uint8Array {
    if (data.length === 0) return data;
    return this.#crypto.ctr(this.#keys.enc, concat(this.#chain.slice(0, 15), Uint8Array.of(0)), data);
  }
}

/** The terminal's end of a handshake. Its numbers are the same each time, as a broken terminal's would be. */
export interface Handshake {
  /** @noble unless told otherwise. */
  readonly crypto?: CryptoEnd;
  /** Other numbers for another label. */
  readonly label?: string;
  /** The ephemeral private key, in place of one made from the label. */
  readonly privateKey?: Uint8Array;
  /** What goes out as the ephemeral key, X ‖ Y, in place of the one that belongs to the private key. */
  readonly point?: Uint8Array;
}

const usualLabel = 'handshake';

function ephemeralKey({ label = usualLabel, privateKey }: Handshake): Uint8Array {
  return privateKey ?? privateKeyFor(`${label} ephemeral`);
}

/** PRESENT CERTIFICATE. @returns the card's nonce */
export async function present(link: CardChannel, identity: TerminalIdentity): Promise<Uint8Array> {
  const { ins, p1, p2 } = commands.PRESENT_CERTIFICATE;
  return ok(await link.transmit(apdu(classes.plain, ins, p1, p2, identity.certificate.bytes)));
}

/** Data of OPEN SESSION full for a card's nonce. */
export function openFullData(identity: TerminalIdentity, cardNonce: Uint8Array, handshake: Handshake = {}): Uint8Array {
  const { crypto = nobleEnd, label = usualLabel } = handshake;
  const terminalNonce = bytesFor(`${label} nonce`, nonceLength);
  const ephemeral = handshake.point ?? crypto.pointOf(ephemeralKey(handshake));
  const { terminalId, expiry } = identity.certificate;
  const signed = { scheme: schemeId, terminalId, certificateExpiry: expiry, cardNonce, terminalNonce, ephemeral };
  const message = concat(domains.terminalAuthentication, terminalAuthenticationCodec.encode(signed));
  return concat(terminalNonce, ephemeral, identity.signer.sign(message));
}

export interface Agreed {
  /** Before CONFIRM SESSION. */
  readonly session: WireSession;
  readonly pair: SessionKeys;
  readonly card: CardCertificate;
}

/** OPEN SESSION full after {@link present}. */
export async function openFull(
  link: CardChannel,
  identity: TerminalIdentity,
  cardNonce: Uint8Array,
  handshake: Handshake = {},
): Promise<Agreed> {
  const { crypto = nobleEnd } = handshake;
  const { ins, p1, p2 } = commands.OPEN_SESSION_FULL;
  const data = openFullData(identity, cardNonce, handshake);
  const card = parseCardCertificate(ok(await link.transmit(apdu(classes.plain, ins, p1, p2, data))));
  const { terminalId, expiry } = identity.certificate;
  const transcript = {
    terminalNonce: data.slice(0, nonceLength),
    ephemeral: data.slice(nonceLength, nonceLength + 64),
  };
  const info = { cardId: card.cardId, terminalId, certificateExpiry: expiry, cardNonce, ...transcript };
  const z = crypto.sharedSecret(ephemeralKey(handshake), card.agreePoint);
  const keys = crypto.x963Kdf(z, concat(domains.sessionKeyInfo, sessionKeyInfoCodec.encode(info)), 64);
  const key = (number: number): Uint8Array => keys.slice(16 * number, 16 * (number + 1));
  return {
    session: new WireSession({ enc: key(0), mac: key(1) }, cardNonce, crypto),
    pair: { enc: key(2), mac: key(3) },
    card,
  };
}

/** A whole full session, confirmed. */
export async function fullSession(
  link: CardChannel,
  identity: TerminalIdentity,
  handshake: Handshake = {},
): Promise<Agreed> {
  const agreed = await openFull(link, identity, await present(link, identity), handshake);
  const { ins, p1, p2 } = commands.CONFIRM_SESSION;
  const { sw } = await agreed.session.send(link, ins, p1, p2, Uint8Array.of(0));
  if (sw !== 0x9000) throw new Error(`CONFIRM SESSION was answered ${sw.toString(16)}`);
  return agreed;
}

/** Data of OPEN SESSION resumed. */
export function openResumedData(terminalId: Uint8Array, label = usualLabel): Uint8Array {
  return concat(terminalId, bytesFor(`${label} nonce`, nonceLength), Uint8Array.of(0));
}

/** A session under keys both sides have: a pair's, or the transport keys of a raw card. */
export async function resumedSession(
  link: CardChannel,
  terminalId: Uint8Array,
  keys: SessionKeys,
  { crypto = nobleEnd, label = usualLabel }: Handshake = {},
): Promise<WireSession> {
  const data = openResumedData(terminalId, label);
  const { ins, p1, p2 } = commands.OPEN_SESSION_RESUMED;
  const answer = ok(await link.transmit(apdu(classes.plain, ins, p1, p2, data)));
  const opened = resumedFrom(data, answer, keys, crypto);
  if (!opened) throw new Error('the answer to OPEN SESSION is not under the keys of the pair');
  return opened.session;
}

export interface Resumed {
  readonly session: WireSession;
  /** Empty from a raw card. */
  readonly s1: Uint8Array;
}

/** The session that an answer to OPEN SESSION resumed opens, if it is under these keys. */
export function resumedFrom(
  data: Uint8Array,
  answer: Uint8Array,
  keys: SessionKeys,
  crypto: CryptoEnd = nobleEnd,
): Resumed | undefined {
  if (answer.length < 8 + nonceLength) return undefined;
  const { ins, p1, p2 } = commands.OPEN_SESSION_RESUMED;
  const transcript = {
    header: Uint8Array.of(classes.plain, ins, p1, p2),
    terminalId: data.slice(0, 8),
    terminalNonce: data.slice(8, 8 + nonceLength),
    slot: data[data.length - 1] ?? 0,
    pairName: answer.slice(0, 8),
    cardNonce: answer.slice(8, 8 + nonceLength),
  };
  const chain = crypto.cmac(keys.mac, concat(domains.resumedTranscript, resumedTranscriptCodec.encode(transcript)));
  const session = new WireSession(keys, chain, crypto);
  const plain = session.open(answer.slice(8 + nonceLength));
  return plain && { session, s1: plain.slice(0, -2) };
}

function ok(wire: Uint8Array): Uint8Array {
  const { sw, data } = clearAnswer(wire);
  if (sw !== 0x9000) throw new Error(`the card answered ${sw.toString(16)}`);
  return data;
}
