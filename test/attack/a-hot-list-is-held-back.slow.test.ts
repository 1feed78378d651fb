/** A thief keeps a shop from hearing that his card is listed: he cuts its line, or plays an older list to it. */
import { expect } from 'chai';
import { day } from '../../host/protocol/codec/time.js';
import { Site } from '../helpers/site.js';
import type { IssuedTestCard } from '../helpers/site.js';
import type { PosOutcome } from '../../host/pos/types.js';

describe('A hot list that is held back', function () {
  this.timeout(60_000);
  this.slow(5000);
  let site: Site;
  let stolen: IssuedTestCard;

  beforeEach(async () => {
    site = new Site();
    stolen = await site.issuedCard(100_00n);
    await site.pay(stolen.link, 1_00n);
  });
  afterEach(() => site.close());

  function codeOf(outcome: PosOutcome): string {
    return outcome.result === 'refused' ? outcome.refusal.code : outcome.result;
  }

  /** The shop's line is cut at the only call that a sale makes. */
  async function unheard(cents: bigint): Promise<string> {
    site.issuerLink.cut(0, 'before');
    return codeOf(await site.pay(stolen.link, cents));
  }

  it('[R17] [M12] serves a thief for a day, below the limits without PIN, and then no more: the shop refuses under an old list', async () => {
    site.issuer.list(stolen.cardId);
    expect(await unheard(20_00n)).to.equal('paid');
    expect(await unheard(30_00n)).to.equal('pin-not-given');
    site.clock.advance(2 * day);
    expect(await unheard(1_00n)).to.equal('hot-list-too-old');
  });

  it('[R17] ends with the first list that comes through: the card is refused and blocked, at this shop and at any other', async () => {
    site.issuer.list(stolen.cardId);
    expect(codeOf(await site.pay(stolen.link, 1_00n))).to.equal('card-listed');
    expect(codeOf(await site.pay(stolen.link, 1_00n))).to.equal('card-blocked');
  });

  it('[R17] is refused when an older one is played in its place: the version never goes back', async () => {
    const old = await site.issuer.hotList(0);
    site.issuer.list(stolen.cardId);
    const other = await site.issuedCard(10_00n);
    expect((await site.pay(other.link, 1_00n)).result).to.equal('paid');
    const { hotList } = site.pos.station;
    const { version } = hotList;
    if (old === null) throw new Error('there was no list before');
    expect(hotList.update(old)).to.equal('version');
    expect(hotList.version).to.equal(version);
    expect(codeOf(await site.pay(stolen.link, 1_00n))).to.equal('card-listed');
  });
});
