/** A dialogue between terminal and card that may be cut anywhere. */
import type { CardChannel } from '../../host/protocol/channel/channel.js';
import type { CommandName } from '../../host/protocol/generated/commands.js';
import { LifeCycle } from '../../host/protocol/generated/enums.js';
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
  /** Names of what is different, such as `PurseApplet.handshake.pairs.valid`, with the value now. */
  readonly different: ReadonlyMap<string, string>;
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

/** CONFIRM SESSION: off, data, keys, on; the slot in between is empty, and only slots change. */
export const pairSlotEmpty: NamedState = {
  name: 'pair slot empty',
  command: 'CONFIRM_SESSION',
  holds: ({ different }) => {
    const names = [...different.keys()];
    const valid = names.find((name) => name.endsWith('.pairs.valid'));
    const empty = valid === undefined || different.get(valid)?.includes('00') === true;
    return names.every((name) => name.includes('.pairs.')) && empty;
  },
};

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
