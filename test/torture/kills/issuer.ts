/** The issuer, killed again and again with four shops at work. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedStore } from '../../../host/issuer/store/embedded.js';
import type { IssuerProcess } from '../../survival/issuer-process.js';
import { again, survive } from '../../survival/survive.js';

/** @throws where something that was acknowledged is missing, or there twice [M4] */
export async function killIssuer(kills: number, seed: number, tell: (struck: number) => void): Promise<void> {
  const place = mkdtempSync(join(tmpdir(), 'epurse-kills-'));
  const running: IssuerProcess[] = [];
  let struck = 0;
  const strike: typeof again = async (issuer, traffic) => {
    await again(issuer, traffic);
    tell(++struck);
  };
  try {
    await survive({ place, open: () => openEmbeddedStore(place), strike, kills, seed, running });
  } finally {
    for (const one of running) await one.kill();
    rmSync(place, { recursive: true, force: true });
  }
}
