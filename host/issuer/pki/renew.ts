/** New certificates for a terminal of this home, over the keys, id and rights it has: those of POS last 90 days at most. */
import { parseTerminalCertificate } from '../../protocol/certificates/terminal.js';
import type { Seconds } from '../../protocol/codec/time.js';
import { Role } from '../../protocol/generated/enums.js';
import type { Scheme } from '../../protocol/scheme.js';
import { readIfThere, replaceFile } from '../../terminal/files.js';
import type { Home } from '../../terminal/home.js';
import { terminalFolder, writeEarlier } from '../../terminal/identity.js';
import { KeyringError } from './keyring.js';
import { acquirerKeyring, issuerKeyring } from './scheme-init.js';
import { certify, certifyEarlier, connect, register } from './terminals.js';
import type { EnrolledTerminal } from './terminals.js';
import { tlsKeys } from './tls.js';
import { unlocking } from './unlock.js';
import type { Unlocking } from './unlock.js';

/** @throws KeyringError for a terminal this home does not have */
export function renewTerminal(
  home: Home,
  scheme: Scheme,
  name: string,
  now: Seconds,
  unlock: Unlocking = unlocking(home),
): EnrolledTerminal {
  const path = home.path(...terminalFolder(name), 'certificate.bin');
  const old = readIfThere(path);
  if (old === undefined) throw new KeyringError('missing', `There is no terminal "${name}" in ${home.folder}.`);
  const { role, terminalId, acquirerId, merchantId, limits, point } = parseTerminalCertificate(old);
  const keys = role === Role.pos ? acquirerKeyring(home, scheme, unlock) : issuerKeyring(home, scheme, unlock);
  const order = { name, role, terminalId, acquirerId, merchantId, limits };
  const renewed = certify(scheme, keys, order, point, now);
  replaceFile(path, renewed.certificate, 0o644);
  writeEarlier(home, name, certifyEarlier(scheme, keys, order, point, now));
  connect(home, tlsKeys(home, scheme.id, now, unlock).authority, renewed, now);
  register(home, renewed);
  return renewed;
}
