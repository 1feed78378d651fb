/** Nothing of the past is open: may this card move money here, and then the task itself. */
import type { Seconds } from '../protocol/codec/time.js';
import { unusable } from './checks.js';
import { block } from './block.js';
import { refuse } from './ends.js';
import type { Base, PosStep } from './ends.js';
import { begin } from './order.js';
import type { Visit } from './types.js';

export function admit(at: Base, visit: Visit, now: Seconds): PosStep {
  if (visit.facts.listed !== undefined) return block(at, visit, visit.facts.listed);
  const why = unusable(visit, now);
  return why === undefined ? begin(at, visit, now) : refuse(at, why);
}
