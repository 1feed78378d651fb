import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { epurse, lastLine } from '../../test/helpers/program.js';
import type { Ended } from '../../test/helpers/program.js';
import { skip } from '../../test/support/skip.js';

describe('epurse, called as a program', () => {
  let folder: string;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'epurse-cli-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('takes the holder of a replacement behind the word replace', () => {
    expect(epurse('scheme', 'init', '--home', folder).status).to.equal(0);
    const words = ['personalize', 'replace', '--lost', '00112233aabbccdd', '--home', folder, '--reader', 'sim:none'];
    expect(lastLine(epurse(...words, '--holder', 'Ada', '--json'))).to.include({ event: 'replace', code: 'no-reader' });
    expect(lastLine(epurse(...words, '--json'))).to.include({ code: 'usage', message: 'Nobody is named.' });
  });

  it('ends where the system makes no folder at all', function () {
    if (process.platform !== 'linux') skip(this, 'only Linux has /proc');
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
