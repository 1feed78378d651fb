/**
 * X.509 certificates of the back office (RFC 5280), P-256 and ecdsa-with-SHA256 (RFC 5758): its CA, the server, and one client
 * certificate for each terminal. They secure HTTPS and nothing else; cards see only the compact certificates of the card link.
 */
import { randomBytes } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_clientAuth,
  id_kp_serverAuth,
} from '@peculiar/asn1-x509';
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import type { Seconds } from '../../protocol/codec/time.js';
import type { Signer } from '../../protocol/crypto/ecdsa.js';
import { nativePublicKey } from '../../protocol/crypto/native.js';

const ecdsaWithSha256 = '1.2.840.10045.4.3.2';

/** Attribute types of a name (RFC 4519) that these certificates use, in the order they are written. */
const attributeTypes = { organization: '2.5.4.10', unit: '2.5.4.11', common: '2.5.4.3' } as const;

/** A distinguished name: O, OU, CN. */
export type Subject = Partial<Record<keyof typeof attributeTypes, string>>;

/** What a key of a certificate may be used for. */
export type Purpose =
  | { readonly kind: 'authority' }
  | { readonly kind: 'client' }
  | { readonly kind: 'server'; readonly names: readonly string[] };

export interface CertificateOrder {
  readonly subject: Subject;
  readonly issuer: Subject;
  /** X ‖ Y of the certified key, 64 bytes. */
  readonly point: Uint8Array;
  readonly purpose: Purpose;
  /** First and last second in which it holds. */
  readonly effective: Seconds;
  readonly expiry: Seconds;
}

/** @param authority signs; for an authority's own certificate it is the key certified @returns DER */
export function issueX509(order: CertificateOrder, authority: Signer): Uint8Array {
  const algorithm = new AlgorithmIdentifier({ algorithm: ecdsaWithSha256 });
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: bufferOf(serialNumber()),
    signature: algorithm,
    issuer: nameOf(order.issuer),
    validity: new Validity({ notBefore: dateOf(order.effective), notAfter: dateOf(order.expiry) }),
    subject: nameOf(order.subject),
    subjectPublicKeyInfo: AsnConvert.parse(spki(order.point), SubjectPublicKeyInfo),
    extensions: new Extensions(extensionsOf(order, authority.point)),
  });
  const signature = authority.sign(new Uint8Array(AsnConvert.serialize(tbsCertificate)));
  const certificate = new Certificate({
    tbsCertificate,
    signatureAlgorithm: algorithm,
    signatureValue: bufferOf(signature),
  });
  return new Uint8Array(AsnConvert.serialize(certificate));
}

export function toPem(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

function extensionsOf({ purpose, point }: CertificateOrder, authorityPoint: Uint8Array): Extension[] {
  const identified = [
    extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(bufferOf(keyIdentifier(point)))),
    extension(
      id_ce_authorityKeyIdentifier,
      new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(bufferOf(keyIdentifier(authorityPoint))) }),
    ),
  ];
  const leaf = (...uses: string[]): Extension[] => [
    extension(id_ce_basicConstraints, new BasicConstraints({ cA: false }), true),
    extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature), true),
    extension(id_ce_extKeyUsage, new ExtendedKeyUsage(uses)),
    ...identified,
  ];
  switch (purpose.kind) {
    case 'authority':
      return [
        extension(id_ce_basicConstraints, new BasicConstraints({ cA: true, pathLenConstraint: 0 }), true),
        extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign), true),
        ...identified,
      ];
    case 'client':
      return leaf(id_kp_clientAuth);
    case 'server':
      return [
        ...leaf(id_kp_serverAuth),
        extension(id_ce_subjectAltName, new SubjectAlternativeName(purpose.names.map(generalName))),
      ];
  }
}

function extension(extnID: string, value: object, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

function generalName(name: string): GeneralName {
  return isIP(name) === 0 ? new GeneralName({ dNSName: name }) : new GeneralName({ iPAddress: name });
}

function nameOf(subject: Subject): Name {
  const names = Object.keys(attributeTypes) as (keyof typeof attributeTypes)[];
  return new Name(
    names.flatMap((key) => {
      const utf8String = subject[key];
      if (utf8String === undefined) return [];
      const value = new AttributeValue({ utf8String });
      return [new RelativeDistinguishedName([new AttributeTypeAndValue({ type: attributeTypes[key], value })])];
    }),
  );
}

/** RFC 5280 section 4.2.1.2, method 1: SHA-1 of the public key. A name for the key, no protection. */
function keyIdentifier(point: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha1').update(Uint8Array.of(4)).update(point).digest());
}

/** Positive and unpredictable, 16 bytes (RFC 5280 section 4.1.2.2). */
function serialNumber(): Uint8Array {
  const serial = new Uint8Array(randomBytes(16));
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return serial;
}

function spki(point: Uint8Array): Uint8Array {
  return new Uint8Array(nativePublicKey(point).export({ format: 'der', type: 'spki' }));
}

function dateOf(time: Seconds): Date {
  return new Date(time * 1000);
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
