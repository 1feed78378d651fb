/** The hot list of a terminal: signed, and never an older one than it had. */
import { concat, equalBytes, readU32, u32 } from '../protocol/codec/bytes.js';
import { Authority } from '../protocol/generated/enums.js';
import { hotListCodec } from '../protocol/generated/structures.js';
import type { HotListEntryFields, HotListFields } from '../protocol/generated/structures.js';
import type { SignedHotList } from '../protocol/issuer/port.js';
import { keysOf } from '../protocol/scheme.js';
import type { Scheme } from '../protocol/scheme.js';
import { verifyHotList } from '../protocol/signed/hot-list.js';
import { readIfThere, replaceFile } from './files.js';
import { entryOf } from './flow/claims.js';
import { Failure } from './outcome.js';

export type HotListRefusal =
  /** Not signed by an order key of this scheme, or not readable. */
  | 'signature'
  /** Older than the one in use, or another one under the same version. */
  | 'version';

export class HotListStore {
  #list: HotListFields | undefined;
  #bytes: Uint8Array | undefined;

  private constructor(
    readonly path: string,
    private readonly scheme: Scheme,
  ) {}

  /** @throws Failure keys-unreadable for a file that does not verify: the terminal must not fall back to no list at all */
  static open(path: string, scheme: Scheme): HotListStore {
    const store = new HotListStore(path, scheme);
    const content = readIfThere(path);
    if (content === undefined) return store;
    const refusal = store.#take(unpack(content));
    if (refusal === undefined) return store;
    throw new Failure('keys-unreadable', `The hot list ${path} was changed or damaged.`, {
      next: `Delete it; until a new one is fetched (./epurse pos upload) only floor amounts are sold.`,
    });
  }

  /** 0 where there is none. */
  get version(): number {
    return this.#list?.version ?? 0;
  }

  get issuedAt(): number | undefined {
    return this.#list?.issuedAt;
  }

  entryOf(cardId: Uint8Array): HotListEntryFields | undefined {
    return this.#list === undefined ? undefined : entryOf(this.#list.entries, cardId);
  }

  /** Takes a list into use, durably, or says why not. */
  update(signed: SignedHotList): HotListRefusal | undefined {
    const refusal = this.#take(signed);
    if (refusal === undefined) replaceFile(this.path, pack(signed), 0o644);
    return refusal;
  }

  #take(signed: SignedHotList | undefined): HotListRefusal | undefined {
    const list = signed === undefined ? undefined : decoded(signed.list);
    if (signed === undefined || list === undefined) return 'signature';
    const keys = keysOf(this.scheme, Authority.order);
    if (list.scheme !== this.scheme.id || !keys.some(({ point }) => verifyHotList(list, signed.signature, point)))
      return 'signature';
    if (list.version < this.version) return 'version';
    if (list.version === this.version && this.#bytes !== undefined && !equalBytes(this.#bytes, signed.list))
      return 'version';
    this.#list = list;
    this.#bytes = signed.list;
    return undefined;
  }
}

function decoded(bytes: Uint8Array): HotListFields | undefined {
  try {
    return hotListCodec.decode(bytes);
  } catch {
    return undefined;
  }
}

/** File: length of the list (4), list, signature. */
function pack({ list, signature }: SignedHotList): Uint8Array {
  return concat(u32(list.length), list, signature);
}

function unpack(content: Uint8Array): SignedHotList | undefined {
  if (content.length < 4) return undefined;
  const length = readU32(content);
  if (content.length <= 4 + length) return undefined;
  return { list: content.slice(4, 4 + length), signature: content.slice(4 + length) };
}
