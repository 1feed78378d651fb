/**
 * A load or unload is cut at every command to the card and at every call to the issuer, before it arrives and after it was done.
 * Later visits finish it; what the bank took is on the card once, or still waits, or went back.
 */
import { expect } from 'chai';
import { LoadState, LoadType } from '../../host/protocol/generated/enums.js';
import type { OpeningAnswer } from '../../host/protocol/session/opening-answer.js';
import type { ReloadOutcome, ReloadTask } from '../../host/reload/types.js';
import { Site, eur } from '../helpers/site.js';
import type { IssuedTestCard } from '../helpers/site.js';

const start = 100_00n;
const step = 3_00n;

function load(type: LoadType): ReloadTask {
  return { task: 'load', type, slot: 0, amount: eur(step) };
}

async function s1Of(site: Site, { link }: IssuedTestCard): Promise<OpeningAnswer> {
  const shell = site.kiosk.station.shell(link);
  const opened = await shell.perform({ do: 'open', slot: 0, full: false });
  if (opened.on !== 'open') throw new Error(`no session: ${opened.on}`);
  return opened.s1;
}

/** M1 for one card: what was funded is on the card, or authorised and on its way, or on the card and not reported yet. */
async function expectConserved(site: Site, card: IssuedTestCard): Promise<void> {
  const { balance, load: register } = await s1Of(site, card);
  const booked = site.issuer.card(card.cardId).loads.get(register?.counter ?? 0);
  const unreported = register?.state === LoadState.credited && booked?.state === 'authorised' ? register.amount : 0n;
  const ahead = register?.type === LoadType.unload ? -unreported : unreported;
  const waiting = site.issuer.outstanding(card.cardId, 0);
  expect(balance.amount - ahead).to.equal(site.issuer.funded(card.cardId, 0) - waiting);
}

describe('A visit to the kiosk that is cut', function () {
  this.timeout(180_000);
  let site: Site;
  let card: IssuedTestCard;

  before(async () => {
    site = new Site();
    card = await site.issuedCard(start);
  });
  after(() => site.close());

  async function visit(task: ReloadTask): Promise<ReloadOutcome> {
    site.typed.push(card.pin);
    const outcome = await site.reload(card.link, task);
    site.typed.length = 0;
    return outcome;
  }

  /** Cuts the visit at each point in turn; after each, the same wish again, and nothing may have been done twice. */
  async function everyPoint(
    task: ReloadTask,
    cut: (at: number) => void,
    wasCut: () => boolean,
    done: ReloadOutcome['result'],
  ): Promise<number> {
    for (let at = 0; ; at++) {
      const before = (await s1Of(site, card)).balance.amount;
      cut(at);
      const outcome = await visit(task);
      const cutNow = wasCut();
      await card.link.mend();
      site.issuerLink.mend();
      await expectConserved(site, card);
      if (outcome.result !== done) {
        expect(cutNow, `${outcome.result} at ${at}`).to.equal(true);
        site.restart();
        expect((await visit(task)).result, `again after ${at}`).to.equal(done);
      }
      await expectConserved(site, card);
      const moved = (await s1Of(site, card)).balance.amount - before;
      expect(moved, `at ${at}`).to.equal(task.task === 'load' ? (task.type === LoadType.load ? step : -step) : 0n);
      if (!cutNow) return at;
    }
  }

  for (const [name, type] of [
    ['load', LoadType.load],
    ['unload', LoadType.unload],
  ] as const) {
    for (const where of ['before', 'after'] as const) {
      it(`at any command of a ${name}, ${where} the card did it, moves the amount exactly once [M1, M3]`, async () => {
        let breaks = 0;
        const points = await everyPoint(
          load(type),
          (at) => {
            breaks = card.link.breaks;
            card.link.cut(at, where);
          },
          () => card.link.breaks > breaks,
          'loaded',
        );
        expect(points).to.be.greaterThan(6);
      });

      it(`at any call of a ${name}, ${where} the issuer did it, moves the amount exactly once [M1, M3]`, async () => {
        let breaks = 0;
        const points = await everyPoint(
          load(type),
          (at) => {
            breaks = site.issuerLink.breaks;
            site.issuerLink.cut(at, where);
          },
          () => site.issuerLink.breaks > breaks,
          'loaded',
        );
        expect(points).to.be.greaterThan(2);
      });
    }
  }

  it('is finished at the next visit without the PIN, when the bank was slow [M3]', async () => {
    site.issuer.bank = () => 'silent';
    const before = (await s1Of(site, card)).balance.amount;
    const waiting = await visit(load(LoadType.load));
    expect(waiting.result).to.equal('unresolved');
    if (waiting.result === 'unresolved') expect(waiting.refusal.code).to.equal('load-unresolved');
    site.issuer.bank = () => 'yes';
    const outcome = await site.reload(card.link, { task: 'visit' });
    expect(outcome.result).to.equal('visited');
    expect((await s1Of(site, card)).balance.amount).to.equal(before + step);
    await expectConserved(site, card);
  });

  it('is given up when the bank says no, and the card is free for another load', async () => {
    site.issuer.bank = () => 'no';
    const outcome = await visit(load(LoadType.load));
    expect(outcome.result).to.equal('refused');
    if (outcome.result === 'refused') expect(outcome.refusal.code).to.equal('load-refused');
    site.issuer.bank = () => 'yes';
    expect((await visit(load(LoadType.load))).result).to.equal('loaded');
    await expectConserved(site, card);
  });

  it('gives the money back when the holder gives up a load that the bank paid for [M1]', async () => {
    const before = (await s1Of(site, card)).balance.amount;
    site.issuer.bank = () => 'silent';
    await visit(load(LoadType.load));
    site.issuer.bank = () => 'yes';
    const outcome = await visit({ task: 'cancel' });
    expect(outcome.result).to.equal('cancelled');
    expect((await s1Of(site, card)).balance.amount).to.equal(before);
    await expectConserved(site, card);
    expect((await visit({ task: 'cancel' })).result).to.equal('refused');
  });

  it('gives up a payout that the card cannot make any more, and goes on', async () => {
    site.issuer.bank = () => 'silent';
    const all = (await s1Of(site, card)).balance;
    site.typed.push(card.pin);
    await site.reload(card.link, { task: 'load', type: LoadType.unload, slot: 0, amount: all });
    expect((await site.pay(card.link, 1_00n)).result).to.equal('paid');
    site.issuer.bank = () => 'yes';
    const outcome = await visit({ task: 'balance' });
    expect(outcome.result).to.equal('balance');
    const { load: register, balance } = await s1Of(site, card);
    expect(register?.state).to.equal(LoadState.cancelled);
    expect(balance.amount).to.equal(all.amount - 1_00n);
    expect((await site.cancel(card.link)).result).to.equal('cancelled');
    await expectConserved(site, card);
  });

  it('refuses a load without the PIN, and with a wrong one costs one try and no money', async () => {
    const before = site.issuer.funded(card.cardId, 0);
    const none = await site.reload(card.link, load(LoadType.load));
    if (none.result === 'refused') expect(none.refusal.code).to.equal('pin-not-given');
    site.typed.push(card.pin === '0000' ? '1111' : '0000');
    const wrong = await site.reload(card.link, load(LoadType.load));
    if (wrong.result === 'refused') expect(wrong.refusal.code).to.equal('pin-wrong');
    expect([none.result, wrong.result]).to.deep.equal(['refused', 'refused']);
    expect(site.issuer.funded(card.cardId, 0)).to.equal(before);
  });

  it('changes the PIN: afterwards only the new one serves', async () => {
    const wanted = '97531';
    site.typed.push(card.pin, wanted);
    expect((await site.reload(card.link, { task: 'change-pin' })).result).to.equal('pin-changed');
    site.typed.push(card.pin);
    const old = await site.reload(card.link, { task: 'balance' });
    expect(old.result).to.equal('refused');
    site.typed.push(wanted);
    const balance = await site.reload(card.link, { task: 'balance' });
    expect(balance.result).to.equal('balance');
    if (balance.result === 'balance') expect(balance.synchronised).to.equal(true);
  });
});
