/** Card, terminal and server of Group 14, as far as their protocols 1 to 3 say what each does. Their words are quoted. */
import { hash, holds, principal, signed } from './messages.js';
import type { Principal, Signed } from './messages.js';

const ok = 'OK';
const refused = 'REFUSED';

/** What is under way on the card, waiting for the last message of the protocol. */
type Pending = { readonly kind: 'login' } | { readonly kind: 'reload' | 'payment'; readonly amount: number };

export class Group14Card {
  readonly self: Principal;
  balance = 0;
  loggedIn = false;
  #pending: Pending | undefined;

  constructor(
    name: string,
    private readonly pin: string,
  ) {
    this.self = principal(name);
  }

  /** Protocol 1: `T → C: {N, C}`, `C → T: {|#(Cid, Pin, N, T)|}Sc`. */
  login(nonce: string, terminal: string): Signed {
    this.#pending = { kind: 'login' };
    return signed(this.self, hash(this.self.name, this.pin, nonce, terminal));
  }

  /** Protocol 2: `C → RT: {|#(Cid, amount, N, RT)|}Sc`. */
  reload(amount: number, nonce: string, terminal: string): Signed {
    this.#pending = { kind: 'reload', amount };
    return signed(this.self, hash(this.self.name, String(amount), nonce, terminal));
  }

  /** Protocol 3: `C → T: {|#(amount, N, T)|}Sc`. */
  pay(amount: number, nonce: string, terminal: string): Signed {
    this.#pending = { kind: 'payment', amount };
    return signed(this.self, hash(String(amount), nonce, terminal));
  }

  /** The last message of all three: `T → C: {|Result, C|}St`. */
  takeResult(message: Signed): boolean {
    const [result, card] = message.fields;
    const pending = this.#pending;
    if (!holds(message) || result !== ok || card !== this.self.name || !pending) return false;
    this.#pending = undefined;
    if (pending.kind === 'login') this.loggedIn = true;
    if (pending.kind === 'reload') this.balance += pending.amount;
    if (pending.kind === 'payment') this.balance -= pending.amount;
    return true;
  }
}

export class Group14Server {
  readonly self = principal('server');
  readonly balances = new Map<string, number>();
  readonly pins = new Map<string, string>();
  up = true;

  /** `T → S: {|Cid, Pin, S|}St`: "Server validates the card id and its Pin". */
  login(message: Signed): Signed {
    const [card = '', pin] = message.fields;
    return this.#result(message, this.pins.get(card) === pin);
  }

  /** `T → S: {|amount, Cid, S|}St`: "to check for the sufficient balance". */
  debit(message: Signed): Signed {
    const [amount = '0', card = ''] = message.fields;
    const balance = this.balances.get(card) ?? 0;
    const enough = balance >= Number(amount);
    if (enough && holds(message)) this.balances.set(card, balance - Number(amount));
    return this.#result(message, enough);
  }

  /** `RT → S: {|Cid, amount, S|}Srt`: "to increase the balance on the server". */
  credit(message: Signed): Signed {
    const [card = '', amount = '0'] = message.fields;
    if (holds(message)) this.balances.set(card, (this.balances.get(card) ?? 0) + Number(amount));
    return this.#result(message, true);
  }

  /** `S → T: {|Result, T|}Ss`. */
  #result(message: Signed, good: boolean): Signed {
    if (!this.up) throw new Error('the server does not answer');
    return signed(this.self, good && holds(message) ? ok : refused, message.certificate.name);
  }
}

/** What passes between terminal and server. */
export type Line = (message: Signed, to: 'debit' | 'credit' | 'login') => Signed;

export class Group14Terminal {
  readonly self: Principal;
  /** All that a listener hears. */
  readonly wire: Signed[] = [];
  #nonce = 0;

  constructor(
    name: string,
    server: Group14Server,
    private readonly line: Line = (message, to) => server[to](message),
  ) {
    this.self = principal(name);
  }

  login(card: Group14Card, pin: string): boolean {
    this.#heard(card.login(this.#next(), this.self.name));
    return this.#finish(card, this.#ask(signed(this.self, card.self.name, pin, 'server'), 'login'));
  }

  reload(card: Group14Card, amount: number): boolean {
    this.#heard(card.reload(amount, this.#next(), this.self.name));
    return this.#finish(card, this.#ask(signed(this.self, card.self.name, String(amount), 'server'), 'credit'));
  }

  /** @param deliver the last message to the card; a card that was pulled does not get it @returns whether goods are given */
  pay(card: Group14Card, amount: number, deliver = (message: Signed): unknown => card.takeResult(message)): boolean {
    this.#heard(card.pay(amount, this.#next(), this.self.name));
    const good = this.#ask(signed(this.self, String(amount), card.self.name, 'server'), 'debit');
    deliver(this.#heard(signed(this.self, good ? ok : refused, card.self.name)));
    return good;
  }

  #ask(message: Signed, to: 'debit' | 'credit' | 'login'): boolean {
    const answer = this.#heard(this.line(this.#heard(message), to));
    const [result, terminal] = answer.fields;
    return holds(answer) && result === ok && terminal === this.self.name;
  }

  #finish(card: Group14Card, good: boolean): boolean {
    return card.takeResult(this.#heard(signed(this.self, good ? ok : refused, card.self.name))) && good;
  }

  #heard(message: Signed): Signed {
    this.wire.push(message);
    return message;
  }

  #next(): string {
    return `${this.self.name} ${++this.#nonce}`;
  }
}

/** A card with money, a server that knows it, and a terminal. */
export function group14(): { card: Group14Card; server: Group14Server; terminal: Group14Terminal } {
  const server = new Group14Server();
  const terminal = new Group14Terminal('terminal', server);
  const card = new Group14Card('card', '2468');
  server.pins.set('card', '2468');
  server.balances.set('card', 50);
  card.balance = 50;
  return { card, server, terminal };
}
