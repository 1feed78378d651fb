import { spawn } from 'node:child_process';
import type { ChildProcessByStdio, StdioPipe } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Socket } from 'node:net';
import { BridgeError, errorFromJava } from './errors.js';
import { FieldReader } from './fields.js';
import { javaCommand } from './java.js';
import type { JavaOptions } from './java.js';
import { AnswerSplitter, encodeRequest } from './protocol.js';
import type { AnswerFrame, Operation } from './protocol.js';

/** How a bridge is started and watched. */
export interface BridgeOptions extends JavaOptions {
  /** Milliseconds a request may take before the bridge is given up and killed; 0 for ever. Default 30 000. */
  readonly answerWithin?: number;
  /** Hears each line the Java side writes to standard error (what applets print, stack traces). */
  readonly onLog?: (line: string) => void;
}

interface Pending {
  readonly resolve: (body: Uint8Array) => void;
  readonly reject: (error: BridgeError) => void;
  readonly since: number;
}

const nothing = new Uint8Array(0);
const keptLogLines = 20;
const closeWithin = 5000;

/**
 * One Java process and the requests under way. An idle connection does not keep Node running; when Node ends, so does
 * the Java process, because its standard input does.
 */
export class Connection {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #pending = new Map<number, Pending>();
  readonly #splitter = new AnswerSplitter();
  readonly #log: string[] = [];
  readonly #watch: NodeJS.Timeout | undefined;
  readonly #exited: Promise<void>;
  readonly #onNotification: (body: FieldReader) => void;
  readonly #answerWithin: number;
  #lastId = 0;
  #holds = 0;
  #over: BridgeError | undefined;

  constructor(options: BridgeOptions, onNotification: (body: FieldReader) => void, onOver: () => void) {
    const { command, args } = javaCommand(options);
    const pipe: StdioPipe = 'pipe';
    this.#onNotification = onNotification;
    this.#answerWithin = options.answerWithin ?? 30_000;
    // a process group of its own: Ctrl-C is for this program, which may want to finish with the card first
    this.#child = spawn(command, args, { stdio: [pipe, pipe, pipe], detached: true });
    this.#exited = this.#listen(command, options.onLog, onOver);
    this.#watch = this.#watchAnswers();
    this.#unrefAll();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /**
   * Sends a request and returns the body of its answer. Requests are carried out in the order they were sent.
   *
   * @throws BridgeError as told by the Java side, or BridgeDied, BridgeClosed, NoAnswer
   */
  request(operation: Operation, handle = 0, body: Uint8Array = nothing): Promise<Uint8Array> {
    if (this.#over) return Promise.reject(this.#over);
    const id = (this.#lastId = (this.#lastId % 0xffff_ffff) + 1);
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, since: Date.now() });
      this.hold();
      this.#child.stdin.write(encodeRequest(id, operation, handle, body));
    });
  }

  /** Keeps Node running until {@link release}, as a pending request does. */
  hold(): void {
    if (this.#holds++ === 0) asSocket(this.#child.stdout).ref();
  }

  release(): void {
    if (--this.#holds === 0) asSocket(this.#child.stdout).unref();
  }

  /** Lets what was sent be answered, then ends the process. */
  async close(): Promise<void> {
    if (!this.#over) {
      this.#over = new BridgeError('BridgeClosed', 'The bridge was closed.');
      this.#child.stdin.end();
    }
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), closeWithin);
    this.#child.ref();
    await this.#exited;
    clearTimeout(kill);
  }

  /** Leaves the process to itself; it goes on only if it was told to keep a card inserted. */
  abandon(): void {
    this.#over = new BridgeError('BridgeClosed', 'The bridge was left to itself.');
    clearInterval(this.#watch);
    this.#child.stdin.destroy();
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
    this.#child.unref();
  }

  #listen(command: string, onLog: ((line: string) => void) | undefined, onOver: () => void): Promise<void> {
    const child = this.#child;
    child.stdin.on('error', () => undefined); // the exit event tells the same, with the reason
    child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text: string) => this.#keepLog(text, onLog));
    return new Promise((resolve) => {
      const over = (error: BridgeError): void => {
        clearInterval(this.#watch);
        this.#over ??= error;
        for (const pending of this.#pending.values()) this.#settle(() => pending.reject(error));
        this.#pending.clear();
        onOver();
        resolve();
      };
      child.once('error', (cause) => over(startError(command, cause)));
      child.once('close', (status, signal) => over(this.#endError(status, signal)));
    });
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#splitter.push(chunk)) this.#deliver(frame);
    } catch (error) {
      if (!(error instanceof BridgeError)) throw error;
      this.#giveUp(error);
    }
  }

  #deliver(frame: AnswerFrame): void {
    if (frame.id === 0) {
      this.#onNotification(new FieldReader(frame.body));
      return;
    }
    const pending = this.#pending.get(frame.id);
    if (!pending) return; // given up before
    this.#pending.delete(frame.id);
    this.#settle(() =>
      frame.failed ? pending.reject(readFailure(new FieldReader(frame.body))) : pending.resolve(frame.body),
    );
  }

  #settle(deliver: () => void): void {
    this.release();
    deliver();
  }

  #watchAnswers(): NodeJS.Timeout | undefined {
    if (this.#answerWithin === 0) return undefined;
    const look = (): void => {
      const oldest = this.#pending.values().next().value;
      if (oldest && Date.now() - oldest.since > this.#answerWithin) {
        this.#giveUp(
          new BridgeError(
            'NoAnswer',
            `The card did not answer within ${this.#answerWithin} ms; the bridge was killed.`,
          ),
        );
      }
    };
    return setInterval(look, Math.min(1000, this.#answerWithin / 2)).unref();
  }

  #giveUp(error: BridgeError): void {
    this.#over ??= error;
    for (const pending of this.#pending.values()) this.#settle(() => pending.reject(error));
    this.#pending.clear();
    this.#child.kill('SIGKILL');
  }

  #keepLog(text: string, onLog: ((line: string) => void) | undefined): void {
    for (const line of text.split('\n').filter((part) => part !== '')) {
      this.#log.push(line);
      if (this.#log.length > keptLogLines) this.#log.shift();
      onLog?.(line);
    }
  }

  #endError(status: number | null, signal: NodeJS.Signals | null): BridgeError {
    const log = this.#log.join('\n');
    if (log.includes('UnsupportedClassVersionError') || log.includes('Unrecognized VM option')) {
      return new BridgeError('JavaTooOld', `The java that was started is older than 17.\n${log}`);
    }
    if (log.includes('Could not find or load main class')) {
      return new BridgeError('BridgeNotBuilt', `The class path does not hold the bridge.\n${log}`);
    }
    const how = signal ? `was ended by ${signal}` : `ended with status ${status ?? 'unknown'}`;
    return new BridgeError('BridgeDied', `The bridge's Java process ${how}.${log === '' ? '' : `\n${log}`}`);
  }

  #unrefAll(): void {
    this.#child.unref();
    asSocket(this.#child.stdin).unref();
    asSocket(this.#child.stdout).unref();
    asSocket(this.#child.stderr).unref();
  }
}

/** The pipes of a child process are sockets, which Node's types do not say. */
function asSocket(stream: Readable | Writable): Socket {
  return stream as Socket;
}

function startError(command: string, cause: Error): BridgeError {
  return new BridgeError(
    'JavaNotFound',
    `"${command}" cannot be run (${cause.message}); install a JDK or JRE, 17 or newer.`,
    { cause },
  );
}

/** A failure as the Java side describes it: code, detail, sentence. */
export function readFailure(body: FieldReader, answers?: readonly Uint8Array[]): BridgeError {
  return errorFromJava(body.string(), body.u64(), body.string(), answers);
}
