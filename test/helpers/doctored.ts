/** Cards whose applet was changed as it was loaded: to see a test fail that has to, or to begin where no test could wait to get. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Bridge, ClassTransformSpec } from 'jcardsim-ts-bridge';
import { ownBridge } from './bridge.js';
import { Shelf } from './cards.js';
import { projectRoot } from './project.js';

let shared: Promise<Bridge> | undefined;

const shelves = new Map<string, Promise<Shelf>>();

/**
 * A card of its own with a changed applet; the transforms are those of test/transforms. Asked for again it is the same.
 *
 * @param Kind that of a weakened host, for a card that speaks with no other
 */
export function doctoredCard(name: string, transforms: readonly ClassTransformSpec[], Kind = Shelf): Promise<Shelf> {
  const key = `${name} ${JSON.stringify(transforms)}`;
  let shelf = shelves.get(key);
  if (!shelf) shelves.set(key, (shelf = newShelf(name, transforms, Kind)));
  return shelf;
}

async function newShelf(name: string, transforms: readonly ClassTransformSpec[], Kind: typeof Shelf): Promise<Shelf> {
  shared ??= ownBridge({ extraClasspath: [compileTransforms()] });
  return new Kind(await shared, name, { classTransforms: transforms });
}

/**
 * Takes a call out of a method, such as `beginTransaction` out of `Payments.debit`; it has to be there.
 *
 * @param number which of several, from 1; every one of them unless given
 */
export function withoutCall(method: string, call: string, number = 0): ClassTransformSpec {
  return { className: 'doctored.WithoutCall', argument: `epurse/${method} ${call} ${number}` };
}

/** What a method checks is checked no more: it returns `result`, whatever it is given. */
export function withoutCheck(method: string, result = 0): ClassTransformSpec {
  return { className: 'doctored.Returning', argument: `epurse/${method} ${result}` };
}

/** A PIN check that compares before it writes a try off. @param right PIN block, in hexadecimal */
export function comparingFirst(method: string, right: string): ClassTransformSpec {
  return { className: 'doctored.ComparingFirst', argument: `epurse/${method} ${right}` };
}

/** A method's body is a call of the method of that name in test/transforms/doctored/CarelessP256. */
export function careless(method: string): ClassTransformSpec {
  return { className: 'doctored.Careless', argument: `epurse/${method}` };
}

/** A new card begins with these bytes in one of its arrays. @param field such as `epurse/PurseMemory.stored` */
export function withBytes(field: string, offset: number, hex: string): ClassTransformSpec {
  return { className: 'doctored.WithBytes', argument: `${field} ${offset} ${hex}` };
}

function compileTransforms(): string {
  const folder = mkdtempSync(join(tmpdir(), 'epurse-transforms-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const sources = join(projectRoot, 'test', 'transforms', 'doctored');
  const target = join(projectRoot, 'jcardsim-ts-bridge', 'java', 'target');
  const libraries = readdirSync(join(target, 'lib')).map((name) => join(target, 'lib', name));
  const classpath = [join(target, 'jcardsim-bridge.jar'), ...libraries].join(delimiter);
  const files = readdirSync(sources).map((name) => join(sources, name));
  execFileSync('javac', ['--release', '17', '-cp', classpath, '-d', folder, ...files]);
  return folder;
}
