/** The card that loses power. It is made only once a test asks for it; the dialogues are described before. */
import { sharedBridge } from '../helpers/bridge.js';
import { Shelf } from '../helpers/cards.js';
import type { CardSource } from './stage.js';

let shelf: Promise<Shelf> | undefined;

export const tearSource: CardSource = {
  take: async (state) => {
    shelf ??= sharedBridge().then((bridge) => new Shelf(bridge, 'tear'));
    return (await shelf).take(state);
  },
};
