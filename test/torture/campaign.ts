/**
 * What `./epurse torture` runs. A campaign does one kind of harm to the system, as often as its time allows, and looks each time
 * whether the system holds. Everything it chooses follows from its seed, so a finding can be had again.
 */

/** What a campaign counts. */
export type Unit = 'cuts' | 'kills' | 'operations' | 'attacks' | 'mutants' | 'APDUs' | 'inputs';

export interface Campaign {
  /** One word, for `--only`. */
  readonly name: string;
  /** What it does and shows, in one sentence. */
  readonly title: string;
  readonly unit: Unit;
  /** How long it may take when nobody says, in milliseconds. */
  budgetMs(long: boolean): number;
  /** Never throws for what it finds; whatever it throws is a defect of the campaign itself, and fails the run too. */
  run(options: CampaignOptions): Promise<CampaignResult>;
}

export interface CampaignOptions {
  readonly seed: number;
  /** Deeper and wider, not only longer. */
  readonly long: boolean;
  /** It ends with what it is doing once this time has passed; what it left out is in its notes. */
  readonly budgetMs: number;
  readonly report: (progress: Progress) => void;
}

export interface Progress {
  readonly done: number;
  /** Undefined where nobody knows how many there will be. */
  readonly of?: number;
  /** What it is at. */
  readonly at?: string;
}

export interface CampaignResult {
  readonly name: string;
  readonly seed: number;
  /** How many of {@link unit} were really done. */
  readonly done: number;
  readonly unit: Unit;
  /**
   * Whether it did everything it had set out to do. Left out by a campaign that does as much as there is time for: that one was brief
   * if it had less than its usual time.
   */
  readonly isWhole?: boolean;
  readonly findings: readonly Finding[];
  /** Figures and reservations, a sentence each. */
  readonly notes: readonly string[];
}

/** The system did not hold. */
export interface Finding {
  readonly seed: number;
  /** Where, in one line. */
  readonly where: string;
  /** What happened, step by step, for a person. */
  readonly story: readonly string[];
  /** The command that shows it again. */
  readonly replay: string;
}

/** The command that runs one campaign with one seed again. */
export function replayOf(name: string, seed: number, long = false): string {
  return `./epurse torture --only ${name} --seed ${seed}${long ? ' --long' : ''}`;
}

/** Tells when a budget is used up. */
export function deadline(budgetMs: number): () => boolean {
  const end = Date.now() + budgetMs;
  return () => Date.now() >= end;
}
