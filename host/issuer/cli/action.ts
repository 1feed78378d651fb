/** How the back office's commands are wrapped: the frame of every command, and the issuer's own failures. */
import type { CommandLine, Outcome, Run } from '../../cli/command-line.js';

export type Action = (event: string, act: (run: Run) => Promise<Outcome>) => ReturnType<CommandLine['action']>;
