/** The POS process is killed (SIGKILL) after each effect of a payment; its next run finds out and finishes. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { startBridge } from 'jcardsim-ts-bridge';
import { simulatedPurse } from '../../host/readers/simulator-spec.js';
import { installParameters, newSerial, readBatchKey } from '../../host/terminal/raw-card.js';
import { systemClock } from '../../host/protocol/codec/time.js';
import { projectRoot } from '../helpers/project.js';
import { Link, Site } from '../helpers/site.js';

const start = 100_00n;
const price = 3_50n;

interface Report {
  readonly result: string;
  readonly effects: number;
  readonly orders: readonly (readonly [number, string])[];
  readonly balance?: number;
}

describe('A POS that is killed', function () {
  this.timeout(300_000);
  let site: Site;

  before(async () => {
    site = new Site();
    site.clock.now = systemClock();
    mkdirSync(site.home.path('cards'));
    const bridge = await startBridge();
    const spec = simulatedPurse(projectRoot, installParameters(readBatchKey(site.home), newSerial()));
    const card = await bridge.createCard(spec, { file: site.home.path('cards', 'ada.card') });
    await card.powerOn();
    const link = new Link(card);
    const issued = await site.personalize(link, { task: 'issue', holder: 'Ada' });
    if (issued.result !== 'issued') throw new Error(issued.result);
    const pin = site.printed.at(-1)?.pin ?? '';
    await site.load({ link, cardId: issued.cardId, pin }, start);
    await site.pos.station.refreshHotList();
    await bridge.close();
    site.restart();
  });
  after(() => site.close());

  /** One run of the child. */
  function run(effect: number): { readonly killed: boolean; readonly report: Report | undefined } {
    const child = join(fileURLToPath(new URL('.', import.meta.url)), 'killed-pos-child.js');
    const { signal, stdout, stderr, status } = spawnSync(
      process.execPath,
      [child, site.home.folder, 'ada', String(effect)],
      {
        encoding: 'utf8',
      },
    );
    if (signal === 'SIGKILL') return { killed: true, report: undefined };
    expect(status, stderr).to.equal(0);
    return { killed: false, report: JSON.parse(stdout) as Report };
  }

  it('around any step takes the price once, gives no number twice, and loses no entry [M2]', () => {
    let sales = 0n;
    const expectOneMore = ({ report }: ReturnType<typeof run>, at: string): void => {
      sales++;
      expect(report?.result, at).to.equal('paid');
      expect(BigInt(report?.balance ?? 0), at).to.equal(start - sales * price);
      const numbers = report?.orders.map(([tn]) => tn) ?? [];
      expect(numbers).to.deep.equal(numbers.map((_, index) => index + 1));
      expect(report?.orders.filter(([, end]) => end === 'executed')).to.have.length(Number(sales));
      expect(report?.orders.filter(([, end]) => end === 'open')).to.deep.equal([]);
    };
    const undisturbed = run(Infinity);
    expectOneMore(undisturbed, 'undisturbed');
    const last = (undisturbed.report?.effects ?? 0) - 1;
    expect(last).to.be.greaterThan(5);
    // before one effect is after the one before it
    for (let effect = 0; effect <= last; effect++) {
      expect(run(effect).killed, `after ${effect}`).to.equal(true);
      // after the last effect the sale was told: what follows is the next customer's
      if (effect === last) sales++;
      expectOneMore(run(Infinity), `after ${effect}`);
    }
  });
});
