/** Terminals that an operator invites: who certifies them, and what they may do. */
import { expect } from 'chai';
import { enrolmentMessage } from '../../host/protocol/issuer/enrolment.js';
import { enrolTerminal, inviteTerminal } from '../../host/issuer/service/enrolment.js';
import type { Enrolled, Enroller, InvitedTerminal } from '../../host/issuer/service/enrolment.js';
import type { Actor } from '../../host/issuer/service/audit.js';
import { knownTerminal, verifiedTerminal } from '../../host/issuer/service/terminals.js';
import { fromHex, toHex } from '../../host/protocol/codec/bytes.js';
import { generatePrivateKey } from '../../host/protocol/crypto/ecdsa.js';
import { nativeSigner } from '../../host/protocol/crypto/native.js';
import { LoadType, Role } from '../../host/protocol/generated/enums.js';
import { TestTls } from '../helpers/https.js';
import { euro, schemeId } from '../helpers/scheme.js';
import type { SoftIssuer } from '../helpers/soft-issuer.js';
import { onEachDatabase } from './each-database.js';
import { expectRefusal } from './refusals.js';

const ada: Actor = { kind: 'operator', name: 'Ada' };
const shop = { acquirerId: Uint8Array.of(0, 0, 0, 1), merchantId: Uint8Array.of(0, 0, 9, 9) };
const limits = [{ unit: euro.code, limit: 50_00 }];

onEachDatabase('An invitation', (open) => {
  let site: SoftIssuer;
  const tls = new TestTls(schemeId);
  before(async () => (site = await open()));

  /** As a machine whose acquirer keeps his keys elsewhere. */
  const withoutAcquirer: Enroller = {
    get keys(): Enroller['keys'] {
      throw new Error('the keys of the acquirer are elsewhere');
    },
    authority: tls.authority,
  };
  const enroller = (): Enroller => ({ keys: site.issuer.keys, authority: tls.authority });

  async function enrolled(invited: InvitedTerminal, by: Enroller): Promise<Enrolled> {
    const { token } = await inviteTerminal(site.issuer, invited, ada);
    const [cardLink, connection] = [nativeSigner(generatePrivateKey()), nativeSigner(generatePrivateKey())];
    const keys = { token: fromHex(token), cardLinkKey: cardLink.point, connectionKey: connection.point };
    const message = enrolmentMessage(keys);
    const request = { ...keys, cardLinkProof: cardLink.sign(message), connectionProof: connection.sign(message) };
    const first = await enrolTerminal(site.issuer, by, request);
    expect(await enrolTerminal(site.issuer, by, request)).to.deep.equal(first);
    return first;
  }

  for (const role of [Role.load, Role.perso] as const)
    it(`makes a ${role === Role.load ? 'kiosk' : 'desk'} of the issuer under its own key, without the acquirer`, async () => {
      const { terminalId, terminalCertificate } = await enrolled({ role }, withoutAcquirer);
      const certificate = verifiedTerminal(site.issuer, terminalCertificate, site.clock.now);
      expect([certificate.role, toHex(certificate.merchantId), certificate.limits.length]).to.deep.equal([
        role,
        '00000000',
        0,
      ]);
      expect((await knownTerminal(site.issuer.store.db, toHex(terminalId))).role).to.equal(role);
    });

  it('lets a kiosk load, and a POS that was invited load nothing', async () => {
    const card = await site.card();
    const { terminalId: kioskId } = await enrolled({ role: Role.load }, withoutAcquirer);
    const log = card.initLoad(LoadType.load, 0, 5_00, kioskId);
    expect((await site.port.authoriseLoad({ kioskId, log })).status).to.equal('authorised');
    const { terminalId: posId } = await enrolled({ role: Role.pos, ...shop, limits }, enroller());
    await expectRefusal(site.port.authoriseLoad({ kioskId: posId, log }), 'rejected', /has not the role load/);
  });

  it('of a POS certifies nothing where the acquirer’s keys are elsewhere', async () => {
    let message = 'nothing';
    await enrolled({ role: Role.pos, ...shop, limits }, withoutAcquirer).catch((error: Error) => ({ message } = error));
    expect(message).to.equal('the keys of the acquirer are elsewhere');
  });
});
