/** What goes wrong in one run, drawn from a seed: at a step where nobody was killed yet, or in any combination. */
import { networkFaults } from '../../survival/stage/network.js';
import type { Trouble } from '../../survival/stage/works.js';
import type { Coverage, Side } from './coverage.js';

export interface Plan extends Trouble {
  /** Step that the issuer's process does not survive, counted from the begin of the run. */
  readonly issuer?: number;
  /** Half a line at the end of the POS's journal, afterwards. */
  readonly torn?: true;
}

type Below = (limit: number) => number;

/** One process is killed at a step where none was killed so far; at any, where there is no other. */
export function oneKill(below: Below, coverage: Coverage, task: string): Plan {
  const isOpen = {
    terminal: coverage.open(task, 'terminal').length > 0,
    issuer: coverage.open(task, 'issuer').length > 0,
  };
  const side: Side = isOpen.issuer && (below(2) === 0 || !isOpen.terminal) ? 'issuer' : 'terminal';
  const open = coverage.open(task, side);
  const place = open.length === 0 ? below(coverage.count(task, side)) : (open[below(open.length)] ?? 0);
  coverage.aim(task, side, place);
  return side === 'issuer' ? { issuer: place } : { step: place };
}

/** One trouble at least, and any others with it. */
export function combination(below: Below, coverage: Coverage, task: string): Plan {
  const has = (percent: number): boolean => below(100) < percent;
  const drawn: Plan = {
    ...(has(60) ? { step: below(coverage.count(task, 'terminal')) } : {}),
    ...(has(25) ? { issuer: below(coverage.count(task, 'issuer')) } : {}),
    ...(has(45) ? { network: networkFault(below, coverage.questions(task)) } : {}),
    ...(has(20) ? { pull: pull(below) } : {}),
    ...(has(15) ? { torn: true } : {}),
    // a disk and a clock end a run before much else can meet it
    ...(has(12) ? { disk: { code: below(2) === 0 ? 'ENOSPC' : 'EROFS', at: below(16) } as const } : {}),
    ...(has(8) ? { clock: (below(2) === 0 ? -1 : 1) * below(72 * 3600) } : {}),
  };
  return Object.keys(drawn).length > 0 ? drawn : { step: below(coverage.count(task, 'terminal')) };
}

/** @param questions how many there are */
function networkFault(below: Below, questions: number): NonNullable<Plan['network']> {
  // a late question is trouble for whoever comes after it, too
  const how = below(3) === 0 ? 'late' : (networkFaults[below(networkFaults.length)] ?? 'lost');
  // the first is for the hot list, which changes nothing, whenever it comes
  const first = how === 'late' && questions > 1 ? 1 : 0;
  // a terminal asks twice: what is lost once it does not notice
  const times = how === 'twice' || how === 'mixed' ? 1 : 1 + below(3);
  return { how, exchange: first + below(Math.max(1, questions - first)), times };
}

function pull(below: Below): NonNullable<Plan['pull']> {
  const command = below(10);
  const where = (['before', 'after', 'during'] as const)[below(3)] ?? 'before';
  return where === 'during' ? { command, where, write: below(24) } : { command, where };
}

/** For a person. */
export function inWords({ step, issuer, disk, clock, network, pull: pulled, torn }: Plan): string {
  const bad = [
    ...(step === undefined ? [] : [`killed at step ${step}`]),
    ...(issuer === undefined ? [] : [`the issuer killed at step ${issuer}`]),
    ...(disk === undefined ? [] : [`disk: ${disk.code} from change ${disk.at} on`]),
    ...(clock === undefined ? [] : [`clock off by ${clock} s`]),
    ...(network === undefined ? [] : [`exchange ${network.exchange} (${network.times}×) ${network.how}`]),
    ...(pulled === undefined ? [] : [`card pulled out ${pulled.where} command ${pulled.command}`]),
    ...(torn === undefined ? [] : ['journal torn']),
  ];
  return bad.join(', and ');
}
