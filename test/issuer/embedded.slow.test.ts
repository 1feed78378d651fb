import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { LedgerEvent } from '../../host/issuer/domain/events.js';
import type { LedgerError } from '../../host/issuer/errors.js';
import { openEmbeddedStore } from '../../host/issuer/store/embedded.js';
import { accountBalances, post } from '../../host/issuer/store/ledger.js';
import { euro } from '../helpers/scheme.js';

const funded = (cardId: string, amount: bigint): LedgerEvent => {
  return { kind: 'load-funded', cardId, counter: 1, money: { amount, unit: euro }, from: 'bank' };
};

describe('The embedded store', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'epurse-store-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps what was booked, and is locked while it is open', async () => {
    const first = await openEmbeddedStore(folder);
    await first.transaction((tx) => post(tx, [funded('a000000000000001', 500n)], 1));
    let error: unknown;
    await openEmbeddedStore(folder).catch((caught: unknown) => (error = caught));
    expect((error as LedgerError).code).to.equal('busy');
    expect((error as LedgerError).message).to.include(`process ${process.pid}`);
    await first.close();
    const again = await openEmbeddedStore(folder);
    expect((await accountBalances(again.db)).find(({ account }) => account === 'float')?.money.amount).to.equal(500n);
    await again.close();
  });

  it('takes over the lock of a process that died', async () => {
    writeFileSync(join(folder, 'ledger.lock'), JSON.stringify({ pid: 2 ** 22 + 1, started: '1' }));
    await (await openEmbeddedStore(folder)).close();
  });
});
