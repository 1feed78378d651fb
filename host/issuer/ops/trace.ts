/** The trace of the request under way, for whatever writes down something about it: log lines, audit entries, ledger events. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { TraceId } from '../../protocol/issuer/trace-context.js';

const storage = new AsyncLocalStorage<TraceId>();

export function withTrace<T>(trace: TraceId, work: () => T): T {
  return storage.run(trace, work);
}

/** Undefined outside of a request, as in a command or a job. */
export function currentTrace(): TraceId | undefined {
  return storage.getStore();
}
