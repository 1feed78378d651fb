/** Group 14: the PIN goes to terminal and server unencrypted, and what the card signs lets a listener test guesses. */
import { expect } from 'chai';
import { toHex } from '../../../host/protocol/codec/bytes.js';
import { pinBlock } from '../../../host/protocol/codec/pin.js';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { isCardError } from '../../../host/protocol/errors.js';
import { Role } from '../../../host/protocol/generated/enums.js';
import { freshCard, lastingTerminal, openWith } from '../../helpers/cards.js';
import { holderPin } from '../../helpers/personalize.js';
import { Wiretap } from '../support/conversation.js';
import { hash } from './messages.js';
import { group14 } from './parties.js';

describe('A PIN', () => {
  it('in Group 14’s protocol is read off the line to the server', () => {
    const { card, terminal } = group14();
    terminal.login(card, '2468');
    expect(terminal.wire.some(({ fields }) => fields.includes('2468'))).to.equal(true);
  });

  it('in Group 14’s protocol is found from what the card sends alone, by trying all ten thousand', () => {
    const { card } = group14();
    const heard = card.login('nonce', 'terminal').fields[0];
    const guesses = Array.from({ length: 10_000 }, (_, guess) => String(guess).padStart(4, '0'));
    expect(guesses.filter((guess) => hash('card', guess, 'nonce', 'terminal') === heard)).to.deep.equal(['2468']);
  });

  it('[R5] [R10] here is on no wire, and a right one and a wrong one look alike to a listener', async () => {
    const card = await freshCard('active');
    const shapes: string[] = [];
    for (const pin of [holderPin, '9999']) {
      const tap = new Wiretap(card);
      const session = await openWith(tap, lastingTerminal(Role.load));
      await verifyPin(session, pin).catch((error: unknown) => {
        if (!isCardError(error, 'refused')) throw error;
      });
      const { command, answer } = tap.at(-1);
      const wire = tap.heard.map((one) => `${toHex(one.command)} ${toHex(one.answer)}`).join(' ');
      expect(wire).to.not.include(toHex(pinBlock(pin)));
      shapes.push(`${command.length} ${answer.length} ${toHex(command.slice(0, 5))} ${toHex(answer.slice(-2))}`);
    }
    expect(shapes[0]).to.equal(shapes[1]);
  });
});
