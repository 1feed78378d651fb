/** Every dialogue of a card. */
import type { AnyFlow } from '../flow.js';
import type { CardSource } from '../stage.js';
import { loads } from './loads.js';
import { orders } from './orders.js';
import { payments } from './payments.js';
import { personalization, tornErase } from './personalization.js';
import { pins } from './pins.js';
import { sessions } from './sessions.js';

export function allFlows(source: CardSource): AnyFlow[] {
  return [
    personalization(source),
    tornErase(source),
    ...sessions(source),
    ...pins(source),
    ...payments(source),
    ...loads(source),
    ...orders(source),
  ];
}
