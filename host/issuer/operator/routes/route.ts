/** What a route of the operator API is: data that the server, the OpenAPI description and the tests read alike. */
import { z } from 'zod';
import type { Actor } from '../../service/audit.js';
import type { Issuer } from '../../service/context.js';
import type { Permission } from '../permissions.js';
import type { Figures } from '../queries/today.js';
import type { Session } from '../sessions.js';

type Method = 'GET' | 'POST' | 'DELETE';
type Shape = z.ZodObject;

/** What a handler gets: parameters, query and body as their schemas decode them. */
export interface Asked<P extends Shape, Q extends Shape, B extends z.ZodType> {
  readonly issuer: Issuer;
  /** Added up over the whole of the books, kept where that takes long. */
  readonly figures: () => Promise<Figures>;
  readonly session: Session;
  /** The session's operator, for the audit log. */
  readonly actor: Actor;
  readonly params: z.output<P>;
  readonly query: z.output<Q>;
  readonly body: z.output<B>;
}

interface RouteFields<P extends Shape, Q extends Shape, B extends z.ZodType, A extends z.ZodType> {
  readonly method: Method;
  /** Below /operator/v1, with parameters in braces, as OpenAPI has them. */
  readonly path: string;
  readonly summary: string;
  readonly permission: Permission | 'session';
  /** Largest body in bytes, where the server's usual limit is too small. */
  readonly largestBody?: number;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** None: 204. */
  readonly answer?: A;
  readonly run: (asked: Asked<P, Q, B>) => Promise<z.input<A> | void>;
}

/** What a handler gets, whatever its types. */
export type AnyAsked = Asked<Shape, Shape, z.ZodType>;

/** A route whatever its types. */
export interface OperatorRoute {
  readonly method: Method;
  readonly path: string;
  readonly summary: string;
  readonly permission: Permission | 'session';
  readonly largestBody?: number;
  readonly params: Shape;
  readonly query: Shape;
  readonly body: z.ZodType | undefined;
  readonly answer: z.ZodType | undefined;
  readonly run: (asked: AnyAsked) => Promise<unknown>;
}

const nothing = z.strictObject({});

export function operatorRoute<
  P extends Shape = typeof nothing,
  Q extends Shape = typeof nothing,
  B extends z.ZodType = z.ZodUndefined,
  A extends z.ZodType = z.ZodUndefined,
>(fields: RouteFields<P, Q, B, A>): OperatorRoute {
  const { params, query, body, answer, run, ...rest } = fields;
  return {
    ...rest,
    params: params ?? nothing,
    query: query ?? nothing,
    body,
    answer,
    // the server decodes by the very schemas above, so the handler gets what its types say
    run: run,
  };
}

// --- parts of requests that several routes share
export const idParam = z.string().regex(/^[0-9a-f]{16}$/, 'expected 16 hexadecimal digits');
/** Cursor and length of a part. */
export const paging = {
  after: z.string().max(200).optional(),
  limit: z
    .codec(z.string().regex(/^[1-9]\d{0,2}$/, 'expected a number of 1 to 500'), z.number().max(500), {
      decode: (text) => Number(text),
      encode: (value) => String(value),
    })
    .optional(),
};
/** What a person types to search; text, whatever is in it. */
export const searchText = z.string().max(100).optional();
/** Files that people choose in the browser: of orders, of a bank's answers. */
export const largestFile = 4 * 1024 * 1024;
/** Why: goes into the audit log. */
export const reason = z.string().trim().min(1).max(200);
