/** A dialogue between terminal and card that may be cut anywhere. */
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import type { CommandName } from '../../host/protocol/generated/commands.js';
import { LifeCycle } from '../../host/protocol/generated/enums.js';
import { pairSlots } from '../../host/protocol/generated/parameters.js';
import type { Stage } from './stage.js';

/** A state between the old and the new one that the design allows, because a repeat completes it (purse.md M5). */
export interface NamedState {
  readonly name: string;
  /** The command that a cut leaves in it. */
  readonly command: CommandName;
  readonly holds: (change: Change) => boolean;
}

/** How a card that was cut differs from the card before the command. */
export interface Change {
  /** As SELECT tells. */
  readonly lifeCycle: LifeCycle;
  /** Names of what is different, such as `PurseApplet.handshake.pairs.entries`, with the value before. */
  readonly different: ReadonlyMap<string, string>;
  /** Everything, with the value now. */
  readonly now: ReadonlyMap<string, string>;
}

export interface Flow<Facts = unknown> {
  readonly name: string;
  readonly start: () => Promise<Stage<Facts>>;
  /** All commands, from SELECT on. */
  readonly run: (link: CardChannel, stage: Stage<Facts>) => Promise<void>;
  /** What terminal and holder do at the next meeting; the same as at first, where nothing is said. */
  readonly recover?: (link: CardChannel, stage: Stage<Facts>) => Promise<void>;
  /** What has to be so at the end, and another session that works. */
  readonly finish: (link: CardChannel, stage: Stage<Facts>) => Promise<void>;
  readonly named?: readonly NamedState[];
  /** A right PIN, a new PIN, personalization. */
  readonly triesMayRise?: boolean;
}

/** A flow among others, whatever its facts. */
export type AnyFlow = Pick<Flow, 'name' | 'named' | 'triesMayRise'> & {
  readonly start: () => Promise<Stage>;
  readonly run: (link: CardChannel, stage: Stage) => Promise<void>;
  readonly recover?: (link: CardChannel, stage: Stage) => Promise<void>;
  readonly finish: (link: CardChannel, stage: Stage) => Promise<void>;
};

/** Forgets the type of the facts, which nobody but the flow itself looks at. */
export function flow<Facts>(of: Flow<Facts>): AnyFlow {
  return of as unknown as AnyFlow;
}

/** CONFIRM SESSION: valid byte off, data, keys, valid byte on. Only the slot that is being written changes, and it is empty. */
export const pairSlotEmpty: NamedState = {
  name: 'pair slot empty',
  command: 'CONFIRM_SESSION',
  holds: ({ different, now }) => {
    const names = [...different.keys()];
    if (!names.every((name) => name.includes('.pairs.'))) return false;
    const place = names.find((name) => name.endsWith('.pairs.entries')) ?? '';
    const [before, after] = [different.get(place) ?? '', now.get(place) ?? ''];
    const changed = slots.filter((slot) => entryOf(before, slot) !== entryOf(after, slot));
    const withNewKeys = names.map(slotOfKey).filter((slot) => slot !== undefined);
    return [...changed, ...withNewKeys].every((slot) => entryOf(after, slot).startsWith('00'));
  },
};

const slots = Array.from({ length: pairSlots }, (_, slot) => slot);

/** The entry of a slot, in hexadecimal; it begins with the valid byte. */
function entryOf(entries: string, slot: number): string {
  const length = entries.length / pairSlots;
  return entries.slice(slot * length, (slot + 1) * length);
}

/** K-ENC and K-MAC of all slots stand one after the other. */
function slotOfKey(name: string): number | undefined {
  const [, number] = /\.pairs\.keys\[(\d+)\]/.exec(name) ?? [];
  return number === undefined ? undefined : Math.floor(Number(number) / 2);
}

/** PIN reset: blocked until the order has been put again. */
export const blockedInReset: NamedState = {
  name: 'blocked in PIN reset',
  command: 'PUT_ORDER',
  holds: ({ lifeCycle, different }) =>
    lifeCycle === LifeCycle.blocked &&
    [...different.keys()].every((name) => name.endsWith('.lifeCycle.data') || name.includes('.pin.')),
};

/** Personalization: raw, whatever is on it, until it is personalized from the start. */
export const stillRaw = (command: CommandName): NamedState => ({
  name: 'raw',
  command,
  holds: ({ lifeCycle }) => lifeCycle === LifeCycle.raw,
});
