/** Whoever has heard a terminal's certificate presents it, without the key that belongs to it. */
import { expect } from 'chai';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { presentCertificate } from '../../host/protocol/commands/present-certificate.js';
import { select } from '../../host/protocol/commands/select.js';
import { generatePrivateKey, softwareSigner } from '../../host/protocol/crypto/ecdsa.js';
import { commands } from '../../host/protocol/generated/commands.js';
import { Role } from '../../host/protocol/generated/enums.js';
import { classes, pairSlots } from '../../host/protocol/generated/parameters.js';
import type { TerminalIdentity } from '../../host/protocol/session/session.js';
import { freshCard, funds, openWith } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { changingNothing } from '../helpers/expectations.js';
import { bytesFor } from '../helpers/keys.js';
import { refused } from '../helpers/refused.js';
import { terminal } from '../helpers/scheme.js';
import { apdu, openFull, openFullData, openResumedData, present } from '../helpers/wire.js';
import { Wiretap, statusOf } from './support/conversation.js';
import { Till } from './support/till.js';

const victim = terminal(Role.pos);

/** Everything a card sends, so that it can be searched. */
function said(tap: Wiretap): string {
  return tap.heard.map(({ answer }) => toHex(answer)).join(' ');
}

/** What nobody may learn who has not proved who he is. */
async function identityOf(card: TestCard): Promise<Record<string, string>> {
  const session = await card.open(terminal(Role.perso));
  return {
    'card id': toHex(session.card.cardId),
    certificate: toHex(session.card.bytes),
    'signature key': toHex(session.card.signPoint),
    'agreement key': toHex(session.card.agreePoint),
    balance: Number(funds.euro).toString(16).padStart(8, '0'),
    serial: toHex(card.serial),
  };
}

describe('A copied certificate', () => {
  let card: TestCard;
  let tap: Wiretap;
  let secrets: Record<string, string>;

  beforeEach(async () => {
    card = await freshCard('active');
    secrets = await identityOf(card);
    tap = new Wiretap(card);
  });

  function expectNothingTold(): void {
    for (const [name, secret] of Object.entries(secrets)) expect(said(tap), name).to.not.include(secret);
  }

  it('[R7] [R10] [M6] learns a nonce and nothing else: no card id, no certificate, no key, no balance', async () => {
    const thief: TerminalIdentity = { ...victim, signer: softwareSigner(generatePrivateKey()) };
    await changingNothing(card, async () => {
      for (let i = 0; i < 3; i++) await refused(openWith(tap, thief), 'incorrectData');
    });
    expectNothingTold();
    const nonces = tap.heard.filter(({ answer }) => answer.length === 18).map(({ answer }) => toHex(answer));
    expect(new Set(nonces).size).to.equal(3);
  });

  it('[R7] [R12] opens nothing with a signature the terminal made before, for another nonce', async () => {
    const recorded = new Wiretap(card);
    await new Till().open(recorded);
    const open = recorded.heard.find(({ command }) => command[1] === 0x50 && command[2] === 0);
    if (!open) throw new Error('no OPEN SESSION was heard');
    await changingNothing(card, async () => {
      for (let i = 0; i < 3; i++) {
        await select(tap);
        await presentCertificate(tap, victim.certificate.bytes);
        expect(statusOf(await tap.transmit(open.command))).to.equal(0x6a80);
      }
    });
    expectNothingTold();
  });

  it('[R12] [M5] [M7] presented and opened again and again evicts no terminal that the card knows', async () => {
    const known = Array.from({ length: pairSlots }, (_, i) => new Till(`known ${i}`));
    for (const till of known) await till.open(card);
    const stranger = terminal(Role.pos, 'stranger');
    await changingNothing(card, async () => {
      for (let i = 0; i < pairSlots + 2; i++) {
        // The certificate alone; then a session that its own terminal agreed and never confirmed.
        await select(card);
        await present(card, stranger);
        await select(card);
        await openFull(card, stranger, await present(card, stranger));
      }
    });
    for (const till of known) expect((await till.open(card)).kind).to.equal('resumed');
  });

  it('[R12] [M7] one nonce serves one attempt: the right signature after a wrong one comes too late', async () => {
    await select(card);
    const nonce = await present(card, victim);
    const right = openFullData(victim, nonce);
    const wrong = right.slice();
    wrong[20] = (wrong[20] ?? 0) ^ 1;
    const open = (data: Uint8Array): Uint8Array => apdu(classes.plain, commands.OPEN_SESSION_FULL.ins, 0, 0, data);
    await changingNothing(card, async () => {
      expect(statusOf(await card.transmit(open(wrong)))).to.equal(0x6a80);
      expect(statusOf(await card.transmit(open(right)))).to.equal(0x6985);
    });
  });

  it('[R7] [M6] with the terminal’s id alone opens a session that says nothing and takes nothing', async () => {
    const till = new Till();
    await till.open(card);
    const { ins } = commands.OPEN_SESSION_RESUMED;
    await changingNothing(card, async () => {
      await select(tap);
      const { terminalId } = till.identity.certificate;
      const answer = await tap.transmit(apdu(classes.plain, ins, 1, 0, openResumedData(terminalId)));
      expect(statusOf(answer)).to.equal(0x9000);
      const guess = apdu(classes.protected, commands.DEBIT.ins, 0, 0, bytesFor('a guess', 21));
      expect(statusOf(await tap.transmit(guess))).to.equal(0x6988);
    });
    expectNothingTold();
  });

  it('[R6] [R7] with its key opens a session whose card shows its certificate: the search above can find it', async () => {
    await new Till().open(tap, { full: true });
    expect(said(tap)).to.include(secrets['certificate']).and.include(secrets['card id']);
    expect(said(tap)).to.not.include(secrets['balance']);
  });

  it('[R10] and its key are what it takes to read in a session what the wire hides: balance and amount', async () => {
    const till = new Till();
    await till.open(card);
    const session = await till.open(tap);
    const { record } = await till.pay(session, till.order(12_34n));
    expect(session.s1.balance.amount).to.equal(funds.euro);
    for (const figure of [Number(funds.euro), record.amount, record.balance]) {
      expect(said(tap)).to.not.include(figure.toString(16).padStart(8, '0'));
    }
  });

  it('[R10] heard in a resumed session, the card shows not even its certificate', async () => {
    const till = new Till();
    await till.open(card);
    await till.pay(await till.open(tap), till.order(3_50n));
    expectNothingTold();
  });
});
