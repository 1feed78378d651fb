/** Whoever has listened plays what he heard again: whole, in another order, cut short, twice, or turned round. */
import { expect } from 'chai';
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import { concat } from '../../host/protocol/codec/bytes.js';
import { isCardError } from '../../host/protocol/errors.js';
import { commands } from '../../host/protocol/generated/commands.js';
import { Role } from '../../host/protocol/generated/enums.js';
import { classes } from '../../host/protocol/generated/parameters.js';
import { freshCard, load, openWith } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { changingNothing, lost } from '../helpers/expectations.js';
import { terminal } from '../helpers/scheme.js';
import { apdu } from '../helpers/wire.js';
import { Wiretap, replay, statusOf, tampered, wroteNothing } from './support/conversation.js';
import { Till } from './support/till.js';

const ok = 0x9000;
const kiosk = terminal(Role.load);

interface Conversation {
  readonly card: TestCard;
  readonly till: Till;
  readonly tap: Wiretap;
}

/** Conversations in which money moves; the card is then as it was left. */
const conversations: Record<string, () => Promise<Conversation>> = {
  'a payment in a full session': () =>
    overheard(async ({ till, tap }) => {
      await till.pay(await till.open(tap, { full: true }), till.order(3_50n));
    }),
  'a payment in a resumed session': () =>
    overheard(async ({ card, till, tap }) => {
      await till.open(card);
      await till.pay(await till.open(tap), till.order(3_50n));
    }),
  'a load': () =>
    overheard(async ({ card, tap }) => {
      await load(await openWith(tap, kiosk), card.orders, 0, 20_00n);
    }),
};

async function overheard(talk: (parts: Conversation) => Promise<void>): Promise<Conversation> {
  const card = await freshCard('active');
  const parts = { card, till: new Till(), tap: new Wiretap(card) };
  await talk(parts);
  return parts;
}

function isProtected(command: Uint8Array): boolean {
  return command[0] === classes.protected;
}

for (const [name, hold] of Object.entries(conversations)) {
  describe(`Of ${name} that was overheard`, () => {
    it('[R12] [M2] [M3] [M7] nothing works a second time, and nothing changes', async () => {
      const { card, tap } = await hold();
      const spoken = tap.heard.map(({ command }) => command);
      const words = await changingNothing(card, () => replay(card, spoken));
      const moving = spoken
        .map((command, i) => ({ command, sw: words[i] }))
        .filter(({ command }) => isProtected(command));
      expect(moving.length).to.be.above(0);
      for (const { sw } of moving) expect(sw).to.not.equal(ok);
    });

    it('[R12] [M7] nothing works after the card was switched off and on, either', async () => {
      const { card, tap } = await hold();
      await card.card.powerOff();
      await card.card.powerOn();
      const words = await changingNothing(card, () =>
        replay(
          card,
          tap.heard.map(({ command }) => command),
        ),
      );
      expect(words.at(-1)).to.not.equal(ok);
    });

    it('[R12] [M7] a later command in the place of an earlier one is refused, and ends the session', async () => {
      const { card, tap } = await hold();
      for (const [i, here] of tap.heard.entries()) {
        for (const later of tap.heard.slice(i + 1).filter(({ command }) => isProtected(command))) {
          await card.card.restore(here.before);
          expect(statusOf(await card.transmit(later.command))).to.not.equal(ok);
          await wroteNothing(card);
          if (!isProtected(here.command)) continue;
          expect(statusOf(await card.transmit(here.command)), 'the right one, too late').to.not.equal(ok);
          await wroteNothing(card);
        }
      }
    });

    it('[R12] [M2] [M7] a protected command sent twice is executed once', async () => {
      const { card, tap } = await hold();
      for (const { before, command } of tap.heard.filter((heard) => isProtected(heard.command))) {
        await card.card.restore(before);
        expect(statusOf(await card.transmit(command))).to.equal(ok);
        await changingNothing(card, async () => {
          expect(statusOf(await card.transmit(command))).to.not.equal(ok);
        });
      }
    });

    it('[R9] [M7] a command cut short at any byte is refused, its length told truly or not', async () => {
      const { card, tap } = await hold();
      for (const { before, command } of tap.heard.slice(1)) {
        const data = command.slice(5, -1);
        const [cla = 0, ins = 0, p1 = 0, p2 = 0] = command;
        const shorter = [
          ...Array.from({ length: data.length }, (_, length) => apdu(cla, ins, p1, p2, data.slice(0, length))),
          ...Array.from({ length: command.length - 6 }, (_, length) => command.slice(0, 5 + length)),
        ];
        for (const cut of shorter) {
          await card.card.restore(before);
          expect(statusOf(await card.transmit(cut))).to.not.equal(ok);
          await wroteNothing(card);
        }
      }
    });

    it('[R9] [M7] a command with a byte more is refused', async () => {
      const { card, tap } = await hold();
      for (const { before, command } of tap.heard.slice(1)) {
        const [cla = 0, ins = 0, p1 = 0, p2 = 0] = command;
        await card.card.restore(before);
        const longer = apdu(cla, ins, p1, p2, concat(command.slice(5, -1), Uint8Array.of(0)));
        expect(statusOf(await card.transmit(longer))).to.not.equal(ok);
        await wroteNothing(card);
      }
    });

    it('[R11] [M7] answers sent back as commands are refused', async () => {
      const { card, tap } = await hold();
      const spoken = tap.heard.filter(({ command }) => isProtected(command));
      for (const [i, { answer, command }] of spoken.entries()) {
        const next = spoken[i + 1];
        const [, ins = 0, p1 = 0, p2 = 0] = (next ?? { command }).command;
        const back = apdu(classes.protected, ins, p1, p2, answer.slice(0, -2));
        // The session is where the card has just given this answer.
        await card.card.restore(next?.before ?? tap.at(-1).before);
        if (!next) await card.transmit(command);
        await changingNothing(card, async () => expect(statusOf(await card.transmit(back))).to.not.equal(ok));
      }
    });

    it('[R6] [R12] the card’s part alone convinces no terminal that it has a card before it', async () => {
      const { till, tap } = await hold();
      let sent = 0;
      const phantom: CardChannel = {
        transmit: (command) => {
          sent++;
          const heard = tap.heard.find((one) => one.command[1] === command[1] && one.command[2] === command[2]);
          return heard ? Promise.resolve(heard.answer) : Promise.reject(new Error('never heard that'));
        },
      };
      const identity = name === 'a load' ? kiosk : till.identity;
      const opened = await openWith(phantom, identity, { pairs: till.pairs }).then(
        (session) => session,
        (error: unknown) => {
          if (!isCardError(error)) throw error;
        },
      );
      expect(opened).to.equal(undefined);
      expect(sent).to.be.above(1);
    });
  });
}

describe('A terminal whose own command comes back as the answer', () => {
  it('[R11] [M7] takes it for no answer', async () => {
    const card = await freshCard('active');
    const till = new Till();
    let last = new Uint8Array(0);
    const mirror = tampered(card, {
      command: (command) => (last = command.slice()),
      answer: (answer) =>
        last[1] === commands.DEBIT.ins ? concat(last.slice(5, -1), Uint8Array.of(0x90, 0x00)) : answer,
    });
    const session = await till.open(mirror);
    const error = await lost(till.pay(session, till.order(3_50n)), 'unknown');
    expect(error.command).to.equal('DEBIT');
    expect(session.over).to.equal(true);
  });
});
