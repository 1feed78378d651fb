/** What else goes wrong in a terminal's process: a call to the issuer, the card in the reader. Told by the environment, as JSON. */
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import type { IssuerPort } from '../../host/protocol/issuer/port.js';
import { Line } from '../helpers/line.js';
import type { LineFault } from '../helpers/line.js';

export interface Trouble {
  /** One of the calls to the issuer is lost, doubled, or comes through only when the terminal has given up. */
  readonly line?: LineFault;
  /** The card is pulled out before or after this command, from 0, and stays away. */
  readonly pull?: { readonly command: number; readonly where: 'before' | 'after' };
}

/** Of {@link TroubledProcess}. */
export const troubleVariable = 'EPURSE_TEST_TROUBLE';

export class TroubledProcess {
  readonly #line = new Line();
  readonly #trouble: Trouble;
  #pulled = false;
  #commands = 0;

  constructor(environment: NodeJS.ProcessEnv) {
    this.#trouble = JSON.parse(environment[troubleVariable] ?? '{}') as Trouble;
    this.#line.trouble(this.#trouble.line);
  }

  /** Did any of it meet something? */
  get isDisturbed(): boolean {
    return this.#line.disturbed || this.#pulled;
  }

  issuer(port: IssuerPort): IssuerPort {
    return this.#line.to(port);
  }

  card(channel: CardChannel): CardChannel {
    return { transmit: (apdu) => this.#transmit(channel, apdu) };
  }

  /** What was late arrives: the last thing the process does. */
  end(): Promise<void> {
    return this.#line.arrive();
  }

  async #transmit(channel: CardChannel, apdu: Uint8Array): Promise<Uint8Array> {
    const isMeant = this.#commands++ === this.#trouble.pull?.command;
    if (isMeant && this.#trouble.pull?.where === 'after') await channel.transmit(apdu);
    if (isMeant) this.#pulled = true;
    if (this.#pulled) throw new Error('the card was pulled out');
    return channel.transmit(apdu);
  }
}
