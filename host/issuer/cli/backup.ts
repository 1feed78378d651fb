/** `epurse issuer backup|restore`: the store in a file, and back. The keys are not in it: they are files of the home. */
import { formatTime, systemClock } from '../../protocol/codec/time.js';
import type { Outcome, Run } from '../../cli/command-line.js';
import { Failure } from '../../terminal/outcome.js';
import { backupStore, restoreStore } from '../backup/backup.js';
import type { Place } from '../backup/backup.js';
import { BackupError } from '../backup/errors.js';
import type { BackupHeader } from '../backup/file.js';

export async function issuerBackup(run: Run): Promise<Outcome> {
  const file = run.args[0] ?? '';
  const header = await withBackupFailures(() => backupStore(placeOf(run), file, systemClock));
  run.out.say(`The store is in ${file}: ${header.bytes} bytes, state ${header.stateHash.slice(0, 16)}.`);
  run.out.say('Keys are not in it: keep a copy of the home folder apart. Try it: restore it into an empty place.');
  return outcomeOf(file, header);
}

export async function issuerRestore(run: Run): Promise<Outcome> {
  const file = run.args[0] ?? '';
  const header = await withBackupFailures(() => restoreStore(placeOf(run), file));
  run.out.say(`Restored from ${file}, made ${formatTime(header.madeAt)}; compared, it is the same.`);
  run.out.say('Next: ./epurse issuer reconcile. What terminals were told since has to be handed in again.');
  return outcomeOf(file, header);
}

function placeOf(run: Run): Place {
  const url = process.env['EPURSE_DATABASE_URL'];
  return url === undefined ? { kind: 'pglite', folder: run.home().path('issuer') } : { kind: 'postgresql', url };
}

function outcomeOf(file: string, { kind, madeAt, bytes, stateHash, migrations }: BackupHeader): Outcome {
  const schema = migrations.at(-1) ?? 'none';
  return { file, kind, madeAt: formatTime(madeAt), bytes, stateHash, schema };
}

async function withBackupFailures<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof BackupError)) throw cause;
    const code = cause.code === 'tool' ? 'backup-failed' : 'backup-refused';
    throw new Failure(code, cause.message, { next: 'Nothing was moved or overwritten.', cause });
  }
}
