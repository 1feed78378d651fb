/** Whoever has the keys of a session and its wire reads it: docs/protocol.md section 4, from the side. */
import { parseApdu } from '../../../host/protocol/channel/apdu.js';
import type { SessionKeys } from '../../../host/protocol/channel/secure.js';
import { concat, equalBytes } from '../../../host/protocol/codec/bytes.js';
import { cmac, ctr } from '../../../host/protocol/crypto/aes.js';
import { macLength } from '../../../host/protocol/generated/parameters.js';
import type { Heard } from './conversation.js';

export interface Overheard {
  readonly ins: number;
  readonly command: Uint8Array;
  /** With the true status word. */
  readonly answer: Uint8Array;
}

/** Undefined when the keys are not those of this conversation. @param chain the first chaining value */
export function decrypted(heard: readonly Heard[], keys: SessionKeys, chain: Uint8Array): Overheard[] | undefined {
  const read: Overheard[] = [];
  let now = chain;
  /** Checks a MAC, decrypts, and moves on. */
  const opened = (wire: Uint8Array, covered: Uint8Array): Uint8Array | undefined => {
    const mac = cmac(keys.mac, concat(now, covered));
    if (!equalBytes(mac.slice(0, macLength), wire.slice(-macLength))) return undefined;
    const plain = stream(keys, now, wire.slice(0, -macLength));
    now = mac;
    return plain;
  };
  for (const { command, answer } of heard) {
    const { ins, data } = parseApdu(command);
    const plain = opened(data, concat(Uint8Array.of(0x43), command.slice(0, 5), data.slice(0, -macLength)));
    const wire = answer.slice(0, -2);
    const said = plain && opened(wire, concat(Uint8Array.of(0x52), wire.slice(0, -macLength)));
    if (!plain || !said) return undefined;
    read.push({ ins, command: plain, answer: said });
  }
  return read;
}

function stream({ enc }: SessionKeys, chain: Uint8Array, cipher: Uint8Array): Uint8Array {
  return cipher.length === 0 ? cipher : ctr(enc, concat(chain.slice(0, 15), Uint8Array.of(0)), cipher);
}
