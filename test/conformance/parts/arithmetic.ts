/** Card and terminal compute the same, with either library at the terminal, on the edges of the shared vectors too. */
import { expect } from 'chai';
import { concat } from '../../../host/protocol/codec/bytes.js';
import { debit } from '../../../host/protocol/commands/debit.js';
import { select } from '../../../host/protocol/commands/select.js';
import { commands } from '../../../host/protocol/generated/commands.js';
import { classes, protectedCommandMax } from '../../../host/protocol/generated/parameters.js';
import { statusWords } from '../../../host/protocol/generated/status-words.js';
import { provePurchase } from '../../../host/protocol/proofs/order.js';
import { proveRecord } from '../../../host/protocol/proofs/record.js';
import { cryptoEnds } from '../../helpers/crypto-ends.js';
import { bytesFor } from '../../helpers/keys.js';
import { euroSlot } from '../../helpers/personalize.js';
import { startTime } from '../../helpers/scheme.js';
import { apdu, clearAnswer, fullSession, openFull, openFullData, present, resumedSession } from '../../helpers/wire.js';
import { bytesOf, vectors } from '../../specs/vector-files.js';
import { euros, terminals } from '../story.js';
import type { Story } from '../story.js';

/** No command has it. */
const unusedInstruction = 0x02;

/** Around every edge of AES blocks, and the longest. */
const lengths = [0, 1, 15, 16, 17, 31, 32, 33, 47, 48, 49, 127, 128, 129, 223, 224, 225, protectedCommandMax];

export function arithmeticPart(story: Story): void {
  for (const crypto of cryptoEnds) {
    it(`${crypto.name}: ECDH, X9.63 KDF, CMAC and CTR in a full session, then CMAC and CTR in a resumed one [R9] [R10]`, async () => {
      const link = await story.card();
      await select(link);
      const handshake = { crypto, label: crypto.name };
      const { session, pair } = await fullSession(link, terminals.rival, handshake);
      for (const length of lengths) {
        const answer = await session.send(link, unusedInstruction, 0, 0, bytesFor('data', length));
        expect(answer).to.include({ where: 'inside', sw: statusWords.insNotSupported.sw });
      }
      await select(link);
      const resumed = await resumedSession(link, terminals.rival.certificate.terminalId, pair, handshake);
      const answer = await resumed.send(link, unusedInstruction, 0, 0);
      expect(answer).to.include({ where: 'inside', sw: statusWords.insNotSupported.sw });
      story.pairsOf('rival').clear();
    });

    it(`${crypto.name}: the card’s ECDSA verifies, and the card verifies it [R13]`, async () => {
      const session = await story.open('pos');
      const order = { slot: euroSlot, amount: euros(1n), tn: 100, time: startTime };
      const seen = { nt: session.s1.nt, balance: session.s1.balance.amount };
      const proof = provePurchase(session.card, terminals.pos.certificate, order, seen, await debit(session, order));
      proveRecord(session.card, proof, 'DEBIT', crypto.verify);
      story.keep(proof.record);
    });
  }

  it('agrees on keys with each private key of the ECDH vectors', async () => {
    const link = await story.card();
    const keys = vectors('ecdh-p256').tests.filter(
      ({ result, flags }) => result === 'valid' && !flags.includes('EdgePoint'),
    );
    expect(keys.length).to.be.greaterThan(2);
    for (const vector of keys) {
      for (const crypto of cryptoEnds) {
        await select(link);
        const nonce = await present(link, terminals.rival);
        const handshake = { crypto, label: 'vectors', privateKey: bytesOf(vector, 'private') };
        const { session } = await openFull(link, terminals.rival, nonce, handshake);
        const { ins, p1, p2 } = commands.CONFIRM_SESSION;
        expect((await session.send(link, ins, p1, p2, Uint8Array.of(0))).sw, vector.comment).to.equal(
          statusWords.ok.sw,
        );
      }
    }
  });

  it('takes every point of the vectors that is one as the terminal’s ephemeral key, and none that is none [M7]', async () => {
    const link = await story.card();
    for (const vector of vectors('ecdh-p256').tests) {
      await select(link);
      const nonce = await present(link, terminals.rival);
      const data = openFullData(terminals.rival, nonce, { point: bytesOf(vector, 'public') });
      const { ins, p1, p2 } = commands.OPEN_SESSION_FULL;
      const { sw, data: shown } = clearAnswer(await link.transmit(apdu(classes.plain, ins, p1, p2, data)));
      const { ok, incorrectData } = statusWords;
      expect(sw, vector.comment).to.equal(vector.result === 'valid' ? ok.sw : incorrectData.sw);
      if (sw !== ok.sw) expect(shown).to.have.length(0);
    }
  });

  it('takes a signature with either half of s', async () => {
    const link = await story.card();
    for (const half of ['low', 'high'] as const) {
      await select(link);
      const nonce = await present(link, terminals.rival);
      const right = openFullData(terminals.rival, nonce);
      const data = concat(right.slice(0, 80), withHalf(right.slice(80), half));
      const { ins, p1, p2 } = commands.OPEN_SESSION_FULL;
      expect(clearAnswer(await link.transmit(apdu(classes.plain, ins, p1, p2, data))).sw, half).to.equal(
        statusWords.ok.sw,
      );
    }
  });
}

/** Order of P-256 (FIPS 186-5). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The same signature with s or n − s. */
function withHalf(der: Uint8Array, half: 'low' | 'high'): Uint8Array {
  const rLength = der[3] ?? 0;
  const s = BigInt(`0x${Buffer.from(der.slice(6 + rLength)).toString('hex')}`);
  const isLow = s <= order / 2n;
  const wanted = isLow === (half === 'low') ? s : order - s;
  const hex = wanted.toString(16);
  const digits = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const value = (digits[0] ?? 0) > 0x7f ? concat(Uint8Array.of(0), digits) : new Uint8Array(digits);
  const body = concat(der.slice(2, 4 + rLength), Uint8Array.of(0x02, value.length), value);
  return concat(Uint8Array.of(0x30, body.length), body);
}
