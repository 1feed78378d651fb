/** Personalization and orders are cut at every command and every call to the issuer; doing it again completes them [M5]. */
import { expect } from 'chai';
import { LifeCycle } from '../../host/protocol/generated/enums.js';
import { select } from '../../host/protocol/commands/select.js';
import type { DeskOrder } from '../../host/protocol/issuer/port.js';
import type { DeskOutcome, DeskTask } from '../../host/personalize/types.js';
import { Site } from '../helpers/site.js';
import type { Link } from '../helpers/site.js';

const issue: DeskTask = { task: 'issue', holder: 'Ada' };

function order(kind: DeskOrder): DeskTask {
  return { task: 'order', order: kind, reason: 'test' };
}

describe('A desk whose link is lost', function () {
  this.timeout(180_000);
  let site: Site;

  beforeEach(() => (site = new Site()));
  afterEach(() => site.close());

  /** The card works with the PIN that was printed last. */
  async function expectUsable(link: Link): Promise<void> {
    const printed = site.printed.at(-1);
    if (printed === undefined) throw new Error('no PIN was printed');
    site.typed.push(printed.pin);
    const outcome = await site.reload(link, { task: 'balance' });
    expect(outcome.result).to.equal('balance');
  }

  for (const where of ['before', 'after'] as const) {
    for (const restarts of [false, true]) {
      const program = restarts ? 'a new run of the program' : 'the same run';
      it(`${where} any command of an issue finishes it with ${program} when the card comes back [R3, M5]`, async () => {
        for (let at = 0; ; at++) {
          const link = await site.rawCard();
          link.cut(at, where);
          const first = await site.personalize(link, issue);
          if (link.breaks === 0) {
            expect(at).to.be.greaterThan(20);
            return;
          }
          expect(first.result).to.equal('refused');
          await link.mend();
          if (restarts) site.restart();
          const again = await site.personalize(link, issue);
          expect(again.result, `cut at ${at}`).to.be.oneOf(['issued', 'ordered']);
          await expectUsable(link);
          expect([...site.issuer.cards.values()].filter(({ active }) => active)).to.have.length(at + 1);
        }
      });
    }
  }

  it('asks the issuer again where its answer was lost, and gets the same card', async () => {
    for (let at = 0; ; at++) {
      const link = await site.rawCard();
      const { breaks } = site.issuerLink;
      site.issuerLink.cut(at, at % 2 === 0 ? 'after' : 'before');
      const first = await site.personalize(link, issue);
      site.issuerLink.mend();
      if (site.issuerLink.breaks === breaks) break;
      expect(first.result).to.equal('refused');
      await link.mend();
      expect((await site.personalize(link, issue)).result).to.equal('issued');
      await expectUsable(link);
    }
    const serials = [...site.issuer.cards.values()].map(({ serial }) => serial);
    expect(new Set(serials).size).to.equal(serials.length);
  });

  for (const kind of ['pinReset', 'unblock', 'retire'] as const) {
    for (const where of ['before', 'after'] as const) {
      it(`${where} any command of ${kind} leaves a card that takes the same order again [M5, M8]`, async () => {
        for (let at = 0; ; at++) {
          const card = await site.issuedCard();
          if (kind === 'unblock') await blockByPins(site, card.link, card.pin);
          const { breaks } = card.link;
          card.link.cut(at, where);
          const first = await site.personalize(card.link, order(kind));
          await card.link.mend();
          if (card.link.breaks === breaks) {
            expect(first.result).to.equal('ordered');
            return;
          }
          site.restart();
          const again: DeskOutcome = await site.personalize(card.link, order(kind));
          expect(again.result, `cut at ${at}`).to.equal('ordered');
          const { state } = await select(card.link);
          expect(state).to.equal(
            kind === 'retire' ? LifeCycle.retired : kind === 'unblock' ? LifeCycle.blocked : LifeCycle.active,
          );
          if (kind === 'pinReset') await expectUsable(card.link);
        }
      });
    }
  }

  it('gives a card blocked by five wrong PINs back to its holder with a new PIN [R16]', async () => {
    const card = await site.issuedCard();
    await blockByPins(site, card.link, card.pin);
    expect((await select(card.link)).state).to.equal(LifeCycle.blocked);
    expect((await site.personalize(card.link, order('pinReset'))).result).to.equal('ordered');
    await expectUsable(card.link);
  });

  it('refuses a card that is somebody’s purse, and an order for a raw one [R4]', async () => {
    const card = await site.issuedCard();
    const again = await site.personalize(card.link, issue);
    if (again.result === 'refused') expect(again.refusal.code).to.equal('card-not-raw');
    const raw = await site.personalize(await site.rawCard(), order('retire'));
    if (raw.result === 'refused') expect(raw.refusal.code).to.equal('card-raw');
    expect([again.result, raw.result]).to.deep.equal(['refused', 'refused']);
  });

  it('refuses a raw card of another batch', async () => {
    const other = new Site();
    try {
      const outcome = await site.personalize(await other.rawCard(), issue);
      expect(outcome.result).to.equal('refused');
      if (outcome.result === 'refused') expect(outcome.refusal.code).to.equal('card-foreign');
    } finally {
      other.close();
    }
  });
});

async function blockByPins(site: Site, link: Link, right: string): Promise<void> {
  const wrong = right === '0000' ? '1111' : '0000';
  site.typed.push(wrong, wrong, wrong, wrong, wrong);
  const outcome = await site.reload(link, { task: 'balance' });
  if (outcome.result !== 'refused' || outcome.refusal.code !== 'pin-blocked')
    throw new Error('the card is not blocked');
}
