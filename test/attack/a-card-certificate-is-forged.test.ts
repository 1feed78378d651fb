/** What pretends to be a card shows a certificate that is not what it should be, or not its own. */
import { expect } from 'chai';
import { concat, u16 } from '../../host/protocol/codec/bytes.js';
import { day } from '../../host/protocol/codec/time.js';
import { isCardError } from '../../host/protocol/errors.js';
import { Role } from '../../host/protocol/generated/enums.js';
import { freshCard } from '../helpers/cards.js';
import { lost } from '../helpers/expectations.js';
import { bytesFor, signerFor } from '../helpers/keys.js';
import { authoritySigner, cardCertificate, keyIdOf, schemeId, startTime, terminal } from '../helpers/scheme.js';
import { tampered } from './support/conversation.js';
import { Till } from './support/till.js';

const own = {
  cardId: bytesFor('card id one', 8),
  signPoint: signerFor('impostor').point,
  agreePoint: signerFor('impostor, to agree').point,
};

const forgeries: Record<string, Uint8Array> = {
  'signed by nobody’s key': cardCertificate({ ...own, ca: signerFor('attacker') }),
  'signed by its own key': cardCertificate({ ...own, ca: signerFor('impostor') }),
  'signed by the order key under its own name': cardCertificate({
    ...own,
    authority: keyIdOf('order'),
    ca: authoritySigner('order'),
  }),
  'signed by the CA for kiosks': cardCertificate({
    ...own,
    authority: keyIdOf('terminalCa'),
    ca: authoritySigner('terminalCa'),
  }),
  'of another scheme': cardCertificate({ ...own, authority: { ...keyIdOf('cardCa'), scheme: schemeId + 1 } }),
  'of a terminal': terminal(Role.pos).certificate.bytes,
  'not yet valid': cardCertificate({ ...own, effective: startTime + 2 * day }),
  'with a byte behind it': concat(cardCertificate(own), Uint8Array.of(0)),
  'cut short': cardCertificate(own).slice(0, -1),
};

describe('A forged certificate of a card', () => {
  it('[R6] is refused before the terminal confirms anything; it keeps no pair', async () => {
    for (const [name, certificate] of Object.entries(forgeries)) {
      const sent: number[] = [];
      const link = tampered(await freshCard('active'), {
        command: (command) => {
          sent.push(command[1] ?? 0);
          return command;
        },
        answer: (answer) => (answer.length > 200 ? concat(certificate, u16(0x9000)) : answer),
      });
      const till = new Till();
      const error: unknown = await till.open(link, { full: true }).catch((thrown: unknown) => thrown);
      expect(
        isCardError(error, 'card-certificate', 'foreign-scheme', 'malformed'),
        `${name}: ${String(error)}`,
      ).to.equal(true);
      expect(sent, name).to.deep.equal([0xa4, 0x2a, 0x50]);
      expect(till.pairs.size).to.equal(0);
    }
  });

  it('[R6] [R11] genuine, but of a card whose key the impostor lacks, is of no use: lost at CONFIRM', async () => {
    const copied = cardCertificate(own);
    const link = tampered(await freshCard('active'), {
      answer: (answer) => (answer.length > 200 ? concat(copied, u16(0x9000)) : answer),
    });
    const till = new Till();
    expect((await lost(till.open(link, { full: true }))).command).to.equal('CONFIRM_SESSION');
    expect(till.pairs.size).to.equal(0);
  });
});
