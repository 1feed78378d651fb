/** COPY in binary: what comes back from the table is what was given, and what is no value of the column is refused before it is sent. */
import { expect } from 'chai';
import { CopyWriter } from '../../host/issuer/store/copy-writer.js';
import type { CopyKind, CopyValue } from '../../host/issuer/store/copy-writer.js';
import { copyInto } from '../../host/issuer/store/copy.js';
import type { Store, Tx } from '../../host/issuer/store/database.js';
import { onEachDatabase } from './each-database.js';

/** Runs `work` in a transaction of which nothing stays: the store is everybody's. */
async function undone(store: Store, work: (tx: Tx) => Promise<void>): Promise<void> {
  const undo = new Error('undo');
  const outcome = store.transaction(async (tx) => {
    await work(tx);
    throw undo;
  });
  expect(await outcome.catch((error: unknown) => error)).to.equal(undo);
}

const columns = {
  terminal_id: 'text',
  tn: 'int8',
  batch: 'int8',
  outcome: 'text',
  card_id: 'text',
  unit: 'int4',
  amount: 'int8',
  result: 'text',
  corrected_in: 'int8',
} as const;

onEachDatabase('COPY', (open) => {
  let store: Store;
  before(async () => {
    store = (await open()).issuer.store;
  });

  it('writes text of every kind, numbers to the last digit, and nothing', async () => {
    const texts = ['', 'plain', 'Änne "x"; --\\\t\n', '漢字 🦊'.repeat(30_000)];
    const amounts = [0, 1, -1, 2 ** 32 + 7, -(2 ** 40) - 3, Number.MAX_SAFE_INTEGER, 9_007_199_254_740_993n];
    const rows = texts.flatMap((text, i) =>
      amounts.map(
        (amount, j) => ['copied', i * 10 + j, 1, 'void', 'card', -5, amount, text, j === 0 ? null : 7] as const,
      ),
    );
    await undone(store, async (tx) => {
      await copyInto(tx, 'batch_entry', columns, rows);
      const found = await tx
        .selectFrom('batch_entry')
        .select(['tn', 'unit', 'amount', 'result', 'corrected_in'])
        .where('terminal_id', '=', 'copied')
        .orderBy('tn')
        .execute();
      expect(found).to.deep.equal(
        rows.map(([, tn, , , , unit, amount, result, corrected]) => ({
          tn: BigInt(tn),
          unit,
          amount: BigInt(amount),
          result,
          corrected_in: corrected === null ? null : BigInt(corrected),
        })),
      );
    });
  });

  it('writes bytes as bytes or as hexadecimal text', async () => {
    await undone(store, async (tx) => {
      const kinds = { card_id: 'text', r: 'bytea', message_hash: 'bytea' } as const;
      await copyInto(tx, 'signature_seen', kinds, [['copied', Uint8Array.of(1, 255), '00ff']]);
      const found = await tx.selectFrom('signature_seen').selectAll().where('card_id', '=', 'copied').execute();
      expect(found.map(({ r, message_hash }) => [[...r], [...message_hash]])).to.deep.equal([
        [
          [1, 255],
          [0, 255],
        ],
      ]);
    });
  });
});

describe('Rows for COPY', () => {
  const refused: readonly [string, readonly CopyKind[], readonly CopyValue[]][] = [
    ['a value too few', ['text', 'text'], ['a']],
    ['a fraction', ['int8'], [0.5]],
    ['a number beyond 53 bits', ['int8'], [2 ** 53]],
    ['a bigint beyond 64 bits', ['int8'], [2n ** 63n]],
    ['a number beyond its column', ['int4'], [2 ** 31]],
    ['a number beyond a small column', ['int2'], [2 ** 15]],
    ['text that is no hexadecimal', ['bytea'], ['0g']],
    ['half a byte', ['bytea'], ['012']],
  ];
  for (const [what, kinds, values] of refused) {
    it(`refuse ${what}`, () => {
      expect(() => new CopyWriter(kinds).add(values)).to.throw(RangeError);
    });
  }

  it('begin and end as PostgreSQL wants it, nothing between where there are none', () => {
    const bytes = Buffer.from(new CopyWriter(['text']).end());
    expect(bytes.toString('hex')).to.equal('5047434f50590aff0d0a000000000000000000ffff');
  });
});
