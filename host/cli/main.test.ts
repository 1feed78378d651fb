import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const program = fileURLToPath(new URL('./main.js', import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function epurse(...words: readonly string[]): Ended {
  return spawnSync(process.execPath, [program, ...words], { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
}

function lastLine({ stdout }: Ended): Record<string, unknown> {
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
}

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
    expect(spoken('pos', 'dance')).to.contain('"pos" takes nothing of what follows it. No money moved.');
    expect(lastLine(epurse('--json'))).to.include({ ok: false, code: 'usage', message: 'No command was named.' });
    expect(lastLine(epurse('card', 'new', '--json'))).to.include({ message: 'The argument <name> is missing.' });
  });

  it('takes the holder of a replacement behind the word replace', () => {
    expect(epurse('scheme', 'init', '--home', folder).status).to.equal(0);
    const words = ['personalize', 'replace', '--lost', '00112233aabbccdd', '--home', folder, '--reader', 'sim:none'];
    expect(lastLine(epurse(...words, '--holder', 'Ada', '--json'))).to.include({ event: 'replace', code: 'no-reader' });
    expect(lastLine(epurse(...words, '--json'))).to.include({ code: 'usage', message: 'Nobody is named.' });
  });

  it('ends where the system makes no folder at all', function () {
    if (process.platform !== 'linux') this.skip();
    const ended = epurse('doctor', '--home', '/proc/1/epurse', '--json');
    expect(ended.status).to.equal(4);
    expect(lastLine(ended)).to.include({ code: 'home-unusable' });
    expect(ended.stdout).not.to.match(/\bE(NOENT|ACCES|PERM|EXIST)\b/);
  });

  it('does nothing that cannot be undone without a yes', () => {
    const jar = join(folder, 'gp.jar');
    writeFileSync(jar, '');
    const ended = epurse('applet', 'delete', '--gp', jar, '--json');
    expect(ended.status).to.equal(1);
    expect(lastLine(ended)).to.include({ code: 'not-confirmed', moneyMoved: 'no' });
  });

  it('says that a tool of others failed', () => {
    const jar = join(folder, 'gp.jar');
    writeFileSync(jar, 'no archive');
    expect(lastLine(epurse('applet', 'delete', '--gp', jar, '--yes', '--json'))).to.include({ code: 'tool-failed' });
  });

  it('installs no applet without keys to install it under', () => {
    const jar = join(folder, 'gp.jar');
    writeFileSync(jar, '');
    const ended = epurse('applet', 'install', '--gp', jar, '--cap', jar, '--home', join(folder, 'home'), '--json');
    expect(ended.status).to.equal(4);
    expect(lastLine(ended)).to.include({ code: 'home-empty' });
  });

  it('ends with 4 where the home folder cannot be used', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const ended = epurse('doctor', '--home', join(file, 'home'), '--json');
    expect(ended.status).to.equal(4);
    expect(lastLine(ended)).to.include({ event: 'doctor', ok: false, code: 'home-unusable', moneyMoved: 'no' });
  });

  it('advises against a home folder that others can enter, and against none that is closed', () => {
    const advice = (ended: Ended): boolean => /"name":"home","state":"advice"/.test(ended.stdout);
    const home = join(folder, 'home');
    mkdirSync(home, { mode: 0o700 });
    expect(advice(epurse('doctor', '--home', home, '--json'))).to.equal(false);
    chmodSync(home, 0o755);
    expect(advice(epurse('doctor', '--home', home, '--json'))).to.equal(true);
  });
});
