/**
 * The issuer's port as JSON over HTTP, for both sides: one POST per method at `/v1/METHOD`, byte strings in hexadecimal. The
 * schemas say what a server takes and what a client believes.
 */
import { z } from 'zod';
import { fromHex, toHex } from '../codec/bytes.js';
import type { IssuerErrorCode, IssuerPort } from './port.js';

/** Largest request in bytes: a full batch of 65535 entries in hexadecimal. */
export const requestLimit = 32 * 1024 * 1024;

const u32 = z.number().int().min(0).max(0xffff_ffff);

/** Hexadecimal in JSON, bytes in memory. @param most bytes */
function bytes(least: number, most = least) {
  return z.codec(
    z
      .string()
      .regex(/^([0-9a-f]{2})*$/, 'hexadecimal digits')
      .min(2 * least)
      .max(2 * most),
    z.custom<Uint8Array>((value) => value instanceof Uint8Array),
    { decode: (hex) => fromHex(hex), encode: (value) => toHex(value) },
  );
}

const id = bytes(8);
const point = bytes(64);
const signature = bytes(0, 72);
const record = bytes(55);

const statement = z.strictObject({ cardId: id, statement: bytes(1, 237), signature });
const signedRecord = z.strictObject({ cardId: id, record, s3: signature });
const log = z.strictObject({
  ...statement.shape,
  records: z.array(record).max(64),
  cancelOrders: z.array(bytes(1, 128)).max(16),
});
const order = z.strictObject({
  type: u32,
  keyIndex: z.union([z.literal(0), z.literal(1)]),
  body: bytes(1, 161),
  signature,
});
const authorised = z.strictObject({ status: z.literal('authorised'), authorisation: bytes(1, 255), signature });
const pending = z.strictObject({ status: z.literal('pending') });
const refused = z.strictObject({
  status: z.literal('refused'),
  code: z.enum([
    'funding-declined',
    'card-listed',
    'card-limit',
    'holder-limit',
    'no-account',
    'load-cancelled',
    'statement-rejected',
  ]),
  message: z.string(),
});
const answered = { answer: bytes(1, 255), signature };
/** An answer without content. */
const nothing = z.undefined();

/** Request and answer of each method. A method without request takes an empty object's place with its own fields. */
export const issuerWire = {
  issueCard: {
    request: z.strictObject({
      deskId: id,
      serial: id,
      signPoint: point,
      agreePoint: point,
      holder: z.string().max(80),
      replaces: id.exactOptional(),
    }),
    answer: z.strictObject({
      cardId: id,
      cardData: bytes(1, 255),
      certificate: bytes(1, 255),
      parameters: bytes(1, 255),
      keys: z.array(z.strictObject({ ref: u32, data: bytes(69) })).max(16),
    }),
  },
  cardActivated: { request: statement, answer: nothing },
  orderFor: {
    request: z.strictObject({
      deskId: id,
      order: z.enum(['unblock', 'pinReset', 'retire', 'parameters']),
      proof: statement,
      reason: z.string().max(200),
    }),
    answer: order,
  },
  orderTaken: { request: statement, answer: nothing },
  synchronise: { request: log, answer: z.array(order).max(16) },
  authoriseLoad: {
    request: z.strictObject({ kioskId: id, log }),
    answer: z.discriminatedUnion('status', [authorised, pending, refused]),
  },
  loadStatus: {
    request: z.strictObject({ kioskId: id, cardId: id, counter: u32 }),
    answer: z.discriminatedUnion('status', [
      authorised,
      pending,
      refused,
      z.strictObject({ status: z.literal('settled') }),
      z.strictObject({ status: z.literal('unknown') }),
    ]),
  },
  loadCredited: { request: signedRecord, answer: nothing },
  loadCancelled: { request: statement, answer: nothing },
  hotList: {
    request: u32,
    answer: z.strictObject({ list: bytes(1, requestLimit), signature }).nullable(),
  },
  blockTaken: { request: z.strictObject({ cardId: id, statement: bytes(8), signature }), answer: nothing },
  uploadBatch: {
    request: z.strictObject({ batch: bytes(1, requestLimit), signature, terminalCertificate: bytes(1, 239) }),
    answer: z.strictObject({ acknowledgement: bytes(1, 255), signature }),
  },
  entryAnswer: {
    request: z.strictObject({ terminalId: id, cardId: id, tn: u32, ntSeen: u32 }),
    answer: z.discriminatedUnion('status', [
      z.strictObject({ status: z.literal('executed'), ...signedRecord.shape, ...answered }),
      z.strictObject({ status: z.literal('void'), ...answered }),
      z.strictObject({ status: z.literal('unknown'), askAfter: u32 }),
    ]),
  },
} as const satisfies Record<keyof IssuerPort, { request: z.ZodType; answer: z.ZodType }>;

/** A new terminal, which has no certificate yet and a token instead. */
export const enrolPath = '/v1/enrol';

export const enrolWire = {
  request: z.strictObject({
    token: bytes(32),
    cardLinkKey: point,
    connectionKey: point,
    cardLinkProof: bytes(1, 72),
    connectionProof: bytes(1, 72),
  }),
  answer: z.strictObject({
    terminalId: id,
    terminalCertificate: bytes(1, 239),
    /** PEM. */
    connectionCertificate: z.string(),
    /** PEM. */
    ca: z.string(),
    /** The content of scheme.json. */
    scheme: z.record(z.string(), z.unknown()),
  }),
} as const;

export type IssuerMethod = keyof IssuerPort;

export const issuerMethods = Object.keys(issuerWire) as readonly IssuerMethod[];

/** Where a method is posted to. */
export function issuerPath(method: IssuerMethod): string {
  return `/v1/${method}`;
}

/** A refusal, as RFC 9457 has it. */
export const problemType = 'application/problem+json';

/** Stable words for what went wrong: those of the port, then those of HTTP and of operators' sessions. */
export const problemCodes = [
  'unknown-card',
  'unknown-terminal',
  'conflict',
  'rejected',
  'busy',
  'unreachable',
  'internal',
  'clock',
  'malformed',
  'not-found',
  'too-large',
  'unsupported-type',
  'too-many-requests',
  'timeout',
  'sign-in-failed',
  'not-signed-in',
  'forbidden',
  'cross-site',
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/** `code`, `moneyMoved`, `action` and `trace` are extension members (RFC 9457 section 3.2). */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  /** What happened, in a sentence. */
  detail: z.string().optional(),
  code: z.string(),
  /** Did this request move money at the issuer? */
  moneyMoved: z.enum(['no', 'unknown']).optional(),
  /** What to do next. */
  action: z.string().optional(),
  /** Trace id under which the issuer's log has the request. */
  trace: z.string().optional(),
});

/** What a refusal is to a terminal's flow. */
export function portCode(code: string, status: number): IssuerErrorCode {
  const own = portCodes.find((known) => known === code);
  if (own !== undefined) return own;
  if (status === 429 || code === 'clock') return 'busy';
  return status >= 500 || status === 408 ? 'unreachable' : 'rejected';
}

const portCodes: readonly IssuerErrorCode[] = [
  'unreachable',
  'unknown-card',
  'unknown-terminal',
  'conflict',
  'rejected',
  'busy',
  'internal',
];
