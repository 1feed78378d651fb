/** The whole state of a card between two commands, session and random generator included. Lives in the bridge. */
export interface Snapshot {
  readonly cardHandle: number;
  readonly number: number;
}
