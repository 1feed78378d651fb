/** The way to the issuer, on which calls are lost, doubled, or arrive only later, after and among others. */
import { IssuerError } from '../../host/protocol/issuer/port.js';
import type { IssuerPort } from '../../host/protocol/issuer/port.js';

/** Between terminal and issuer, at one of the calls. `late`: the call comes through after the terminal gave up, when somebody says. */
export interface LineFault {
  readonly call: number;
  readonly how: 'before' | 'after' | 'twice' | 'late';
}

export class Line {
  /** Did the fault that was set meet a call? */
  disturbed = false;
  readonly #late: (() => Promise<unknown>)[] = [];
  #fault: LineFault | undefined;
  #calls = 0;

  trouble(fault: LineFault | undefined): void {
    this.#fault = fault;
    this.#calls = 0;
    this.disturbed = false;
  }

  to(issuer: IssuerPort): IssuerPort {
    return new Proxy(issuer, {
      get: (target, name: keyof IssuerPort) => (request: never) => this.#call(() => target[name](request)),
    });
  }

  /** What is late arrives. The issuer may have heard better since: it refuses what is out of date, and changes nothing. */
  async arrive(): Promise<void> {
    for (const call of this.#late.splice(0)) {
      await call().catch((error: unknown) => {
        if (!(error instanceof IssuerError)) throw error;
      });
    }
  }

  async #call(call: () => Promise<unknown>): Promise<unknown> {
    if (this.#calls++ !== this.#fault?.call) return call();
    this.disturbed = true;
    switch (this.#fault.how) {
      case 'before':
        break;
      case 'after':
        await call();
        break;
      case 'twice':
        await call();
        return call();
      case 'late':
        this.#late.push(call);
        break;
    }
    throw new IssuerError('unreachable', 'The line to the issuer is down.');
  }
}
