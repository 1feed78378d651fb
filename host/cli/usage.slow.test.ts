import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { epurse, lastLine } from '../../test/helpers/program.js';

describe('epurse', () => {
  let folder: string;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'epurse-cli-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('takes every option before and after the command', () => {
    const before = epurse('--json', '--home', folder, '--gp', 'none', 'applet', 'delete');
    const after = epurse('applet', 'delete', '--gp', 'none', '--home', folder, '--json');
    const among = epurse('applet', '--json', 'delete', '--home', folder, '--gp', 'none');
    expect(before.status).to.equal(2); // --gp is the subcommand's own
    expect(lastLine(after)).to.include({ event: 'applet-delete', ok: false, code: 'file-missing' });
    expect(lastLine(among)).to.deep.equal(lastLine(after));
  });

  it('ends with 2 and a usage outcome for an unknown command, option or missing argument', () => {
    for (const words of [['dance'], ['doctor', '--dance'], ['applet', 'dance'], ['--home']]) {
      const ended = epurse(...words, '--json');
      expect(ended.status, words.join(' ')).to.equal(2);
      if (words[0] !== '--home') expect(lastLine(ended)).to.include({ event: 'usage', ok: false, moneyMoved: 'no' });
    }
  });

  it('says in its own words what was wrong with the call, with and without --json', () => {
    const spoken = (...words: string[]): string => epurse(...words).stderr;
    expect(spoken('dance')).to.contain('There is no command "dance". No money moved.');
    expect(spoken('pos', 'pay')).to.contain('The option --amount <amount> is missing. No money moved.');
    expect(spoken('doctor', 'dance')).to.contain('"doctor" takes nothing of what follows it. No money moved.');
    expect(lastLine(epurse('--json'))).to.include({ ok: false, code: 'usage', message: 'No command was named.' });
    expect(lastLine(epurse('card', 'new', '--json'))).to.include({ message: 'The argument <name> is missing.' });
  });

  it('looks at the options of torture and grade before anything of the long run begins', () => {
    for (const [words, why] of [
      [['torture', '--only', 'cuts,dance'], 'There is no campaign "cuts,dance".'],
      [['torture', '--seed', '1.5'], '--seed takes a whole number from 0 on, not "1.5".'],
      [['torture', '--seconds', '0'], '--seconds takes a whole number from 1 on, not "0".'],
      [['grade', '--format', 'pdf'], '--format takes text, json, html, not "pdf".'],
    ] as const) {
      const ended = epurse(...words, '--json');
      expect(ended.status, words.join(' ')).to.equal(2);
      expect(lastLine(ended)).to.include({ ok: false, code: 'usage', message: why });
    }
    const ended = epurse('grade', '--out', join(folder, 'none', 'report.html'), '--json');
    expect(lastLine(ended)).to.include({ ok: false, code: 'files-unusable' });
  });

  it('names the commands there are, and the one that was probably meant', () => {
    const { stderr } = epurse('--reader', 'sim:anna', 'pos', 'jurnal');
    expect(stderr).to.contain('There is no command "pos jurnal". Did you mean journal? No money moved.');
    expect(stderr).to.match(/There are: pay, points, cancel, .*upload, enrol\./);
    expect(epurse('pos', 'bogus').stderr).to.match(/"pos bogus"\. No money moved\.\n {2}There are: pay/);
  });
});
