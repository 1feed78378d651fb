/** A real Chromium: the system's, driven through playwright-core. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { projectRoot } from '../helpers/project.js';
import { join } from 'node:path';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Capability `chromium`: EPURSE_CHROMIUM names another browser than the system's. */
export function chromiumPath(): string | undefined {
  return [process.env['EPURSE_CHROMIUM'] ?? '', ...places].find((path) => path !== '' && existsSync(path));
}

export const dashboardFolder = join(projectRoot, 'build', 'dashboard');

export function isDashboardBuilt(): boolean {
  return existsSync(join(dashboardFolder, 'index.html'));
}

/** Nothing of it reaches the network but what the test opens. */
const quiet = [
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function startChromium(executablePath: string): Promise<Browser> {
  // root has no sandbox of his own to give
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args: [...quiet, ...sandbox] });
}
