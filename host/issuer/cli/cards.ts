/** `epurse issuer block|unblock`: what an operator decides about one card. */
import { Failure } from '../../terminal/outcome.js';
import type { Outcome, Run } from '../../cli/command-line.js';
import { block, release } from '../service/listing.js';
import { hotList } from '../service/hot-list.js';
import { hotListCodec } from '../../protocol/generated/structures.js';
import { withIssuer } from './with-issuer.js';

export function issuerBlock(run: Run): Promise<Outcome> {
  const cardId = cardIdIn(run);
  const { reason } = run.options as { reason: string };
  return withIssuer(run, async ({ issuer }) => {
    const blockNumber = await block(issuer, cardId, reason);
    const version = await newestVersion(issuer);
    run.out.say(`Card ${cardId} is on hot list ${version}, block order ${blockNumber}.`);
    run.out.say('Every terminal that fetches the list refuses it, and blocks it when it is presented.');
    return { cardId, blockNumber, hotListVersion: version };
  });
}

export function issuerUnblock(run: Run): Promise<Outcome> {
  const cardId = cardIdIn(run);
  return withIssuer(run, async ({ issuer }) => {
    const wasListed = await release(issuer, cardId);
    const version = await newestVersion(issuer);
    run.out.say(wasListed ? `Card ${cardId} is off the hot list (${version}).` : `Card ${cardId} was on no list.`);
    run.out.say('If the card has taken its block order, a desk unblocks it: ./epurse personalize unblock');
    return { cardId, wasListed, hotListVersion: version };
  });
}

async function newestVersion(issuer: Parameters<typeof hotList>[0]): Promise<number> {
  const signed = await hotList(issuer, 0);
  return signed === null ? 0 : hotListCodec.decode(signed.list).version;
}

/** As printed on the holder sheet; spaces do not count. */
function cardIdIn(run: Run): string {
  const text = (run.args[0] ?? '').replace(/\s/g, '').toLowerCase();
  if (/^[0-9a-f]{16}$/.test(text)) return text;
  throw new Failure('usage', `"${run.args[0] ?? ''}" is not a card number: 16 hexadecimal digits.`);
}
