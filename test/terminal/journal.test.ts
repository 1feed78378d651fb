import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { money } from '../../host/protocol/codec/money.js';
import { unitByName } from '../../host/protocol/codec/units.js';
import type { ClosedEntry, JournalEntry, OpenedEntry } from '../../host/terminal/journal/entries.js';
import { entryFromJson, entryToJson } from '../../host/terminal/journal/entries.js';
import { Journal } from '../../host/terminal/journal/journal.js';
import { openOrderOf, untoldOrderOf } from '../../host/terminal/journal/state.js';
import { failureOf } from '../helpers/failure-of.js';

const owner = { scheme: 1, terminalId: new Uint8Array(8).fill(7) };
const card = new Uint8Array(8).fill(1);
const euro = unitByName('EUR');

function opened(tn: number, changes: Partial<OpenedEntry> = {}): OpenedEntry {
  return {
    entry: 'opened',
    tn,
    kind: 'debit',
    cardId: card,
    slot: 0,
    amount: money(3_50n, euro),
    ntSeen: tn,
    time: 1,
    ...changes,
  };
}

function voided(tn: number): ClosedEntry {
  return { entry: 'closed', tn, time: 2, result: 'void', evidence: { by: 'counter', nt: tn } };
}

function executed(tn: number): ClosedEntry {
  return {
    entry: 'closed',
    tn,
    time: 2,
    result: 'executed',
    record: new Uint8Array(55),
    s3: Uint8Array.of(1, 2),
    evidence: { by: 'answer' },
  };
}

describe('The journal', () => {
  let folder: string;
  let path: string;
  let open: Journal[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'epurse-journal-'));
    path = join(folder, 'journal.log');
    open = [];
  });
  afterEach(() => {
    for (const journal of open) journal.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function journal(): Journal {
    const opened = Journal.open(path, owner);
    open.push(opened);
    return opened;
  }

  function reopened(): Journal {
    for (const old of open.splice(0)) old.close();
    return journal();
  }

  it('keeps what was appended, across runs', () => {
    const first = journal();
    first.append(opened(1));
    first.append(executed(1));
    first.append({ entry: 'told', tn: 1 });
    first.append(opened(2));
    const { state } = reopened();
    expect([...state.orders.values()].map(({ tn, told, end }) => [tn, told, end?.result])).to.deep.equal([
      [1, true, 'executed'],
      [2, false, undefined],
    ]);
    expect(openOrderOf(state, card)?.tn).to.equal(2);
  });

  it('never gives a number twice, whatever became of it', () => {
    const first = journal();
    first.append(opened(1));
    first.append(voided(1));
    expect(() => first.append(opened(1))).to.throw('number 1 where 2 is next');
    expect(reopened().state.nextTn).to.equal(2);
  });

  it('finds an executed order that nobody was told of, and no other', () => {
    const first = journal();
    first.append(opened(1));
    first.append(executed(1));
    expect(untoldOrderOf(first.state, card)?.tn).to.equal(1);
    expect(untoldOrderOf(first.state, new Uint8Array(8))).to.equal(undefined);
    first.append({ entry: 'told', tn: 1 });
    expect(untoldOrderOf(first.state, card)).to.equal(undefined);
  });

  it('heals a last line torn wherever, and loses nothing before it', () => {
    const first = journal();
    first.append(opened(1));
    const whole = readFileSync(path).length;
    first.append(executed(1));
    for (const old of open.splice(0)) old.close();
    const content = readFileSync(path);
    for (let length = whole; length < content.length - 1; length += 9) {
      writeFileSync(path, content.subarray(0, length));
      const healed = journal();
      expect(healed.healed).to.equal(length - whole);
      expect(healed.state.orders.get(1)?.end).to.equal(undefined);
      healed.append(voided(1));
      expect(reopened().state.orders.get(1)?.end?.result).to.equal('void');
      for (const old of open.splice(0)) old.close();
    }
  });

  it('takes a last line that lacks only its newline as written', () => {
    journal().append(opened(1));
    for (const old of open.splice(0)) old.close();
    truncateSync(path, readFileSync(path).length - 1);
    expect(journal().state.nextTn).to.equal(2);
    reopened().append(voided(1));
    expect(reopened().state.orders.get(1)?.end?.result).to.equal('void');
  });

  it('heals a last line whose page was never written', () => {
    journal().append(opened(1));
    for (const old of open.splice(0)) old.close();
    appendFileSync(path, Buffer.concat([Buffer.alloc(50), Buffer.from('rest of a line\n')]));
    expect(journal().state.nextTn).to.equal(2);
  });

  it('refuses any other damage with its line number, and changes nothing', () => {
    const first = journal();
    for (let tn = 1; tn <= 3; tn++) {
      first.append(opened(tn));
      first.append(voided(tn));
    }
    for (const old of open.splice(0)) old.close();
    const content = readFileSync(path);
    const lastLine = content.lastIndexOf('\n', content.length - 2) + 1;
    fc.assert(
      fc.property(fc.nat(lastLine - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Buffer.from(content);
        damaged[at] = (damaged[at] ?? 0) ^ change;
        writeFileSync(path, damaged);
        const failure = failureOf(() => journal());
        expect(failure.code).to.equal('journal-damaged');
        expect(failure.message).to.match(/line \d/);
        expect(failure.exitCode).to.equal(4);
        expect(readFileSync(path).equals(damaged)).to.equal(true);
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  it('refuses lines that were lost, added again, or swapped', () => {
    const first = journal();
    first.append(opened(1));
    first.append(voided(1));
    first.append(opened(2));
    for (const old of open.splice(0)) old.close();
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
    const [a = '', b = '', c = '', d = ''] = lines;
    for (const bad of [
      [a, b, d],
      [a, b, b, c, d],
      [a, c, b, d],
      [b, c, d],
    ]) {
      writeFileSync(path, `${bad.join('\n')}\n`);
      expect(failureOf(() => journal()).code).to.equal('journal-damaged');
    }
  });

  it('is open in one process only, and says in which', () => {
    journal();
    const failure = failureOf(() => Journal.open(path, owner));
    expect(failure.code).to.equal('terminal-busy');
    expect(failure.message).to.include(String(process.pid));
    expect(failure.exitCode).to.equal(4);
  });

  it('is not kept from opening by a process that has died', () => {
    const dead = spawnSync(process.execPath, ['-e', 'console.log(process.pid)'], { encoding: 'utf8' });
    writeFileSync(`${path}.lock`, JSON.stringify({ pid: Number(dead.stdout), started: '1' }));
    expect(journal().state.nextTn).to.equal(1);
  });

  it('refuses another terminal’s journal', () => {
    journal();
    for (const old of open.splice(0)) old.close();
    const other = { ...owner, terminalId: new Uint8Array(8).fill(8) };
    expect(failureOf(() => Journal.open(path, other)).code).to.equal('wrong-terminal');
  });

  it('says truly whether money moved when the disk refuses: no before the order, yes once the card has done it', () => {
    const refusal = (before: readonly JournalEntry[], entry: JournalEntry): unknown[] => {
      const journal = Journal.open(join(mkdtempSync(join(folder, 'refused-')), 'journal.log'), owner);
      for (const earlier of before) journal.append(earlier);
      journal.close(); // from now on the system refuses every write
      const { code, moneyMoved, exitCode } = failureOf(() => journal.append(entry));
      return [code, moneyMoved, exitCode];
    };
    expect(refusal([], opened(1))).to.deep.equal(['journal-failed', 'no', 4]);
    expect(refusal([opened(1)], voided(1))).to.deep.equal(['journal-failed', 'no', 4]);
    expect(refusal([opened(1)], executed(1))).to.deep.equal(['outcome-unknown', 'yes', 3]);
    expect(refusal([opened(1), executed(1)], { entry: 'told', tn: 1 })).to.deep.equal(['outcome-unknown', 'yes', 3]);
  });

  it('accepts no entry that cannot follow', () => {
    const first = journal();
    expect(() => first.append(voided(1))).to.throw('never opened');
    first.append(opened(1));
    expect(() => first.append({ entry: 'told', tn: 1 })).to.throw('before it is closed');
    first.append(voided(1));
    expect(() => first.append(voided(1))).to.throw('closed twice');
    const batch = {
      entry: 'batch',
      number: 1,
      firstTn: 1,
      lastTn: 2,
      corrections: [],
      open: [],
      hash: new Uint8Array(32),
      time: 1,
    } as const;
    expect(() => first.append(batch)).to.throw('leaves numbers out');
  });

  it('writes what it reads: every kind of entry comes back as it was', () => {
    const entries = [
      opened(4, { kind: 'cancel', cancels: { tn: 3, nt: 9, signature: Uint8Array.of(1) } }),
      executed(4),
      voided(4),
      {
        entry: 'closed',
        tn: 4,
        time: 1,
        result: 'void',
        evidence: { by: 'issuer', answer: Uint8Array.of(1), signature: Uint8Array.of(2) },
      },
      { entry: 'closed', tn: 4, time: 1, result: 'void', evidence: { by: 'refusal', sw: 0x6985, reason: 14 } },
    ] as const;
    for (const entry of entries) expect(entryFromJson(entryToJson(entry))).to.deep.equal(entry);
    expect(() => entryFromJson('{"entry":"opened","tn":1}')).to.throw();
    expect(() => entryFromJson('{"entry":"told","tn":1,"more":2}')).to.throw();
  });
});
