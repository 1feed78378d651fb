/**
 * A POS in a process of its own that kills itself: `node killed-pos-child.js HOME CARD EFFECT`. It pays 3.50 with a
 * simulated card from its image file and dies (SIGKILL) after effect number EFFECT; a number beyond the last lets it live. Says
 * what came of it in one JSON line.
 */
import { join } from 'node:path';
import { parseAmount } from '../../host/protocol/codec/money.js';
import { unitByName } from '../../host/protocol/codec/units.js';
import { Role } from '../../host/protocol/generated/enums.js';
import { IssuerError } from '../../host/protocol/issuer/port.js';
import { SimulatorHub } from '../../host/readers/simulator.js';
import { begin, step } from '../../host/pos/flow.js';
import { PosTerminal } from '../../host/pos/terminal.js';
import type { PosEffect, PosEvent } from '../../host/pos/types.js';
import { runFlow } from '../../host/terminal/flow/machine.js';
import { Home } from '../../host/terminal/home.js';
import { LazyIssuer } from '../../host/terminal/lazy-issuer.js';
import { Station } from '../../host/terminal/station.js';
import { projectRoot } from '../helpers/project.js';

const [folder = '', card = '', number = '0'] = process.argv.slice(2);
const home = new Home(folder);
const issuer = new LazyIssuer(() => Promise.reject(new IssuerError('unreachable', 'There is no issuer here.')));
const station = Station.open({ home, name: 'pos', role: Role.pos, issuer: issuer.port });
const pos = PosTerminal.open(station);
const hub = new SimulatorHub({ cardsFolder: join(folder, 'cards'), projectFolder: projectRoot });
const reader = (await hub.list()).find(({ name }) => name === `sim:${card}`);
if (reader === undefined) throw new Error('no such card');
const connection = await reader.connect();

let effects = 0;
const perform = pos.performer(connection, {
  show: () => undefined,
  askPin: () => Promise.resolve(undefined),
  askEarlier: () => Promise.resolve('finish'),
});
const task = { task: 'pay', slot: 0, amount: parseAmount('3.50', unitByName('EUR')) } as const;
const dying = async (effect: PosEffect): Promise<PosEvent | undefined> => {
  const event = await perform(effect);
  if (effects++ === Number(number)) process.kill(process.pid, 'SIGKILL');
  return event;
};
const { state } = { state: await runFlow(begin(pos.context, task), step, dying, station.clock) };
if (state.at !== 'finished') throw new Error(state.at);
const { outcome } = state;
const orders = [...pos.journal.state.orders.values()].map(({ tn, end }) => [tn, end?.result ?? 'open']);
process.stdout.write(
  `${JSON.stringify({ result: outcome.result, effects, orders, ...(outcome.result === 'paid' ? { balance: outcome.record.balance } : {}) })}\n`,
);
await connection.close();
await hub.close();
pos.close();
station.close();
