/**
 * One token, logged in: makes keys that never leave it, and signs. A session that got lost is opened anew, once per call; a PIN
 * that was refused is never tried again by this process, since a few wrong ones lock a token.
 */
import { createHash, randomBytes } from 'node:crypto';
import { fromHex, toHex } from '../../../protocol/codec/bytes.js';
import type { Signer } from '../../../protocol/crypto/ecdsa.js';
import { KeyringError } from '../errors.js';
import { ck, codeOf, cryptoki, initialise, tokenError } from './cryptoki.js';
import type { Cryptoki, Template } from './cryptoki.js';
import { derSignature, pointOfToken } from './der.js';
import type { TokenUri } from './uri.js';

const { attribute, error } = ck;
/** DER of the object identifier of P-256 (RFC 5480). */
const p256 = Buffer.from('06082a8648ce3d030107', 'hex');

/** A key in a token: how it is found again. */
export interface TokenKey {
  /** CKA_ID, hexadecimal. */
  readonly id: string;
  /** X ‖ Y, 64 bytes. */
  readonly point: Uint8Array;
}

export class Token {
  readonly #library: Cryptoki;
  #session: Buffer | undefined;
  #refused: KeyringError | undefined;

  /** @throws KeyringError token, token-pin */
  constructor(
    readonly uri: TokenUri,
    private readonly pin: string,
    library: Cryptoki = cryptoki(uri.modulePath),
  ) {
    this.#library = library;
    this.#retried(() => this.#open());
  }

  get name(): string {
    return this.uri.token ?? this.uri.serial ?? `slot ${this.uri.slotId}`;
  }

  /** Makes a key pair that the token never gives away. @param label for whoever looks into the token */
  generate(label: string): TokenKey {
    return this.#retried((session) => {
      const id = randomBytes(16);
      const both: Template = [
        { type: attribute.token, value: true },
        { type: attribute.label, value: label },
        { type: attribute.id, value: id },
      ];
      const { publicKey } = this.#library.C_GenerateKeyPair(
        session,
        { mechanism: ck.ecKeyPairGen },
        [...both, { type: attribute.ecParams, value: p256 }, { type: attribute.verify, value: true }],
        [
          ...both,
          { type: attribute.private, value: true },
          { type: attribute.sensitive, value: true },
          { type: attribute.extractable, value: false },
          { type: attribute.sign, value: true },
        ],
      );
      const [point] = this.#library.C_GetAttributeValue(session, publicKey, [{ type: attribute.ecPoint }]);
      return { id: id.toString('hex'), point: pointOfToken(point?.value ?? Buffer.alloc(0)) };
    });
  }

  /** @throws KeyringError not-held, token: the key is missing, or could be taken out of the token */
  signer({ id, point }: TokenKey): Signer {
    this.#retried((session) => this.#privateKey(session, id));
    return {
      point,
      sign: (message) => {
        const hash = createHash('sha256').update(message).digest();
        const raw = this.#retried((session) => {
          this.#library.C_SignInit(session, { mechanism: ck.ecdsa }, this.#privateKey(session, id));
          return this.#library.C_Sign(session, hash, Buffer.alloc(64));
        });
        return derSignature(raw);
      },
    };
  }

  #privateKey(session: Buffer, id: string): Buffer {
    const wanted: Template = [
      { type: attribute.class, value: ck.privateKey },
      { type: attribute.keyType, value: ck.typeEc },
      { type: attribute.id, value: Buffer.from(fromHex(id)) },
    ];
    this.#library.C_FindObjectsInit(session, wanted);
    const found = this.#library.C_FindObjects(session, 2);
    this.#library.C_FindObjectsFinal(session);
    const [key] = found;
    if (key === undefined || found.length > 1)
      throw new KeyringError(
        'not-held',
        `The token "${this.name}" has ${found.length === 0 ? 'no key' : 'several keys'} ${id}.`,
      );
    const flags = this.#library.C_GetAttributeValue(session, key, [
      { type: attribute.sensitive },
      { type: attribute.extractable },
    ]);
    if (flags[0]?.value[0] !== 1 || flags[1]?.value[0] !== 0)
      throw new KeyringError('token', `The key ${id} could be taken out of the token "${this.name}": it is not used.`);
    return key;
  }

  /** Does it in the session; where that got lost, once more in a new one. */
  #retried<T>(act: (session: Buffer) => T): T {
    try {
      return act(this.#session ?? this.#open());
    } catch (cause) {
      if (!isLost(codeOf(cause))) throw tokenError(cause, this.name);
    }
    this.#session = undefined;
    try {
      initialise(this.#library);
      return act(this.#open());
    } catch (cause) {
      throw tokenError(cause, this.name);
    }
  }

  #open(): Buffer {
    if (this.#session !== undefined) return this.#session;
    if (this.#refused !== undefined) throw this.#refused;
    const slot = this.#slot();
    const session = this.#library.C_OpenSession(slot, ck.flagSerialSession | ck.flagRwSession);
    try {
      this.#library.C_Login(session, ck.user, this.pin);
    } catch (cause) {
      if (codeOf(cause) !== error.alreadyLoggedIn) {
        this.#library.C_CloseSession(session);
        const refusal = tokenError(cause, this.name);
        if (refusal.code === 'token-pin') this.#refused = refusal;
        throw refusal;
      }
    }
    return (this.#session = session);
  }

  #slot(): Buffer {
    const { token, serial, slotId } = this.uri;
    const slots = this.#library.C_GetSlotList(true).filter((slot) => {
      const info = this.#library.C_GetTokenInfo(slot);
      return (
        (token === undefined || info.label.trim() === token) &&
        (serial === undefined || info.serialNumber.trim() === serial) &&
        (slotId === undefined || Number(slot.readBigUInt64LE()) === slotId)
      );
    });
    const [slot] = slots;
    if (slot === undefined) throw new KeyringError('token', `The token "${this.name}" is not there.`);
    if (slots.length > 1)
      throw new KeyringError('token', `There are ${slots.length} tokens "${this.name}": add its serial to the URI.`);
    const { flags } = this.#library.C_GetTokenInfo(slot);
    if ((flags & ck.tokenPinLocked) !== 0)
      throw new KeyringError('token-pin', `The PIN of the token "${this.name}" is locked.`);
    if ((flags & ck.tokenFinalTry) !== 0)
      throw new KeyringError(
        'token-pin',
        `One PIN try is left on the token "${this.name}": log in by its own tool first, so that a wrong file does not lock it.`,
      );
    return slot;
  }
}

function isLost(code: number | undefined): boolean {
  return (
    code === error.sessionClosed ||
    code === error.sessionHandle ||
    code === error.notLoggedIn ||
    code === error.notInitialized ||
    code === error.deviceRemoved ||
    code === error.tokenAbsent
  );
}

/** Hexadecimal, for the key file. */
export function tokenKeyToJson({ id, point }: TokenKey): { id: string; point: string } {
  return { id, point: toHex(point) };
}
