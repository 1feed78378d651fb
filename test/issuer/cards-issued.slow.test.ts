import { expect } from 'chai';
import { parseCardCertificate, verifyCardCertificate } from '../../host/protocol/certificates/card.js';
import { LifeCycle, StatementPurpose } from '../../host/protocol/generated/enums.js';
import { cardDataCodec } from '../../host/protocol/generated/structures.js';
import type { IssueRequest } from '../../host/protocol/issuer/port.js';
import { scheme } from '../helpers/scheme.js';
import { SoftCard } from '../helpers/soft-card.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { expectRefusal } from './refusals.js';
import { onEachDatabase } from './each-database.js';
onEachDatabase('Cards issued', (open) => {
  let site: SoftIssuer;
  before(async () => (site = await open()));
  afterEach(async () => expect(await site.differences()).to.deep.equal([]));

  const request = (card: SoftCard): IssueRequest => ({
    deskId: site.desk.certificate.terminalId,
    serial: card.serial,
    signPoint: card.signer.point,
    agreePoint: card.agree.point,
    holder: 'Ada',
  });

  it('[R3] carry a certificate of the card CA over their own keys, and the same card comes back on a repeat', async () => {
    const card = new SoftCard('twice');
    const issued = await site.port.issueCard(request(card));
    expect(await site.port.issueCard(request(card))).to.deep.equal(issued);
    const certificate = parseCardCertificate(issued.certificate);
    verifyCardCertificate(certificate, scheme.keys, site.clock.now);
    expect(certificate.signPoint).to.deep.equal(card.signer.point);
    expect(certificate.agreePoint).to.deep.equal(card.agree.point);
    expect(certificate.expiry).to.equal(cardDataCodec.decode(issued.cardData).expiry);
    expect(issued.keys).to.have.length(8);
  });

  it('[R8] end five years later to the day', async () => {
    const { cardData } = await site.port.issueCard(request(new SoftCard('five years')));
    const { date, expiry } = cardDataCodec.decode(cardData);
    const [from, to] = [new Date(date * 1000), new Date(expiry * 1000)];
    expect(to.getUTCFullYear() - from.getUTCFullYear()).to.equal(5);
    expect(to.toISOString().slice(5)).to.equal(from.toISOString().slice(5));
  });

  it('[R3] [R4] [R15] cannot be issued again with other keys, nor with one key for two purposes', async () => {
    const card = new SoftCard('again');
    await site.port.issueCard(request(card));
    const other = new SoftCard('other keys');
    await expectRefusal(site.port.issueCard({ ...request(other), serial: card.serial }), 'conflict', /issued before/);
    await expectRefusal(
      site.port.issueCard({ ...request(other), agreePoint: other.signer.point }),
      'rejected',
      /one key for two/,
    );
    await expectRefusal(
      site.port.issueCard({ ...request(other), signPoint: new Uint8Array(64).fill(1) }),
      'rejected',
      /not on the curve/,
    );
    await expectRefusal(
      site.port.issueCard({ ...request(other), holder: 'x'.repeat(81) }),
      'rejected',
      /80 characters/,
    );
  });

  it('[R7] come from desks alone', async () => {
    const kiosk = { ...request(new SoftCard('kiosk')), deskId: site.kiosk.certificate.terminalId };
    await expectRefusal(site.port.issueCard(kiosk), 'rejected', /role perso/);
  });

  it('count once they have answered for themselves', async () => {
    const card = new SoftCard('raw');
    const issued = await site.port.issueCard(request(card));
    card.personalize(issued);
    card.books.state = LifeCycle.blocked;
    await expectRefusal(
      site.port.cardActivated(card.statement(StatementPurpose.log)),
      'rejected',
      /not say that the card is active/,
    );
    card.books.state = LifeCycle.active;
    const other = await site.card();
    await expectRefusal(
      site.port.cardActivated({ ...other.statement(StatementPurpose.log), cardId: card.cardId }),
      'rejected',
      /not signed/,
    );
    await site.port.cardActivated(card.statement(StatementPurpose.log));
    await site.port.cardActivated(card.statement(StatementPurpose.log));
  });
});
