// Commands of a wrong form: wrong P1 or P2, too short, too long, without data. Nothing is written, whatever is wrong [M7].
import { expect } from 'chai';
import { concat } from '../../host/protocol/codec/bytes.js';
import { commands } from '../../host/protocol/generated/commands.js';
import type { CommandName } from '../../host/protocol/generated/commands.js';
import { aids, classes, macLength } from '../../host/protocol/generated/parameters.js';
import { statusWords } from '../../host/protocol/generated/status-words.js';
import type { StatusWordName } from '../../host/protocol/generated/status-words.js';
import { formatStatus } from '../../host/protocol/status.js';
import { apdu, clearAnswer } from '../helpers/wire.js';
import { wrongForms } from './forms.js';
import { requestFor } from './requests.js';
import { arrive, digestOf } from './stations.js';
import type { Station } from './stations.js';
import type { Row } from '../../apdu-specs/generator/matrix.js';

const names = Object.keys(commands) as CommandName[];
const protectedNames = names.filter((name) => commands[name].protection === 'protected');

/** Where each protected command is done. */
function placeOf(name: CommandName): Pick<Row, 'lifeCycle' | 'session' | 'role'> {
  switch (name) {
    case 'GENERATE_KEYS':
    case 'STORE_DATA':
    case 'ACTIVATE':
      return { lifeCycle: 'raw', session: 'raw', role: 'perso' };
    case 'CONFIRM_SESSION':
      return { lifeCycle: 'active', session: 'agreed', role: 'pos' };
    case 'DEBIT':
    case 'CANCEL_LAST':
      return { lifeCycle: 'active', session: 'full', role: 'pos' };
    case 'GET_PROOF':
    case 'READ_LOG':
    case 'PUT_ORDER':
      return { lifeCycle: 'active', session: 'resumed', role: 'perso' };
    default:
      return { lifeCycle: 'active', session: 'resumed', role: 'load' };
  }
}

describe('A command of a wrong form is refused, and changes nothing [M7]:', function () {
  this.timeout(60_000);
  let points = 0;

  for (const name of protectedNames) {
    it(`${name}, with wrong P1, wrong P2 and wrong lengths`, async () => {
      const station = await arrive({ ...placeOf(name), cells: [] });
      const right = requestFor(station, { command: name });
      const forms = wrongForms(station, name, right);
      expect(forms.length).to.be.greaterThan(5);
      for (const { ins, p1, p2, data, what, sw } of forms) {
        await station.card.card.restore(station.snapshot);
        const answer = await station.session?.fork().send(station.card, ins, p1, p2, data);
        expect(formatStatus(answer?.sw ?? 0), what).to.equal(formatStatus(statusWords[sw].sw));
        expect(answer, what).to.include({ where: 'inside', reason: 0 });
        expect(await digestOf(station.card), what).to.equal(station.digest);
        points++;
      }
      await station.card.card.restore(station.snapshot);
      const answer = await station.session?.fork().send(station.card, right.ins, right.p1, right.p2, right.data);
      expect(answer, 'the right one').to.include({ where: 'inside', sw: statusWords.ok.sw });
    });
  }

  it('every protected command shorter than a MAC, which ends the session', async () => {
    for (const name of protectedNames) {
      const station = await arrive({ ...placeOf(name), cells: [] });
      const { ins, p1, p2 } = requestFor(station, { command: name });
      for (const length of [0, 1, macLength - 1]) {
        await inClear(station, apdu(classes.protected, ins, p1, p2, new Uint8Array(length)), 'smIncorrect');
      }
    }
  });

  it('PRESENT CERTIFICATE', async () => {
    const station = await arrive({ lifeCycle: 'active', session: 'none', cells: [] });
    const { ins, p1, p2, data } = requestFor(station, { command: 'PRESENT_CERTIFICATE', as: 'pos' });
    const send = (a: number, b: number, bytes: Uint8Array, sw: StatusWordName): Promise<void> =>
      inClear(station, apdu(classes.plain, ins, a, b, bytes), sw);
    await send(p1 + 1, p2, data, 'wrongP1P2');
    await send(p1, 0xb6, data, 'wrongP1P2');
    await send(p1, p2, new Uint8Array(0), 'wrongLength');
    await send(p1, p2, new Uint8Array(commands.PRESENT_CERTIFICATE.requestMax + 1), 'wrongLength');
    await send(p1, p2, data.slice(0, -1), 'incorrectData');
    await send(p1, p2, concat(data, Uint8Array.of(0)), 'incorrectData');
  });

  it('OPEN SESSION, both forms', async () => {
    const station = await arrive({ lifeCycle: 'active', session: 'presented', role: 'pos', cells: [] });
    const full = requestFor(station, { command: 'OPEN_SESSION_FULL' });
    const resumed = requestFor(station, { command: 'OPEN_SESSION_RESUMED', as: 'pos' });
    const send = (p1: number, p2: number, bytes: Uint8Array, sw: StatusWordName): Promise<void> =>
      inClear(station, apdu(classes.plain, full.ins, p1, p2, bytes), sw);
    await send(2, 0, full.data, 'wrongP1P2');
    await send(0, 1, full.data, 'wrongP1P2');
    await send(1, 1, resumed.data, 'wrongP1P2');
    for (const length of [0, 80, 87]) await send(0, 0, full.data.slice(0, length), 'wrongLength');
    await send(0, 0, new Uint8Array(commands.OPEN_SESSION_FULL.requestMax + 1), 'wrongLength');
    for (const length of [0, 24]) await send(1, 0, resumed.data.slice(0, length), 'wrongLength');
    await send(1, 0, concat(resumed.data, Uint8Array.of(0)), 'wrongLength');
    await send(1, 0, concat(resumed.data.slice(0, -1), Uint8Array.of(3)), 'incorrectData');
  });

  it('SELECT of another name', async () => {
    const station = await arrive({ lifeCycle: 'active', session: 'none', cells: [] });
    const { ins, p1, p2 } = commands.SELECT;
    const other = aids.applet.map((byte, at) => (at === aids.applet.length - 1 ? byte ^ 1 : byte));
    const { sw } = clearAnswer(await station.card.transmit(apdu(classes.interindustry, ins, p1, p2, other)));
    expect(sw).not.to.equal(statusWords.ok.sw);
    expect(await digestOf(station.card)).to.equal(station.digest);
  });

  it('an unknown class, another logical channel, an unknown instruction', async () => {
    const station = await arrive({ lifeCycle: 'active', session: 'none', cells: [] });
    await inClear(station, apdu(0xb0, 0x54, 0, 0), 'claNotSupported');
    for (const cla of [0x01, 0x81, 0x85]) await inClear(station, apdu(cla, 0x54, 0, 0), 'channelNotSupported');
    await inClear(station, apdu(classes.plain, 0x02, 0, 0), 'insNotSupported');
    await inClear(station, apdu(classes.interindustry, 0xca, 0, 0), 'insNotSupported');
  });

  after(() => {
    process.stdout.write(`      ${points} wrong forms\n`);
  });

  /** Refused in clear; then there is no session. */
  async function inClear(station: Station, command: Uint8Array, sw: StatusWordName): Promise<void> {
    const { card, snapshot, digest } = station;
    await card.card.restore(snapshot);
    const answer = clearAnswer(await card.transmit(command));
    expect(formatStatus(answer.sw)).to.equal(formatStatus(statusWords[sw].sw));
    expect(answer.data).to.have.length(0);
    expect(await digestOf(card)).to.equal(digest);
    const after = clearAnswer(await card.transmit(apdu(classes.protected, 0x02, 0, 0, new Uint8Array(8))));
    expect(after.sw).to.equal(statusWords.securityStatus.sw);
    points++;
  }
});
