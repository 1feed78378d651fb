import { expect } from 'chai';
import { SigningKeys } from '../../host/issuer/service/signing-keys.js';
import type { Db } from '../../host/issuer/store/database.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import type { SoftCard } from '../helpers/soft-card.js';
import { onEachDatabase } from './each-database.js';

onEachDatabase('Signing keys', (open) => {
  let db: Db;
  let cards: SoftCard[];

  before(async () => {
    const site = await open();
    ({ db } = site.issuer.store);
    cards = [await site.card(), await site.card(), await site.card()];
  });

  /** A database that counts what it is asked, and the keys read from it. */
  function counted(capacity: number) {
    let asked = 0;
    const counting = new Proxy(db, {
      get: (target, name) => {
        if (name === 'selectFrom') asked++;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    return { keys: new SigningKeys(counting, capacity), asked: () => asked };
  }

  const idOf = (card: SoftCard | undefined): string => toHex(card?.cardId ?? new Uint8Array());

  it('are those of the cards, read once; a card that was never issued has none', async () => {
    const { keys, asked } = counted(10);
    for (let round = 0; round < 3; round++) {
      const found = await keys.of(new Set(cards.map(idOf)));
      for (const card of cards) expect(found.get(idOf(card))?.point).to.deep.equal(card.signer.point);
    }
    expect(asked()).to.equal(1);
    expect((await keys.of(new Set(['00'.repeat(8)]))).size).to.equal(0);
    expect((await keys.of(new Set(['00'.repeat(8)]))).size).to.equal(0);
    expect(asked()).to.equal(3);
  });

  it('are right also where fewer are remembered than are asked for', async () => {
    const { keys } = counted(1);
    for (let round = 0; round < 2; round++) {
      const found = await keys.of(new Set(cards.map(idOf)));
      for (const card of cards) expect(found.get(idOf(card))?.point).to.deep.equal(card.signer.point);
    }
  });
});
