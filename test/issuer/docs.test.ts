import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { chart } from '../../host/issuer/domain/accounts.js';
import { terminalFaults } from '../../host/issuer/domain/findings.js';
import { projectRoot } from '../helpers/project.js';

describe('docs/ledger.md', () => {
  const text = readFileSync(join(projectRoot, 'docs', 'ledger.md'), 'utf8');

  it('has the chart of accounts as it is, and no account besides', () => {
    const rows = text.split('\n').filter((line) => /^\| `\w+` \| (debit|credit) \|/.test(line));
    const expected = Object.entries(chart).map(
      ([name, { side, party, doc }]) => `| \`${name}\` | ${side} | ${party} | ${doc} |`,
    );
    expect(rows).to.deep.equal(expected);
  });

  it('names every event of the ledger', () => {
    const source = readFileSync(join(projectRoot, 'host', 'issuer', 'domain', 'events.ts'), 'utf8');
    const events = new Set([...source.matchAll(/kind: '([a-z-]+)'/g)].map(([, kind]) => kind));
    expect(events.size).to.be.above(10);
    for (const event of events) expect(text, event).to.include(`\`${event}\``);
  });

  it('names every reason not to pay a claim', () => {
    const { 'bad-cancel-order': _, ...reasons } = terminalFaults;
    for (const reason of Object.keys(reasons)) expect(text, reason).to.include(`\`${reason}\``);
  });
});
