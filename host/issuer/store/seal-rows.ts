/** The rows of a seal, and one hash over them: what the audit log keeps. */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Db, Tx } from './database.js';

/** The word of a seal's entry in the audit log. */
export const sealAction = 'ledger-sealed';

/** What a seal says, as the audit log has it. */
export interface SealContent {
  readonly seal: number;
  /** Owners whose chains had grown since the seal before. */
  readonly owners: number;
  /** SHA-256 over them in order, in hexadecimal. */
  readonly root: string;
}

/** Writes down where every chain stands that has grown since the seal before; events booked meanwhile belong to the next one. */
export async function writeSeal(tx: Tx, seal: number): Promise<SealContent> {
  await sql`
    insert into ledger_seal (owner, seal, seq, hash)
    select owner, ${seal}, seq, hash from ledger_head h
     where seq > 0 and not exists (select from ledger_seal s where s.owner = h.owner and s.seq = h.seq)`.execute(tx);
  return sealContent(tx, seal);
}

const page = 5_000;

/** Read page by page. */
export async function sealContent(db: Db, seal: number): Promise<SealContent> {
  const digest = createHash('sha256').update('epurse ledger seal 1\n');
  let owners = 0;
  for (let after = ''; ;) {
    const { rows } = await sql<{ owner: string; seq: bigint; hash: string }>`
      select owner, seq, encode(hash, 'hex') as hash from ledger_seal where seal = ${seal} and owner > ${after}
       order by owner limit ${page}`.execute(db);
    for (const { owner, seq, hash } of rows) digest.update(`${JSON.stringify([owner, String(seq), hash])}\n`);
    owners += rows.length;
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) break;
    after = last.owner;
  }
  return { seal, owners, root: digest.digest('hex') };
}

/** @param row of the audit log @returns one sentence where it is a seal's, and the seal is not there as it was made */
export async function sealFlaw(
  db: Db,
  { action, subject, detail }: { readonly action: string; readonly subject: string; readonly detail: string },
): Promise<string | undefined> {
  if (action !== sealAction) return undefined;
  const { seal, owners, root } = JSON.parse(detail) as SealContent;
  const found = await sealContent(db, seal);
  if (found.owners === owners && found.root === root) return undefined;
  return `The rows of ${subject} are not those that were sealed: ${found.owners} owners where ${owners} were.`;
}
