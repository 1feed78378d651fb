/** Entries of the books, terminals and cases on the command line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { issuerSettle } from '../../host/issuer/cli/books.js';
import { caseApprove, caseList, casePropose } from '../../host/issuer/cli/cases.js';
import { holderEdit, holderFind, holderNew } from '../../host/issuer/cli/desk.js';
import { schemeInit } from '../../host/issuer/cli/scheme.js';
import { issuerShowEvent, issuerShowTrace } from '../../host/issuer/cli/show.js';
import { terminalHold, terminalRelease } from '../../host/issuer/cli/terminals.js';
import type { LedgerError } from '../../host/issuer/errors.js';
import { openIssuer } from '../../host/issuer/open.js';
import { withTrace } from '../../host/issuer/ops/trace.js';
import { stateHash } from '../../host/issuer/store/state-hash.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { systemClock } from '../../host/protocol/codec/time.js';
import { LoadType, Outcome, StatementPurpose } from '../../host/protocol/generated/enums.js';
import { Home } from '../../host/terminal/home.js';
import { readIdentity } from '../../host/terminal/identity.js';
import { called, failureOf } from '../helpers/office-call.js';
import type { Called, OfficeCommand } from '../helpers/office-call.js';
import { SoftCard } from '../helpers/soft-card.js';
import { SoftPos } from '../helpers/soft-pos.js';
import { expectRefusal } from './refusals.js';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('The books on the command line', function () {
  this.timeout(60_000);
  const home = new Home(mkdtempSync(join(tmpdir(), 'epurse-books-')));
  const card = new SoftCard('books');
  let posId: string;
  after(() => rmSync(home.folder, { recursive: true, force: true }));

  const call = (
    command: OfficeCommand,
    args: readonly string[] = [],
    options: Record<string, string> = {},
  ): Promise<Called> => called(command, home, args, options);

  before(async () => {
    await call(schemeInit, [], { name: 'Books' });
    const { port, issuer, close } = await openIssuer(home);
    const identity = (name: string) => readIdentity(home, name, issuer.scheme, systemClock());
    const points = { signPoint: card.signer.point, agreePoint: card.agree.point };
    const deskId = identity('desk').certificate.terminalId;
    card.personalize(await port.issueCard({ deskId, serial: card.serial, ...points, holder: 'Olive' }));
    await port.cardActivated(card.statement(StatementPurpose.log));
    const kioskId = identity('kiosk').certificate.terminalId;
    const log = card.initLoad(LoadType.load, 0, 20_00, kioskId);
    const answer = await withTrace(trace, () => port.authoriseLoad({ kioskId, log }));
    if (answer.status !== 'authorised') return expect.fail(answer.status);
    await port.loadCredited(card.credit(answer.authorisation, answer.signature));
    const pos = new SoftPos(identity('pos'), issuer.scheme.id, systemClock);
    posId = toHex(identity('pos').certificate.terminalId);
    pos.sell(card, 0, 3_50);
    const { s3, record, cardId } = pos.debit(card, 0, 1_00);
    const bad = s3.slice();
    bad[s3.length - 1] = (bad[s3.length - 1] ?? 0) ^ 1;
    pos.note(Outcome.sold, { cardId, record, s3: bad });
    await port.uploadBatch(pos.close());
    await close();
  });

  it('show an event with its transfers and the request that booked it', async () => {
    const owner = toHex(card.cardId);
    const { text, outcome } = await call(issuerShowEvent, [owner, 'load-funded/1']);
    expect(text)
      .to.match(/float → loadsInFlight [0-9a-f]{16} {2}20\.00 EUR/)
      .and.include(`trace ${trace}`);
    expect(outcome).to.include({ kind: 'load-funded', seq: 1, trace });
    expect((await call(issuerShowEvent, [owner, 'record-booked/1'])).text).to.match(/trace none: a command or a job/);
    expect((await failureOf(call(issuerShowEvent, [owner, 'load-funded/9']))).message).to.match(
      /no event load-funded\/9/,
    );
  });

  it('show what a request left, and nothing for one that left nothing', async () => {
    const { text, outcome } = await call(issuerShowTrace, [trace.toUpperCase()]);
    expect(text).to.match(/^ledger .* load-funded\/1$/m);
    expect(outcome?.['events']).to.have.length(1);
    expect((await call(issuerShowTrace, ['00'.repeat(16)])).text).to.match(/^Nothing was booked or noted/);
    const failure = await failureOf(call(issuerShowTrace, ["' or 1=1 --"]));
    expect([failure.code, failure.next]).to.deep.equal([
      'usage',
      'Take it from a refusal, or from the log of issuer serve.',
    ]);
  });

  it('hold a terminal by a case that one proposes and another approves, settle nothing of it, and release it', async () => {
    const key = `${posId}/bad-proof`;
    expect((await call(caseList)).text).to.include(key);
    const measures = join(home.folder, 'measures.json');
    writeFileSync(measures, '[{"do": "hang-terminal"}]');
    const failure = await failureOf(call(casePropose, [key], { measures, as: 'ada' }));
    expect(failure.message).to.match(/holds no measures/);
    expect(failure.next).to.match(/nothing was proposed/);
    writeFileSync(measures, JSON.stringify([{ do: 'hold-terminal', terminalId: posId }]));
    expect((await call(casePropose, [key], { measures, as: 'ada' })).text).to.match(/proposed by ada:\s+hold terminal/);
    expect((await failureOf(call(caseApprove, [key], { as: 'ada' }))).message).to.match(/somebody else/);
    await call(caseApprove, [key], { as: 'grace' });
    expect((await call(issuerSettle)).text).to.match(/3\.50 EUR not settled: claims of a terminal that is held/);
    expect((await call(terminalHold, [posId], { reason: 'again' })).text).to.equal('It was held before.\n');
    expect((await call(terminalRelease, [posId])).text).to.match(/is released/);
    expect((await call(issuerSettle)).text).to.match(/merchant 0000000100000001 {2}3\.50 EUR {2}\(1 sale\)/);
    expect((await failureOf(call(terminalRelease, ['pos']))).message).to.match(/"pos" is not a terminal/);
  });

  it('take a holder’s IBAN, checked and without spaces', async () => {
    const { outcome } = await call(holderNew, ['Olive Oyl'], { iban: 'DE89 3704 0044 0532 0130 00' });
    expect((await call(holderFind, ['Oyl'])).text).to.include('(DE89370400440532013000)');
    const id = outcome?.['holder'] as string;
    const wrong = await failureOf(call(holderEdit, [id], { iban: 'DE89 3704 0044 0532 0130 01' }));
    expect(wrong.message).to.match(/is no IBAN/);
    const both = await failureOf(call(holderEdit, [id], { iban: 'DE89370400440532013000', account: 'x' }));
    expect(both.message).to.match(/one account/);
    expect((await call(holderFind, ['Oyl'])).text).to.include('(DE89370400440532013000)');
  });

  it('settle nothing and answer no terminal while the clock is behind what is booked', async () => {
    const late = systemClock() - 3600;
    const { port, checkClock, issuer, close } = await openIssuer(home, { clock: () => late });
    try {
      const before = await stateHash(issuer.store.db);
      expect(await checkClock().catch((error: LedgerError) => error.code)).to.equal('clock');
      await expectRefusal(port.hotList(0), 'busy', /clock shows .* nothing is booked/);
      await expectRefusal(port.uploadBatch({} as never), 'busy', /clock shows/);
      expect(await stateHash(issuer.store.db)).to.equal(before);
    } finally {
      await close();
    }
    const now = Date.now.bind(Date);
    Date.now = () => now() - 3_600_000;
    try {
      const failure = await failureOf(call(issuerSettle));
      expect([failure.code, failure.message]).to.satisfy(
        ([code, message]: string[]) => code === 'clock-implausible' && /nothing is booked/.test(message ?? ''),
      );
      expect(failure.next).to.match(/No money moved. Set the clock/);
    } finally {
      Date.now = now;
    }
    expect((await call(issuerSettle)).outcome).to.have.property('settlement');
  });
});
