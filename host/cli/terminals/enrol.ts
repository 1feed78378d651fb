/** `pos enrol`, `reload enrol`, `personalize enrol`: this home becomes a terminal of an issuer elsewhere, whose operator gave a token. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { fromHex, toHex } from '../../protocol/codec/bytes.js';
import { formatTime } from '../../protocol/codec/time.js';
import { IssuerError } from '../../protocol/issuer/port.js';
import { enrol } from '../../terminal/enrol.js';
import { terminalKinds } from '../../terminal/kinds.js';
import type { TerminalKind } from '../../terminal/kinds.js';
import { Failure } from '../../terminal/outcome.js';
import { asFailureOf, issuerRefusal } from '../../terminal/refusal.js';
import type { CommandLine, Run } from '../command-line.js';
import type { Outcome } from '../command-line.js';

/** @param terminals the command that the new one goes below */
export function registerEnrol(terminals: Command, cli: CommandLine, name: TerminalKind): void {
  terminals
    .command('enrol')
    .description(`become ${terminalKinds[name].what} of an issuer elsewhere, whose operator gave a token`)
    .requiredOption('--url <address>', 'of the issuer, such as https://issuer.example:8420')
    .requiredOption('--ca <file>', 'ca.pem of the issuer')
    .requiredOption('--token-file <file>', 'the token, on the first line')
    .action(cli.action('enrol', (run) => enrolHere(run, name)));
}

/** @throws Failure usage, file-missing, terminal-exists, key-refused, or as the issuer refuses */
export async function enrolHere(run: Run, name: TerminalKind): Promise<Outcome> {
  const { url, ca, tokenFile } = run.options as Record<'url' | 'ca' | 'tokenFile', string>;
  const token = /^\s*([0-9a-fA-F]{64})\s*$/m.exec(textOf(tokenFile))?.[1];
  if (token === undefined || !/^https:\/\/[^/]/.test(url))
    throw new Failure('usage', token === undefined ? `${tokenFile} holds no token.` : `"${url}" is no address.`, {
      next: 'Nothing was sent. A token has 64 hexadecimal digits, an address begins with https://',
    });
  const { role, what } = terminalKinds[name];
  const order = { name, role, url, ca: textOf(ca), token: fromHex(token.toLowerCase()) };
  const certificate = await enrol(run.home(), order).catch((error: unknown) => {
    if (!(error instanceof IssuerError)) throw error;
    const refusal = issuerRefusal(error);
    const next =
      'Nothing is lost: the same call may be repeated. A token serves one terminal for a day; the operator gives another.';
    throw asFailureOf({ ...refusal, next });
  });
  const [id, expires] = [toHex(certificate.terminalId), formatTime(certificate.expiry)];
  const merchant = name === 'pos' ? { merchantId: toHex(certificate.merchantId) } : {};
  const of = merchant.merchantId === undefined ? '' : ` of merchant ${merchant.merchantId}`;
  run.out.say(`This home is ${what}, ${id}${of}, until ${expires}.`);
  run.out.say(`It asks the issuer at ${url}; EPURSE_ISSUER_URL names another one.`);
  return { terminalId: id, ...merchant, expires };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Failure('file-missing', `The file ${file} cannot be read.`, {
      next: 'Nothing was sent. The operator of the issuer hands over ca.pem and the token.',
      cause,
    });
  }
}
