// Somebody between card and till lets the order through, and says in the card's name that it was refused: SCP03 leaves refusals unprotected.
import { u16 } from '../../../host/protocol/codec/bytes.js';
import { commands } from '../../../host/protocol/generated/commands.js';
import type * as SiteModule from '../../helpers/site.js';
import { Repelled, onBothHosts } from './both.js';

onBothHosts('A refusal that somebody puts in the place of S3', {
  ids: '[M2] [M7] [R9]',
  who: 'terminal',
  lacks: 'ask for a MAC over a refusal',
  changes: [
    {
      module: 'host/protocol/channel/secure.js',
      find: 'const answer = this.#unprotect(await this.#send(command));',
      put: `const { data, sw } = await this.#receive(command);
            const answer = sw === outerOk ? this.#unprotect(data) : Uint8Array.of(sw >> 8, sw & 0xff);`,
    },
  ],
  attack: async (host) => {
    const { Site } = await host<typeof SiteModule>('test/helpers/site.js');
    const site = new Site();
    try {
      const card = await site.issuedCard(50_00n);
      card.link.tamper = (answer, apdu) => (apdu[1] === commands.DEBIT.ins ? u16(0x6985) : answer);
      const told = await site.pay(card.link, 5_00n);
      if (told.result !== 'refused') throw new Repelled(told.result);
      card.link.tamper = (answer) => answer;
      const next = await site.pay(card.link, 1_00n);
      // the holder went without goods, and without the money
      if (next.result !== 'paid' || next.record.balance !== 44_00) throw new Error('the card did not pay');
    } finally {
      site.close();
    }
  },
});
