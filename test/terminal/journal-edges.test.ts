/** The journal at its edges: which entries may follow which, what they amount to, which bytes are a line, and what is said of the rest. */
import fs, { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { money } from '../../host/protocol/codec/money.js';
import { unitByName } from '../../host/protocol/codec/units.js';
import type { BatchEntry, JournalEntry, OpenedEntry } from '../../host/terminal/journal/entries.js';
import { Journal } from '../../host/terminal/journal/journal.js';
import { JournalDamage, emptyJournal, readJournal, writeLine } from '../../host/terminal/journal/lines.js';
import {
  JournalContradiction,
  apply,
  emptyState,
  openOrderOf,
  openOrders,
  untoldOrderOf,
} from '../../host/terminal/journal/state.js';
import type { JournalState } from '../../host/terminal/journal/state.js';
import { failureOf } from '../helpers/failure-of.js';

const owner = { scheme: 1, terminalId: new Uint8Array(8).fill(7) };
const start = { entry: 'start', format: 1, ...owner } as const;
const card = new Uint8Array(8).fill(1);
const other = new Uint8Array(8).fill(2);

const opened = (tn: number, changes: Partial<OpenedEntry> = {}): OpenedEntry => ({
  ...{ entry: 'opened', tn, kind: 'debit', cardId: card, slot: 0 },
  ...{ amount: money(3_50n, unitByName('EUR')), ntSeen: tn, time: 1 },
  ...changes,
});
const executed = (tn: number): JournalEntry => ({
  ...{ entry: 'closed', tn, time: 2, result: 'executed', evidence: { by: 'answer' } },
  ...{ record: new Uint8Array(55), s3: Uint8Array.of(1) },
});
const voided = (tn: number): JournalEntry => ({
  ...{ entry: 'closed', tn, time: 2, result: 'void', evidence: { by: 'counter', nt: tn } },
});
const told = (tn: number): JournalEntry => ({ entry: 'told', tn });
const cancel = (tn: number, of: number): OpenedEntry =>
  opened(tn, { kind: 'cancel', cancels: { tn: of, nt: of + 1, signature: Uint8Array.of(1) } });
const batch = (number: number, firstTn: number, lastTn: number): BatchEntry => ({
  ...{ entry: 'batch', number, firstTn, lastTn, corrections: [], open: [] },
  ...{ hash: new Uint8Array(32), time: 3 },
});

/** The state after all of them, on an open journal. */
const after = (...entries: readonly JournalEntry[]): JournalState => [start, ...entries].reduce(apply, emptyState());

const contradicts = (entries: readonly JournalEntry[], words: string): void => {
  expect(() => entries.reduce(apply, emptyState()), words).to.throw(JournalContradiction, words);
};

describe('What a journal’s entries amount to', () => {
  it('begins with nothing', () => {
    const { start: none, orders, batches, acknowledged, nextTn } = emptyState();
    expect([none, orders.size, batches, acknowledged.size, nextTn]).to.deep.equal([undefined, 0, [], 0, 1]);
  });

  it('[M2] says whose journal it is first, once, and nothing before', () => {
    expect(after().start).to.deep.equal(start);
    contradicts([opened(1)], 'the first entry');
    contradicts([start, start], 'the first entry');
  });

  it('[M2] has the next number, and no other', () => {
    expect(after(opened(1), opened(2)).nextTn).to.equal(3);
    for (const tn of [0, 2]) contradicts([start, opened(tn)], `number ${tn} where 1 is next`);
    contradicts([start, opened(1), opened(1)], 'number 1 where 2 is next');
  });

  it('undoes a purchase by a cancel that was carried out, and by no other', () => {
    const purchase = [opened(1), executed(1)];
    expect(after(...purchase, cancel(2, 1), executed(2)).orders.get(1)?.undoneBy).to.equal(2);
    expect(after(...purchase, cancel(2, 1), voided(2)).orders.get(1)?.undoneBy).to.equal(undefined);
    expect(after(...purchase, opened(2), executed(2)).orders.get(1)?.undoneBy).to.equal(undefined);
    const whole = after(...purchase, cancel(2, 1), executed(2)).orders.get(1);
    expect(whole).to.include({ tn: 1, kind: 'debit', told: false, undoneBy: 2 });
    contradicts([start, cancel(1, 7), executed(1)], 'number 7 was never opened');
  });

  it('[R17] has the open order of the card that is asked about, and of no other', () => {
    const state = after(opened(1), voided(1), opened(2), opened(3, { cardId: other }));
    expect(openOrders(state).map(({ tn }) => tn)).to.deep.equal([2, 3]);
    expect([openOrderOf(state, card)?.tn, openOrderOf(state, other)?.tn]).to.deep.equal([2, 3]);
    expect(openOrderOf(state, new Uint8Array(8))).to.equal(undefined);
  });

  it('has as untold the newest order of a card that was carried out, neither told nor undone', () => {
    const untold = (...entries: JournalEntry[]): number | undefined => untoldOrderOf(after(...entries), card)?.tn;
    expect(untold(opened(1), executed(1), opened(2), executed(2))).to.equal(2);
    expect(untold(opened(1), executed(1), opened(2), executed(2), told(2))).to.equal(1);
    for (const end of [[], [voided(1)], [executed(1), told(1)], [executed(1), cancel(2, 1), executed(2), told(2)]])
      expect(untold(opened(1), ...end)).to.equal(undefined);
    expect(untoldOrderOf(after(opened(1), executed(1)), other)).to.equal(undefined);
  });

  it('[M4] keeps batches that follow each other without a gap and end with a number that was given', () => {
    const three = [opened(1), opened(2), opened(3)];
    const state = after(...three, batch(1, 1, 2), batch(2, 3, 3), { entry: 'acknowledged', number: 1, time: 4 });
    expect(state.batches.map(({ number, firstTn, lastTn }) => [number, firstTn, lastTn])).to.deep.equal([
      [1, 1, 2],
      [2, 3, 3],
    ]);
    expect([...state.acknowledged]).to.deep.equal([1]);
    const begun = [start, ...three];
    for (const number of [0, 2]) contradicts([...begun, batch(number, 1, 2)], 'does not follow');
    for (const number of [1, 3]) contradicts([...begun, batch(1, 1, 1), batch(number, 2, 3)], 'does not follow');
    for (const [first, last] of [
      [0, 2],
      [2, 3],
      [1, 4],
    ] as const)
      contradicts([...begun, batch(1, first, last)], 'leaves numbers out');
    for (const first of [1, 3]) contradicts([...begun, batch(1, 1, 1), batch(2, first, 3)], 'leaves numbers out');
  });
});

describe('The lines of a journal', () => {
  const jsons = ['{"a":1}', '{"b":"é"}', '{"c":3}'];
  const text = (...lines: readonly string[]): Buffer => {
    let { check } = emptyJournal();
    const written = lines.map((json) => {
      const one = writeLine(check, json);
      check = one.after;
      return one.line;
    });
    return Buffer.from(written.join(''), 'utf8');
  };
  const whole = text(...jsons);

  it('are read as they were written, none at all included', () => {
    expect(readJournal(new Uint8Array(0))).to.deep.equal(emptyJournal());
    const { lines, length, unended, torn } = readJournal(whole);
    expect({ lines, length, unended, torn }).to.deep.equal({
      lines: jsons,
      length: whole.length,
      unended: false,
      torn: 0,
    });
  });

  it('lose the last where it is torn, byte by byte, and keep it where only its end is missing', () => {
    const kept = text(...jsons.slice(0, 2)).length;
    for (let length = kept + 1; length < whole.length - 1; length++)
      expect(readJournal(whole.subarray(0, length)), `${length}`).to.include({ length: kept, torn: length - kept });
    const unended = readJournal(whole.subarray(0, -1));
    expect(unended).to.include({ length: whole.length - 1, unended: true, torn: 0 });
    expect(unended.check).to.equal(readJournal(whole).check);
  });

  const damage = (bytes: Uint8Array): JournalDamage => {
    try {
      readJournal(bytes);
    } catch (error) {
      if (error instanceof JournalDamage) return error;
      throw error;
    }
    throw new Error('it was read');
  };

  it('[M11] are refused by their number and with the reason', () => {
    const line = text(jsons[0] ?? '').toString('utf8');
    const upper = line.replace(/^[0-9a-f]{16}/, 'ABCDEF0123456789');
    for (const [bad, number, words] of [
      [Buffer.concat([Buffer.from(line), Buffer.from([0xff, 0x0a]), Buffer.from(line)]), 2, 'it is no text'],
      [Buffer.from('no checksum\n'), 1, 'it has no checksum'],
      [Buffer.from(`\n${line}`), 1, 'it has no checksum'],
      [Buffer.from('\n'), 1, 'it has no checksum'],
      [Buffer.from(line.replace('\n', '\r\n')), 1, 'it has no checksum'],
      [Buffer.from(` ${line}`), 1, 'it has no checksum'],
      [Buffer.from(upper), 1, 'it has no checksum'],
      [Buffer.from(`${line.slice(0, 17)}\n`), 1, 'it has no checksum'],
      [Buffer.from(line.replace('1', '2')), 1, 'its checksum does not match'],
      [Buffer.from(`${line}${line}`), 2, 'its checksum does not match'],
    ] as const) {
      const found = damage(bad);
      expect([found.line, found.message.includes(words)], `${bad.toString()}: ${found.message}`).to.deep.equal([
        number,
        true,
      ]);
    }
  });

  it('are torn, and no damage, where the page of the last was never written', () => {
    const zeros = Buffer.concat([whole, Buffer.alloc(40), Buffer.from('\n')]);
    expect(readJournal(zeros)).to.include({ length: whole.length, torn: 41 });
    expect(damage(Buffer.concat([zeros, whole])).line).to.equal(4);
  });
});

describe('A journal that cannot be used', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'epurse-journal-'));
    path = join(folder, 'journal.log');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (...entries: readonly JournalEntry[]): void => {
    const journal = Journal.open(path, owner);
    for (const entry of entries) journal.append(entry);
    journal.close();
  };

  it('belongs to the same terminal of another scheme, or to another terminal, and says what to do', () => {
    write();
    for (const stranger of [
      { ...owner, scheme: 2 },
      { ...owner, terminalId: new Uint8Array(8) },
    ]) {
      const failure = failureOf(() => Journal.open(path, stranger));
      expect([failure.code, failure.next?.includes('folder of its own')]).to.deep.equal(['wrong-terminal', true]);
    }
    Journal.open(path, owner).close();
  });

  it('is open already: says what to do, and is free again afterwards', () => {
    const first = Journal.open(path, owner);
    expect(failureOf(() => Journal.open(path, owner)).next).to.include('wait until it has ended');
    first.close();
    Journal.open(path, owner).close();
  });

  it('[M11] has lines that are whole and cannot follow each other: named by number, nothing changed', () => {
    write(opened(1));
    const { check } = readJournal(readFileSync(path));
    writeFileSync(path, writeLine(check, '{"entry":"told","tn":1}').line, { flag: 'a' });
    const before = readFileSync(path);
    const failure = failureOf(() => Journal.open(path, owner));
    expect([failure.code, failure.moneyMoved]).to.deep.equal(['journal-damaged', 'unknown']);
    expect(failure.message).to.include('line 3').and.to.include('told before it is closed');
    expect(failure.next).to.include('Nothing was changed').and.to.include('new id');
    expect(failure.cause).to.be.instanceOf(JournalDamage);
    expect(readFileSync(path).equals(before)).to.equal(true);
  });

  it('is a folder: says so as the home that cannot be used, not as damage', () => {
    mkdirSync(path);
    const failure = failureOf(() => Journal.open(path, owner));
    expect(failure.code).to.equal('home-unusable');
    expect(failure.message).to.include('It is a folder.');
    expect(failure.next).to.include('Mend the permissions');
    expect(failure.cause).to.be.instanceOf(Error);
  });

  it('has a name that no file can have: is refused in the same words', () => {
    expect(failureOf(() => Journal.open(`${path}\0`, owner)).code).to.equal('home-unusable');
  });

  it('finds the disk full: says that, and not that permissions are to be mended', () => {
    const { writeFileSync: real } = fs;
    fs.writeFileSync = () => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' });
    };
    syncBuiltinESMExports();
    try {
      const failure = failureOf(() => Journal.open(path, owner));
      expect([failure.code, failure.next]).to.deep.equal(['disk-full', 'Make room and call again.']);
    } finally {
      fs.writeFileSync = real;
      syncBuiltinESMExports();
    }
  });

  it('was refused by the disk once: takes nothing more, says why, and whether money moved each time', () => {
    const journal = Journal.open(path, owner);
    journal.append(opened(1));
    journal.append(opened(2));
    journal.close();
    const first = failureOf(() => journal.append(executed(1)));
    expect(first.message).to.include('EBADF');
    expect(first.next).to.include('present the card again');
    expect(first.cause).to.be.instanceOf(Error);
    const again = failureOf(() => journal.append(opened(3)));
    expect([again.code, again.cause]).to.deep.equal(['journal-failed', undefined]);
    expect(again.message).to.include('An earlier entry could not be written.');
    expect(again.next).to.include('call again');
    for (const harmless of [batch(1, 1, 1), { entry: 'acknowledged', number: 1, time: 1 }, told(2), told(9)] as const)
      expect(failureOf(() => journal.append(harmless)).moneyMoved, harmless.entry).to.equal('no');
    for (const done of [executed(2), told(1)])
      expect(failureOf(() => journal.append(done)).moneyMoved, done.entry).to.equal('yes');
  });
});
