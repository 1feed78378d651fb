import { execFileSync, spawn } from 'node:child_process';
import type { StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BridgeError } from '../src/index.js';
import type { BridgeErrorCode, CardSpec } from '../src/index.js';

/** build/test/ → the package. */
export const packageFolder = fileURLToPath(new URL('../../', import.meta.url));

/** This build of the package, for programs of their own. */
export const packageUrl = new URL('../src/index.js', import.meta.url).href;

/** Runs a program in a Node of its own to its end, however it ends, and returns what it printed. */
export async function runProgram(text: string): Promise<string> {
  const stdio: StdioOptions = ['ignore', 'pipe', 'inherit'];
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio });
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (part: string) => (printed += part));
  await once(child, 'close');
  return printed;
}

/** In a `before` hook: skips the suite, saying why, in print and to a runner that reads `skipReason`. */
export function skip(context: Mocha.Context, reason: string): never {
  process.stdout.write(`  skipped: ${reason}\n`);
  if (context.test?.parent) Object.assign(context.test.parent, { skipReason: reason });
  return context.skip();
}

const folders: string[] = [];
let classes: string | undefined;

process.once('exit', () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder that is removed when the tests are over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jcardsim-ts-bridge-'));
  folders.push(folder);
  return folder;
}

/** The toy applet's specification; it is compiled once. */
export function tallySpec(more: Partial<CardSpec> = {}): CardSpec {
  classes ??= compile();
  return { appletClasspath: classes, appletClass: 'demo.TallyApplet', aid: tallyAid, ...more };
}

function compile(): string {
  return javac(
    'test/applet/demo/TallyApplet.java',
    '8',
    libraries().filter((path) => path.includes('jcardsim-')),
  );
}

/** A class folder with a class transform for the bridge's own class path. */
export function transformFolder(): string {
  return javac('test/transform/demo/LoudStep.java', '17', [join(packageFolder, 'java/target/jcardsim-bridge.jar')]);
}

function libraries(): string[] {
  const folder = join(packageFolder, 'java', 'target', 'lib');
  return readdirSync(folder).map((name) => join(folder, name));
}

function javac(source: string, release: string, classpath: readonly string[]): string {
  const folder = temporaryFolder();
  const options = [
    '--release',
    release,
    '-Xlint:-options',
    '-XDsuppressNotes',
    '-g',
    '-cp',
    classpath.join(delimiter),
    '-d',
    folder,
  ];
  execFileSync('javac', [...options, join(packageFolder, source)]);
  return folder;
}

export const tallyAid = hex('F0000000010001');

export const commands = {
  select: Uint8Array.of(0x00, 0xa4, 0x04, 0x00, tallyAid.length, ...tallyAid),
  add: (number: number) => Uint8Array.of(0x80, 0x10, 0, 0, 2, number >> 8, number & 0xff),
  read: hex('8012000000'),
  random: hex('8014000000'),
  remember: (value: number) => Uint8Array.of(0x80, 0x16, value, 0),
  recall: hex('8018000000'),
  step: hex('801A0000'),
  hang: hex('801C0000'),
  fail: hex('801E0000'),
};

export interface Tally {
  readonly total: number;
  readonly entries: number;
  readonly left: number;
  readonly right: number;
}

export interface Transmitter {
  transmit(apdu: Uint8Array): Promise<Uint8Array>;
}

/** Powers, selects and reads. */
export async function tallyOf(card: Transmitter & { powerOn(): Promise<Uint8Array> }): Promise<Tally> {
  await card.powerOn();
  await select(card);
  return readTally(card);
}

export async function select(card: Transmitter): Promise<void> {
  expectSuccess(await card.transmit(commands.select));
}

export async function readTally(card: Transmitter): Promise<Tally> {
  const answer = expectSuccess(await card.transmit(commands.read));
  const field = (index: number): number => ((answer[index] ?? 0) << 8) | (answer[index + 1] ?? 0);
  return { total: field(0), entries: field(2), left: field(4), right: field(6) };
}

/** The data before status word 9000. */
export function expectSuccess(answer: Uint8Array): Uint8Array {
  if (toHex(answer.slice(-2)) !== '9000') throw new Error(`the card answered ${toHex(answer)}`);
  return answer.slice(0, -2);
}

/** The bridge's error that a call ends with; anything else fails the test. */
export async function failureOf(call: Promise<unknown>, code: BridgeErrorCode): Promise<BridgeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof BridgeError && error.code === code) return error;
    throw new Error(`expected ${code}, got ${String(error)}`, { cause: error });
  }
  throw new Error(`expected ${code}, but nothing was refused`);
}

export function hex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}
