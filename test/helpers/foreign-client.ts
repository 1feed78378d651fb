/**
 * A merchant's terminal written by somebody who has docs/openapi.json and nothing else of this project: no import of its code.
 * Paths, fields, layouts and tags are looked up in the file.
 */
import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';

interface Layout {
  readonly name: string;
  readonly tag?: string;
  readonly fields: readonly { name: string; type: string; length?: number; of?: string; count?: string }[];
}

interface Operation {
  readonly operationId?: string;
}

interface Description {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly 'x-structures': readonly Layout[];
  readonly 'x-enums': readonly { name: string; values: readonly { name: string; value: number }[] }[];
}

type Fields = { readonly [name: string]: number | bigint | Buffer | readonly Fields[] };

export class ForeignTerminal {
  readonly #file: Description;
  readonly #cardLink = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #connection = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  #certificates: { terminalId: string; terminalCertificate: string; connectionCertificate: string } | undefined;
  #scheme: { id: number; keys: { authority: string; version: number; point: string }[] } | undefined;

  constructor(
    openApiFile: string,
    private readonly url: string,
    /** As the operator handed it over with the token: the certificate of the issuer's CA. */
    private readonly ca: string,
  ) {
    this.#file = JSON.parse(readFileSync(openApiFile, 'utf8')) as Description;
  }

  get terminalId(): Buffer {
    return Buffer.from(this.#certificates?.terminalId ?? '', 'hex');
  }

  get scheme(): number {
    return this.#scheme?.id ?? 0;
  }

  enumValue(name: string, value: string): number {
    const found = this.#file['x-enums'].find((one) => one.name === name)?.values.find((one) => one.name === value);
    if (found === undefined) throw new Error(`no ${name} ${value}`);
    return found.value;
  }

  /** @param tokenText 32 bytes in hexadecimal, from the operator */
  async enrol(tokenText: string): Promise<unknown> {
    const [cardLinkKey, connectionKey] = [this.#cardLink, this.#connection].map(({ publicKey }) => pointOf(publicKey));
    if (cardLinkKey === undefined || connectionKey === undefined) throw new Error('no keys');
    const token = Buffer.from(tokenText, 'hex');
    const message = Buffer.concat([Buffer.from('epurse-enrolment/1'), token, cardLinkKey, connectionKey]);
    const answer = await this.call('enrol', {
      token: tokenText,
      cardLinkKey: cardLinkKey.toString('hex'),
      connectionKey: connectionKey.toString('hex'),
      cardLinkProof: sign('sha256', message, this.#cardLink.privateKey).toString('hex'),
      connectionProof: sign('sha256', message, this.#connection.privateKey).toString('hex'),
    });
    this.#certificates = answer as never;
    this.#scheme = (answer as { scheme: never }).scheme;
    return answer;
  }

  /** Hands in a batch and checks the issuer's receipt. @param fields of the structure `batch` @returns the receipt's fields verified */
  async settle(fields: Fields): Promise<boolean> {
    const batch = this.encode('batch', fields);
    const signed = Buffer.concat([this.#tag('batch'), batch]);
    const answer = (await this.call('uploadBatch', {
      batch: batch.toString('hex'),
      signature: sign('sha256', signed, this.#cardLink.privateKey).toString('hex'),
      terminalCertificate: this.#certificates?.terminalCertificate,
    })) as { acknowledgement: string; signature: string };
    const receipt = Buffer.from(answer.acknowledgement, 'hex');
    const keys = (this.#scheme?.keys ?? [])
      .filter(({ authority }) => authority === 'order')
      .map(({ point }) => keyOf(point));
    const genuine = keys.some((key) =>
      verify(
        'sha256',
        Buffer.concat([this.#tag('batchAcknowledgement'), receipt]),
        key,
        Buffer.from(answer.signature, 'hex'),
      ),
    );
    return genuine && receipt.includes(createHash('sha256').update(signed).digest());
  }

  /** Calls an operation by its id; problem documents are thrown. */
  async call(operationId: string, body: unknown): Promise<unknown> {
    const path = Object.entries(this.#file.paths).find(([, { post }]) => post?.operationId === operationId)?.[0];
    if (path === undefined) throw new Error(`no operation ${operationId}`);
    const { status, text } = await this.#post(path, JSON.stringify(body));
    if (status !== 200 && status !== 204) throw new Error(text);
    return text === '' ? undefined : JSON.parse(text);
  }

  #post(path: string, body: string): Promise<{ status: number; text: string }> {
    const own = this.#certificates;
    const identity =
      own === undefined
        ? {}
        : {
            cert: own.connectionCertificate,
            key: this.#connection.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
          };
    const headers = { 'content-type': 'application/json' };
    return new Promise((resolve, reject) => {
      const sent = request(
        new URL(path, this.url),
        { method: 'POST', headers, ca: this.ca, agent: false, ...identity },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (part: string) => (text += part));
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  /** By the layout in the file. */
  encode(name: string, fields: Fields): Buffer {
    const parts = this.#layout(name).fields.map(({ name: field, type, of, count }) => {
      const value = fields[field];
      switch (type) {
        case 'u8':
        case 'u16':
        case 'u32':
        case 'u64':
          return number(Number(type.slice(1)) / 8, value as number | bigint);
        case 'bytes':
          return value as Buffer;
        case 'blob8':
          return Buffer.concat([number(1, (value as Buffer).length), value as Buffer]);
        case 'list': {
          const items = value as readonly Fields[];
          const length = number(count === 'u16' ? 2 : 1, items.length);
          return Buffer.concat([length, ...items.map((item) => this.encode(of ?? '', item))]);
        }
        default:
          throw new Error(`${type} is not described`);
      }
    });
    return Buffer.concat(parts);
  }

  #layout(name: string): Layout {
    const layout = this.#file['x-structures'].find((one) => one.name === name);
    if (layout === undefined) throw new Error(`no structure ${name}`);
    return layout;
  }

  #tag(name: string): Buffer {
    return Buffer.from(this.#layout(name).tag ?? '', 'ascii');
  }
}

function number(bytes: number, value: number | bigint): Buffer {
  return Buffer.from(
    BigInt(value)
      .toString(16)
      .padStart(2 * bytes, '0'),
    'hex',
  );
}

/** X ‖ Y: the end of a P-256 SubjectPublicKeyInfo. */
function pointOf(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(-64);
}

function keyOf(point: string): KeyObject {
  const [x, y] = [point.slice(0, 64), point.slice(64)].map((hex) => Buffer.from(hex, 'hex').toString('base64url'));
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' }, format: 'jwk' });
}
