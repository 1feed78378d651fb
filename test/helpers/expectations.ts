/** What tests of attacks ask for again and again; the card's own no is in refused.ts. */
import { expect } from 'chai';
import type { CardError } from '../../host/protocol/errors.js';
import { isCardError } from '../../host/protocol/errors.js';
import type { CardErrorCode, MoneyMoved } from '../../host/protocol/errors.js';
import type { TestCard } from './cards.js';

/** A {@link CardError} of this code, which it returns. */
export async function failing(attempt: Promise<unknown>, code: CardErrorCode): Promise<CardError> {
  try {
    await attempt;
  } catch (error) {
    if (!isCardError(error)) throw error;
    expect(error.code, error.message).to.equal(code);
    return error;
  }
  throw new Error(`nothing was refused, '${code}' was due`);
}

/** No answer, or one that proves nothing: the terminal does not know whether money moved. */
export async function lost(attempt: Promise<unknown>, moved?: MoneyMoved): Promise<CardError> {
  const error = await failing(attempt, 'lost');
  if (moved !== undefined) expect(error.moneyMoved).to.equal(moved);
  return error;
}

/** Does something that must change nothing on the card that outlives its session [M7]. */
export async function changingNothing<T>(card: TestCard, act: () => Promise<T>): Promise<T> {
  const before = await card.persistentState();
  const result = await act();
  expect((await card.persistentState()).text).to.equal(before.text);
  return result;
}
