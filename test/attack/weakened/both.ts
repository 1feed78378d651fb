/** One attack on two builds: on one that lacks a single check it succeeds, so the attack is one; on ours it fails, so the check is what stops it. */
import { expect } from 'chai';
import type { ClassTransformSpec } from 'jcardsim-ts-bridge';
import { doctoredCard } from '../../helpers/doctored.js';
import type * as CardsModule from '../../helpers/cards.js';
import type { CardState, TestCard } from '../../helpers/cards.js';
import { hostWith } from '../../helpers/weakened-host.js';
import type { Host } from '../../helpers/weakened-host.js';
import type { Change } from '../../helpers/weakening.js';
import { isCardError } from '../../../host/protocol/errors.js';

/** Who lacks what, for attacks that make their two builds themselves. */
export interface Attack {
  /** Ids of what is shown, such as `[M3] [R1]`. */
  readonly ids: string;
  /** What the weakened build does not do. */
  readonly lacks: string;
}

export interface CardAttack extends Attack {
  /** Whose the missing check is; the card's unless given. */
  readonly who?: 'terminal';
  readonly transforms: readonly ClassTransformSpec[];
  /** Where the terminal has to be as careless as the card to speak with it. */
  readonly changes?: readonly Change[];
  readonly card?: CardState;
  /** Resolves when it succeeded. @throws CardError when the card refused, {@link Repelled} */
  readonly attack: (card: TestCard, host: Host) => Promise<unknown>;
}

export interface HostAttack extends Attack {
  readonly who: 'terminal' | 'issuer';
  readonly changes: readonly Change[];
  /** Resolves when it succeeded. @throws CardError, {@link Repelled} */
  readonly attack: (host: Host) => Promise<unknown>;
}

/** The attack came to nothing, and no card said so. */
export class Repelled extends Error {
  override readonly name = 'Repelled';
}

/** @param name the attack as a sentence */
export function onBoth(name: string, { transforms, changes = [], card = 'active', attack, ...rest }: CardAttack): void {
  twice(name, { who: 'card', ...rest }, [
    async () => {
      const host = hostWith(changes);
      const { Shelf } = await host<typeof CardsModule>('test/helpers/cards.js');
      const weak = await doctoredCard(`weak: ${rest.lacks}`, transforms, Shelf);
      await attack(await weak.take(card), host);
    },
    async () => attack(await (await doctoredCard('ours', [])).take(card), hostWith([])),
  ]);
}

/** The same for what terminals and the issuer check. @param name the attack as a sentence */
export function onBothHosts(name: string, { changes, attack, ...rest }: HostAttack): void {
  twice(name, rest, [() => attack(hostWith(changes)), () => attack(hostWith([]))]);
}

/** @param attacks on the weakened build, then on ours; as {@link HostAttack} */
export function twice(
  name: string,
  { ids, lacks, who }: Attack & { readonly who: string },
  [onWeakened, onOurs]: readonly [() => Promise<unknown>, () => Promise<unknown>],
): void {
  describe(name, function () {
    this.timeout(60_000);
    this.slow(10_000);

    it(`succeeds where the ${who} does not ${lacks}`, async () => {
      await onWeakened();
    });

    it(`${ids} is refused by ours`, async () => {
      const error: unknown = await onOurs().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error instanceof Error && !isCardError(error) && !(error instanceof Repelled)) throw error;
      expect(error, 'refused').to.not.equal(undefined);
    });
  });
}
