import { expect } from 'chai';
import { fromHex } from '../../protocol/codec/bytes.js';
import { budgets } from '../../protocol/generated/parameters.js';
import { cardPlatform, cardResources, dataObjects } from './card-data.js';
import { objections } from './check.js';

/** As the GlobalPlatform Card Specification composes it (H.2): GP 2.2.1, SCP02 option 15, Java Card 3. */
const recognitionData = fromHex(
  '663f733d06072a864886fc6b01600c060a2a864886fc6b02020201630906072a864886fc6b03' +
    '640b06092a864886fc6b040215660c060a2b060104012a026e0103',
);

describe('epurse applet check', () => {
  it('reads versions and secure channels from the card recognition data', () => {
    expect(cardPlatform(recognitionData)).to.deep.equal({
      globalPlatform: '2.2.1',
      secureChannels: ['02'],
      javaCard: 3,
    });
  });

  it('reads free memory from the extended card resources, with and without their template', () => {
    const inside = '81010282040001a00083020c00';
    expect(cardResources(fromHex(inside))).to.deep.equal({ freePersistent: 106_496, freeTransient: 3072 });
    expect(cardResources(fromHex(`ff210d${inside}`))).to.deep.equal({ freePersistent: 106_496, freeTransient: 3072 });
  });

  it('refuses data objects that are cut short', () => {
    for (const hex of ['06', '0602', '060201', '9f', '068105', '0682', '06830000']) {
      expect(() => dataObjects(fromHex(hex)), hex).to.throw(RangeError);
    }
  });

  it('holds against a card what it tells and is too little, and nothing that it does not tell', () => {
    const silent = { globalPlatform: undefined, secureChannels: [], javaCard: undefined };
    const untold = { ...silent, freePersistent: undefined, freeTransient: undefined };
    expect(objections(untold)).to.deep.equal([]);
    expect(objections({ ...untold, javaCard: 2 })).to.have.length(1);
    expect(objections({ ...untold, freePersistent: budgets.persistent - 1 })).to.have.length(1);
    expect(objections({ ...untold, freeTransient: budgets.transientRam - 1 })).to.have.length(1);
    expect(objections({ ...untold, javaCard: 3, freePersistent: budgets.persistent })).to.deep.equal([]);
  });
});
