/** Node, JDK, Maven and the clock. */
import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Finding } from './finding.js';

export async function systemFindings(): Promise<Finding[]> {
  const [jdk, maven] = await Promise.all([javaFinding(), mavenFinding()]);
  return [nodeFinding(process.versions.node), jdk, maven, clockFinding(Date.now())];
}

/** Node 20.19 is the oldest that runs the libraries used. */
export function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const detail = `Node ${version}`;
  return major > 20 || (major === 20 && minor >= 19)
    ? { name: 'node', state: 'fine', detail }
    : {
        name: 'node',
        state: 'wrong',
        detail,
        mend: 'Node 20.19 or newer is needed; ./epurse fetches one into .tools.',
      };
}

async function javaFinding(): Promise<Finding> {
  return jdkFinding(await firstLine('javac', ['-version']));
}

export function jdkFinding(answer: string | undefined): Finding {
  const version = /^javac (\d+)/.exec(answer ?? '')?.[1];
  if (version !== undefined && Number(version) >= 17) {
    return { name: 'jdk', state: 'fine', detail: (answer ?? '').replace('javac', 'JDK') };
  }
  return {
    name: 'jdk',
    state: 'wrong',
    detail: answer ?? 'no JDK found',
    mend: 'JDK 17 or newer is needed; on Debian: sudo apt-get install default-jdk-headless',
  };
}

async function mavenFinding(): Promise<Finding> {
  const answer = await firstLine('mvn', ['--version', '--batch-mode']);
  const version = /Apache Maven ([\d.]+)/.exec(answer ?? '')?.[1];
  return version === undefined
    ? { name: 'maven', state: 'wrong', detail: 'no Maven found', mend: 'On Debian: sudo apt-get install maven' }
    : { name: 'maven', state: 'fine', detail: `Maven ${version}` };
}

/** A clock behind the program's own files is set wrong, and certificates and receipts would be dated by it. */
function clockFinding(now: number): Finding {
  const built = statSync(fileURLToPath(import.meta.url)).mtimeMs;
  const detail = new Date(now).toISOString();
  const minute = 60_000;
  return now + minute >= built
    ? { name: 'clock', state: 'fine', detail }
    : {
        name: 'clock',
        state: 'wrong',
        detail: `${detail}, before this program was built`,
        mend: 'Set the clock of this machine.',
      };
}

/** The first line a tool prints, on either stream; undefined where it cannot be run. */
function firstLine(tool: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(tool, args, { timeout: 20_000 }, (error, stdout, stderr) => {
      resolve(error === null ? `${stdout}${stderr}`.trim().split('\n')[0] : undefined);
    });
  });
}
