// A factory hands in the point at infinity for a card's public key. Once that is certified, everybody can sign for the card, and it can deny everything.
import { CertificateError } from '../../../host/protocol/certificates/certificate.js';
import type * as CardCertificateModule from '../../../host/protocol/certificates/card.js';
import type * as RecordModule from '../../../host/protocol/proofs/record.js';
import { recordMessage } from '../../../host/protocol/signed/signed-record.js';
import { freshCard } from '../../helpers/cards.js';
import { authoritySigner, keyIdOf } from '../../helpers/scheme.js';
import { infinitySigner } from '../support/bad-points.js';
import { carelessPoints, carelessSignatures } from '../support/careless-host.js';
import { Till } from '../support/till.js';
import { Repelled, onBothHosts } from './both.js';

onBothHosts('Somebody who signs for a card whose key is the point at infinity', {
  ids: '[R6] [R13] [M12]',
  who: 'terminal',
  lacks: 'ask whether a public key is a point',
  changes: [...carelessSignatures, ...carelessPoints],
  attack: async (host) => {
    const { issueCardCertificate, parseCardCertificate } = await host<typeof CardCertificateModule>(
      'host/protocol/certificates/card.js',
    );
    const { isProved, signedRecordOf } = await host<typeof RecordModule>('host/protocol/proofs/record.js');
    const till = new Till('any');
    const session = await till.open(await freshCard('active'));
    const { record } = await till.pay(session, till.order(1_00n));
    const fields = { ...session.card, authority: keyIdOf('cardCa'), signPoint: infinitySigner.point };
    try {
      const certificate = parseCardCertificate(issueCardCertificate(fields, authoritySigner('cardCa')));
      const s3 = infinitySigner.sign(recordMessage(signedRecordOf(certificate, record)));
      if (!isProved(certificate, { record, s3 })) throw new Repelled('not proved');
    } catch (error) {
      if (error instanceof CertificateError) throw new Repelled(error.code, { cause: error });
      throw error;
    }
  },
});
