/** The session object that full and resumed sessions share. */
import type { CardCertificate } from '../certificates/card.js';
import type { CardChannel } from '../channel/channel.js';
import type { SecureChannel } from '../channel/secure.js';
import type { Scheme } from '../scheme.js';
import type { OpeningAnswer } from './opening-answer.js';
import type { PresentedCard, PurseSession, SessionOptions, TerminalIdentity } from './session.js';

export class OpenPurseSession implements PurseSession {
  readonly scheme: Scheme;
  readonly identity: TerminalIdentity;
  readonly card: CardCertificate;
  readonly expired: boolean;
  readonly #channel: CardChannel;
  readonly #secure: SecureChannel;

  /** @param channel `secure`, or a trace in front of it */
  constructor(
    readonly kind: 'full' | 'resumed',
    channel: CardChannel,
    secure: SecureChannel,
    presented: PresentedCard,
    readonly s1: OpeningAnswer,
    options: SessionOptions,
  ) {
    this.scheme = options.scheme;
    this.identity = options.identity;
    this.card = presented.certificate;
    this.expired = presented.expired;
    this.#channel = channel;
    this.#secure = secure;
  }

  get over(): boolean {
    return this.#secure.over;
  }

  end(): void {
    this.#secure.end();
  }

  transmit(apdu: Uint8Array): Promise<Uint8Array> {
    return this.#channel.transmit(apdu);
  }
}
