/**
 * A bank that exists in this process only: the default until a real adapter is configured, and the one demonstrations and tests
 * use. It says yes unless told otherwise, can stay silent, and can answer twice.
 */
import type { FundingAnswer, FundingPort, FundingRequest } from './port.js';

export type Behaviour =
  | 'yes'
  | 'no'
  /** Nothing happens and no answer comes. */
  | 'silent'
  /** It happens, and no answer comes. */
  | 'silent-yes';

type Deed = 'charge' | 'give-back' | 'pay-out';

export class SimulatedBank implements FundingPort {
  readonly isSimulated = true;
  /** How the next calls go, oldest first; `yes` when used up. */
  readonly script: Behaviour[] = [];
  /** What has been done, by deed and key; each once. */
  readonly done = new Map<string, FundingRequest>();
  readonly refused = new Set<string>();

  charge(request: FundingRequest): Promise<FundingAnswer> {
    return this.#answer('charge', request);
  }

  async giveBack(request: FundingRequest): Promise<FundingAnswer> {
    const answer = await this.#answer('give-back', request);
    if (answer === 'yes') this.refused.add(`charge ${request.key}`);
    return answer;
  }

  payOut(request: FundingRequest): Promise<FundingAnswer> {
    return this.#answer('pay-out', request);
  }

  async #answer(deed: Deed, request: FundingRequest): Promise<FundingAnswer> {
    const name = `${deed} ${request.key}`;
    if (this.done.has(name)) return 'yes';
    if (this.refused.has(name)) return 'no';
    const behaviour = this.script.shift() ?? 'yes';
    switch (behaviour) {
      case 'yes':
        this.done.set(name, request);
        return 'yes';
      case 'silent-yes':
        this.done.set(name, request);
        return 'unknown';
      case 'no':
        // a charge that was declined stays declined; what goes to the holder is asked for again until it went
        if (deed === 'charge') this.refused.add(name);
        return 'no';
      case 'silent':
        return 'unknown';
    }
  }
}
