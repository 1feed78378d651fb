/** PC/SC by whichever native module works here: `smartcard` first, then `pcsclite`. */
import { openPcscliteHub } from './pcsclite.js';
import { isReaderError } from './reader.js';
import type { ReaderHub } from './reader.js';
import { openSmartcardHub } from './smartcard.js';

type Binding = () => Promise<ReaderHub>;

const installed: readonly Binding[] = [() => openSmartcardHub(), () => openPcscliteHub()];

/** @throws ReaderError no-module (neither is built), no-pcsc (the service does not run), failed */
export async function openPcscHub(bindings: readonly Binding[] = installed): Promise<ReaderHub> {
  const [first, ...others] = bindings;
  if (!first) throw new RangeError('no binding');
  try {
    return await first();
  } catch (error) {
    if (others.length === 0 || !isReaderError(error, 'no-module')) throw error;
    return openPcscHub(others);
  }
}
