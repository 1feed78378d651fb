/** Every parser of the host's that takes what others have written: what it reads, what it may throw, and right inputs to begin from. */
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import { jsonIn, decoded } from '../../host/issuer/http/validate.js';
import { KeyringError } from '../../host/issuer/pki/errors.js';
import { parseTokenUri } from '../../host/issuer/pki/token/uri.js';
import { StatusReportError, readStatusReport } from '../../host/issuer/payout/pain002.js';
import { SettingsError } from '../../host/issuer/settings-error.js';
import { readSettings } from '../../host/issuer/settings.js';
import { CertificateError } from '../../host/protocol/certificates/certificate.js';
import { parseCardCertificate } from '../../host/protocol/certificates/card.js';
import { parseTerminalCertificate } from '../../host/protocol/certificates/terminal.js';
import { parseAnswer, parseApdu } from '../../host/protocol/channel/apdu.js';
import { formatRecording, parseRecording } from '../../host/protocol/channel/record-replay.js';
import { CsvError, parseCsv } from '../../host/protocol/codec/csv.js';
import { MoneyError, parseAmount, parseMoney } from '../../host/protocol/codec/money.js';
import { PinError, pinBlock } from '../../host/protocol/codec/pin.js';
import { parseTime } from '../../host/protocol/codec/time.js';
import { IssuerError } from '../../host/protocol/issuer/port.js';
import { enrolWire, issuerWire } from '../../host/protocol/issuer/wire.js';
import { Role } from '../../host/protocol/generated/enums.js';
import * as structures from '../../host/protocol/generated/structures.js';
import { SchemeError, parseScheme } from '../../host/protocol/scheme.js';
import { Home } from '../../host/terminal/home.js';
import { JournalDamage, emptyJournal, readJournal, writeLine } from '../../host/terminal/journal/lines.js';
import { statusReport } from '../issuer/status-report.js';
import { bytesFor, signerFor } from './keys.js';
import { cardCertificate, euro, terminal } from './scheme.js';

export interface Parser {
  readonly name: string;
  /** What it may throw; everything else is a crash. */
  readonly throws: readonly (abstract new (...args: never[]) => Error)[];
  readonly read: (bytes: Uint8Array) => unknown;
  /** Inputs it takes, or nearly so. */
  readonly seeds: readonly Uint8Array[];
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const requests = [
  utf8(
    '{"deskId":"4445534B2D303031","cardId":"CA4D000000000001","serial":"0000000000005E01","amount":"100","at":1795000000}',
  ),
  utf8('{"terminalId":"504F532D30303031","batch":"AAAA","signature":"MEUC","entries":[{"tn":1},null,[],{}]}'),
];

export const parsers: readonly Parser[] = [
  {
    name: 'terminal certificate',
    throws: [CertificateError],
    read: parseTerminalCertificate,
    seeds: [terminal(Role.pos).certificate.bytes, terminal(Role.perso).certificate.bytes],
  },
  {
    name: 'card certificate',
    throws: [CertificateError],
    read: parseCardCertificate,
    seeds: [
      cardCertificate({ cardId: bytesFor('c', 8), signPoint: signerFor('s').point, agreePoint: signerFor('a').point }),
    ],
  },
  { name: 'APDU', throws: [RangeError], read: parseApdu, seeds: [Uint8Array.of(0x80, 0x50, 1, 0, 2, 1, 2, 0)] },
  { name: 'answer', throws: [RangeError], read: parseAnswer, seeds: [Uint8Array.of(1, 2, 0x90, 0)] },
  { name: 'journal', throws: [JournalDamage], read: readJournal, seeds: [journal()] },
  {
    name: 'recording',
    throws: [RangeError, TypeError],
    read: (bytes) => parseRecording(text(bytes)),
    seeds: [utf8(formatRecording([{ command: Uint8Array.of(1, 2), answer: Uint8Array.of(0x90, 0) }]))],
  },
  {
    name: 'CSV',
    throws: [CsvError],
    read: (bytes) => parseCsv(text(bytes)),
    seeds: [utf8('holder,product\n"Ann ""A"", x",student\r\nBob,\n')],
  },
  { name: 'scheme', throws: [SchemeError], read: (bytes) => parseScheme(text(bytes)), seeds: [utf8('{"scheme":257}')] },
  {
    name: 'time',
    throws: [RangeError],
    read: (bytes) => parseTime(text(bytes)),
    seeds: [utf8('2026-11-22T05:11:22Z')],
  },
  { name: 'money', throws: [MoneyError], read: (bytes) => parseMoney(text(bytes), euro), seeds: [utf8('12.34')] },
  { name: 'amount', throws: [MoneyError], read: (bytes) => parseAmount(text(bytes), euro), seeds: [utf8('0.05')] },
  { name: 'PIN', throws: [PinError], read: (bytes) => pinBlock(text(bytes)), seeds: [utf8('1234')] },
  {
    name: 'pain.002',
    throws: [StatusReportError],
    read: (bytes) => statusOf(text(bytes)),
    seeds: [
      utf8(
        statusReport('M1', 'ACSC', [
          { id: 'E1', status: 'RJCT', reason: 'AC04', info: 'closed', amount: ['12.34', 'EUR'] },
        ]),
      ),
      utf8(statusReport('M2', undefined, [{ id: 'E1', status: 'ACSC' }])),
    ],
  },
  {
    name: 'PKCS #11 URI',
    throws: [KeyringError],
    read: (bytes) => parseTokenUri(text(bytes)),
    seeds: [utf8('pkcs11:token=a%20b;serial=1?module-path=/usr/lib/x.so&pin-source=file:/etc/pin')],
  },
  {
    name: 'settings',
    throws: [SettingsError],
    read: settingsFrom,
    seeds: [utf8('{"presentationWindowDays":30,"cardDailyLoad":{"EUR":"150.00"},"cardLifetimeYears":5}')],
  },
  ...Object.entries({ ...issuerWire, enrol: enrolWire }).map(([name, wire]) => requestParser(name, wire.request)),
  ...Object.entries(structures).flatMap(([name, codec]): Parser[] =>
    'decode' in codec
      ? [
          {
            name: name.replace(/Codec$/, ''),
            throws: [Error],
            read: (bytes) => codec.decode(bytes),
            seeds: [new Uint8Array(64)],
          },
        ]
      : [],
  ),
];

function journal(): Uint8Array {
  const first = writeLine(emptyJournal().check, '{"entry":1}');
  return utf8(first.line + writeLine(first.after, '{"entry":2}').line);
}

/** The three words that books are kept by, and no other value. */
function statusOf(content: string): unknown {
  const report = readStatusReport(content);
  const answers = [report.group?.answer, ...report.payments.map(({ answer }) => answer)];
  for (const answer of answers)
    if (answer !== undefined && !['paid', 'returned', 'pending'].includes(answer))
      throw new TypeError(`a status that is none came through: ${String(answer)}`);
  return report;
}

function settingsFrom(content: Uint8Array): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'epurse-settings-'));
  try {
    mkdirSync(join(folder, 'issuer'));
    writeFileSync(join(folder, 'issuer', 'config.json'), content);
    return readSettings(new Home(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The body of a request, as the server takes it. */
function requestParser(name: string, schema: z.ZodType): Parser {
  const read = (bytes: Uint8Array): unknown => decoded(schema, jsonIn(bytes));
  return { name: `request ${name}`, throws: [IssuerError], read, seeds: requests };
}
