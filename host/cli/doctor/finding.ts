/** One line of `epurse doctor`. */
export interface Finding {
  readonly name: string;
  /** `advice` stops nothing; `wrong` does. */
  readonly state: 'fine' | 'advice' | 'wrong';
  readonly detail: string;
  /** A sentence or command that mends it. */
  readonly mend?: string;
}
