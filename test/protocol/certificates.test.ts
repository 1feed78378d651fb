import { expect } from 'chai';
import { parseCardCertificate, verifyCardCertificate } from '../../host/protocol/certificates/card.js';
import type { CardCertificate } from '../../host/protocol/certificates/card.js';
import { CertificateError } from '../../host/protocol/certificates/certificate.js';
import type { CertificateErrorCode } from '../../host/protocol/certificates/certificate.js';
import {
  issueTerminalCertificate,
  parseTerminalCertificate,
  verifyTerminalCertificate,
} from '../../host/protocol/certificates/terminal.js';
import type { TerminalCertificate } from '../../host/protocol/certificates/terminal.js';
import { concat, fromHex, toHex } from '../../host/protocol/codec/bytes.js';
import { day } from '../../host/protocol/codec/time.js';
import { TlvError, tlv } from '../../host/protocol/codec/tlv.js';
import { verifyNative } from '../../host/protocol/crypto/native.js';
import { Role } from '../../host/protocol/generated/enums.js';
import { tags } from '../../host/protocol/generated/tlv.js';
import { bytesFor, signerFor } from '../helpers/keys.js';
import {
  authoritySigner,
  cardCertificate,
  euro,
  keyIdOf,
  scheme,
  schemeId,
  startTime,
  terminal,
} from '../helpers/scheme.js';

const now = startTime;
const card = {
  cardId: bytesFor('card', 8),
  signPoint: signerFor('card sign').point,
  agreePoint: signerFor('card agree').point,
};
let pos: TerminalCertificate;
let kiosk: TerminalCertificate;

// not as the file is loaded: a mutant that is reached then costs Stryker a process of its own
before(() => {
  pos = terminal(Role.pos).certificate;
  kiosk = terminal(Role.load).certificate;
});

function refuses(action: () => unknown, ...codes: CertificateErrorCode[]): void {
  expect(action).to.throw(CertificateError).with.property('code').that.is.oneOf(codes);
}

describe('terminal certificates', () => {
  it('hold what was certified, fit PRESENT CERTIFICATE, and satisfy OpenSSL as well', () => {
    expect(pos.role).to.equal(Role.pos);
    expect(pos.limits).to.have.length(3);
    expect(pos.limits[0]).to.deep.equal({ unit: euro.code, limit: 100_00 });
    expect(pos.bytes.length).to.be.below(240);
    verifyTerminalCertificate(pos, scheme.keys, now);
    verifyTerminalCertificate(kiosk, scheme.keys, now, verifyNative);
  });

  it('under the successor of a CA are taken too', () => {
    const next = terminal(Role.pos, 'next', { authority: keyIdOf('posCa', 2), ca: authoritySigner('posCa', 2) });
    verifyTerminalCertificate(next.certificate, scheme.keys, now);
  });

  it('[R6] are refused with any byte flipped', () => {
    for (let at = 0; at < pos.bytes.length; at++) {
      for (const mask of [0x01, 0x80]) {
        const flipped = pos.bytes.slice();
        flipped[at] = (flipped[at] ?? 0) ^ mask;
        refuses(
          () => verifyTerminalCertificate(parseTerminalCertificate(flipped), scheme.keys, now, verifyNative),
          'encoding',
          'field',
          'authority',
          'signature',
        );
      }
    }
  });

  it('[R6] are refused when cut short anywhere, and with anything after', () => {
    for (let length = 0; length < pos.bytes.length; length++) {
      refuses(() => parseTerminalCertificate(pos.bytes.slice(0, length)), 'encoding');
    }
    refuses(() => parseTerminalCertificate(concat(pos.bytes, Uint8Array.of(0))), 'encoding');
  });

  it('are refused from a CA that may not grant the role', () => {
    const crossed = terminal(Role.perso, 'crossed', { authority: keyIdOf('posCa'), ca: authoritySigner('posCa') });
    refuses(() => verifyTerminalCertificate(crossed.certificate, scheme.keys, now), 'authority');
    const kioskAsPos = terminal(Role.pos, 'crossed', {
      authority: keyIdOf('terminalCa'),
      ca: authoritySigner('terminalCa'),
    });
    refuses(() => verifyTerminalCertificate(kioskAsPos.certificate, scheme.keys, now), 'authority');
  });

  for (const authority of ['cardCa', 'credit', 'order'] as const) {
    it(`are refused when signed with the ${authority} key`, () => {
      const wrong = terminal(Role.load, 'wrong', { authority: keyIdOf(authority), ca: authoritySigner(authority) });
      refuses(() => verifyTerminalCertificate(wrong.certificate, scheme.keys, now), 'authority');
      const everyRole = scheme.keys.map((key) => ({ ...key, roles: Role.pos | Role.load | Role.perso }));
      refuses(() => verifyTerminalCertificate(wrong.certificate, everyRole, now), 'authority');
    });
  }

  it('hold after reading what they held before: role, acquirer, merchant and every limit', () => {
    const { role, acquirerId, merchantId, limits } = parseTerminalCertificate(pos.bytes);
    expect({ role, acquirerId, merchantId, limits }).to.deep.equal({
      role: pos.role,
      acquirerId: pos.acquirerId,
      merchantId: pos.merchantId,
      limits: pos.limits,
    });
    expect(acquirerId.length + merchantId.length).to.equal(8);
    expect(limits).to.have.length(3);
  });

  it('of a POS last 90 days at the most, to the second', () => {
    const longest = { ...pos, authority: keyIdOf('posCa'), expiry: pos.effective + 90 * day };
    const { expiry } = parseTerminalCertificate(issueTerminalCertificate(longest, authoritySigner('posCa')));
    expect(expiry).to.equal(pos.effective + 90 * day);
  });

  it('are refused from a key that only says it is the CA, and from another scheme', () => {
    const forged = terminal(Role.load, 'forged', { ca: signerFor('attacker') });
    refuses(() => verifyTerminalCertificate(forged.certificate, scheme.keys, now), 'signature');
    const foreign = terminal(Role.load, 'foreign', { authority: { ...keyIdOf('terminalCa'), scheme: schemeId + 1 } });
    refuses(() => verifyTerminalCertificate(foreign.certificate, scheme.keys, now), 'authority');
    const unknown = terminal(Role.load, 'unknown', { authority: { ...keyIdOf('terminalCa'), version: 9 } });
    refuses(() => verifyTerminalCertificate(unknown.certificate, scheme.keys, now), 'authority');
  });

  it('[R8] are refused from their expiry on, and long before they begin', () => {
    verifyTerminalCertificate(pos, scheme.keys, pos.expiry - 1);
    refuses(() => verifyTerminalCertificate(pos, scheme.keys, pos.expiry), 'expired');
    verifyTerminalCertificate(pos, scheme.keys, pos.effective - day);
    refuses(() => verifyTerminalCertificate(pos, scheme.keys, pos.effective - day - 1), 'not-yet-valid');
  });

  const flaws: readonly [string, () => Partial<TerminalCertificate>][] = [
    ['lives longer than 90 days as a POS', () => ({ expiry: pos.effective + 90 * day + 1 })],
    ['ends before it begins', () => ({ expiry: pos.effective })],
    ['grants a unit twice', () => ({ limits: [pos.limits[0]!, pos.limits[0]!] })],
    ['grants four units', () => ({ limits: [1, 2, 3, 4].map((unit) => ({ unit, limit: 1 })) })],
    ['gives limits to a kiosk', () => ({ role: Role.load })],
    ['has a point off the curve', () => ({ point: new Uint8Array(64).fill(1) })],
  ];
  for (const [what, change] of flaws) {
    it(`are not made when one ${what}`, () => {
      const fields = { ...pos, authority: keyIdOf('posCa'), ...change() };
      refuses(() => issueTerminalCertificate(fields, authoritySigner('posCa')), 'field');
    });
  }

  /** A certificate put together by hand, signed by the right CA: only its form is wrong. */
  function handMade(change: (objects: Uint8Array[]) => Uint8Array[]): Uint8Array {
    const objects = change([
      tlv(tags.profile, Uint8Array.of(1)),
      tlv(tags.authorityReference, fromHex('45505401')),
      tlv(tags.holderReference, kiosk.terminalId),
      tlv(tags.publicKey, tlv(tags.signPoint, kiosk.point)),
      tlv(tags.authorisation, tlv(tags.discretionary, fromHex('020000000000000000'))),
      tlv(tags.effective, fromHex('6b000000')),
      tlv(tags.expiry, fromHex('6b800000')),
    ]);
    const body = tlv(tags.certificateBody, ...objects);
    return tlv(tags.certificate, body, tlv(tags.signature, authoritySigner('terminalCa').sign(body)));
  }

  it('put together by hand are taken in the canonical form', () => {
    const parsed = parseTerminalCertificate(handMade((objects) => objects));
    verifyTerminalCertificate(parsed, scheme.keys, 0x6b000001);
    expect(toHex(parsed.terminalId)).to.equal(toHex(kiosk.terminalId));
    expect(parsed).to.include({ effective: 0x6b000000, expiry: 0x6b800000 });
  });

  it('are refused by field where they are well encoded, by encoding where they are not, with the reason', () => {
    const ofCard = handMade(([, ...rest]) => [tlv(tags.profile, Uint8Array.of(2)), ...rest]);
    refuses(() => parseTerminalCertificate(ofCard), 'field');
    const cut = handMade((objects) => objects.slice(0, -1));
    expect(() => parseTerminalCertificate(cut))
      .to.throw(CertificateError)
      .with.property('cause')
      .instanceOf(TlvError);
  });

  it('are copies: what becomes of the bytes they were read from changes nothing', () => {
    const bytes = pos.bytes.slice();
    const parsed = parseTerminalCertificate(bytes);
    bytes.fill(0);
    expect(toHex(parsed.bytes)).to.equal(toHex(pos.bytes));
  });

  const nonCanonical: readonly [string, (objects: Uint8Array[]) => Uint8Array[]][] = [
    ['two objects change places', ([a, b, c, ...rest]) => [a!, c!, b!, ...rest]],
    ['an object is missing', (objects) => objects.slice(0, -1)],
    ['an object comes twice', (objects) => [...objects, objects[6]!]],
    ['an object nobody knows follows', (objects) => [...objects, tlv(0x53, Uint8Array.of(1))]],
    [
      'a length is not the shortest',
      ([first, ...rest]) => [concat(first!.slice(0, 2), Uint8Array.of(0x81), first!.slice(2)), ...rest],
    ],
    ['it ends as it begins', (objects) => [...objects.slice(0, -1), tlv(tags.expiry, fromHex('6b000000'))]],
    ['it ends before it begins', (objects) => [...objects.slice(0, -1), tlv(tags.expiry, fromHex('6affffff'))]],
    ['the profile is that of a card', ([, ...rest]) => [tlv(tags.profile, Uint8Array.of(2)), ...rest]],
    [
      'the terminal id is short',
      ([a, b, , ...rest]) => [a!, b!, tlv(tags.holderReference, new Uint8Array(7)), ...rest],
    ],
    [
      'the key has a second point',
      ([a, b, c, , ...rest]) => [
        a!,
        b!,
        c!,
        tlv(tags.publicKey, tlv(tags.signPoint, kiosk.point), tlv(tags.agreePoint, Uint8Array.of(4))),
        ...rest,
      ],
    ],
    [
      'the role is two roles',
      ([a, b, c, d, , ...rest]) => [
        a!,
        b!,
        c!,
        d!,
        tlv(tags.authorisation, tlv(tags.discretionary, fromHex('060000000000000000'))),
        ...rest,
      ],
    ],
    [
      'the role is none',
      ([a, b, c, d, , ...rest]) => [
        a!,
        b!,
        c!,
        d!,
        tlv(tags.authorisation, tlv(tags.discretionary, fromHex('000000000000000000'))),
        ...rest,
      ],
    ],
    [
      'a limit is cut short',
      ([a, b, c, d, , ...rest]) => [
        a!,
        b!,
        c!,
        d!,
        tlv(tags.authorisation, tlv(tags.discretionary, fromHex('0200000000000000000978'))),
        ...rest,
      ],
    ],
    [
      'the rights end before the merchant',
      ([a, b, c, d, , ...rest]) => [
        a!,
        b!,
        c!,
        d!,
        tlv(tags.authorisation, tlv(tags.discretionary, fromHex('020000'))),
        ...rest,
      ],
    ],
    [
      'the authority is of no known kind',
      ([a, , ...rest]) => [a!, tlv(tags.authorityReference, fromHex('45505a01')), ...rest],
    ],
  ];
  for (const [what, change] of nonCanonical) {
    it(`are refused, though rightly signed, when ${what}`, () => {
      refuses(() => parseTerminalCertificate(handMade(change)), 'encoding', 'field');
    });
  }
});

describe('card certificates', () => {
  let certificate: CardCertificate;
  before(() => {
    certificate = parseCardCertificate(cardCertificate(card));
  });

  it('fit one answer, and hold both keys', () => {
    expect(certificate.bytes.length).to.be.below(256);
    expect(certificate.signPoint).to.deep.equal(card.signPoint);
    expect(certificate.agreePoint).to.deep.equal(card.agreePoint);
    expect(certificate.cardId).to.deep.equal(card.cardId);
    expect(parseCardCertificate(cardCertificate({ ...card, keyVersion: 7 })).keyVersion).to.equal(7);
    verifyCardCertificate(certificate, scheme.keys, now);
  });

  it('[R7] are refused with any byte flipped', () => {
    for (let at = 0; at < certificate.bytes.length; at++) {
      const flipped = certificate.bytes.slice();
      flipped[at] = (flipped[at] ?? 0) ^ 0x01;
      refuses(
        () => verifyCardCertificate(parseCardCertificate(flipped), scheme.keys, now, verifyNative),
        'encoding',
        'field',
        'authority',
        'signature',
      );
    }
  });

  it('[R7] are refused from any key but a card CA', () => {
    for (const authority of ['terminalCa', 'posCa', 'credit', 'order'] as const) {
      const wrong = cardCertificate({ ...card, authority: keyIdOf(authority), ca: authoritySigner(authority) });
      refuses(() => verifyCardCertificate(parseCardCertificate(wrong), scheme.keys, now), 'authority');
    }
    const forged = cardCertificate({ ...card, ca: signerFor('attacker') });
    refuses(() => verifyCardCertificate(parseCardCertificate(forged), scheme.keys, now), 'signature');
  });

  it('[R8] are refused from their expiry on', () => {
    verifyCardCertificate(certificate, scheme.keys, certificate.expiry - 1);
    refuses(() => verifyCardCertificate(certificate, scheme.keys, certificate.expiry), 'expired');
  });

  it('are refused where they end as they begin, or before, though rightly signed', () => {
    for (const expiry of [startTime, startTime - 1]) {
      const short = cardCertificate({ ...card, effective: startTime, expiry });
      refuses(() => parseCardCertificate(short), 'field');
    }
  });

  it('are no terminal certificates, nor the other way round', () => {
    refuses(() => parseTerminalCertificate(certificate.bytes), 'field', 'encoding');
    refuses(() => parseCardCertificate(pos.bytes), 'field', 'encoding');
  });

  it('are not made for points off the curve', () => {
    refuses(() => cardCertificate({ ...card, agreePoint: new Uint8Array(64) }), 'field');
  });
});
