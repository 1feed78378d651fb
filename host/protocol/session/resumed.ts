/**
 * Resumed session (docs/protocol.md section 3): one command, no public-key operation. The card names the pair; its MAC over S1
 * shows it holds the pair key, the terminal's next command shows the same of the terminal.
 */
import type { CardChannel } from '../channel/channel.js';
import { SecureChannel } from '../channel/secure.js';
import type { SessionKeys } from '../channel/secure.js';
import { traced } from '../channel/trace.js';
import { openResumed } from '../commands/open-session.js';
import { readU16 } from '../codec/bytes.js';
import { systemRandom } from '../crypto/random.js';
import type { Random } from '../crypto/random.js';
import { isCardError, refusal } from '../errors.js';
import { commands } from '../generated/commands.js';
import { OpenForm } from '../generated/enums.js';
import { classes, nonceLength } from '../generated/parameters.js';
import { statusWords } from '../generated/status-words.js';
import { judgeCard, openingAnswerFor } from './judge.js';
import { resumedChain } from './keys.js';
import { OpenPurseSession } from './purse-session.js';
import { parseOpeningAnswer } from './opening-answer.js';
import type { Pair, PurseSession, SessionOptions } from './session.js';

/** @returns undefined when card and terminal share no pair (any more): open a full session @throws as `openSession` */
export async function openResumedSession(
  link: CardChannel,
  options: SessionOptions,
): Promise<PurseSession | undefined> {
  const { terminalId, role } = options.identity.certificate;
  let pair: Pair | undefined;
  const opened = await unlessUnknown(
    openUnder(
      link,
      { ...options, terminalId },
      async (name) => (pair = current(await options.pairs?.find(name), options)),
    ),
  );
  if (!opened || !pair) return undefined;
  const { secure, answer } = opened;
  try {
    const presented = await judgeCard(pair.cardCertificate, options);
    const s1 = openingAnswerFor(presented, options, commands.OPEN_SESSION_RESUMED, () =>
      parseOpeningAnswer(answer, role),
    );
    return new OpenPurseSession('resumed', traced(secure, options.trace), secure, presented, s1, options);
  } catch (error) {
    secure.end();
    throw error;
  }
}

/** A terminal whose certificate was renewed has to show the new one: the card would hold it to the rights and the date of the old. */
function current(pair: Pair | undefined, { identity }: SessionOptions): Pair | undefined {
  const own = [identity.certificate, identity.earlier];
  return own.some((certificate) => certificate?.expiry === pair?.certificateExpiry) ? pair : undefined;
}

/** What OPEN SESSION gives under a pair key or a transport key. */
export interface OpenedChannel {
  readonly secure: SecureChannel;
  /** Plaintext, without the status word, which was 9000. */
  readonly answer: Uint8Array;
}

/**
 * OPEN SESSION resumed, up to the answer's MAC. Raw cards answer the same way under their transport keys.
 *
 * @param keysOf keys for the pair name of the answer
 * @returns undefined when there are no keys, or the MAC is not theirs
 * @throws CardError refused (inside or outside), lost, malformed
 */
export async function openUnder(
  link: CardChannel,
  request: { readonly terminalId: Uint8Array; readonly slot: number; readonly random?: Random },
  keysOf: (pairName: Uint8Array) => Promise<SessionKeys | undefined>,
): Promise<OpenedChannel | undefined> {
  const { terminalId, slot, random = systemRandom } = request;
  const terminalNonce = random(nonceLength);
  const { pairName, cardNonce, protected: wire } = await openResumed(link, { terminalId, terminalNonce, slot });
  const keys = await keysOf(pairName);
  if (!keys) return undefined;
  const { ins } = commands.OPEN_SESSION_RESUMED;
  const header = Uint8Array.of(classes.plain, ins, OpenForm.resumed, 0x00);
  const chain = resumedChain(keys.mac, { header, terminalId, terminalNonce, slot, pairName, cardNonce });
  const secure = new SecureChannel(link, keys, chain);
  const plain = secure.openAnswer(wire);
  return plain && { secure, answer: doneOrThrow(secure, plain) };
}

/** A card that does not know the terminal (any more) says 6A88. */
async function unlessUnknown<T>(opening: Promise<T>): Promise<T | undefined> {
  try {
    return await opening;
  } catch (error) {
    if (isCardError(error, 'refused') && error.sw === statusWords.referenceNotFound.sw) return undefined;
    throw error;
  }
}

function doneOrThrow(secure: SecureChannel, plain: Uint8Array): Uint8Array {
  const sw = readU16(plain, plain.length - 2);
  if (sw === statusWords.ok.sw) return plain.slice(0, -2);
  secure.end();
  throw refusal(commands.OPEN_SESSION_RESUMED.name, sw, plain.length === 3 ? plain[0] : 0);
}
