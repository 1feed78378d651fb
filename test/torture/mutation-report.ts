/** Verdicts on mutants of the applet, as the Java campaign writes them, beside the survivors that somebody has explained. */

/** How a mutant fared. `UNREACHED`: no test comes near it. */
export type Fate = 'KILLED' | 'SURVIVED' | 'UNREACHED';

export interface Judged {
  readonly fate: Fate;
  /** Class, method, operator and which of its kind: `epurse/Payments.debit([BS)S:DROP_CALL#2`. */
  readonly key: string;
  /** For people, with the line. */
  readonly what: string;
}

export interface Score {
  readonly judged: number;
  readonly killed: number;
  /** 0 to 100, of all that were judged; explaining a survivor does not raise it. */
  readonly percent: number;
  /** Survivors that nobody has explained. */
  readonly unexplained: readonly Judged[];
  readonly explained: readonly Judged[];
  /** Explanations of mutants that a test kills by now: they are to go. */
  readonly outdated: readonly string[];
}

/** @throws Error for a line that is no verdict */
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
  return word === 'KILLED' || word === 'SURVIVED' || word === 'UNREACHED';
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
  const survivors = judged.filter(({ fate }) => fate !== 'KILLED');
  const killed = judged.length - survivors.length;
  return {
    judged: judged.length,
    killed,
    percent: judged.length === 0 ? 0 : (100 * killed) / judged.length,
    unexplained: survivors.filter(({ key }) => !explanations.has(key)),
    explained: survivors.filter(({ key }) => explanations.has(key)),
    outdated: judged.filter(({ fate, key }) => fate === 'KILLED' && explanations.has(key)).map(({ key }) => key),
  };
}

/** Explanations of mutants that there are not (any more). @param keys of every mutant there is */
export function vanished(keys: ReadonlySet<string>, explanations: ReadonlyMap<string, string>): string[] {
  return [...explanations.keys()].filter((key) => !keys.has(key));
}
