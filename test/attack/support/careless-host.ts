/** What makes a host careless about signatures and certificates, for the weakened builds. */
import type { Change } from '../../helpers/weakening.js';

const native = 'host/protocol/crypto/native.js';
const ecdsa = 'host/protocol/crypto/ecdsa.js';
const tlv = 'host/protocol/codec/tlv.js';

/** {@link carelessVerify} in the place of the library. */
export const carelessSignatures: readonly Change[] = [
  {
    module: native,
    find: "import { concat, fromHex } from '../codec/bytes.js';",
    put: `import { concat, fromHex } from '../codec/bytes.js';
import { carelessVerify } from '../../../test/attack/support/careless-p256.js';`,
  },
  {
    module: native,
    find: "return verify('sha256', message, nativePublicKey(point), signature);",
    put: 'return carelessVerify(message, signature, point);',
  },
];

export const carelessPoints: readonly Change[] = [
  { module: ecdsa, find: 'p256.Point.fromBytes(uncompressed(point)).assertValidity();', put: '' },
];

export const carelessEnds: readonly Change[] = [{ module: tlv, find: 'if (left > 0)', put: 'if (false)' }];

export const carelessLengths: readonly Change[] = [{ module: tlv, find: 'if (size < 0x80)', put: 'if (false)' }];
