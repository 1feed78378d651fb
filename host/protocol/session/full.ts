/**
 * Full session (docs/protocol.md section 2): PRESENT CERTIFICATE, OPEN with the terminal's signature over both nonces and its
 * ephemeral key, ECDH with the card's agreement key, CONFIRM. The card's certificate is judged before CONFIRM.
 */
import type { TerminalCertificate } from '../certificates/terminal.js';
import type { CardChannel } from '../channel/channel.js';
import { SecureChannel } from '../channel/secure.js';
import type { SessionKeys } from '../channel/secure.js';
import { traced } from '../channel/trace.js';
import { confirmSession } from '../commands/confirm-session.js';
import { openFull } from '../commands/open-session.js';
import { presentCertificate } from '../commands/present-certificate.js';
import { generatePrivateKey, pointOf } from '../crypto/ecdsa.js';
import { systemRandom } from '../crypto/random.js';
import { commands } from '../generated/commands.js';
import { isCardError } from '../errors.js';
import { nonceLength } from '../generated/parameters.js';
import { statusWords } from '../generated/status-words.js';
import { signTerminalAuthentication } from '../signed/terminal-authentication.js';
import { judgeCard, openingAnswerFor } from './judge.js';
import { agreeKeys } from './keys.js';
import type { AgreedKeys } from './keys.js';
import { OpenPurseSession } from './purse-session.js';
import { openingAnswerOf } from './opening-answer.js';
import type { Pair, PresentedCard, PurseSession, SessionOptions, TerminalIdentity } from './session.js';

/** @throws CardError refused, lost, malformed, foreign-scheme, card-certificate; whatever `admit` and `pairs` throw */
export async function openFullSession(link: CardChannel, options: SessionOptions): Promise<PurseSession> {
  const agreed = await agree(link, options);
  try {
    const presented = await judgeCard(agreed.certificate, options);
    const keys = deriveKeys(agreed, presented);
    const secure = new SecureChannel(link, keys.session, agreed.cardNonce);
    wipe(keys.session);
    const made = { ...keys.pair, certificateExpiry: agreed.used.expiry };
    return await confirm(secure, presented, made, options);
  } finally {
    agreed.privateKey.fill(0);
  }
}

interface Agreed {
  /** The one of the terminal's certificates that the card took. */
  readonly used: TerminalCertificate;
  readonly privateKey: Uint8Array;
  readonly ephemeral: Uint8Array;
  readonly cardNonce: Uint8Array;
  readonly terminalNonce: Uint8Array;
  readonly certificate: Uint8Array;
}

async function agree(link: CardChannel, { scheme, identity, random = systemRandom }: SessionOptions): Promise<Agreed> {
  const { used, cardNonce } = await present(link, identity);
  const terminalNonce = random(nonceLength);
  const privateKey = generatePrivateKey(random);
  const ephemeral = pointOf(privateKey);
  const signature = signTerminalAuthentication(
    {
      scheme: scheme.id,
      terminalId: used.terminalId,
      certificateExpiry: used.expiry,
      cardNonce,
      terminalNonce,
      ephemeral,
    },
    identity.signer,
  );
  const cardCertificate = await openFull(link, { terminalNonce, ephemeral, signature });
  return { used, privateKey, ephemeral, cardNonce, terminalNonce, certificate: cardCertificate };
}

/** A card away during a rotation does not know the new CA key; one that took the switch does not know the old one. */
async function present(
  link: CardChannel,
  { certificate, earlier }: TerminalIdentity,
): Promise<{ readonly used: TerminalCertificate; readonly cardNonce: Uint8Array }> {
  try {
    return { used: certificate, cardNonce: await presentCertificate(link, certificate.bytes) };
  } catch (error) {
    const unknown = isCardError(error, 'refused') && error.sw === statusWords.referenceNotFound.sw;
    if (!unknown || earlier === undefined) throw error;
    return { used: earlier, cardNonce: await presentCertificate(link, earlier.bytes) };
  }
}

function deriveKeys(agreed: Agreed, { certificate: card }: PresentedCard): AgreedKeys {
  const { used, privateKey, ephemeral, cardNonce, terminalNonce } = agreed;
  const { terminalId, expiry: certificateExpiry } = used;
  const info = { cardId: card.cardId, terminalId, certificateExpiry, cardNonce, terminalNonce, ephemeral };
  return agreeKeys(privateKey, card.agreePoint, info);
}

async function confirm(
  secure: SecureChannel,
  presented: PresentedCard,
  pair: Omit<Pair, 'name' | 'cardCertificate'>,
  options: SessionOptions,
): Promise<PurseSession> {
  const channel = traced(secure, options.trace);
  try {
    const { pairName, s1: fields } = await confirmSession(channel, options.slot);
    const s1 = openingAnswerFor(presented, options, commands.CONFIRM_SESSION, () =>
      openingAnswerOf(fields, options.identity.certificate.role),
    );
    await options.pairs?.save({ name: pairName, ...pair, cardCertificate: presented.certificate.bytes });
    return new OpenPurseSession('full', channel, secure, presented, s1, options);
  } catch (error) {
    secure.end();
    throw error;
  }
}

function wipe({ enc, mac }: SessionKeys): void {
  enc.fill(0);
  mac.fill(0);
}
