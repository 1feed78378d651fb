/** The edges of what a merchant is paid for. */
import { expect } from 'chai';
import type { BookState } from '../../../host/issuer/domain/book.js';
import { claimPurchase } from '../../../host/issuer/domain/claims.js';
import type { Claim } from '../../../host/issuer/domain/claims.js';
import { euro } from '../../helpers/scheme.js';
import { book, claim, record } from './facts.js';

/** The answer to a claim of the purchase that was made at 1,000 seconds, for 3.50. */
function answer(terms: Partial<Claim>, state: Partial<BookState> = {}): string {
  const one = book(state);
  one.take(record('purchase', 2, 3_50n, 96_50n));
  return claimPurchase(one, 2, { ...claim, ...terms });
}

describe('A claim at the edge', () => {
  it('of the limit itself is paid, and of a minor unit more is not', () => {
    expect(answer({ limits: new Map([[euro.code, 3_50n]]) })).to.equal('accepted');
    expect(answer({ limits: new Map([[euro.code, 3_49n]]) })).to.equal('above-limit');
  });

  it('of a certificate is paid from its first second to its last', () => {
    expect(answer({ effective: 1_000 })).to.equal('accepted');
    expect(answer({ effective: 1_001 })).to.equal('certificate-over');
    expect(answer({ expiry: 1_001 })).to.equal('accepted');
    expect(answer({ expiry: 1_000 })).to.equal('certificate-over');
  });

  it('of a revocation is paid for a sale in that very second, and for none after it', () => {
    expect(answer({ revokedAt: 1_000 })).to.equal('accepted');
    expect(answer({ revokedAt: 999 })).to.equal('terminal-revoked');
    expect(answer({ revokedAt: 0 })).to.equal('terminal-revoked');
  });

  it('of a listing is paid until a fresh list would have refused the card', () => {
    expect(answer({ refusedFrom: 1_001 })).to.equal('accepted');
    expect(answer({ refusedFrom: 1_000 })).to.equal('listed-card');
    expect(answer({ refusedFrom: 0 })).to.equal('listed-card');
  });

  it('goes by the closing of the batch before for what was numbered after it, and for nothing else', () => {
    const { tn } = record('purchase', 2, 3_50n, 96_50n);
    const later = { before: { lastTn: tn - 1, closedAt: 1_200 } };
    expect(answer({ ...later, refusedFrom: 1_201, revokedAt: 1_200, expiry: 1_201 })).to.equal('accepted');
    expect(answer({ ...later, refusedFrom: 1_200 })).to.equal('listed-card');
    expect(answer({ ...later, revokedAt: 1_199 })).to.equal('terminal-revoked');
    expect(answer({ ...later, expiry: 1_200 })).to.equal('certificate-over');
    const corrected = { before: { lastTn: tn, closedAt: 1_200 } };
    expect(answer({ ...corrected, refusedFrom: 1_200 })).to.equal('accepted');
    expect(answer({ before: { lastTn: tn - 1, closedAt: 900 }, refusedFrom: 1_000 })).to.equal('listed-card');
  });

  it('of the presentation window is paid in its last second', () => {
    expect(answer({ now: 2_000 })).to.equal('accepted');
    expect(answer({ now: 2_001 })).to.equal('too-late');
  });
});

describe('A claim of a cancelled sale', () => {
  const cancel = record('cancel', 3, 3_50n, 100_00n, { ref: 2, pointsBalance: 0n });

  function claimed(terms: Partial<Claim>): string {
    const one = book();
    one.take(record('purchase', 2, 3_50n, 96_50n));
    one.take(cancel);
    return claimPurchase(one, 2, { ...claim, ...terms });
  }

  it('that the terminal cancelled after it had closed the batch is overtaken, and blamed on nobody', () => {
    expect(claimed({ lastTn: cancel.tn - 1 })).to.equal('overtaken');
  });

  it('that the batch itself accounts for is a fault', () => {
    expect(claimed({ lastTn: cancel.tn })).to.equal('cancelled-but-claimed');
    expect(claimed({ lastTn: cancel.tn + 1 })).to.equal('cancelled-but-claimed');
  });

  it('whose cancel the book does not have, or has from another terminal, is a fault', () => {
    const facts = record('purchase', 2, 3_50n, 96_50n);
    const known = (behind: ReturnType<typeof record>[]): string =>
      claimPurchase(
        book({
          nt: 9,
          records: [
            { facts, placement: 'placed', clearing: 'cancelled' },
            ...behind.map((one) => ({ facts: one, placement: 'placed', clearing: 'none' }) as const),
          ],
        }),
        2,
        { ...claim, lastTn: 0 },
      );
    expect(known([])).to.equal('cancelled-but-claimed');
    expect(known([{ ...cancel, terminalId: 'cccccccccccccccc' }])).to.equal('cancelled-but-claimed');
    expect(known([record('purchase', 3, 1_00n, 95_50n)])).to.equal('cancelled-but-claimed');
    expect(known([cancel])).to.equal('overtaken');
  });
});

describe('A claim of what is no open sale', () => {
  it('is told what it is instead', () => {
    const facts = record('purchase', 2, 3_50n, 96_50n);
    const standing = (clearing: 'claimed' | 'reversed' | 'forfeited' | 'none'): string =>
      claimPurchase(book({ nt: 2, records: [{ facts, placement: 'placed', clearing }] }), 2, claim);
    expect(standing('claimed')).to.equal('repeated');
    expect(standing('reversed')).to.equal('cancelled-but-claimed');
    expect(standing('forfeited')).to.equal('void-but-claimed');
    expect(standing('none')).to.equal('too-late');
  });

  it('is of a wrong record where there is none', () => {
    expect(claimPurchase(book(), 2, claim)).to.equal('wrong-record');
  });

  it('is of a wrong record where it is a cancel that waits', () => {
    const one = book();
    one.take(record('cancel', 3, 3_50n, 100_00n, { ref: 2, pointsBalance: 0n }));
    expect(claimPurchase(one, 3, claim)).to.equal('wrong-record');
    expect(one.records.get(3)?.clearing).to.equal('open');
  });
});
