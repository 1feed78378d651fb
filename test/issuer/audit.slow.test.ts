import { expect } from 'chai';
import { sql } from 'kysely';
import { verify, verifyIn } from '../../host/issuer/jobs/verify.js';
import { recordAudit } from '../../host/issuer/service/audit.js';
import type { AuditEntry } from '../../host/issuer/service/audit.js';
import type { Tx } from '../../host/issuer/store/database.js';
import { SoftIssuer } from '../helpers/soft-issuer.js';

function entry(n: number): AuditEntry {
  const actor = { kind: 'operator', name: 'Ada' } as const;
  return { at: 1_000 + n, actor, action: 'card-blocked', subject: `card/${n}`, detail: { n, note: 'Ü "quoted"' } };
}

async function refusedBy(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing';
}

describe('The audit log', function () {
  this.timeout(60_000);
  let site: SoftIssuer;
  before(async () => {
    site = await SoftIssuer.open();
    for (let n = 1; n <= 5; n++) await site.issuer.store.transaction((tx) => recordAudit(tx, entry(n)));
  });
  after(() => site.close());

  const flawAfter = async (statement: string): Promise<string | undefined> => {
    let flaw: string | undefined;
    const undone = site.issuer.store.transaction(async (tx: Tx) => {
      // as only the owner of the database can
      await sql.raw(`set local session_replication_role = replica`).execute(tx);
      await sql.raw(statement).execute(tx);
      flaw = (await verifyIn(tx)).flaw;
      throw new Error('undo');
    });
    expect(await refusedBy(undone)).to.equal('undo');
    return flaw;
  };

  it('holds, and a head that was noted is found again', async () => {
    const { entries, head, flaw } = await verify(site.issuer);
    expect([entries, flaw]).to.deep.equal([5n, undefined]);
    const third = await site.issuer.store.db
      .selectFrom('audit_entry')
      .select(['seq', 'hash'])
      .where('seq', '=', 3n)
      .executeTakeFirstOrThrow();
    const noted = { seq: third.seq, hash: new Uint8Array(third.hash) };
    expect((await verify(site.issuer, noted)).flaw).to.equal(undefined);
    expect((await verify(site.issuer, { ...noted, seq: 4n })).flaw).to.match(/entry 4 is not the one that was noted/);
    expect((await verify(site.issuer, { seq: 6n, hash: noted.hash })).flaw).to.match(/entry 6 is not the one/);
    expect(head).to.match(/^[0-9a-f]{64}$/);
  });

  it('goes with the transaction it is part of', async () => {
    const failing = site.issuer.store.transaction(async (tx) => {
      await recordAudit(tx, entry(6));
      throw new Error('undo');
    });
    expect(await refusedBy(failing)).to.equal('undo');
    expect(await verify(site.issuer)).to.deep.include({ entries: 5n, flaw: undefined });
  });

  const put = `insert into audit_entry select chain, 6, at, actor_kind, actor_name, action, subject, detail, previous, hash`;
  const forbidden: readonly [string, string, RegExp][] = [
    ['changing an entry', `update audit_entry set detail = '{}'`, /append-only/],
    ['deleting an entry', `delete from audit_entry where seq = 5`, /append-only/],
    ['emptying the log', `truncate audit_entry`, /append-only/],
    ['moving the head back', `update audit_head set seq = 3`, /only moves to the next entry/],
    ['deleting the head', `delete from audit_head`, /only moves to the next entry/],
    ['a number twice', `insert into audit_entry select * from audit_entry where seq = 5`, /audit_entry_pkey/],
  ];
  for (const [what, statement, refusal] of forbidden) {
    it(`is refused by the database itself: ${what}`, async () => {
      expect(await refusedBy(sql.raw(statement).execute(site.issuer.store.db))).to.match(refusal);
    });
  }

  const tampered: readonly [string, string, RegExp][] = [
    [
      'an actor',
      `update audit_entry set actor_name = 'Eve' where seq = 2`,
      /entry 2 \(card-blocked card\/2\) is not what/,
    ],
    ['a time', `update audit_entry set at = at + 1 where seq = 3`, /entry 3 .* is not what was written/],
    ['a detail', `update audit_entry set detail = replace(detail, 'Ü', 'U') where seq = 1`, /entry 1 .* is not what/],
    [
      'the subject of the last entry',
      `update audit_entry set subject = 'card/9' where seq = 5`,
      /entry 5 .* is not what/,
    ],
    ['an entry taken out', `delete from audit_entry where seq = 2`, /entry 2 is missing; 3 comes next/],
    ['the first entry taken out', `delete from audit_entry where seq = 1`, /entry 1 is missing/],
    ['the last entry taken out', `delete from audit_entry where seq = 5`, /entry 5 is missing; the log ends before/],
    ['an entry put behind the head', `${put} from audit_entry where seq = 5`, /entry 6 does not follow/],
    [
      'a hash that goes along',
      `update audit_entry set at = 0, hash = sha256(hash) where seq = 3`,
      /entry 3 .* is not what/,
    ],
    [
      'another previous hash',
      `update audit_entry set previous = sha256(previous) where seq = 4`,
      /entry 4 does not follow/,
    ],
    [
      'two entries exchanged',
      `update audit_entry set seq = case seq when 2 then 103 else 102 end where seq in (2, 3)`,
      /entry 2 is missing/,
    ],
    ['the head', `update audit_head set hash = sha256(hash)`, /head of the audit log is not its last entry, 5/],
  ];
  for (const [what, statement, sentence] of tampered) {
    it(`shows a change behind the issuer's back: ${what}`, async () => {
      expect(await flawAfter(statement)).to.match(sentence);
    });
  }
});
