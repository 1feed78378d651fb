/** A verifying thread: takes checks, gives verdicts in the same order. */
import { parentPort } from 'node:worker_threads';
import { SignatureChecker } from './checker.js';
import { unpackChecks } from './wire.js';
import type { VerifyResult, VerifyTask } from './wire.js';

const checker = new SignatureChecker();

parentPort?.on('message', ({ id, checks }: VerifyTask) => {
  const verdicts = Uint8Array.from(unpackChecks(checks), (check) => (checker.holds(check) ? 1 : 0));
  const result: VerifyResult = { id, verdicts };
  parentPort?.postMessage(result, [verdicts.buffer]);
});
