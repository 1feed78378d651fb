import { expect } from 'chai';
import { defaultPolicy, limitPeriod } from '../../../host/issuer/domain/policy.js';

describe('The rules of an issuer that sets none', () => {
  it('are those that docs/ledger.md and the protocol assume', () => {
    expect(defaultPolicy).to.deep.equal({
      presentationWindow: 2_592_000,
      listAge: 86_400,
      listRenewal: 43_200,
      bankPatience: 259_200,
      listLongest: 65_535,
      cardDaily: { EUR: 500_00n, USD: 500_00n },
      holderDaily: { EUR: 1_000_00n, USD: 1_000_00n },
      washSales: { sales: 10, points: 500n },
      merchantCommission: 0,
      cardLifetimeYears: 5,
    });
    expect(limitPeriod).to.equal(86_400);
  });
});
