/** A command of the back office, called in this process with a home and options; what it said, or how it failed. */
import { expect } from 'chai';
import type { Outcome, Run } from '../../host/cli/command-line.js';
import { Output } from '../../host/cli/output.js';
import { withIssuerFailures } from '../../host/issuer/cli/failures.js';
import type { Home } from '../../host/terminal/home.js';
import { Failure } from '../../host/terminal/outcome.js';

export type OfficeCommand = (run: Run) => Promise<Outcome>;

export interface Called {
  readonly outcome: Outcome;
  /** What a person reads. */
  readonly text: string;
}

export async function called(
  command: OfficeCommand,
  at: Home,
  args: readonly string[] = [],
  options: Record<string, string> = {},
): Promise<Called> {
  const lines: string[] = [];
  const sink = { write: (text: string) => lines.push(text) };
  const outcome = await withIssuerFailures(() => command(runOf(new Output(false, sink, sink), args, options, at)));
  return { outcome, text: lines.join('') };
}

export async function failureOf(call: Promise<Called>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    expect(error).to.be.instanceOf(Failure);
    return error as Failure;
  }
  return expect.fail('it went through');
}

function runOf(out: Output, args: readonly string[], options: Record<string, string>, at: Home): Run {
  const none = (): never => expect.fail('no reader is wanted here');
  return {
    global: {},
    options,
    args,
    out,
    home: () => at,
    readers: undefined as never,
    reader: none,
    confirm: none,
  };
}
