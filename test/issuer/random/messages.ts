/** What terminals say to the issuer, as data: to be sent late, again, in another order, several at once, or spoiled. */
import { expect } from 'chai';
import { IssuerError } from '../../../host/protocol/issuer/port.js';
import type { IssuerPort } from '../../../host/protocol/issuer/port.js';
import type { SoftIssuer } from '../../helpers/soft-issuer.js';
import { StateWatch } from './state.js';

type Method = keyof IssuerPort;

export interface Message {
  readonly method: Method;
  readonly request: unknown;
}

export function message<M extends Method>(method: M, request: Parameters<IssuerPort[M]>[0]): Message {
  return { method, request };
}

export interface Spoil {
  readonly field: number;
  readonly at: number;
  readonly how: 'cut' | 'bit';
}

export class PostOffice {
  /** Said and not yet arrived. */
  readonly underway: Message[] = [];
  private readonly arrived: Message[] = [];
  private turn = 0;

  private readonly watch: StateWatch;

  /** @param sites processes of one issuer */
  constructor(private readonly sites: readonly SoftIssuer[]) {
    this.watch = new StateWatch((sites[0] as SoftIssuer).issuer.store.db);
  }

  /** Straight to one of the processes. */
  async send({ method, request }: Message): Promise<unknown> {
    const site = this.sites[this.turn++ % this.sites.length] as SoftIssuer;
    const call = site.port[method] as (request: unknown) => Promise<unknown>;
    const answer = await call(request);
    this.arrived.push({ method, request });
    return answer;
  }

  /** One that is under way; a batch that overtook another is refused, changes nothing, and comes again. */
  async deliver(which: number): Promise<void> {
    const next = pick(this.underway, which);
    if (next === undefined) return;
    const before = await this.state();
    if (await this.taken(next)) return void this.underway.splice(this.underway.indexOf(next), 1);
    expect(await this.state(), 'state after a refusal').to.equal(before);
  }

  /** Everything, oldest first. */
  async deliverAll(): Promise<void> {
    for (const next of this.underway.splice(0)) await this.send(next);
  }

  /** Said before. A first repeat may finish what the bank left open; apart from that the books do not move. */
  async repeat(which: number): Promise<void> {
    const old = pick(this.arrived, which);
    if (old === undefined) return;
    if (mayFinish.has(old.method)) await this.send(old);
    const before = await this.state();
    await this.send(old);
    expect(await this.state(), `state after ${old.method} again`).to.equal(before);
  }

  /** A spoiled message is refused; where what was spoiled does not matter, it says nothing new. Nothing changes either way. */
  async spoil(which: number, spoil: Spoil): Promise<void> {
    const honest = pick([...this.underway, ...this.arrived], which);
    const spoiled = honest === undefined ? undefined : spoiledBy(honest, spoil);
    if (honest === undefined || spoiled === undefined) return;
    const before = await this.state();
    const taken = await this.taken(spoiled);
    if (taken) this.arrived.pop();
    if (taken) expect(this.arrived, `${honest.method} spoiled and taken`).to.include(honest);
    if (taken && mayFinish.has(honest.method)) return;
    expect(await this.state(), `state after a spoiled ${honest.method}`).to.equal(before);
  }

  /** What must not be taken, and leaves nothing. */
  async refused(one: Message): Promise<void> {
    const before = await this.state();
    expect(await this.taken(one), `${one.method} taken`).to.equal(false);
    expect(await this.state(), `state after a refused ${one.method}`).to.equal(before);
  }

  async together(which: readonly number[]): Promise<void> {
    const chosen = [...new Set(which.map((one) => pick([...this.underway, ...this.arrived.slice(-20)], one)))].filter(
      (one) => one !== undefined,
    );
    const taken = await Promise.all(chosen.map((one) => this.taken(one)));
    for (const [i, one] of chosen.entries()) {
      const place = this.underway.indexOf(one);
      if (taken[i] === true && place >= 0) this.underway.splice(place, 1);
    }
  }

  private state(): Promise<string> {
    return this.watch.digest();
  }

  private async taken(one: Message): Promise<boolean> {
    try {
      await this.send(one);
      return true;
    } catch (error) {
      if (error instanceof IssuerError && refusals.has(error.code)) return false;
      throw error;
    }
  }
}

/** These also go on with what the bank has not answered yet. */
const mayFinish = new Set<Method>(['authoriseLoad', 'loadCancelled', 'synchronise']);

const refusals = new Set(['rejected', 'unknown-card', 'unknown-terminal', 'conflict']);

function pick<T>(from: readonly T[], which: number): T | undefined {
  return from[which % Math.max(1, from.length)];
}

/** One byte string of the request, wherever it is in it, cut short or with one bit turned. */
function spoiledBy({ method, request }: Message, { field, at, how }: Spoil): Message | undefined {
  const copy: unknown = structuredClone(request);
  const places = byteStrings(copy);
  const place = places[field % Math.max(1, places.length)];
  if (place === undefined) return undefined;
  const { holder, name, bytes } = place;
  const position = at % bytes.length;
  const changed = bytes.slice(0, how === 'cut' ? position : bytes.length);
  if (how === 'bit') changed[position] = (changed[position] ?? 0) ^ (1 << (at % 8));
  holder[name] = changed;
  return { method, request: copy };
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly name: string;
  readonly bytes: Uint8Array;
}

function byteStrings(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  const holder = value as Record<string, unknown>;
  return Object.entries(holder).flatMap(([name, inner]) =>
    inner instanceof Uint8Array ? (inner.length === 0 ? [] : [{ holder, name, bytes: inner }]) : byteStrings(inner),
  );
}
