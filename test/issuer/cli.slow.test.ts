import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { issuerExport, issuerReconcile, issuerSettle } from '../../host/issuer/cli/books.js';
import { issuerReport } from '../../host/issuer/cli/report.js';
import { issuerBlock, issuerUnblock } from '../../host/issuer/cli/cards.js';
import { schemeInit, schemeRenew } from '../../host/issuer/cli/scheme.js';
import { issuerServe } from '../../host/issuer/cli/serve.js';
import { announcedIssuer } from '../../host/issuer/http/announcement.js';
import { openIssuer } from '../../host/issuer/open.js';
import { LoadType, StatementPurpose } from '../../host/protocol/generated/enums.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { systemClock } from '../../host/protocol/codec/time.js';
import { Home } from '../../host/terminal/home.js';
import { readIdentity } from '../../host/terminal/identity.js';
import { httpIssuer } from '../../host/terminal/issuer-http.js';
import { readTls } from '../../host/terminal/tls.js';
import { called, failureOf } from '../helpers/office-call.js';
import type { Called, OfficeCommand } from '../helpers/office-call.js';
import { SoftCard } from '../helpers/soft-card.js';
import { SoftPos } from '../helpers/soft-pos.js';

describe('The back office on the command line', function () {
  this.timeout(60_000);
  const home = new Home(mkdtempSync(join(tmpdir(), 'epurse-office-')));
  const card = new SoftCard('office');
  after(() => rmSync(home.folder, { recursive: true, force: true }));

  const call = (
    command: OfficeCommand,
    args: readonly string[] = [],
    options: Record<string, string> = {},
    at = home,
  ): Promise<Called> => called(command, at, args, options);

  before(async () => {
    await call(schemeInit, [], { name: 'Office' });
    const { port, issuer, close } = await openIssuer(home);
    const idOf = (name: string): Uint8Array =>
      readIdentity(home, name, issuer.scheme, systemClock()).certificate.terminalId;
    const points = { signPoint: card.signer.point, agreePoint: card.agree.point };
    card.personalize(await port.issueCard({ deskId: idOf('desk'), serial: card.serial, ...points, holder: 'Olive' }));
    await port.cardActivated(card.statement(StatementPurpose.log));
    const kioskId = idOf('kiosk');
    const answer = await port.authoriseLoad({ kioskId, log: card.initLoad(LoadType.load, 0, 20_00, kioskId) });
    if (answer.status !== 'authorised') return expect.fail(answer.status);
    await port.loadCredited(card.credit(answer.authorisation, answer.signature));
    const pos = new SoftPos(readIdentity(home, 'pos', issuer.scheme, systemClock()), issuer.scheme.id, systemClock);
    pos.sell(card, 0, 3_50);
    await port.uploadBatch(pos.close());
    await close();
  });

  it('settles the day, once', async () => {
    const { outcome, text } = await call(issuerSettle);
    expect(text).to.match(/merchant 0000000100000001 {2}3\.50 EUR {2}\(1 sale\)/);
    expect(outcome).to.deep.include({ settlement: 1 });
    expect((await call(issuerSettle)).text).to.equal('No merchant is owed anything.\n');
  });

  it('reconciles: both sides of M1 for each unit, and the sum of all accounts', async () => {
    const { outcome, text } = await call(issuerReconcile);
    expect(text).to.include('✓ EUR: owed 16.50 EUR, held 16.50 EUR').and.include('✓ sum over all accounts: 0');
    expect(outcome).to.deep.include({ ledgerSum: 0, differences: [], findings: 0 });
  });

  it('reports where the money is', async () => {
    const { text, outcome } = await call(issuerReport);
    expect(text).to.match(/float +debit +16\.50 EUR/);
    expect(outcome?.['accounts']).to.deep.include({ account: 'cards', balance: { amount: '16.50', unit: 'EUR' } });
  });

  it('exports every transfer as CSV', async () => {
    const file = join(home.folder, 'transfers.csv');
    await call(issuerExport, [file]);
    const [header, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
    expect(header).to.equal('bookedAt,owner,event,line,debitAccount,debitParty,creditAccount,creditParty,amount,unit');
    expect(lines.some((line) => line.endsWith(',float,,3.50,EUR'))).to.equal(true);
    expect(lines.every((line) => line.split(',').length === 10)).to.equal(true);
  });

  it('blocks a card and releases it again', async () => {
    const id = toHex(card.cardId);
    const spaced = id.replace(/(....)/g, '$1 ').toUpperCase();
    const { outcome } = await call(issuerBlock, [spaced], { reason: 'stolen' });
    expect(outcome).to.deep.equal({ cardId: id, blockNumber: 1, hotListVersion: 1 });
    expect((await call(issuerUnblock, [id])).outcome).to.deep.equal({ cardId: id, wasListed: true, hotListVersion: 2 });
    expect((await call(issuerUnblock, [id])).outcome).to.deep.include({ wasListed: false });
  });

  it('serves terminals, says where, and holds the store meanwhile', async () => {
    const served = call(issuerServe, [], { host: '127.0.0.1', port: '0', log: join(home.folder, 'issuer.log') });
    let url = announcedIssuer(home);
    for (let i = 0; url === undefined && i < 300; i++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      url = announcedIssuer(home);
    }
    expect(await httpIssuer({ url: url ?? '', tls: readTls(home, 'kiosk') }).hotList(0)).to.have.keys([
      'list',
      'signature',
    ]);
    const busy = await failureOf(call(issuerSettle));
    expect([busy.code, busy.exitCode]).to.deep.equal(['store-busy', 4]);
    expect(busy.message).to.include(`process ${process.pid}`);
    process.emit('SIGTERM');
    await served;
    expect(announcedIssuer(home)).to.equal(undefined);
  });

  it('renews a terminal', async () => {
    expect((await call(schemeRenew, ['pos'])).outcome).to.include({ name: 'pos', role: 'pos' });
    expect((await failureOf(call(schemeRenew, ['bogus']))).next).to.equal('There are: desk, kiosk, pos.');
  });

  const empty = new Home(mkdtempSync(join(tmpdir(), 'epurse-empty-')));
  after(() => rmSync(empty.folder, { recursive: true, force: true }));

  const refusals: readonly [string, () => Promise<Called>, string, number][] = [
    ['a second scheme', () => call(schemeInit), 'scheme-exists', 1],
    ['a scheme id that is none', () => call(schemeInit, [], { id: '0' }, empty), 'usage', 2],
    ['a scheme name that is too long', () => call(schemeInit, [], { name: 'x'.repeat(65) }, empty), 'usage', 2],
    ['a home without scheme', () => call(issuerReport, [], {}, empty), 'home-empty', 4],
    ['a card number that is none', () => call(issuerBlock, ['12'], { reason: '' }), 'usage', 2],
    ['a card nobody issued', () => call(issuerBlock, ['0'.repeat(16)], { reason: '' }), 'card-unknown', 1],
    ['a port that is none', () => call(issuerServe, [], { host: '127.0.0.1', port: '70000' }), 'usage', 2],
    ['an address that is not ours', () => call(issuerServe, [], { host: '192.0.2.1', port: '0' }), 'port-unusable', 4],
    ['a terminal that is not there', () => call(schemeRenew, ['nobody']), 'usage', 2],
  ];
  for (const [what, attempt, code, exitCode] of refusals) {
    it(`refuses ${what}`, async () => {
      const { code: found, exitCode: status, message } = await failureOf(attempt());
      expect([found, status], message).to.deep.equal([code, exitCode]);
    });
  }

  it('refuses settings it does not understand, naming the field', async () => {
    const path = home.path('issuer', 'config.json');
    for (const bad of [
      '{"presentationWindow": 3}',
      '{"cardDailyLoad": {"EUR": "3.5"}}',
      '{"cardDailyLoad": {"GBP": "3.50"}}',
      '{',
    ]) {
      writeFileSync(path, bad);
      expect((await failureOf(call(issuerReport))).code).to.equal('settings-unreadable');
    }
    writeFileSync(path, '{"presentationWindowDays": 3, "cardDailyLoad": {"EUR": "3.50"}}');
    await call(issuerReport);
    rmSync(path);
  });
});
