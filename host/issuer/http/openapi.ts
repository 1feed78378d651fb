/**
 * The API as OpenAPI 3.1, made of the schemas the server itself decodes and encodes by. Structures that travel as hexadecimal
 * are described beside it (`x-structures`, from apdu-specs), so that a client can be written from this one file.
 */
import { z } from 'zod';
import {
  enrolPath,
  enrolWire,
  issuerMethods,
  issuerPath,
  issuerWire,
  problem,
  problemType,
} from '../../protocol/issuer/wire.js';
import { roleNames } from '../../protocol/generated/enums.js';
import { operatorRoot, operatorRoutes } from '../operator/routes/index.js';
import type { OperatorRoute } from '../operator/routes/route.js';
import { credentials, sessionView } from '../operator/routes/session.js';
import { csrfHeader, sessionCookie } from '../operator/server.js';
import { permitted } from './permissions.js';
import { problemKinds } from './problems.js';

type Json = Record<string, unknown>;

/** @param structures layouts and @param enums values by name, as apdu-specs has them */
export function openApi(structures: readonly Json[], enums: unknown): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'epurse issuer',
      version: '1',
      description: introduction,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths: { ...terminalPaths(), ...operatorPaths() },
    components: {
      schemas: { Problem: schemaOf(problem) },
      responses: {
        Problem: {
          description: 'Refused.',
          content: { [problemType]: { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      securitySchemes: {
        terminal: { type: 'mutualTLS', description: 'The connection certificate that enrolment gave.' },
        session: { type: 'apiKey', in: 'cookie', name: sessionCookie },
      },
    },
    'x-problem-codes': problemKinds,
    'x-structures': structures,
    'x-enums': enums,
  };
}

const introduction = [
  'HTTPS alone, TLS 1.3. Byte strings are lower-case hexadecimal. Refusals are problem documents (RFC 9457) with code, moneyMoved, action and trace.',
  'Every request may be repeated: what was booked is not booked twice.',
  'Keys are ECDSA P-256 with SHA-256: public keys as X || Y (64 bytes), signatures in DER.',
  'A signature over a structure of x-structures is over its tag (four ASCII bytes) and its fields in order: u8 u16 u32 u64 big-endian; bytes of fixed length;',
  'blob8 one length byte, then the bytes; list: the number of items (count: u8 or u16), then the items. The structure itself is sent without its tag.',
  'Enrolment: both keys sign ASCII "epurse-enrolment/1" || token || cardLinkKey || connectionKey.',
].join('\n');

function terminalPaths(): Json {
  const enrol = {
    operationId: 'enrol',
    tags: ['terminals'],
    summary: 'A new terminal gets its certificates for a token an operator gave it.',
    security: [],
    ...exchanged(enrolWire.request, enrolWire.answer),
  };
  const methods = issuerMethods.map((method) => {
    const roles = permitted[method].map((role) => roleNames[role]).join(', ');
    const { request, answer } = issuerWire[method];
    const operation = {
      operationId: method,
      tags: ['terminals'],
      summary: `For terminals with the role ${roles}.`,
      security: [{ terminal: [] }],
      ...exchanged(request, answer instanceof z.ZodUndefined ? undefined : answer),
    };
    return [issuerPath(method), { post: operation }];
  });
  return { [enrolPath]: { post: enrol }, ...(Object.fromEntries(methods) as Json) };
}

function operatorPaths(): Json {
  const paths: Record<string, Json> = {};
  for (const route of operatorRoutes)
    paths[operatorRoot + route.path] = {
      ...paths[operatorRoot + route.path],
      [route.method.toLowerCase()]: operatorOperation(route),
    };
  const session = `${operatorRoot}/session`;
  paths[session] = {
    ...paths[session],
    post: {
      tags: ['operators'],
      summary: 'Signs in; the answer sets the cookie of the session.',
      security: [],
      ...exchanged(credentials, sessionView),
    },
    delete: {
      tags: ['operators'],
      summary: 'Signs out.',
      security: signedIn,
      parameters: [csrf],
      ...exchanged(undefined, undefined),
    },
  };
  return paths;
}

const signedIn = [{ session: [] }];
const csrf = { name: csrfHeader, in: 'header', required: true, schema: { type: 'string' } };

function operatorOperation({ method, summary, permission, params, query, body, answer }: OperatorRoute): Json {
  return {
    tags: ['operators'],
    summary: permission === 'session' ? summary : `${summary} Permission: ${permission}.`,
    security: signedIn,
    parameters: [...parameters('path', params), ...parameters('query', query), ...(method === 'GET' ? [] : [csrf])],
    ...exchanged(body, answer),
  };
}

function parameters(place: 'path' | 'query', shape: z.ZodObject): Json[] {
  return Object.entries(shape.shape as Record<string, z.ZodType>).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path' || !schema.safeParse(undefined).success,
    schema: schemaOf(schema),
  }));
}

function exchanged(request: z.ZodType | undefined, answer: z.ZodType | undefined): Json {
  const json = (schema: z.ZodType): Json => ({ 'application/json': { schema: schemaOf(schema) } });
  return {
    ...(request === undefined ? {} : { requestBody: { required: true, content: json(request) } }),
    responses: {
      ...(answer === undefined
        ? { 204: { description: 'Done.' } }
        : { 200: { description: 'Done.', content: json(answer) } }),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

/** What is on the wire: the outer side of every codec. */
function schemaOf(schema: z.ZodType): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
