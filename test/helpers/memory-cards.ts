/** Cards as an issuer in memory knows them: what it gave each, and what it has heard of it since. */
import { issueCardCertificate, parseCardCertificate } from '../../host/protocol/certificates/card.js';
import type { CardCertificate } from '../../host/protocol/certificates/card.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { day } from '../../host/protocol/codec/time.js';
import { Authority, KeyRef, Role } from '../../host/protocol/generated/enums.js';
import { cardDataCodec, keyDataCodec, parametersCodec } from '../../host/protocol/generated/structures.js';
import type { ParametersFields, RecordFields } from '../../host/protocol/generated/structures.js';
import type { CardKey, IssueRequest, IssuedCard } from '../../host/protocol/issuer/port.js';
import { keysOf } from '../../host/protocol/scheme.js';
import type { Scheme } from '../../host/protocol/scheme.js';
import type { Load, Means } from './memory-loads.js';

export interface BookedCard {
  readonly certificate: CardCertificate;
  readonly issued: IssuedCard;
  readonly serial: string;
  readonly holder: string;
  active: boolean;
  /** Records by NT, from uploads, credits and batches. */
  readonly records: Map<number, RecordFields>;
  acknowledged: number;
  hash: Uint8Array;
  readonly loads: Map<number, Load>;
  listed?: { readonly blockNumber: number; readonly signature: Uint8Array };
  blockTaken: boolean;
  retired: boolean;
}

/** A card that is about to be personalized: certified, under the scheme's keys, and not yet active. */
export function issued(
  { scheme, keys, now, parameters }: Means & { readonly parameters: ParametersFields },
  cardId: Uint8Array,
  { serial, signPoint, agreePoint, holder }: IssueRequest,
): BookedCard {
  const expiry = now + 1826 * day;
  const [ca] = keysOf(scheme, Authority.cardCa);
  if (ca === undefined) throw new Error('no card CA');
  const certificate = issueCardCertificate(
    { authority: ca.keyId, cardId, keyVersion: 1, signPoint, agreePoint, effective: now, expiry },
    keys.signer(Authority.cardCa),
  );
  const units = scheme.units.map(({ code }) => ({ unit: code }));
  return {
    certificate: parseCardCertificate(certificate),
    issued: {
      cardId,
      certificate,
      cardData: cardDataCodec.encode({ cardId, scheme: scheme.id, keyVersion: 1, date: now, expiry, units }),
      parameters: parametersCodec.encode(parameters),
      keys: keysOfCard(scheme),
    },
    serial: toHex(serial),
    holder,
    active: false,
    records: new Map(),
    acknowledged: 0,
    hash: new Uint8Array(32),
    loads: new Map(),
    blockTaken: false,
    retired: false,
  };
}

function keysOfCard(scheme: Scheme): CardKey[] {
  const refs: readonly [KeyRef, KeyRef, Authority, number][] = [
    [KeyRef.terminalCa, KeyRef.terminalCaNext, Authority.terminalCa, Role.load | Role.perso],
    [KeyRef.posCa, KeyRef.posCaNext, Authority.posCa, Role.pos],
    [KeyRef.credit, KeyRef.creditNext, Authority.credit, 0],
    [KeyRef.order, KeyRef.orderNext, Authority.order, 0],
  ];
  return refs.flatMap(([current, next, authority, roles]) => {
    const keys = keysOf(scheme, authority);
    return [current, next].map((ref, index) => {
      const key = keys[index];
      if (key === undefined) throw new Error('the scheme has no such key');
      return { ref, data: keyDataCodec.encode({ keyId: key.keyId, roles, point: key.point }) };
    });
  });
}
