/** The network between a terminal's process and the issuer: questions and answers are lost, doubled, late, or somebody else's. */
import { IssuerError } from '../../../host/protocol/issuer/port.js';
import type { Exchange, HttpAnswer, HttpQuestion } from '../../../host/terminal/https.js';
import type { LateRequest } from './said.js';

export const networkFaults = ['lost', 'unanswered', 'twice', 'late', 'mixed'] as const;

/** From one exchange on, from 0, as often as it says. Terminals ask a second time where no answer came. */
export interface NetworkFault {
  readonly exchange: number;
  readonly times: number;
  /**
   * `lost`: the question never arrives; `unanswered`: its answer does not; `twice`: the question arrives two times; `late`: it
   * arrives long after the terminal gave up; `mixed`: the terminal gets the answer to the question before.
   */
  readonly how: (typeof networkFaults)[number];
}

export class Network {
  /** Did the fault meet an exchange? */
  disturbed = false;
  #count = 0;
  #before: HttpAnswer | undefined;

  constructor(
    private readonly fault: NetworkFault | undefined,
    private readonly keep: (late: Omit<LateRequest, 'role'>) => void,
    /** Told of each question that got its answer. */
    private readonly passed: (path: string) => void,
  ) {}

  over(exchange: Exchange): Exchange {
    return async (question) => {
      const answer = await this.#exchanged(exchange, question);
      this.#before = answer;
      this.passed(question.target.pathname);
      return answer;
    };
  }

  async #exchanged(exchange: Exchange, question: HttpQuestion): Promise<HttpAnswer> {
    const number = this.#count++;
    const { fault } = this;
    if (fault === undefined || number < fault.exchange || number >= fault.exchange + fault.times)
      return exchange(question);
    this.disturbed = true;
    switch (fault.how) {
      case 'lost':
        break;
      case 'unanswered':
        await exchange(question);
        break;
      case 'twice':
        await exchange(question);
        return exchange(question);
      case 'late':
        this.keep({
          path: question.target.pathname,
          headers: question.headers,
          body: Buffer.from(question.body).toString('utf8'),
        });
        break;
      case 'mixed': {
        const before = this.#before;
        const own = await exchange(question);
        return before ?? own;
      }
    }
    throw new IssuerError('unreachable', `The issuer at ${question.target.origin} does not answer.`);
  }
}
