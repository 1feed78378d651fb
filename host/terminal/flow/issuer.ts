/** What flows ask of the issuer, as data: the methods of {@link IssuerPort}, one effect each. */
import type { IssuerErrorCode, IssuerPort } from '../../protocol/issuer/port.js';
import { IssuerError } from '../../protocol/issuer/port.js';

export type IssuerCall = keyof IssuerPort;
export type IssuerRequest<C extends IssuerCall> = Parameters<IssuerPort[C]>[0];
export type IssuerAnswer<C extends IssuerCall> = Awaited<ReturnType<IssuerPort[C]>>;

export type IssuerEffect = {
  readonly [C in IssuerCall]: { readonly do: 'ask-issuer'; readonly call: C; readonly request: IssuerRequest<C> };
}[IssuerCall];

export type IssuerEvent =
  | {
      readonly [C in IssuerCall]: { readonly on: 'issuer'; readonly call: C; readonly answer: IssuerAnswer<C> };
    }[IssuerCall]
  | {
      readonly on: 'issuer-failed';
      readonly call: IssuerCall;
      readonly code: IssuerErrorCode;
      readonly message: string;
    };

/** The effect of one call. */
export function askIssuer<C extends IssuerCall>(call: C, request: IssuerRequest<C>): IssuerEffect {
  return { do: 'ask-issuer', call, request } as unknown as IssuerEffect;
}

/** The answer to one call. @throws Error for the answer to another */
export function issuerAnswer<C extends IssuerCall>(event: { readonly on: string }, call: C): IssuerAnswer<C> {
  const answered = event as { readonly on: string; readonly call?: string; readonly answer?: unknown };
  if (answered.on !== 'issuer' || answered.call !== call)
    throw new Error(`event "${event.on}" where ${call} was asked`);
  return answered.answer as IssuerAnswer<C>;
}

/** Asks; a failure becomes an event, for every flow has to live with an issuer that cannot be reached. */
export async function performIssuer(port: IssuerPort, effect: IssuerEffect): Promise<IssuerEvent> {
  const { call } = effect;
  try {
    const ask = port[call].bind(port) as (request: unknown) => Promise<unknown>;
    return { on: 'issuer', call, answer: await ask(effect.request) } as IssuerEvent;
  } catch (error) {
    if (!(error instanceof IssuerError)) throw error;
    return { on: 'issuer-failed', call, code: error.code, message: error.message };
  }
}
