/** The bridge against plain jCardSim: a whole payment in one JVM, in turns; and what durability adds, by the direct link. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Card } from 'jcardsim-ts-bridge';
import { debit } from '../../host/protocol/commands/debit.js';
import { money } from '../../host/protocol/codec/money.js';
import { Role } from '../../host/protocol/generated/enums.js';
import { Failure } from '../../host/terminal/outcome.js';
import { purseSpec, sharedBridge } from '../helpers/bridge.js';
import { freshCard, openWith } from '../helpers/cards.js';
import { euroSlot } from '../helpers/personalize.js';
import { projectRoot } from '../helpers/project.js';
import { MemoryPairs, euro, startTime, terminal } from '../helpers/scheme.js';

export interface BridgeRatio {
  readonly payments: number;
  readonly bridgeMicros: number;
  readonly plainMicros: number;
  /** Speed of the bridge over speed of plain jCardSim: 1 is as fast. Median over pairs. */
  readonly ratio: number;
}

/** Runs `epurse.PaymentBench`. */
export async function bridgeAgainstPlain(payments = 400): Promise<BridgeRatio> {
  const bridge = join(projectRoot, 'jcardsim-ts-bridge', 'java', 'target');
  const jars = (await readdir(join(bridge, 'lib'))).filter((name) => name.endsWith('.jar'));
  const target = join(projectRoot, 'applet', 'target');
  const classpath = [
    join(bridge, 'jcardsim-bridge.jar'),
    ...jars.map((name) => join(bridge, 'lib', name)),
    join(target, 'test-classes'),
    join(target, 'classes'),
  ].join(delimiter);
  const run = promisify(execFile);
  const command = ['-cp', classpath, 'epurse.PaymentBench', String(payments)];
  const { stdout } = await run('java', command, { timeout: 120_000 }).catch((error: unknown) => {
    throw new Failure('tools-missing', 'The Java half of the benchmark does not run.', {
      next: 'Build it: mvn -q package -DskipTests',
      cause: error,
    });
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as BridgeRatio;
}

export interface DurablePayment {
  readonly inMemoryMs: number;
  readonly durableMs: number;
}

/** Host, link and card of one payment at a known terminal: card in memory, and card whose image is on disk before each answer. */
export async function durablePayment(rounds = 15): Promise<DurablePayment> {
  const folder = await mkdtemp(join(tmpdir(), 'epurse-bench-'));
  const inMemory = await freshCard('active', 'bench durable');
  const file = join(folder, 'bench.card');
  const durable = await (
    await sharedBridge()
  ).openCard({ image: await inMemory.card.image(), file }, purseSpec('bench durable'));
  try {
    await durable.powerOn();
    const lanes = [await payer(inMemory.card), await payer(durable)] as const;
    const times = [[], []] as [number[], number[]];
    for (let round = 0; round < rounds; round++) {
      for (const lane of [0, 1] as const) times[lane].push(await lanes[lane]());
    }
    return { inMemoryMs: median(times[0]), durableMs: median(times[1]) };
  } finally {
    await durable.close();
    await rm(folder, { recursive: true });
  }
}

async function payer(card: Card): Promise<() => Promise<number>> {
  const pos = terminal(Role.pos, 'bench');
  const pairs = new MemoryPairs();
  await openWith(card, pos, { pairs });
  let tn = 0;
  return async () => {
    const start = performance.now();
    const session = await openWith(card, pos, { pairs });
    await debit(session, { slot: euroSlot, amount: money(1n, euro), tn: ++tn, time: startTime });
    return performance.now() - start;
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
