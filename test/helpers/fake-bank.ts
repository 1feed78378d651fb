/** A bank of its own process's making, with an account book by key, that answers as it is told. */
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TestTls } from './https.js';
import { schemeId } from './scheme.js';

export type BankMood =
  | 'yes'
  | 'no'
  /** Nothing happens, nothing is said. */
  | 'hang'
  /** It happens, nothing is said. */
  | 'hang-yes'
  /** It happens, and the answer comes twice on one connection. */
  | 'twice'
  | 'error'
  /** It happens, and what is said of it is an error. */
  | 'error-yes'
  | 'garbage'
  /** Says yes to another key. */
  | 'stranger'
  | 'endless'
  | 'moved'
  | 'reset';

export interface Asked {
  readonly deed: string;
  readonly key: string;
  readonly amount: string;
  readonly headers: IncomingMessage['headers'];
}

interface Question {
  readonly key: string;
  readonly money: { readonly amount: string; readonly unit: string };
}

export class FakeBank {
  /** How the next questions go, oldest first; `yes` when used up. */
  readonly moods: BankMood[] = [];
  readonly asked: Asked[] = [];
  /** What was done, by deed and key: each once, whatever is asked again. */
  readonly done = new Map<string, string>();
  readonly tls = new TestTls(schemeId);
  private readonly server: Server;

  private constructor() {
    const { key, cert } = this.tls.server();
    this.server = createServer({ key, cert }, (request, response) => void this.answer(request, response));
  }

  static async start(): Promise<FakeBank> {
    const bank = new FakeBank();
    await new Promise<void>((resolve) => bank.server.listen(0, '127.0.0.1', resolve));
    return bank;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}/bank`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const { key, money } = JSON.parse(Buffer.concat(parts).toString('utf8')) as Question;
    const deed = (request.url ?? '').replace('/bank/', '');
    const amount = `${money.amount} ${money.unit}`;
    this.asked.push({ deed, key, amount, headers: request.headers });
    const before = this.done.get(`${deed} ${key}`);
    if (before !== undefined && before !== amount) return void response.writeHead(409).end();
    this.say(before === undefined ? (this.moods.shift() ?? 'yes') : 'yes', `${deed} ${key}`, key, amount, response);
  }

  private say(mood: BankMood, name: string, key: string, amount: string, response: ServerResponse): void {
    const body = (answer: string, to = key): string => JSON.stringify({ key: to, answer });
    const json = (text: string): void => void response.writeHead(200, { 'content-type': 'application/json' }).end(text);
    if (mood === 'yes' || mood === 'twice' || mood === 'hang-yes' || mood === 'error-yes') this.done.set(name, amount);
    switch (mood) {
      case 'yes':
        return json(body('yes'));
      case 'no':
        return json(body('no'));
      case 'hang':
      case 'hang-yes':
        return;
      case 'twice': {
        const text = body('yes');
        const whole = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
        return void response.socket?.write(whole + whole);
      }
      case 'error':
      case 'error-yes':
        return void response.writeHead(500).end(body('yes'));
      case 'garbage':
        return json('<html>yes</html>');
      case 'stranger':
        return json(body('yes', 'somebody/1'));
      case 'endless':
        response.writeHead(200);
        for (let i = 0; i < 40; i++) response.write(' '.repeat(1024));
        return void response.end(body('yes'));
      case 'moved':
        return void response.writeHead(302, { location: '/bank/charges' }).end();
      case 'reset':
        response.socket?.destroy();
    }
  }
}
