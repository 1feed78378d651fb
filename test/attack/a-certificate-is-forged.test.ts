/** Terminal certificates that are not what they should be: wrong signer, role, time or form. */
import { expect } from 'chai';
import { CertificateError } from '../../host/protocol/certificates/certificate.js';
import { parseTerminalCertificate, verifyTerminalCertificate } from '../../host/protocol/certificates/terminal.js';
import { concat, u16, u32 } from '../../host/protocol/codec/bytes.js';
import { day } from '../../host/protocol/codec/time.js';
import { select } from '../../host/protocol/commands/select.js';
import type { Signer } from '../../host/protocol/crypto/ecdsa.js';
import { commands } from '../../host/protocol/generated/commands.js';
import { Role } from '../../host/protocol/generated/enums.js';
import { classes } from '../../host/protocol/generated/parameters.js';
import { keyIdCodec } from '../../host/protocol/generated/structures.js';
import { tags } from '../../host/protocol/generated/tlv.js';
import { freshCard } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { bytesFor, signerFor } from '../helpers/keys.js';
import { authoritySigner, cardCertificate, keyIdOf, scheme, schemeId, startTime, terminal } from '../helpers/scheme.js';
import type { AuthorityName } from '../helpers/scheme.js';
import { apdu } from '../helpers/wire.js';
import { statusOf, wroteNothing } from './support/conversation.js';
import { bodyOf, encode, sealed } from './support/forger.js';
import type { TlvNode } from './support/forger.js';

const pos = terminal(Role.pos);
const kiosk = terminal(Role.load);
const posCa = authoritySigner('posCa');
const terminalCa = authoritySigner('terminalCa');

const incorrectData = 0x6a80;
const referenceNotFound = 0x6a88;
const conditions = 0x6985;

function objects(changes: Record<string, TlvNode | undefined> = {}, identity = pos): TlvNode[] {
  return Object.values({ ...bodyOf(identity), ...changes }).filter((node) => node !== undefined);
}

function rights(bytes: Uint8Array): TlvNode {
  return { tag: tags.authorisation, content: [{ tag: tags.discretionary, content: bytes }] };
}

function rightsOf(role: number, limits: Uint8Array = new Uint8Array(0)): TlvNode {
  return rights(concat(Uint8Array.of(role), new Uint8Array(8), limits));
}

function authorityOf(name: AuthorityName, version: 1 | 2 = 1): TlvNode {
  return { tag: tags.authorityReference, content: keyIdCodec.encode(keyIdOf(name, version)) };
}

const limit = concat(u16(0x0978), u32(100_00));

/** Right in form, wrong in what they say: what the card answers. */
const wrongClaims: Record<string, [Uint8Array, number]> = {
  'signed by nobody’s key': [sealed(objects(), signerFor('attacker')), incorrectData],
  'signed by the CA for kiosks in the name of that for POS': [sealed(objects(), terminalCa), incorrectData],
  'signed by its own key': [sealed(objects({ authority: authorityOf('posCa') }), pos.signer), incorrectData],
  'of a kiosk, signed by the CA for POS under its own name': [
    sealed(objects({ authority: authorityOf('posCa') }, kiosk), posCa),
    incorrectData,
  ],
  'of a kiosk, signed by the CA for POS under the other’s name': [sealed(objects({}, kiosk), posCa), incorrectData],
  'of a desk, signed by the CA for POS': [
    sealed(objects({ authorisation: rightsOf(Role.perso) }), posCa),
    incorrectData,
  ],
  'of a POS, signed by the CA for kiosks': [
    sealed(objects({ authority: authorityOf('terminalCa') }), terminalCa),
    incorrectData,
  ],
  'under the CA’s successor, which is not in force': [
    sealed(objects({ authority: authorityOf('posCa', 2) }), authoritySigner('posCa', 2)),
    referenceNotFound,
  ],
  'of another scheme': [
    sealed(
      objects({
        authority: {
          tag: tags.authorityReference,
          content: keyIdCodec.encode({ ...keyIdOf('posCa'), scheme: schemeId + 1 }),
        },
      }),
      posCa,
    ),
    referenceNotFound,
  ],
  ...Object.fromEntries(
    (['cardCa', 'credit', 'order'] as const).map((name): [string, [Uint8Array, number]] => [
      `signed by the key ${name}, which certifies no terminal`,
      [sealed(objects({ authority: authorityOf(name) }), authoritySigner(name)), referenceNotFound],
    ]),
  ),
  'run out on the day the card knows of': [
    sealed(
      objects({
        effective: { tag: tags.effective, content: u32(startTime - 2 * day) },
        expiry: { tag: tags.expiry, content: u32(startTime) },
      }),
      posCa,
    ),
    conditions,
  ],
};

/** Roles that nobody has, or that go with no limits. */
const wrongRights: Record<string, Uint8Array> = {
  ...Object.fromEntries(
    [0, 3, 5, 6, 7, 8, 0x81, 0xff].map((role) => [
      `role ${role}`,
      sealed(objects({ authorisation: rightsOf(role) }), posCa),
    ]),
  ),
  'limits of a kiosk': sealed(objects({ authorisation: rightsOf(Role.load, limit) }, kiosk), terminalCa),
  'four limits': sealed(objects({ authorisation: rightsOf(Role.pos, concat(limit, limit, limit, limit)) }), posCa),
  'half a limit': sealed(objects({ authorisation: rightsOf(Role.pos, limit.slice(0, 5)) }), posCa),
  'no rights': sealed(objects({ authorisation: rights(new Uint8Array(0)) }), posCa),
};

const body = bodyOf(pos);
const names = Object.keys(body);

function signedBy(content: readonly TlvNode[], ca: Signer = posCa): Uint8Array {
  return sealed(content, ca);
}

/** Another encoding of the very same meaning, or of none, properly signed. */
const wrongForms: Record<string, Uint8Array> = {
  ...Object.fromEntries(
    names.flatMap((name): [string, Uint8Array][] => {
      const node = body[name];
      if (!node) throw new Error(name);
      return [
        [`${name} left out`, signedBy(objects({ [name]: undefined }))],
        [`${name} twice`, signedBy(names.flatMap((one) => (one === name ? [node, node] : [body[one] ?? node])))],
        [`${name} with a long length`, signedBy(objects({ [name]: { ...node, length: 'two bytes' } }))],
        [`${name} with a longer length`, signedBy(objects({ [name]: { ...node, length: 'three bytes' } }))],
        [`${name} of indefinite length`, signedBy(objects({ [name]: { ...node, length: 'indefinite' } }))],
        [`${name} that says it is longer`, signedBy(objects({ [name]: { ...node, lie: 1 } }))],
        [`${name} that says it is shorter`, signedBy(objects({ [name]: { ...node, lie: -1 } }))],
        [`${name} empty`, signedBy(objects({ [name]: { ...node, content: new Uint8Array(0) } }))],
        [`${name} under another tag`, signedBy(objects({ [name]: { ...node, tag: 0x5f2d } }))],
      ];
    }),
  ),
  'the objects in another order': signedBy([...objects()].reverse()),
  'something behind the last object': signedBy([...objects(), { tag: 0x5f2d, content: Uint8Array.of(1) }]),
  'a zero byte behind the last object': concat(signedBy(objects()).slice(0, -1), Uint8Array.of(0)),
  'something behind the signature': sealed(objects(), posCa, (certificate) => ({
    ...certificate,
    content: [...certificate.content, { tag: 0x5f2d, content: Uint8Array.of(1) }],
  })),
  'the signature first': sealed(objects(), posCa, (certificate) => ({
    ...certificate,
    content: [...certificate.content].reverse(),
  })),
  'something behind the certificate': concat(signedBy(objects()), Uint8Array.of(0)),
  'a long length where a short one would do': sealed(objects(), posCa, (certificate) => ({
    ...certificate,
    length: 'three bytes',
  })),
  'nothing but a tag': encode({ tag: tags.certificate, content: new Uint8Array(0) }).slice(0, 2),
  'an empty certificate': encode({ tag: tags.certificate, content: new Uint8Array(0) }),
  'the dates the wrong way round': signedBy(
    objects({
      effective: { tag: tags.effective, content: u32(startTime + day) },
      expiry: { tag: tags.expiry, content: u32(startTime + day) },
    }),
  ),
  'a second point': signedBy(
    objects({
      publicKey: {
        tag: tags.publicKey,
        content: [
          { tag: tags.signPoint, content: pos.certificate.point },
          { tag: tags.agreePoint, content: pos.certificate.point },
        ],
      },
    }),
  ),
  'a card’s certificate': cardCertificate({
    cardId: bytesFor('some card', 8),
    signPoint: pos.certificate.point,
    agreePoint: kiosk.certificate.point,
  }),
};

describe('A forged certificate of a terminal', () => {
  let card: TestCard;

  before(async () => {
    card = await freshCard('active');
    await select(card);
  });

  async function presented(certificate: Uint8Array): Promise<number> {
    const { ins, p1, p2 } = commands.PRESENT_CERTIFICATE;
    return statusOf(await card.transmit(apdu(classes.plain, ins, p1, p2, certificate)));
  }

  /** What issuer and acquirer think of it when they meet it in a batch. */
  function hostRefuses(certificate: Uint8Array, name: string): void {
    expect(
      () => verifyTerminalCertificate(parseTerminalCertificate(certificate), scheme.keys, startTime),
      name,
    ).to.throw(CertificateError);
  }

  it('[R7] that nobody forged is taken, by card and host', async () => {
    for (const genuine of [signedBy(objects()), sealed(objects({}, kiosk), terminalCa)]) {
      expect(await presented(genuine)).to.equal(0x9000);
      verifyTerminalCertificate(parseTerminalCertificate(genuine), scheme.keys, startTime);
    }
  });

  it('[R7] [R8] [M6] [M12] is refused whoever signed it, whatever it claims', async () => {
    for (const [name, [certificate, sw]] of Object.entries(wrongClaims)) {
      expect((await presented(certificate)).toString(16), name).to.equal(sw.toString(16));
      await wroteNothing(card, name);
      // The host knows the next CA as well, which is in force once a card has switched.
      if (!name.startsWith('under the CA’s successor')) hostRefuses(certificate, name);
    }
  });

  it('[R7] [M6] is refused with a role that nobody has, or rights that do not go with it', async () => {
    for (const [name, certificate] of Object.entries(wrongRights)) {
      expect((await presented(certificate)).toString(16), name).to.equal(incorrectData.toString(16));
      await wroteNothing(card, name);
      hostRefuses(certificate, name);
    }
  });

  it('[M6] is refused in any other encoding than the one there is, though the CA signed it', async () => {
    for (const [name, certificate] of Object.entries(wrongForms)) {
      expect(await presented(certificate), name).to.be.oneOf([incorrectData, 0x6700]);
      await wroteNothing(card, name);
      hostRefuses(certificate, name);
    }
  });
});
