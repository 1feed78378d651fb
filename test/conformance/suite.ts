/** The one suite: a card's life from raw to retired, on whatever target. Tests of a suite follow on each other. */
import { select } from '../../host/protocol/commands/select.js';
import { LifeCycle } from '../../host/protocol/generated/enums.js';
import { skip } from '../support/skip.js';
import { arithmeticPart } from './parts/arithmetic.js';
import { issuePart } from './parts/issue.js';
import { logPart } from './parts/log.js';
import { moneyPart } from './parts/money.js';
import { orderPart } from './parts/orders.js';
import { selectPart } from './parts/select.js';
import { sessionPart } from './parts/sessions.js';
import { Story } from './story.js';
import type { Target } from './target.js';

export function conformance(target: Target): void {
  describe(`Conformance, ${target.name}: the card`, function () {
    this.timeout(60_000);
    const story = new Story(target);

    before(async function () {
      const missing = await target.prepare();
      if (missing !== undefined) skip(this, missing);
    });
    afterEach(() => story.leave());
    after(() => target.finish());

    describe('before a session', () => selectPart(story));

    describe('in its life', () => {
      before(async function () {
        if (!target.mayConsume) skip(this, 'the suite may not use this card up');
        const { state } = await select(await story.card());
        if (state !== LifeCycle.raw) skip(this, 'the card is not raw; install the applet anew');
      });

      describe('personalized,', () => issuePart(story));
      describe('in sessions,', () => sessionPart(story));
      describe('with money,', () => moneyPart(story));
      describe('computing,', () => arithmeticPart(story));
      describe('and its log,', () => logPart(story));
      describe('under orders,', () => orderPart(story));
    });
  });
}
