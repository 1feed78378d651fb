/**
 * The link is lost in every gap of a payment and of a cancel: before the card gets a command, and after it did it. The next
 * meeting must find out what happened, and no cent may come or go.
 */
import { expect } from 'chai';
import type { PosOutcome } from '../../host/pos/types.js';
import { Site } from '../helpers/site.js';
import type { IssuedTestCard } from '../helpers/site.js';

const start = 200_00n;

/** What the card's records and this POS's journal say must agree: the balance is what was loaded, less proven sales. */
function journalBalance(site: Site): bigint {
  let balance = start;
  for (const { kind, amount, end } of site.pos.journal.state.orders.values()) {
    if (end?.result !== 'executed') continue;
    balance += kind === 'debit' ? -amount.amount : amount.amount;
  }
  return balance;
}

async function cardBalance(site: Site, { link }: IssuedTestCard): Promise<bigint> {
  const shell = site.pos.station.shell(link);
  const opened = await shell.perform({ do: 'open', slot: 0, full: false });
  if (opened.on !== 'open') throw new Error(`no session: ${opened.on}`);
  return opened.s1.balance.amount;
}

/** Runs an action with the link cut at each command in turn; the first run that has no such command is the last. */
async function atEveryCommand(
  { link }: IssuedTestCard,
  where: 'before' | 'after',
  run: (cut: () => void) => Promise<void>,
): Promise<number> {
  for (let at = 0; ; at++) {
    const { breaks } = link;
    await run(() => link.cut(at, where));
    await link.mend();
    if (link.breaks === breaks) return at;
  }
}

describe('A payment whose link is lost', function () {
  this.timeout(120_000);
  let site: Site;
  let card: IssuedTestCard;

  beforeEach(async () => {
    site = new Site();
    card = await site.issuedCard(start);
  });
  afterEach(() => site.close());

  for (const session of ['full', 'resumed'] as const) {
    for (const where of ['before', 'after'] as const) {
      it(`${where} any command of a ${session} session is made exactly once at the next meeting, or not at all [M2, M4]`, async () => {
        let attempts = 0;
        if (session === 'resumed') await site.pay(card.link, 1_00n);
        const already = session === 'resumed' ? 1_00n : 0n;
        const gaps = await atEveryCommand(card, where, async (cut) => {
          if (session === 'full') site.forgetPairs();
          attempts++;
          cut();
          const outcome = await site.pay(card.link, 1_50n);
          expect(outcome.result).to.be.oneOf(['paid', 'refused', 'unresolved']);
          if (outcome.result === 'paid') return;
          await card.link.mend();
          site.restart();
          expect((await site.pay(card.link, 1_50n)).result).to.equal('paid');
        });
        expect(gaps).to.equal(session === 'full' ? 6 : 3);
        expect(await cardBalance(site, card)).to.equal(start - already - 1_50n * BigInt(attempts));
        expect(journalBalance(site)).to.equal(await cardBalance(site, card));
      });
    }
  }

  for (const where of ['before', 'after'] as const) {
    it(`${where} any command of a cancel gives the money back exactly once [M1, M2]`, async () => {
      const gaps = await atEveryCommand(card, where, async (cut) => {
        await site.load(card, 1n); // a synchronisation: the card counts cancels between two of them
        expect((await site.pay(card.link, 2_00n)).result).to.equal('paid');
        cut();
        const outcome = await site.cancel(card.link);
        expect(outcome.result).to.be.oneOf(['cancelled', 'refused', 'unresolved']);
        if (outcome.result === 'cancelled') return;
        await card.link.mend();
        site.restart();
        expect((await site.cancel(card.link)).result).to.equal('cancelled');
      });
      expect(gaps).to.equal(5);
      const balance = await cardBalance(site, card);
      expect(journalBalance(site) + loadedOnTheWay(site, card)).to.equal(balance);
    });
  }

  it('leaves the entry open, and another customer is served meanwhile', async () => {
    const other = await site.issuedCard(20_00n);
    await site.pay(card.link, 1_00n);
    card.link.cut(2, 'after');
    expect((await site.pay(card.link, 5_00n)).result).to.equal('unresolved');
    expect((await site.pay(other.link, 2_00n)).result).to.equal('paid');
    await card.link.mend();
    const recovered = await site.pay(card.link, 5_00n);
    expect(recovered).to.include({ result: 'paid', recovered: true });
    expect(await cardBalance(site, card)).to.equal(start - 6_00n);
  });

  it('is not believed when a status word in clear says that nothing moved', async () => {
    await site.pay(card.link, 1_00n);
    const forged = Uint8Array.of(0x69, 0x85);
    card.link.tamper = (answer, apdu) => (apdu[1] === 0x54 ? forged : answer);
    const outcome: PosOutcome = await site.pay(card.link, 5_00n);
    expect(outcome.result).to.equal('unresolved');
    if (outcome.result === 'unresolved') expect(outcome.refusal.code).to.equal('outcome-unknown');
    card.link.tamper = (answer) => answer;
    expect(await site.pay(card.link, 5_00n)).to.include({ result: 'paid', recovered: true });
    expect(await cardBalance(site, card)).to.equal(start - 6_00n);
  });
});

function loadedOnTheWay(site: Site, { cardId }: IssuedTestCard): bigint {
  return site.issuer.funded(cardId, 0) - start;
}
