/** One attack on two applets: on one that lacks a single check it succeeds, so the attack is one; on ours it fails, so the check is what stops it. */
import { expect } from 'chai';
import type { ClassTransformSpec } from 'jcardsim-ts-bridge';
import { doctoredCard } from '../../helpers/doctored.js';
import type { CardState, TestCard } from '../../helpers/cards.js';
import { isCardError } from '../../../host/protocol/errors.js';

export interface Attack {
  /** Ids of what is shown, such as `[M3] [R1]`. */
  readonly ids: string;
  /** What the weakened card does not do. */
  readonly lacks: string;
  readonly transforms: readonly ClassTransformSpec[];
  readonly card?: CardState;
  /** Resolves when it succeeded. @throws CardError when the card refused */
  readonly attack: (card: TestCard) => Promise<unknown>;
}

/** @param name the attack as a sentence */
export function onBoth(name: string, { ids, lacks, transforms, card = 'active', attack }: Attack): void {
  describe(name, function () {
    this.timeout(60_000);
    this.slow(10_000);

    it(`succeeds where the card does not ${lacks}`, async () => {
      await attack(await (await doctoredCard(`weak: ${lacks}`, transforms)).take(card));
    });

    it(`${ids} is refused by ours`, async () => {
      const ours = await (await doctoredCard(`strong: ${lacks}`, [])).take(card);
      const error: unknown = await attack(ours).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error instanceof Error && !isCardError(error)) throw error;
      expect(isCardError(error), 'refused').to.equal(true);
    });
  });
}
