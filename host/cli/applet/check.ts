/** `epurse applet check`: can the card in the reader run the purse? As far as a card tells without its keys. */
import type { CardChannel } from '../../protocol/channel/channel.js';
import { isCardError } from '../../protocol/errors.js';
import { select } from '../../protocol/commands/select.js';
import { budgets } from '../../protocol/generated/parameters.js';
import { Failure } from '../../terminal/outcome.js';
import type { Outcome, Run } from '../command-line.js';
import { cardPlatform, cardResources } from './card-data.js';
import type { CardPlatform, CardResources } from './card-data.js';

export async function check(run: Run): Promise<Outcome> {
  const { reader } = await run.reader();
  const connection = await reader.connect();
  try {
    const purse = await hasPurse(connection);
    const card = await askCard(connection);
    for (const line of described(card, purse)) run.out.say(line);
    const against = objections(card);
    if (against.length > 0)
      throw new Failure('card-unfit', `This card cannot run the purse: ${against.join('; ')}.`, {
        next: 'Take another card; docs/performance.md names some that can.',
      });
    run.out.say('Nothing speaks against it. Whether it has AES and P-256, only installing the applet tells.');
    const { globalPlatform, secureChannels, javaCard, freePersistent, freeTransient } = card;
    return {
      purse,
      globalPlatform: globalPlatform ?? null,
      secureChannels,
      javaCard: javaCard ?? null,
      freePersistent: freePersistent ?? null,
      freeTransient: freeTransient ?? null,
    };
  } finally {
    await connection.close();
  }
}

type Card = CardPlatform & CardResources;

async function hasPurse(channel: CardChannel): Promise<boolean> {
  try {
    await select(channel);
    return true;
  } catch (error) {
    if (isCardError(error, 'no-purse')) return false;
    throw error;
  }
}

const selectIssuerDomain = Uint8Array.of(0x00, 0xa4, 0x04, 0x00, 0x00);

async function askCard(channel: CardChannel): Promise<Card> {
  const selected = await channel.transmit(selectIssuerDomain);
  if (!isOk(selected)) {
    throw new Failure('card-unfit', 'This card has no GlobalPlatform security domain that answers.', {
      next: 'Simulated cards have none either; take a Java Card.',
    });
  }
  const platform = await getData(channel, 0x00, 0x66);
  const resources = await getData(channel, 0xff, 0x21);
  return {
    ...(platform === undefined
      ? { globalPlatform: undefined, secureChannels: [], javaCard: undefined }
      : cardPlatform(platform)),
    ...(resources === undefined ? { freePersistent: undefined, freeTransient: undefined } : cardResources(resources)),
  };
}

/** GET DATA (GP Card Specification 11.3); undefined where the card does not have the object. */
async function getData(channel: CardChannel, p1: number, p2: number): Promise<Uint8Array | undefined> {
  const answer = await channel.transmit(Uint8Array.of(0x80, 0xca, p1, p2, 0x00));
  return isOk(answer) ? answer.subarray(0, -2) : undefined;
}

function isOk(answer: Uint8Array): boolean {
  return answer.at(-2) === 0x90 && answer.at(-1) === 0x00;
}

/** What is known to be too little; what a card does not tell is not held against it. */
export function objections({ javaCard, freePersistent, freeTransient }: Card): string[] {
  const against: string[] = [];
  if (javaCard !== undefined && javaCard < 3) against.push(`it has Java Card ${javaCard}, not 3.0.4`);
  if (freePersistent !== undefined && freePersistent < budgets.persistent) {
    against.push(
      `${freePersistent} bytes of persistent memory are free, ${budgets.persistent} are needed beside the code`,
    );
  }
  if (freeTransient !== undefined && freeTransient < budgets.transientRam) {
    against.push(`${freeTransient} bytes of RAM are free, ${budgets.transientRam} are needed`);
  }
  return against;
}

function described(card: Card, purse: boolean): string[] {
  const bytes = (count: number | undefined): string => (count === undefined ? 'not told' : `${count} bytes`);
  return [
    `purse            ${purse ? 'installed' : 'not installed'}`,
    `Java Card        ${card.javaCard ?? 'not told'}`,
    `GlobalPlatform   ${card.globalPlatform ?? 'not told'}`,
    `secure channels  ${card.secureChannels.map((scp) => `SCP${scp}`).join(', ') || 'not told'}`,
    `free memory      ${bytes(card.freePersistent)} persistent, ${bytes(card.freeTransient)} RAM`,
  ];
}
