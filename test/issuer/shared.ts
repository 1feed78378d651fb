/** One issuer for all suites of this folder: a store takes a second to open, and books are there to be shared. */
import { SoftIssuer } from '../helpers/soft-issuer.js';

let opened: Promise<SoftIssuer> | undefined;

export function sharedIssuer(): Promise<SoftIssuer> {
  return (opened ??= SoftIssuer.open());
}

after(async () => {
  await (await opened)?.close();
});
