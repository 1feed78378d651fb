/**
 * Names under which connections prepare statements, so that the server parses and plans each once and not at every call: a single
 * authorisation makes three dozen. Statements are few, but for lists of parameters as long as what they hold: those beyond
 * the limit stay without a name.
 */
export class StatementNames {
  private readonly names = new Map<string, string>();
  private last = 0;

  constructor(private readonly limit = 500) {}

  /** Undefined: to be sent without a name. */
  of(text: string): string | undefined {
    const known = this.names.get(text);
    if (known !== undefined || this.names.size >= this.limit) return known;
    const name = `epurse_${++this.last}`;
    this.names.set(text, name);
    return name;
  }

  /** What was prepared under its name is of no more use: the next call prepares it again. */
  forget(text: string): void {
    this.names.delete(text);
  }
}
