/** Starts, kills and starts again an issuer process on one store. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TlsCredentials } from '../../host/issuer/pki/tls.js';
import { TestTls } from '../helpers/https.js';
import { schemeId } from '../helpers/scheme.js';
import type { Listening, Orders } from './issuer-child.js';

const program = fileURLToPath(new URL('./issuer-child.js', import.meta.url));

export class IssuerProcess {
  private readonly credentials: TlsCredentials;
  private child: ChildProcess | undefined;
  url = '';

  constructor(
    private readonly store: string,
    private readonly shops: number,
    /** One for all processes of an issuer. */
    readonly tls = new TestTls(schemeId),
  ) {
    this.credentials = tls.server();
  }

  /** @returns when it listens, at the same address as before */
  async start(): Promise<void> {
    const child = fork(program, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let words = '';
    child.stderr?.on('data', (part: Buffer) => (words += part.toString()));
    const port = this.url === '' ? 0 : Number(new URL(this.url).port);
    const orders: Orders = { store: this.store, tls: this.credentials, port, shops: this.shops };
    child.send(orders);
    this.url = await new Promise<string>((resolve, reject) => {
      child.once('message', (message) => resolve((message as Listening).url));
      child.once('exit', (code) => reject(new Error(`the issuer ended with ${code}:\n${words}`)));
    });
    this.child = child;
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }
}
