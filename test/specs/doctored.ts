// The real specification, and copies of it with one thing made wrong.
import { expect } from 'chai';
import { join } from 'node:path';
import { checkSpec } from '../../apdu-specs/generator/checks/all.js';
import { loadSpec } from '../../apdu-specs/generator/load.js';
import { type Spec, SpecError, type Template } from '../../apdu-specs/generator/model.js';

export const root = process.cwd();
export const specDirectory = join(root, 'apdu-specs');
export const spec: Spec = loadSpec(specDirectory);

/** The specification without its readonly marks; templates and lists of names are replaced as a whole. */
type Mutable<T> = T extends Template ? T : T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;
export type MutableSpec = Mutable<Spec>;

/** A copy of the specification, changed. */
export function doctored(change: (copy: MutableSpec) => void): Spec {
  const copy = structuredClone(spec) as MutableSpec;
  change(copy);
  return copy;
}

/** The one item of a list with that name. */
export function named<T extends { name: string }>(items: readonly T[], name: string): T {
  const found = items.find((item) => item.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

/** Expects generation to be refused, with a message that matches. */
export function expectRefused(change: (copy: MutableSpec) => void, message: RegExp): void {
  expect(() => {
    checkSpec(doctored(change));
  }).to.throw(SpecError, message);
}
