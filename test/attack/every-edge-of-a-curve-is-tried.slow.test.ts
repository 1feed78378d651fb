/**
 * Signatures and points at the edges of their ranges and encodings (test/vectors/*-edges.json, classes of the public Wycheproof tests), brought to a
 * card in the opening of a session: there a terminal chooses key, signature and point. What a card signs or agrees on is another message than a
 * vector's, so keys are recovered from the vectors' r and s, and points from the x that is to be shared.
 */
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { expect } from 'chai';
import { equalBytes } from '../../host/protocol/codec/bytes.js';
import { select } from '../../host/protocol/commands/select.js';
import { pointOf, softwareSigner, verifyEcdsa } from '../../host/protocol/crypto/ecdsa.js';
import type { Signer } from '../../host/protocol/crypto/ecdsa.js';
import { sharedSecret } from '../../host/protocol/crypto/agreement.js';
import { verifyNative } from '../../host/protocol/crypto/native.js';
import { commands } from '../../host/protocol/generated/commands.js';
import { Role } from '../../host/protocol/generated/enums.js';
import { classes } from '../../host/protocol/generated/parameters.js';
import { freshCard } from '../helpers/cards.js';
import type { TestCard } from '../helpers/cards.js';
import { refused } from '../helpers/refused.js';
import { terminal } from '../helpers/scheme.js';
import { apdu, openFullData, present } from '../helpers/wire.js';
import { bytesOf, vectors } from '../specs/vector-files.js';
import type { Vector } from '../specs/vector-files.js';
import { bigOf, coordinate } from './support/bad-points.js';
import { statusOf, wroteNothing } from './support/conversation.js';
import { dissect } from './support/dissection.js';
import { confirms } from './support/ephemeral.js';

const { Point, Signature } = p256;
const { Fn } = Point;

/** A case for the card: what a terminal of this key shows as its signature. */
interface Case {
  readonly name: string;
  readonly point: Uint8Array;
  readonly signature: Uint8Array;
  readonly valid: boolean;
}

function nameOf({ flags, comment }: Vector): string {
  return `${flags.join()}: ${comment}`;
}

/** The key under which r and s of a good vector hold over another message. R itself may have an x above the order. */
function keyFor(vector: Vector, message: Uint8Array): Uint8Array {
  const { r, s } = Signature.fromBytes(bytesOf(vector, 'sig'), 'der');
  for (const recovery of [0, 2]) {
    try {
      return new Signature(r, s, recovery).recoverPublicKey(sha256(message)).toBytes(false).slice(1);
    } catch {
      // no point has this x
    }
  }
  throw new Error(`no key for ${nameOf(vector)}`);
}

/** Every edge vector with a key under which it means on this message what it means on its own. */
function fromVectors(message: Uint8Array): Case[] {
  const { tests } = vectors('ecdsa-p256-edges');
  const good = tests.filter(({ result }) => result === 'valid');
  return tests.flatMap((vector) => {
    const own = vector.result === 'valid' ? vector : good.find((one) => one['public'] === vector['public']);
    if (!own) return []; // built upon its very message: fromKeys has the like
    const signature = bytesOf(vector, 'sig');
    return [{ name: nameOf(vector), point: keyFor(own, message), signature, valid: vector.result === 'valid' }];
  });
}

/** Edges that hang upon the hash of the message, made anew: public keys near the generator, u1 and u2 at their ends, sums that double or vanish. */
function fromKeys(message: Uint8Array): Case[] {
  const z = Fn.create(bigOf(sha256(message)));
  const keys = [1n, 2n, 3n, Fn.ORDER - 1n, (Fn.ORDER + 1n) / 2n].map((key): Case => {
    const { point, sign } = softwareSigner(coordinate(key));
    return { name: `Q = ${key} G`, point, signature: sign(message), valid: true };
  });
  const k = 0x1234567890abcdefn;
  const r = Fn.create(Point.BASE.multiply(k).x);
  const ends = [1n, 2n, Fn.ORDER - 1n, 1n << 128n].flatMap((end) => [
    { name: `u1 = ${end}`, s: Fn.mul(z, Fn.inv(end)) },
    { name: `u2 = ${end}`, s: Fn.mul(r, Fn.inv(end)) },
    { name: `both products are ${end} G and equal`, s: Fn.mul(z, Fn.inv(end)), twice: end },
  ]);
  const made = ends.map(({ name, s, twice }): Case => {
    const nonce = twice === undefined ? k : Fn.mul(2n, twice);
    const x = Fn.create(Point.BASE.multiply(nonce).x);
    const key = Fn.mul(Fn.sub(Fn.mul(s, nonce), z), Fn.inv(x));
    return { name, point: pointOf(coordinate(key)), signature: new Signature(x, s).toBytes('der'), valid: true };
  });
  const opposite = Fn.neg(Fn.mul(z, Fn.inv(r)));
  const vanishing = { name: 'the sum is infinity', point: pointOf(coordinate(opposite)), valid: false };
  return [...keys, ...made, { ...vanishing, signature: new Signature(r, 5n).toBytes('der') }];
}

describe('At the edges of a curve', function () {
  this.timeout(60_000);
  this.slow(10_000);

  describe('the signature of a terminal that opens a session', () => {
    let card: TestCard;
    let message: Uint8Array;
    let cases: readonly Case[];

    /** OPEN SESSION with a key and signature of the terminal's choice, always over the same message. */
    async function open(point: Uint8Array, sign: Signer['sign']): Promise<number> {
      const { certificate } = terminal(Role.pos, 'at the edge', { point });
      const start = await card.card.snapshot();
      await select(card);
      const nonce = await present(card, { certificate, signer: { point, sign } });
      const data = openFullData({ certificate, signer: { point, sign } }, nonce);
      const { ins } = commands.OPEN_SESSION_FULL;
      const sw = statusOf(await card.transmit(apdu(classes.plain, ins, 0, 0, data)));
      await wroteNothing(card);
      await card.card.restore(start);
      return sw;
    }

    before(async () => {
      card = await freshCard('active');
      const { point, sign } = softwareSigner(coordinate(7n));
      await open(point, (given) => {
        message = given;
        return sign(given);
      });
      cases = [...fromVectors(message), ...fromKeys(message)];
    });

    it('is judged alike by two libraries, before a card sees it', () => {
      for (const { name, point, signature, valid } of cases) {
        for (const verify of [verifyEcdsa, verifyNative]) {
          expect(verify(message, signature, point), name).to.equal(valid);
        }
      }
    });

    it('[R7] [M6] is taken wherever it holds, however rare its numbers are', async () => {
      const good = cases.filter(({ valid }) => valid);
      expect(good).to.have.length.above(50);
      for (const { name, point, signature } of good) {
        const sw = await open(point, (given) => {
          if (!equalBytes(given, message)) throw new Error('the card drew another nonce');
          return signature;
        });
        expect(sw.toString(16), name).to.equal('9000');
      }
    });

    it('[R7] [M6] [M7] is refused in every class of bad values and bad forms, and nothing is written', async () => {
      const bad = cases.filter(({ valid }) => !valid);
      expect(bad).to.have.length.above(150);
      for (const { name, point, signature } of bad) {
        expect((await open(point, () => signature)).toString(16), name).to.be.oneOf(['6a80', '6700']);
      }
    });
  });

  describe('the ephemeral point of a terminal', () => {
    const { tests } = vectors('ecdh-p256-edges');
    const pos = terminal(Role.pos);

    it('[R7] is taken wherever it is one, and card and terminal share what they have to', async () => {
      const card = await freshCard('active');
      const { agreeKey } = await dissect(card);
      const back = Fn.inv(bigOf(agreeKey));
      const points = tests
        .filter(({ result }) => result === 'valid')
        .map((vector) => {
          if (!vector.flags.includes('EdgeCaseSharedSecret')) return { vector, point: bytesOf(vector, 'public') };
          // the point that shares that very x with this card
          const shared = Point.fromHex(`02${String(vector['shared'])}`);
          return { vector, point: shared.multiply(back).toBytes(false).slice(1) };
        });
      expect(points).to.have.length.above(50);
      for (const { vector, point } of points) {
        const z = sharedSecret(agreeKey, point);
        if (vector.flags.includes('EdgeCaseSharedSecret')) expect(z).to.deep.equal(bytesOf(vector, 'shared'));
        expect(await confirms(card, pos, point, z), nameOf(vector)).to.equal(true);
      }
    });

    it('[R5] [M6] [M7] is refused wherever it is none', async () => {
      const card = await freshCard('active');
      const none = tests.filter(({ result }) => result === 'invalid');
      expect(none).to.have.length.above(8);
      for (const vector of none) {
        await refused(confirms(card, pos, bytesOf(vector, 'public'), new Uint8Array(32)), 'incorrectData');
      }
    });
  });
});
