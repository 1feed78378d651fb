/** The performance report: what was measured, what was modelled, and where the time goes. */
import { assumptions, cards, origin, price } from './card-time.js';
import type { CardTimes, LinkSpeed, Price } from './card-time.js';
import type { BridgeRatio, DurablePayment } from './bridge.js';
import type { Flow } from './flows.js';
import type { PcscRoundTrip } from './pcsc.js';

export interface Measurements {
  readonly bridge: BridgeRatio;
  readonly durable: DurablePayment;
  readonly pcsc: PcscRoundTrip;
  readonly flows: readonly Flow[];
}

const one = (ms: number): string => ms.toFixed(1);
const whole = (ms: number): string => String(Math.round(ms));

export function textReport({ bridge, durable, pcsc, flows }: Measurements): string[] {
  return [
    'Simulator, this machine',
    `  a payment at a known terminal, card alone   ${whole(bridge.bridgeMicros)} µs on the bridge, ${whole(bridge.plainMicros)} µs in plain jCardSim: ${bridge.ratio.toFixed(2)} of its speed`,
    `  the same with host and direct link          ${one(durable.inMemoryMs)} ms in memory, ${one(durable.durableMs)} ms durable before each answer`,
    'missing' in pcsc
      ? `  PC/SC round trip                            not measured: ${pcsc.missing}`
      : `  PC/SC round trip (pcscd, vpcd, card)         ${pcsc.medianMs.toFixed(2)} ms`,
    '',
    'Work of the card',
    row('flow', 'APDUs', 'sign', 'verify', 'ECDH', 'key set-ups', 'inits', 'AES calls', 'writes', 'bytes'),
    ...flows.map((flow) => workRow(flow)),
    '',
    'Card-time model, milliseconds (an estimate)',
    row('flow', ...cards.flatMap(({ id }) => [`${id} 424`, '106'])),
    ...flows.map((flow) =>
      row(
        flow.title,
        ...cards.flatMap((card) => ([424, 106] as const).map((speed) => whole(price(flow.counts, card, speed).total))),
      ),
    ),
    '',
    'Where the time goes: payment at a known terminal',
    row('card, kbit/s', 'public key', 'AES, random', 'SHA-256', 'memory', 'link', 'reader', 'total'),
    ...cards.flatMap((card) => ([424, 106] as const).map((speed) => partsRow(flows, card, speed))),
    '',
    `Times: ${origin}.`,
    'The reader takes 5 ms an APDU. Assumed:',
    ...assumptions.map((assumption) => `  - ${assumption}`),
  ];
}

function row(title: string, ...cells: readonly string[]): string {
  return `  ${title.padEnd(44)}${cells.map((cell) => cell.padStart(12)).join('')}`;
}

function workRow({ title, apdus, counts }: Flow): string {
  const writes = counts.writesAtomic + counts.writesInTransaction + counts.writesNonAtomic;
  const inits = counts.aesCipherInits + counts.aesMacInits + counts.signatureInits + counts.keyAgreementInits;
  const figures = [
    apdus,
    counts.sign,
    counts.verify,
    counts.keyAgreements,
    keySetUps(counts),
    inits,
    counts.aesCipherCalls + counts.aesMacCalls,
    writes,
    counts.apduBytesIn + counts.apduBytesOut,
  ];
  return row(title, ...figures.map(String));
}

function partsRow(flows: readonly Flow[], card: CardTimes, speed: LinkSpeed): string {
  const known = flows.find(({ name }) => name === 'knownTerminal');
  if (!known) throw new Error('the payment at a known terminal was not measured');
  const parts: Price = price(known.counts, card, speed);
  const { asymmetric, symmetric, digest, memory, link, reader, total } = parts;
  return row(`${card.name}, ${speed}`, ...[asymmetric, symmetric, digest, memory, link, reader, total].map(one));
}

export const keySetUps = (counts: Flow['counts']): number =>
  counts.setKeyPersistent + counts.setKeyTransient + counts.setW + counts.setS;

/** The fields of the last JSON line. */
export function summary({ bridge, pcsc, flows }: Measurements) {
  const flow = (name: string) => {
    const found = flows.find((one) => one.name === name);
    if (!found) throw new Error(`${name} was not measured`);
    const { counts, apdus } = found;
    const modelMs = Object.fromEntries(cards.map((card) => [card.id, Math.round(price(counts, card, 424).total)]));
    return {
      apdus,
      sign: counts.sign,
      verify: counts.verify,
      keyAgreement: counts.keyAgreements,
      keySetUps: keySetUps(counts),
      modelMs,
    };
  };
  return {
    bridgeVsJcardsim: bridge.ratio,
    pcscRoundTripMs: 'missing' in pcsc ? null : Number(pcsc.medianMs.toFixed(3)),
    knownTerminal: flow('knownTerminal'),
    firstMeeting: flow('firstMeeting'),
  };
}
