// Reads the shared vectors.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './doctored.js';

export interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly result: 'valid' | 'invalid';
  readonly [field: string]: unknown;
}
export interface VectorFile {
  readonly notes: Readonly<Record<string, string>>;
  readonly tests: readonly Vector[];
}

export const vectorDirectory = join(root, 'test/vectors');

export const vectorFiles = readdirSync(vectorDirectory)
  .filter((file) => file.endsWith('.json') && !file.endsWith('.schema.json'))
  .map((file) => file.replace('.json', ''));

export function vectors(name: string): VectorFile {
  return JSON.parse(readFileSync(join(vectorDirectory, `${name}.json`), 'utf8')) as VectorFile;
}

export function bytesOf(vector: Vector, field: string): Uint8Array {
  const value = vector[field];
  if (typeof value !== 'string') throw new Error(`vector ${vector.tcId} has no ${field}`);
  return new Uint8Array(Buffer.from(value, 'hex'));
}
