/** Public keys that are no points of P-256, or no proper way to write one: in certificates, and as ephemeral key. */
import { expect } from 'chai';
import { CertificateError } from '../../host/protocol/certificates/certificate.js';
import { issueCardCertificate, parseCardCertificate } from '../../host/protocol/certificates/card.js';
import { parseTerminalCertificate } from '../../host/protocol/certificates/terminal.js';
import { concat, u32 } from '../../host/protocol/codec/bytes.js';
import { day } from '../../host/protocol/codec/time.js';
import { select } from '../../host/protocol/commands/select.js';
import type { Signer } from '../../host/protocol/crypto/ecdsa.js';
import { commands } from '../../host/protocol/generated/commands.js';
import { Role } from '../../host/protocol/generated/enums.js';
import { classes } from '../../host/protocol/generated/parameters.js';
import { keyIdCodec } from '../../host/protocol/generated/structures.js';
import { profiles, tags } from '../../host/protocol/generated/tlv.js';
import { signTerminalAuthentication } from '../../host/protocol/signed/terminal-authentication.js';
import { freshCard } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { changingNothing } from '../helpers/expectations.js';
import { bytesFor, signerFor } from '../helpers/keys.js';
import { authoritySigner, keyIdOf, schemeId, startTime, terminal } from '../helpers/scheme.js';
import { apdu } from '../helpers/wire.js';
import { badPoints, infinitySigner } from './support/bad-points.js';
import { statusOf } from './support/conversation.js';
import { bodyOf, sealed } from './support/forger.js';

const pos = terminal(Role.pos);
const ephemeralKey = signerFor('ephemeral').point;

interface Opening {
  readonly certificate: Uint8Array;
  readonly signer: Signer;
  readonly ephemeral: Uint8Array;
}

/** SELECT, PRESENT CERTIFICATE, OPEN SESSION: the card's last word. */
async function opened(card: TestCard, { certificate, signer, ephemeral }: Opening): Promise<Uint8Array> {
  const { PRESENT_CERTIFICATE, OPEN_SESSION_FULL } = commands;
  await select(card);
  const nonce = await card.transmit(apdu(classes.plain, PRESENT_CERTIFICATE.ins, 0, 0xbe, certificate));
  if (statusOf(nonce) !== 0x9000) return nonce;
  const terminalNonce = bytesFor('nonce', 16);
  const { terminalId, expiry: certificateExpiry } = pos.certificate;
  const known = { scheme: schemeId, terminalId, certificateExpiry, cardNonce: nonce.slice(0, -2) };
  const signature = signTerminalAuthentication({ ...known, terminalNonce, ephemeral }, signer);
  const data = concat(terminalNonce, ephemeral, signature);
  return card.transmit(apdu(classes.plain, OPEN_SESSION_FULL.ins, 0, 0, data));
}

/** POS certificate with another public key, signed by the real CA. */
function terminalCertificate(point: Uint8Array): Uint8Array {
  const publicKey = { tag: tags.publicKey, content: [{ tag: tags.signPoint, content: point }] };
  return sealed(Object.values({ ...bodyOf(pos), publicKey }), authoritySigner('posCa'));
}

const card = {
  authority: keyIdOf('cardCa'),
  cardId: bytesFor('card', 8),
  keyVersion: 1,
  signPoint: signerFor('card').point,
  agreePoint: signerFor('card, to agree').point,
  effective: startTime,
  expiry: startTime + day,
};

function cardCertificate(signPoint: Uint8Array, agreePoint: Uint8Array): Uint8Array {
  const body = [
    { tag: tags.profile, content: Uint8Array.of(profiles.card) },
    { tag: tags.authorityReference, content: keyIdCodec.encode(card.authority) },
    { tag: tags.holderReference, content: concat(card.cardId, Uint8Array.of(card.keyVersion)) },
    {
      tag: tags.publicKey,
      content: [
        { tag: tags.signPoint, content: signPoint },
        { tag: tags.agreePoint, content: agreePoint },
      ],
    },
    { tag: tags.effective, content: u32(card.effective) },
    { tag: tags.expiry, content: u32(card.expiry) },
  ];
  return sealed(body, authoritySigner('cardCa'));
}

describe('A public key that is no point', () => {
  it('[M6] [M7] [R7] in a terminal’s certificate opens nothing, though the CA signed it', async () => {
    const target = await freshCard('active');
    for (const [name, point] of Object.entries(badPoints)) {
      const certificate = terminalCertificate(point);
      expect(() => parseTerminalCertificate(certificate), name).to.throw(CertificateError);
      for (const signer of [pos.signer, infinitySigner]) {
        await changingNothing(target, async () => {
          const answer = await opened(target, { certificate, signer, ephemeral: ephemeralKey });
          expect(statusOf(answer), name).to.not.equal(0x9000);
          expect(answer, name).to.have.length(2);
        });
      }
    }
  });

  it('[M6] [M7] as ephemeral key opens nothing, though the terminal signed it', async () => {
    const target = await freshCard('active');
    const { certificate, signer } = pos;
    for (const [name, ephemeral] of Object.entries(badPoints)) {
      await changingNothing(target, async () => {
        const answer = await opened(target, { certificate: certificate.bytes, signer, ephemeral });
        expect(statusOf(answer).toString(16), name).to.equal('6a80');
        expect(answer, name).to.have.length(2);
        const confirm = apdu(classes.protected, commands.CONFIRM_SESSION.ins, 0, 0, bytesFor('confirm', 9));
        expect(statusOf(await target.transmit(confirm)), name).to.equal(0x6982);
      });
    }
  });

  it('[R6] [M12] in a card’s certificate is never issued, and never taken, as either of its keys', () => {
    const ca = authoritySigner('cardCa');
    for (const [name, point] of Object.entries(badPoints)) {
      for (const changed of [{ signPoint: point }, { agreePoint: point }]) {
        const { signPoint, agreePoint } = { ...card, ...changed };
        expect(() => issueCardCertificate({ ...card, ...changed }, ca), name).to.throw(CertificateError);
        expect(() => parseCardCertificate(cardCertificate(signPoint, agreePoint)), name).to.throw(CertificateError);
      }
    }
  });

  it('[M6] in every respect but that: with points instead, card and terminal take each other', async () => {
    const target = await freshCard('active');
    const certificate = terminalCertificate(pos.certificate.point);
    const answer = await opened(target, { certificate, signer: pos.signer, ephemeral: ephemeralKey });
    expect(statusOf(answer)).to.equal(0x9000);
    parseCardCertificate(cardCertificate(card.signPoint, card.agreePoint));
  });
});
