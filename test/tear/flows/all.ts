/** Dialogues of terminals and issuer with a card. */
import type { AnyFlow } from '../flow.js';
import type { CardSource } from '../stage.js';
import { loads } from './loads.js';
import { orders } from './orders.js';
import { payments } from './payments.js';
import { personalization, tornErase } from './personalization.js';
import { pins } from './pins.js';
import { sessions } from './sessions.js';

/** Every dialogue of a card that moves money. */
export function moneyFlows(source: CardSource): AnyFlow[] {
  return [...payments(source), ...loads(source)];
}

/** Every dialogue of a card that was personalized: it may have lived through something before. */
export function usedCardFlows(source: CardSource): AnyFlow[] {
  return [...sessions(source), ...pins(source), ...moneyFlows(source), ...orders(source)];
}

/** Every dialogue of a card. */
export function allFlows(source: CardSource): AnyFlow[] {
  return [personalization(source), tornErase(source), ...usedCardFlows(source)];
}
