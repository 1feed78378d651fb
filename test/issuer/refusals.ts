/** Expectations on what the issuer refuses. */
import { expect } from 'chai';
import { IssuerError } from '../../host/protocol/issuer/port.js';
import type { IssuerErrorCode } from '../../host/protocol/issuer/port.js';

/** @param message what the sentence has to say */
export async function expectRefusal(
  attempt: Promise<unknown>,
  code: IssuerErrorCode,
  message: RegExp = /./,
): Promise<void> {
  let error: unknown;
  try {
    await attempt;
  } catch (caught) {
    error = caught;
  }
  expect(error, 'an error').to.be.instanceOf(IssuerError);
  const { code: found, message: sentence } = error as IssuerError;
  expect(found, sentence).to.equal(code);
  expect(sentence).to.match(message);
}
