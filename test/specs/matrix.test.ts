// The matrix, the guard table of the applet and the table of commands say the same.
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Cell, type Expectation, matrix, type Row } from '../../apdu-specs/generator/matrix.js';
import { LIFE_CYCLES, ROLES } from '../../apdu-specs/generator/model.js';
import { guarded } from '../../apdu-specs/generator/guard.js';
import { root, spec } from './doctored.js';

const rows = matrix(spec);
const wire = readFileSync(join(root, 'applet/src/main/java/epurse/Wire.java'), 'utf8');

function expectation(
  lifeCycle: string,
  session: string,
  role: string | undefined,
  command: string,
  by = 'protected',
  as?: string,
): Expectation {
  const row = rows.find((each) => each.lifeCycle === lifeCycle && each.session === session && each.role === role);
  const cell = cellsOf(row).find((each) => each.command === command && each.class === by && each.as === as);
  if (cell === undefined) throw new Error(`no cell ${lifeCycle} ${session} ${role ?? ''} ${command} ${by} ${as ?? ''}`);
  return cell.expected;
}

function cellsOf(row: Row | undefined): readonly Cell[] {
  return row !== undefined && 'cells' in row ? row.cells : [];
}

/** Numbers of a table in Wire.java. */
function javaTable(name: string): number[] {
  const [, body = ''] = new RegExp(`byte\\[\\] ${name} = \\{\\n([^}]*)\\};`).exec(wire) ?? [];
  return [...body.replace(/\/\/.*/g, '').matchAll(/(?:\(byte\) )?(0x[0-9A-F]+|\d+),/g)].map(([, value]) =>
    Number(value),
  );
}

const refused = (sw: string, reason: string): object => ({
  expect: 'refused',
  sw,
  reason,
  where: 'inside',
  sessionEnds: false,
});
const inClear = (sw: string, sessionEnds: boolean): object => ({
  expect: 'refused',
  sw,
  reason: 'none',
  where: 'clear',
  sessionEnds,
});

describe('The matrix', () => {
  it('has every life cycle, session and role once, reachable or with the reason why not', () => {
    const keys = rows.map(({ lifeCycle, session, role }) => `${lifeCycle} ${session} ${role ?? ''}`);
    expect(new Set(keys).size).to.equal(keys.length);
    expect(keys).to.have.length(LIFE_CYCLES.length * (1 + 1 + 4 * ROLES.length));
    for (const row of rows) expect('cells' in row || row.unreachable.length > 0).to.equal(true);
  });
  it('has every command in its own class and the wrong one in every reachable state', () => {
    for (const row of rows.filter((each) => 'cells' in each)) {
      for (const { name, protection } of spec.commands) {
        const classes = new Set(
          cellsOf(row)
            .filter(({ command }) => command === name)
            .map((cell) => cell.class),
        );
        expect([...classes]).to.have.members(protection === 'select' ? ['interindustry'] : ['plain', 'protected']);
      }
    }
  });
  it('lets nothing move money but on an active card, in an open session, for the role that may [M9]', () => {
    for (const row of rows) {
      for (const { command, expected } of cellsOf(row)) {
        const moves = spec.commands.find(({ name }) => name === command)?.money !== undefined;
        if (!moves || expected.expect !== 'ok') continue;
        expect(row.lifeCycle).to.equal('active');
        expect(row.session).to.be.oneOf(['full', 'resumed']);
        expect(row.role).to.equal(command === 'CREDIT' ? 'load' : 'pos');
      }
    }
  });
  it('lets no protected command through in the plain class, anywhere', () => {
    const protectedNames = guarded(spec).map(({ name }) => name);
    const plain = rows
      .flatMap(cellsOf)
      .filter((cell) => cell.class === 'plain' && protectedNames.includes(cell.command));
    expect(plain).not.to.have.length(0);
    for (const { expected } of plain)
      expect(expected).to.include({ expect: 'refused', sw: 'smMissing', where: 'clear' });
  });
  it('opens a blocked or retired card for PERSO only [R17]', () => {
    expect(expectation('blocked', 'none', undefined, 'PRESENT_CERTIFICATE', 'plain', 'pos')).to.deep.equal(
      inClear('blocked', false),
    );
    expect(expectation('blocked', 'none', undefined, 'OPEN_SESSION_RESUMED', 'plain', 'load')).to.deep.equal(
      inClear('blocked', false),
    );
    expect(expectation('retired', 'none', undefined, 'PRESENT_CERTIFICATE', 'plain', 'load')).to.deep.equal(
      inClear('conditions', false),
    );
    expect(expectation('blocked', 'none', undefined, 'PRESENT_CERTIFICATE', 'plain', 'perso')).to.deep.equal({
      expect: 'ok',
      then: 'presented',
    });
    expect(expectation('retired', 'none', undefined, 'OPEN_SESSION_RESUMED', 'plain', 'pos')).to.deep.equal(
      inClear('referenceNotFound', false),
    );
  });
  it('says of DEBIT what stands in the way: life cycle, then role', () => {
    expect(expectation('active', 'resumed', 'pos', 'DEBIT')).to.deep.equal({ expect: 'ok', then: 'resumed' });
    expect(expectation('expired', 'full', 'pos', 'DEBIT')).to.deep.equal(refused('conditions', 'cardExpired'));
    expect(expectation('blocked', 'full', 'pos', 'DEBIT')).to.deep.equal(refused('blocked', 'lifeCycle'));
    expect(expectation('active', 'full', 'load', 'DEBIT')).to.deep.equal(refused('securityStatus', 'role'));
    expect(expectation('blocked', 'full', 'load', 'DEBIT')).to.deep.equal(refused('blocked', 'lifeCycle'));
    expect(expectation('active', 'none', undefined, 'DEBIT')).to.deep.equal(inClear('securityStatus', false));
    expect(expectation('active', 'agreed', 'pos', 'DEBIT')).to.deep.equal(inClear('conditions', true));
  });
  it('lets CANCEL LAST through in a full session only', () => {
    expect(expectation('active', 'full', 'pos', 'CANCEL_LAST')).to.include({ expect: 'ok' });
    expect(expectation('active', 'resumed', 'pos', 'CANCEL_LAST')).to.deep.equal(
      refused('securityStatus', 'fullSession'),
    );
  });
  it('lets CONFIRM SESSION through once', () => {
    expect(expectation('active', 'agreed', 'pos', 'CONFIRM_SESSION')).to.deep.equal({ expect: 'ok', then: 'full' });
    expect(expectation('active', 'full', 'pos', 'CONFIRM_SESSION')).to.deep.equal(refused('conditions', 'none'));
  });
  it('personalizes a raw card only, and ends the session with ACTIVATE [R4]', () => {
    expect(expectation('raw', 'raw', 'perso', 'ACTIVATE')).to.deep.equal({ expect: 'ok', then: 'none' });
    expect(expectation('active', 'full', 'perso', 'STORE_DATA')).to.deep.equal(refused('conditions', 'lifeCycle'));
    expect(expectation('raw', 'raw', 'perso', 'DEBIT')).to.deep.equal(refused('conditions', 'lifeCycle'));
  });
});

describe("The applet's guard table", () => {
  const commands = guarded(spec);
  const bit = Object.fromEntries(LIFE_CYCLES.map((name, index) => [name, 1 << index]));

  it('has the instructions of the protected commands in the order of their ordinals', () => {
    expect(javaTable('INSTRUCTIONS')).to.deep.equal(commands.map(({ ins }) => ins));
    commands.forEach(({ name }, ordinal) => {
      expect(wire).to.include(`COMMAND_${name} = ${ordinal};`);
    });
  });
  it('gives the same answer as the matrix for every command, role and life cycle', () => {
    const allowed = javaTable('ALLOWED');
    const fullOnly = javaTable('FULL_ONLY');
    expect(allowed).to.have.length(commands.length * ROLES.length);
    for (const { lifeCycle, session, role, ...row } of rows) {
      if (!('cells' in row) || role === undefined || !['raw', 'full', 'resumed'].includes(session)) continue;
      commands.forEach((command, ordinal) => {
        const set = allowed[ordinal * ROLES.length + ROLES.indexOf(role)] ?? 0;
        const passes =
          (set & (bit[lifeCycle] ?? 0)) !== 0 &&
          (fullOnly[ordinal] === 0 || session === 'full') &&
          command.session !== 'agreed';
        const { expected } =
          row.cells.find((cell) => cell.command === command.name && cell.class === 'protected') ?? {};
        expect(expected?.expect, `${lifeCycle} ${session} ${role} ${command.name}`).to.equal(passes ? 'ok' : 'refused');
      });
    }
  });
});
