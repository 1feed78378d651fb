/** The card's own no, MACed in a session or plain before one: status word and reason, and nothing moved. */
import { isCardError } from '../../host/protocol/errors.js';
import type { CardError } from '../../host/protocol/errors.js';
import { reasons, statusWords } from '../../host/protocol/generated/status-words.js';
import type { ReasonName, StatusWordName } from '../../host/protocol/generated/status-words.js';
import { formatStatus } from '../../host/protocol/status.js';

/** Anything else fails the test: another refusal, a lost answer, success. */
export async function refused(
  call: Promise<unknown>,
  sw: StatusWordName,
  reason: ReasonName = 'none',
): Promise<CardError> {
  const wanted = `${formatStatus(statusWords[sw].sw)} ${reason}`;
  const error = await call.then(
    () => new Error(`expected a refusal ${wanted}, but it was done`),
    (thrown: unknown) => thrown,
  );
  if (!isCardError(error, 'refused')) throw error;
  if (error.sw === statusWords[sw].sw && error.reason === reasons[reason].value) return error;
  throw new Error(`expected ${wanted}, not ${formatStatus(error.sw ?? 0)} ${error.reasonName}`, { cause: error });
}
