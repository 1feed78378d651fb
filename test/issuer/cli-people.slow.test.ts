/** Operators, the card desk, products and payments on the command line: mostly what a person gets wrong there. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { caseApprove, caseList, caseShow } from '../../host/issuer/cli/cases.js';
import { cardAssign, cardRegister, cardRenewals, cardStock, holderFind } from '../../host/issuer/cli/desk.js';
import { parametersSet, parametersShow, productList, productNew } from '../../host/issuer/cli/limits.js';
import { operatorAdd, operatorDisable, operatorList, operatorReset } from '../../host/issuer/cli/operators.js';
import { payoutAgain, payoutList, payoutMake, payoutStatus } from '../../host/issuer/cli/payouts.js';
import { schemeInstall, schemeSign } from '../../host/issuer/cli/rotation.js';
import { schemeInit } from '../../host/issuer/cli/scheme.js';
import { Home } from '../../host/terminal/home.js';
import { called, failureOf } from '../helpers/office-call.js';
import type { Called, OfficeCommand } from '../helpers/office-call.js';
import { projectRoot } from '../helpers/project.js';

describe('Who works in the back office', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'epurse-people-'));
  const home = new Home(join(folder, 'home'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  before(async () => {
    mkdirSync(home.folder);
    await call(schemeInit, [], { name: 'People' });
  });

  const call = (
    command: OfficeCommand,
    args: readonly string[] = [],
    options: Record<string, string> = {},
  ): Promise<Called> => called(command, home, args, options);

  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  /** Refused in words that match, with something to do, and with the exit code of the kind. */
  async function refused(attempt: Promise<Called>, words: RegExp, exitCode: number): Promise<void> {
    const failure = await failureOf(attempt);
    expect(failure.message).to.match(words);
    expect([failure.exitCode, failure.moneyMoved]).to.deep.equal([exitCode, 'no']);
    expect(failure.next).to.match(/\S/);
  }

  describe('operators', () => {
    const password = (): string => file('password', 'correct horse battery\n');

    it('are added once, listed, locked out and let in again', async () => {
      await call(operatorAdd, ['olga'], { role: 'operator', passwordFile: password() });
      await refused(
        call(operatorAdd, ['olga'], { role: 'teller', passwordFile: password() }),
        /There is an operator olga already/,
        1,
      );
      await call(operatorDisable, ['olga']);
      expect((await call(operatorList)).text).to.match(/^olga +operator +password since .*, disabled\n$/);
      await call(operatorReset, ['olga'], { passwordFile: password() });
      expect((await call(operatorList)).text).not.to.include('disabled');
    });

    it('are refused under names that are SQL, HTML or nothing, roles there are not, and passwords too short', async () => {
      for (const name of ["Robert'); DROP TABLE operator;--", '<b>eve</b>', 'x', ''])
        await refused(call(operatorAdd, [name], { role: 'teller', passwordFile: password() }), /A name|missing/, 1);
      await refused(call(operatorAdd, ['tim'], { role: 'boss', passwordFile: password() }), /"boss" is no role/, 2);
      await refused(call(operatorAdd, ['tim'], { role: 'teller', passwordFile: file('short', 'abc\n') }), /12/, 1);
      await refused(call(operatorAdd, ['tim'], { role: 'teller', passwordFile: join(folder, 'no') }), /cannot be/, 1);
      await refused(call(operatorReset, ['nobody'], { passwordFile: password() }), /no operator nobody/, 1);
      expect((await call(operatorList)).outcome?.['operators']).to.have.length(1);
    });
  });

  describe('products and their limits', () => {
    const docsExample = (): string => {
      const docs = readFileSync(join(projectRoot, 'docs/operations.md'), 'utf8');
      return /parameters set limits\.json .*# (\{.*\});/.exec(docs)?.[1] ?? expect.fail('the example is gone');
    };

    it('take the example of docs/operations.md', async () => {
      await call(productNew, ['youth'], { label: 'Youth purse', years: '3' });
      await call(parametersSet, [file('limits.json', docsExample())], { product: 'youth' });
      expect((await call(parametersShow, [], { product: 'youth' })).text).to.include('maxBalance 100.00 EUR');
    });

    it('are refused where an amount, a unit or the file is wrong, naming it, and nothing changes', async () => {
      const before = (await call(parametersShow, [], { product: 'standard' })).text;
      const set = (content: string): Promise<Called> =>
        call(parametersSet, [file('bad.json', content)], { product: 'standard' });
      await refused(set('{"slots": {"EUR": {"maxBalance": "100.0"}}}'), /EUR, maxBalance: "100\.0"/, 2);
      await refused(set('{"slots": {"GBP": {}}}'), /"GBP"/, 2);
      await refused(set('{"slots": {"EUR": {"most": "1.00"}}}'), /most/, 4);
      await refused(set('{bad'), /cannot be read: .*\.$/, 4);
      await refused(set('{"slots": {"EUR": {"maxBalance": "1.00"}}}'), /maxTransaction exceeds maxBalance/, 1);
      expect((await call(parametersShow, [], { product: 'standard' })).text).to.equal(before);
      await refused(call(productNew, ['youth'], {}), /"youth" already/, 1);
      await refused(call(productNew, ['x y'], {}), /small letters/, 1);
      expect((await call(productList)).outcome?.['products']).to.have.length(2);
    });
  });

  describe('the card desk', () => {
    const assign = (orders: string, out: string): Promise<Called> =>
      call(cardAssign, [orders], { out: join(folder, out) });

    it('never writes over a list the desk works from, and assigns nothing then', async () => {
      await call(cardRegister, [], { from: '00a0000000000000', to: '00a0000000000004', delivery: 'D-1' });
      const orders = file('orders.csv', 'holder,product\nEve,standard\n"O\'Neil; DROP TABLE card_stock",standard\n');
      await assign(orders, 'desk.csv');
      const list = readFileSync(join(folder, 'desk.csv'), 'utf8');
      expect(statSync(join(folder, 'desk.csv')).mode & 0o777).to.equal(0o600);
      const stock = (await call(cardStock)).text;
      expect(stock).to.match(/assigned +2/);
      await refused(assign(orders, 'desk.csv'), /desk\.csv already; nothing was done/, 1);
      expect(readFileSync(join(folder, 'desk.csv'), 'utf8')).to.equal(list);
      expect((await call(cardStock)).text).to.equal(stock);
    });

    it('refuses a file of orders whole, with line and field, and leaves no list behind', async () => {
      const bad = file('bad.csv', 'holder,product\nEve,standard\n"<b>Mal</b>",nope\n,standard\n');
      await refused(assign(bad, 'other.csv'), /2 faults; no card was assigned/, 1);
      expect(existsSync(join(folder, 'other.csv'))).to.equal(false);
      for (const content of ['', 'holder;product\nEve;standard\n', '\u0000\u0001garbage'])
        await refused(assign(file('worse.csv', content), 'other.csv'), /worse\.csv: /, 2);
      await refused(assign(join(folder, 'nothing.csv'), 'other.csv'), /cannot be read/, 1);
      await refused(assign(file('few.csv', `holder\n${'Eve\n'.repeat(9)}`), 'other.csv'), /1 fault/, 1);
      await refused(assign(join(folder, 'orders.csv'), 'no/such/folder.csv'), /cannot be used/, 4);
      expect((await call(cardStock)).text).to.match(/assigned +2/);
    });

    it('refuses serials that are none, and says one card where there is one', async () => {
      await refused(call(cardRegister, [], { from: 'zz', to: '00', delivery: 'D-2' }), /"zz"/, 1);
      await refused(call(cardRegister, [], { delivery: 'D-2' }), /--file/, 2);
      await refused(call(cardRenewals, [], { months: 'soon' }), /"soon"/, 2);
      expect((await call(cardRenewals, [], { months: '3' })).text).to.equal(
        '0 cards end within 3 months without a successor yet.\n',
      );
      expect((await call(holderFind, ["<script>'; DROP TABLE holder;--"])).text).to.equal('0 holders.\n');
    });
  });

  describe('keys', () => {
    it('refuse a file that is no signed scheme, and say that the file is at fault, not the home', async () => {
      const before = readFileSync(home.path('scheme.json'), 'utf8');
      for (const content of ['{}', 'no JSON', before.replace('"People"', '"Peoples"')])
        await refused(call(schemeInstall, [file('scheme', content)]), /scheme is not used: /, 1);
      await refused(call(schemeInstall, [join(folder, 'nothing')]), /cannot be read/, 1);
      await refused(call(schemeSign, [file('proposal', '{}'), join(folder, 'signed')]), /proposal is not used: /, 1);
      expect(existsSync(join(folder, 'signed'))).to.equal(false);
      expect(readFileSync(home.path('scheme.json'), 'utf8')).to.equal(before);
    });
  });

  describe('cases and payments', () => {
    it('refuse what there is not, and files that are no answer of a bank', async () => {
      expect((await call(caseList)).text).to.equal('No case is open.\n');
      for (const word of ['1', 'x/y', '', '0011223344556677/negative-shadow/more'])
        await refused(call(caseShow, [word]), /is not a case/, 2);
      await refused(call(caseApprove, ['0011223344556677/chain-broken'], {}), /Who decides|not a case/, 2);
      expect((await call(payoutList)).text).to.equal('No pay-out file was made yet.\n');
      await refused(call(payoutMake, [], { out: join(folder, 'pay.xml') }), /debtor/, 1);
      await refused(call(payoutAgain, ['7'], { out: join(folder, 'pay.xml') }), /no pay-out file 7/, 1);
      await refused(call(payoutStatus, [file('answer.xml', '<html/>')]), /no answer of a bank/, 1);
      expect(existsSync(join(folder, 'pay.xml'))).to.equal(false);
    });
  });
});
