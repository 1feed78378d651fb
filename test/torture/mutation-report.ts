/** Verdicts on mutants beside the survivors that somebody has explained, and what is said of both. */
import { replayOf } from './campaign.js';
import type { Finding } from './campaign.js';

/**
 * How a mutant fared. `UNREACHED`: no test comes near it. `TIMED_OUT`: the clock ended the tests before one failed, which counts as noticed,
 * since a card that hangs is; unless the mutant is explained, for then a busy machine has taken long over all the tests that pass.
 */
export type Fate = 'KILLED' | 'TIMED_OUT' | 'SURVIVED' | 'UNREACHED';

export interface Judged {
  readonly fate: Fate;
  /** Class, method, operator and which of its kind: `epurse/Payments.debit([BS)S:DROP_CALL#2`. */
  readonly key: string;
  /** For people, with the line. */
  readonly what: string;
}

export interface Score {
  readonly judged: number;
  /** Noticed by a test that failed, or by the clock. */
  readonly killed: number;
  /** Those of them that the clock ended. */
  readonly timedOut: number;
  /** 0 to 100, of all that were judged; explaining a survivor does not raise it. */
  readonly percent: number;
  /** 0 to 100, of those that a test could kill: all but the explained survivors. */
  readonly percentOfKillable: number;
  /** Survivors that nobody has explained. */
  readonly unexplained: readonly Judged[];
  readonly explained: readonly Judged[];
  /** Explanations of mutants that a test kills by now: they are to go. */
  readonly outdated: readonly string[];
}

/** As the Java campaign writes them. @throws Error for a line that is no verdict */
export function readVerdicts(text: string): Judged[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [fate = '', , key, what] = line.split('\t');
      if (!isFate(fate) || key === undefined || what === undefined)
        throw new Error(`not a verdict on a mutant: ${line}`);
      return { fate, key, what };
    });
}

function isFate(word: string): word is Fate {
  return word === 'KILLED' || word === 'TIMED_OUT' || word === 'SURVIVED' || word === 'UNREACHED';
}

/**
 * Key and reason of each explained survivor, a tab between them; lines that begin with # are for people.
 *
 * @throws Error for a line without a reason, or a key that comes twice
 */
export function readExplanations(text: string): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('#'))) {
    const [key = '', reason = '', ...rest] = line.split('\t');
    if (reason.trim() === '' || rest.length > 0 || all.has(key))
      throw new Error(`not an explanation of a mutant: ${line}`);
    all.set(key, reason);
  }
  return all;
}

export function score(judged: readonly Judged[], explanations: ReadonlyMap<string, string>): Score {
  const hung = (one: Judged): boolean => one.fate === 'TIMED_OUT' && !explanations.has(one.key);
  const survivors = judged.filter((one) => one.fate !== 'KILLED' && !hung(one));
  const killed = judged.length - survivors.length;
  const explained = survivors.filter(({ key }) => explanations.has(key));
  return {
    judged: judged.length,
    killed,
    timedOut: judged.filter(hung).length,
    percent: percentOf(killed, judged.length),
    percentOfKillable: percentOf(killed, judged.length - explained.length),
    unexplained: survivors.filter(({ key }) => !explanations.has(key)),
    explained,
    outdated: judged.filter(({ fate, key }) => fate === 'KILLED' && explanations.has(key)).map(({ key }) => key),
  };
}

function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}

/** What a campaign holds its score to. */
export interface Bar {
  readonly campaign: string;
  /** Percent of the killable that the score is to reach; as long as it has not, the notes say so. */
  readonly aim: number;
  /** Below this the tests have lost what they had: a finding. It is only ever raised. */
  readonly floor: number;
  /** File of the explanations, for people. */
  readonly explanations: string;
}

/** A score below the floor, and explanations that explain nothing. @param gone of mutants that there are not */
export function findingsOf(found: Score, gone: readonly string[], bar: Bar, seed: number, long: boolean): Finding[] {
  const replay = replayOf(bar.campaign, seed, long);
  const stale = (key: string, why: string): Finding => ({
    seed,
    where: `${bar.explanations}: ${key}: ${why}`,
    story: [],
    replay,
  });
  const low: Finding = {
    seed,
    where: `${found.percentOfKillable.toFixed(1)} % of the mutants are noticed, less than ${bar.floor} %`,
    story: found.unexplained.map(({ what, key }) => `${what} (${key})`),
    replay,
  };
  return [
    ...(found.percentOfKillable < bar.floor ? [low] : []),
    ...found.outdated.map((key) => stale(key, 'a test notices it')),
    ...gone.map((key) => stale(key, 'there is no such mutant')),
  ];
}

/** The score in words, explained survivors apart. */
export function notesOf(found: Score, { aim }: Bar): string[] {
  const { judged, killed, timedOut, percent, percentOfKillable, explained, unexplained } = found;
  return [
    `${killed} of ${judged} noticed, ${percent.toFixed(1)} %; survivors: ${explained.length} explained, ${unexplained.length} not`,
    `${percentOfKillable.toFixed(1)} % of those that a test could notice`,
    ...(timedOut > 0 ? [`${timedOut} of the noticed ended by the clock`] : []),
    ...(percentOfKillable < aim ? [`the aim of ${aim} % is not reached`] : []),
  ];
}

/** Explanations of mutants that there are not (any more). @param keys of every mutant there is */
export function vanished(keys: ReadonlySet<string>, explanations: ReadonlyMap<string, string>): string[] {
  return [...explanations.keys()].filter((key) => !keys.has(key));
}
