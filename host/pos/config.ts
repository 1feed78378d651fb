/** `terminals/pos/config.json`: what the merchant decides. Missing, the defaults hold. */
import { z } from 'zod';
import { moneyFromJson } from '../protocol/codec/money.js';
import { day } from '../protocol/codec/time.js';
import type { Seconds } from '../protocol/codec/time.js';
import { Failure } from '../terminal/outcome.js';
import { readIfThere } from '../terminal/files.js';

export interface PosConfig {
  /** A hot list older than this counts as old. */
  readonly listMaxAge: Seconds;
  /** Most a payment may take under an old list, minor units by unit name; 0 where missing. */
  readonly floor: Readonly<Record<string, bigint>>;
}

const schema = z.strictObject({
  hotListMaxAgeHours: z.number().int().min(1).max(720).default(24),
  /** Such as { "EUR": "10.00" }. */
  floor: z.record(z.string(), z.string()).default({}),
});

/** @throws Failure keys-unreadable for a file that is no configuration */
export function readPosConfig(path: string): PosConfig {
  const content = readIfThere(path);
  try {
    const json = schema.parse(content === undefined ? {} : JSON.parse(new TextDecoder().decode(content)));
    const floor = Object.entries(json.floor).map(
      ([unit, amount]) => [unit, moneyFromJson({ amount, unit }).amount] as const,
    );
    return { listMaxAge: (json.hotListMaxAgeHours * day) / 24, floor: Object.fromEntries(floor) };
  } catch (cause) {
    throw new Failure('keys-unreadable', `${path} is no configuration of a POS.`, {
      next: 'It holds hotListMaxAgeHours (1 to 720) and floor ({"EUR": "10.00"}); delete it for the defaults.',
      cause,
    });
  }
}
