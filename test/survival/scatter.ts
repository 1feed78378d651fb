/**
 * A network with several issuer processes behind one name, and everything a network does: a request goes to any of them, to two
 * or three at once, is cut off at a random moment, or comes again long after it was answered.
 */
import { expect } from 'chai';
import { httpsExchange } from '../../host/terminal/https.js';
import type { Exchange, HttpAnswer, HttpQuestion } from '../../host/terminal/https.js';
import type { TerminalTls } from '../../host/terminal/tls.js';
import type { IssuerProcess } from './issuer-process.js';

/** How often each happened. */
export interface Weather {
  single: number;
  together: number;
  cut: number;
  late: number;
}

/** Requests kept to come again. */
const remembered = 200;

export class Scatter {
  readonly weather: Weather = { single: 0, together: 0, cut: 0, late: 0 };
  private readonly past: { readonly inner: Exchange; readonly question: HttpQuestion }[] = [];

  /** @param pick a number of 0 to `below` - 1, by a seed */
  constructor(
    private readonly processes: readonly IssuerProcess[],
    private readonly pick: (below: number) => number,
  ) {}

  /** In place of the connection of a terminal. */
  exchange(tls: TerminalTls): Exchange {
    const inner = httpsExchange(tls);
    return async (question) => {
      this.past[this.pick(remembered)] = { inner, question };
      const late = this.pick(4) === 0 ? this.again() : undefined;
      try {
        return await this.sent(inner, question);
      } finally {
        await late;
      }
    };
  }

  private async sent(inner: Exchange, question: HttpQuestion): Promise<HttpAnswer> {
    switch (this.pick(4)) {
      case 0:
        this.weather.cut++;
        return inner(this.to(question, this.pick(this.processes.length), 1 + this.pick(40)));
      case 1:
      case 2:
        return this.together(inner, question);
      default:
        this.weather.single++;
        return inner(this.to(question, this.pick(this.processes.length)));
    }
  }

  /** To all of them at the same moment. Whoever says "done" says it with the same bytes. */
  private async together(inner: Exchange, question: HttpQuestion): Promise<HttpAnswer> {
    this.weather.together++;
    const said = await Promise.allSettled(this.processes.map((_, i) => inner(this.to(question, i))));
    const answers = said.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const done = answers.filter(({ status }) => status < 300);
    if (oneAnswer.test(question.target.pathname))
      expect(new Set(done.map(({ text }) => text)).size, question.target.pathname).to.be.at.most(1);
    const answer = done[0] ?? answers[0];
    if (answer !== undefined) return answer;
    throw (said[0] as PromiseRejectedResult).reason;
  }

  /** Nobody waits for the answer to a question of long ago; it has to do no harm. */
  private async again(): Promise<void> {
    const old = this.past[this.pick(remembered)];
    if (old === undefined) return;
    this.weather.late++;
    await old.inner(this.to(old.question, this.pick(this.processes.length))).catch(() => undefined);
  }

  private to(question: HttpQuestion, which: number, patience = question.patience): HttpQuestion {
    const { url } = this.processes[which] as IssuerProcess;
    return { ...question, target: new URL(question.target.pathname, url), patience };
  }
}

/** A card, an authorisation and an acknowledgement are made once. What a synchronisation says may have moved on meanwhile. */
const oneAnswer = /\/(issueCard|authoriseLoad|uploadBatch)$/;
