/** The failure that a call ends with; whatever else it throws is the test's. */
import { Failure } from '../../host/terminal/outcome.js';

export function failureOf(act: () => unknown): Failure {
  try {
    act();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('no failure');
}
