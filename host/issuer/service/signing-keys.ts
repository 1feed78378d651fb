/** What cards sign with, by card id. A card's key never changes, so it is read once, and again only when it was forgotten. */
import { sql } from 'kysely';
import { arrayOf } from '../store/copy.js';
import type { Db } from '../store/database.js';

export interface SigningKey {
  readonly version: number;
  /** X ‖ Y, 64 bytes. */
  readonly point: Uint8Array;
}

export class SigningKeys {
  private readonly known = new Map<string, SigningKey>();

  /** @param capacity cards remembered, some 300 bytes each; those read longest ago are forgotten */
  constructor(
    private readonly db: Db,
    private readonly capacity = 50_000,
  ) {}

  /** @returns cards that were never issued are missing */
  async of(cardIds: ReadonlySet<string>): Promise<ReadonlyMap<string, SigningKey>> {
    const found = new Map<string, SigningKey>();
    const missing: string[] = [];
    for (const cardId of cardIds) {
      const key = this.known.get(cardId);
      if (key === undefined) missing.push(cardId);
      else found.set(cardId, key);
    }
    for (const [cardId, key] of await this.read(missing)) {
      found.set(cardId, key);
      this.remember(cardId, key);
    }
    return found;
  }

  private async read(cardIds: readonly string[]): Promise<[string, SigningKey][]> {
    if (cardIds.length === 0) return [];
    const rows = await this.db
      .selectFrom('card')
      .select(['card_id', 'key_version', 'sign_point'])
      .where('card_id', '=', sql<string>`any(${arrayOf(cardIds)}::text[])`)
      .execute();
    return rows.map((row) => [row.card_id, { version: row.key_version, point: new Uint8Array(row.sign_point) }]);
  }

  private remember(cardId: string, key: SigningKey): void {
    const [oldest] = this.known.size < this.capacity ? [] : this.known.keys();
    if (oldest !== undefined) this.known.delete(oldest);
    this.known.set(cardId, key);
  }
}
