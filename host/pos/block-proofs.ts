/** Block statements on their way to the issuer: one file a card, kept until the issuer has it. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fromHex, toHex } from '../protocol/codec/bytes.js';
import type { IssuerPort } from '../protocol/issuer/port.js';
import { readIfThere, replaceFile } from '../terminal/files.js';

export type BlockProof = Parameters<IssuerPort['blockTaken']>[0];

export class BlockProofs {
  constructor(private readonly folder: string) {}

  keep({ cardId, statement, signature }: BlockProof): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const json = { statement: toHex(statement), signature: toHex(signature) };
    replaceFile(this.#file(cardId), `${JSON.stringify(json)}\n`);
  }

  forget(cardId: Uint8Array): void {
    rmSync(this.#file(cardId), { force: true });
  }

  /** All that wait; a file that cannot be read is left where it is. */
  waiting(): BlockProof[] {
    return this.#names().flatMap((name) => {
      const content = readIfThere(join(this.folder, name));
      try {
        const json = JSON.parse(new TextDecoder().decode(content)) as { statement: string; signature: string };
        return [
          {
            cardId: fromHex(name.slice(0, 16)),
            statement: fromHex(json.statement),
            signature: fromHex(json.signature),
          },
        ];
      } catch {
        return [];
      }
    });
  }

  #names(): string[] {
    try {
      return readdirSync(this.folder).filter((name) => /^[0-9a-f]{16}\.json$/.test(name));
    } catch {
      return [];
    }
  }

  #file(cardId: Uint8Array): string {
    return join(this.folder, `${toHex(cardId)}.json`);
  }
}
