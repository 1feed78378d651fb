// Somebody between card and till sends the till its own order back, as if it were what the card says.
import { concat, u16 } from '../../../host/protocol/codec/bytes.js';
import { commands } from '../../../host/protocol/generated/commands.js';
import type { CardChannel } from '../../../host/protocol/channel/channel.js';
import type * as TillModule from '../support/till.js';
import { unchainedCard, unchainedHost } from '../support/unchained.js';
import { Repelled, onBoth } from './both.js';

onBoth('A till that gets its own order back for an answer', {
  ids: '[R11] [M7]',
  who: 'terminal',
  lacks: 'tell commands from answers',
  transforms: unchainedCard,
  changes: [
    ...unchainedHost,
    {
      module: 'host/protocol/channel/secure.js',
      find: 'const mac = cmac(this.#mac, concat(this.#chain, answerTag, cipher));',
      put: `const macs = [answerTag, commandTag].map((tag) => cmac(this.#mac, concat(this.#chain, tag, cipher)));
            const mac = macs.find((one) => equalSecret(one.slice(0, macLength), wire.slice(-macLength))) ?? macs[0];`,
    },
  ],
  attack: async (card, host) => {
    const { Till } = await host<typeof TillModule>('test/attack/support/till.js');
    const mirror: CardChannel = {
      transmit: async (apdu) => {
        if (apdu[1] !== commands.DEBIT.ins) return card.transmit(apdu);
        return concat(apdu.slice(0, -1), u16(0x9000));
      },
    };
    const till = new Till('in the mirror');
    const session = await till.open(mirror);
    const error: unknown = await till.pay(session, till.order(4_00n)).catch((thrown: unknown) => thrown);
    // whatever the till makes of it: it takes it for what its card said
    if (session.over) throw new Repelled('the answer is not authentic', { cause: error });
  },
});
