/**
 * The files of the embedded store, made durable. PGlite runs PostgreSQL with fsync off, and even with fsync on its file system
 * (Emscripten's NODEFS) takes the call and does nothing. Here the call reaches the disk, so PostgreSQL's own order of log, data
 * and checkpoint holds, and what was committed survives the loss of power as it does on a server.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** Told of every file and folder that was written to the disk; for tests. */
export type Synced = (path: string) => void;

/** PostgreSQL's own starting parameters of PGlite without `-F` (fsync off); the log is synced by fsync, the one call that is mended below. */
export const durableParameters: readonly string[] = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  '-c',
  'wal_sync_method=fsync',
];

export class DurableFiles extends NodeFS {
  /** False while a new store is unpacked, which ends with {@link syncTree}. */
  awake = true;

  constructor(
    dataDir: string,
    private readonly synced: Synced = () => undefined,
  ) {
    super(dataDir);
  }

  override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(...args);
    const mend = (module: unknown): void => {
      const { NODEFS } = (module as EmscriptenModule).FS.filesystems;
      NODEFS.stream_ops.fsync = (stream) => {
        if (!this.awake) return 0;
        const path = NODEFS.realPath(stream.node);
        if (stream.nfd === undefined) syncPath(path);
        else fsyncSync(stream.nfd);
        this.synced(path);
        return 0;
      };
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), mend] } };
  }
}

/** What of Emscripten's module is used. */
interface EmscriptenModule {
  readonly FS: {
    readonly filesystems: {
      readonly NODEFS: {
        /** `nfd`: Node's descriptor; folders have none. */
        readonly stream_ops: { fsync?: (stream: { readonly nfd?: number; readonly node: object }) => number };
        realPath(node: object): string;
      };
    };
  };
}

/** Everything below a folder, and the folder: once, after a store was unpacked into it. */
export function syncTree(folder: string): void {
  // one call for the whole file system (coreutils) where a thousand take seconds
  if (spawnSync('sync', ['-f', folder]).status === 0) return;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) syncTree(path);
    else syncPath(path);
  }
  syncPath(folder);
}

/** fsync(2) of a file or a folder. */
export function syncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
