/** Sends the command of one cell and judges answer, session and persistent state. */
import { expect } from 'chai';
import type { Cell, Expectation } from '../../apdu-specs/generator/matrix.js';
import { commands } from '../../host/protocol/generated/commands.js';
import type { CommandName } from '../../host/protocol/generated/commands.js';
import { LifeCycle, Reason } from '../../host/protocol/generated/enums.js';
import { classes } from '../../host/protocol/generated/parameters.js';
import { reasons, statusWords } from '../../host/protocol/generated/status-words.js';
import type { ReasonName, StatusWordName } from '../../host/protocol/generated/status-words.js';
import { parseSelectAnswer } from '../../host/protocol/commands/select.js';
import { transportKeys } from '../../host/protocol/session/keys.js';
import { batchKey } from '../helpers/personalize.js';
import { apdu, clearAnswer, openFull, openFullData, resumedFrom } from '../helpers/wire.js';
import type { Answer, WireSession } from '../helpers/wire.js';
import { requestFor } from './requests.js';
import type { Request } from './requests.js';
import { digestOf } from './stations.js';
import type { Station } from './stations.js';
import { identities } from './terminals.js';

/** No command has it: inside a session it is answered 6D00 there, outside 6982. */
const unusedInstruction = 0x02;

/** What the guard says, and nothing behind it: an allowed command must not get it. */
const guardReasons: readonly number[] = [Reason.lifeCycle, Reason.cardExpired, Reason.role, Reason.fullSession];

export async function checkCell(station: Station, cell: Cell): Promise<Answer> {
  const { card, snapshot } = station;
  await card.card.restore(snapshot);
  const session = station.session?.fork();
  const request = requestFor(station, cell);
  const answer = await send(station, session, cell, request);
  const { expected } = cell;
  if (expected.expect === 'refused') await checkRefusal(station, session, expected, answer);
  else await checkPassage(station, session, cell, expected, answer, request);
  return answer;
}

async function send(
  { card }: Station,
  session: WireSession | undefined,
  cell: Cell,
  request: Request,
): Promise<Answer> {
  const { ins, p1, p2, data } = request;
  if (cell.class === 'protected') {
    const wire = session ? session.wrap(ins, p1, p2, data) : apdu(classes.protected, ins, p1, p2, withoutKeys(data));
    return unwrapped(session, await card.transmit(wire));
  }
  const cla = cell.class === 'plain' ? classes.plain : classes.interindustry;
  return clearAnswer(await card.transmit(apdu(cla, ins, p1, p2, data)));
}

/** Data and something in place of a MAC. */
function withoutKeys(data: Uint8Array): Uint8Array {
  return new Uint8Array([...data, ...new Uint8Array(8).fill(0x5a)]);
}

function unwrapped(session: WireSession | undefined, wire: Uint8Array): Answer {
  return session ? session.unwrap(wire) : clearAnswer(wire);
}

async function checkRefusal(
  station: Station,
  session: WireSession | undefined,
  expected: Extract<Expectation, { expect: 'refused' }>,
  answer: Answer,
): Promise<void> {
  const { sw } = statusWords[expected.sw as StatusWordName];
  const reason = reasons[expected.reason as ReasonName].value;
  expect(answer).to.deep.equal({ where: expected.where, sw, reason, data: new Uint8Array(0) });
  expect(await digestOf(station.card), 'persistent state').to.equal(station.digest);
  if (expected.where === 'inside') {
    expect(expected.sessionEnds).to.equal(false);
    await checkOpen(station, session);
  } else {
    expect(expected.sessionEnds).to.equal(station.row.session !== 'none');
    await checkNoSession(station, session);
  }
}

async function checkPassage(
  station: Station,
  session: WireSession | undefined,
  cell: Cell,
  expected: Extract<Expectation, { expect: 'ok' }>,
  answer: Answer,
  request: Request,
): Promise<void> {
  const inSession = commands[cell.command as CommandName].protection === 'protected';
  expect(answer.where).to.equal(inSession ? 'inside' : 'clear');
  if (!inSession) expect(answer.sw).to.equal(statusWords.ok.sw);
  else if (answer.sw !== statusWords.ok.sw) {
    expect(guardReasons).not.to.include(answer.reason);
    expect(answer.sw).not.to.equal(statusWords.insNotSupported.sw);
  }
  switch (expected.then) {
    case 'none':
      if (cell.command === 'SELECT') checkSelected(station, answer);
      return checkNoSession(station, session);
    case 'presented':
      return checkPresented(station, cell, answer);
    case 'agreed':
      return checkAgreed(station);
    case 'raw':
    case 'resumed':
    case 'full':
      return checkOpen(station, inSession ? session : opened(station, cell, request, answer));
  }
}

function checkSelected({ row }: Station, { data }: Answer): void {
  expect(parseSelectAnswer(data).state).to.equal(LifeCycle[row.lifeCycle]);
}

async function checkPresented({ card }: Station, { as }: Cell, { data }: Answer): Promise<void> {
  await openFull(card, identities[as ?? 'pos'], data);
}

/** OPEN SESSION full was right once; a second is not, and the card shows nothing then. */
async function checkAgreed(station: Station): Promise<void> {
  await station.card.card.restore(station.snapshot);
  const { row, card, cardNonce } = station;
  if (!cardNonce) throw new Error('no nonce of the card');
  const { session } = await openFull(card, identities[row.role ?? 'pos'], cardNonce);
  const { ins, p1, p2 } = commands.CONFIRM_SESSION;
  expect(await session.send(card, ins, p1, p2, Uint8Array.of(0))).to.include({
    where: 'inside',
    sw: statusWords.ok.sw,
  });
}

function opened({ pairs, card }: Station, { as }: Cell, { data }: Request, answer: Answer): WireSession {
  const keys = as ? pairs[as] : transportKeys(batchKey, card.serial);
  const resumed = keys && resumedFrom(data, answer.data, keys);
  if (!resumed) throw new Error('the answer to OPEN SESSION is not under the keys of the pair');
  return resumed.session;
}

/** The session answers, under the next chaining value. */
async function checkOpen({ card }: Station, session: WireSession | undefined): Promise<void> {
  if (!session) throw new Error('there is no session to look at');
  const answer = await session.send(card, unusedInstruction, 0, 0);
  expect(answer).to.include({ where: 'inside', sw: statusWords.insNotSupported.sw, reason: 0 });
}

/** Neither keys nor a nonce are left. */
async function checkNoSession({ card, row, cardNonce }: Station, session: WireSession | undefined): Promise<void> {
  const wire =
    session?.fork().wrap(unusedInstruction, 0, 0) ??
    apdu(classes.protected, unusedInstruction, 0, 0, withoutKeys(new Uint8Array(0)));
  expect(clearAnswer(await card.transmit(wire)).sw).to.equal(statusWords.securityStatus.sw);
  const { ins, p1, p2 } = commands.OPEN_SESSION_FULL;
  const data = openFullData(identities[row.role ?? 'pos'], cardNonce ?? new Uint8Array(16));
  expect(clearAnswer(await card.transmit(apdu(classes.plain, ins, p1, p2, data))).sw).to.equal(
    statusWords.conditions.sw,
  );
}
