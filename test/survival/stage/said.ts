/**
 * What a terminal's process says while it works: a JSON line each, written at once into a pipe, so that it is there when the process
 * is gone a moment later.
 */
import { writeSync } from 'node:fs';

/** Descriptor of the pipe in the process. */
export const saidPipe = 4;

export type Said =
  | { readonly say: 'died'; readonly step: string }
  /** Money that people were told has moved: the number of the card's record. */
  | { readonly say: 'told'; readonly nt: number }
  /** PIN on a sheet that was handed out. */
  | { readonly say: 'printed'; readonly pin: string }
  /** A request that the network still has. */
  | ({ readonly say: 'late' } & LateRequest)
  | { readonly say: 'report'; readonly report: TerminalReport };

export interface LateRequest {
  readonly role: TerminalRole;
  /** Of the address, such as `/v1/synchronise`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type TerminalRole = 'pos' | 'kiosk' | 'desk';

/** What a process that lived says. */
export interface TerminalReport {
  readonly result: string;
  /** Why it was refused. */
  readonly code?: string;
  /** Of the euro purse in minor units, where the outcome tells. */
  readonly balance?: number;
  /** Of a POS: each number and how it ended. */
  readonly orders?: readonly (readonly [number, string])[];
  /** Did a call go astray? */
  readonly disturbed: boolean;
  /** Names of all its steps. */
  readonly steps: readonly string[];
}

export function say(said: Said): void {
  writeSync(saidPipe, `${JSON.stringify(said)}\n`);
}
