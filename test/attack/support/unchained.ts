/** Secure messaging whose MACs do not chain: on card and terminal the first chaining value serves every message of a session. */
import type { ClassTransformSpec } from 'jcardsim-ts-bridge';
import { withoutCall } from '../../helpers/doctored.js';
import type { Change } from '../../helpers/weakening.js';

export const unchainedCard: readonly ClassTransformSpec[] = [
  withoutCall('SecureMessaging.unwrap', 'arrayCopyNonAtomic', 2),
  withoutCall('SecureMessaging.wrap', 'arrayCopyNonAtomic', 1),
];

const module = 'host/protocol/channel/secure.js';

export const unchainedHost: readonly Change[] = [
  {
    module,
    find: 'this.#chain = cmac(this.#mac, concat(this.#chain, commandTag, header, cipher));',
    put: 'const mac = cmac(this.#mac, concat(this.#chain, commandTag, header, cipher));',
  },
  { module, find: 'data: concat(cipher, this.#shortMac())', put: 'data: concat(cipher, mac.slice(0, macLength))' },
  { module, find: 'this.#chain = mac;', put: '' },
];
