/** Somebody who hears every command, reads every trace, journal and file (but key files, which are their owner's) looks for one secret. */
import { expect } from 'chai';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { TraceEvent } from '../../host/protocol/channel/trace.js';
import { fromHex, toHex } from '../../host/protocol/codec/bytes.js';
import { pinBlock } from '../../host/protocol/codec/pin.js';
import { transportKeys } from '../../host/protocol/session/keys.js';
import type { Role } from '../../host/protocol/generated/enums.js';
import { readBatchKey } from '../../host/terminal/raw-card.js';
import { Station } from '../../host/terminal/station.js';
import { Link, Site, eur, slots } from '../helpers/site.js';
import type { IssuedTestCard } from '../helpers/site.js';
import { dissect } from './support/dissection.js';

/** Files that hold secrets, and the only ones. */
const keyFiles = [
  /^(root|issuer|acquirer)\/.*\.json$/,
  /^terminals\/[^/]+\/(key|pairs)\.json$/,
  /^terminals\/desk\/batch\.key$/,
];

class WatchedLink extends Link {
  readonly said: string[] = [];

  override async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    const answer = await super.transmit(apdu);
    this.said.push(toHex(apdu), toHex(answer));
    return answer;
  }
}

/** A site whose wire and traces somebody keeps. */
class WatchedSite extends Site {
  readonly traces: TraceEvent[] = [];
  readonly links: WatchedLink[] = [];

  override station(name: 'desk' | 'kiosk' | 'pos', role: Role): Station {
    const { home, issuer, clock, traces } = this;
    return Station.open({ home, name, role, issuer, clock: clock.read, trace: (event) => void traces.push(event) });
  }

  override async rawCard(): Promise<Link> {
    const link = new WatchedLink((await super.rawCard()).card);
    this.links.push(link);
    return link;
  }

  get wire(): string {
    return this.links.flatMap(({ said }) => said).join('\n');
  }

  /** Path below the home, mode, and content of every file. */
  files(): { path: string; mode: number; content: Buffer }[] {
    const { folder } = this.home;
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({
        path: relative(folder, path),
        mode: statSync(path).mode & 0o777,
        content: readFileSync(path),
      }));
  }
}

/** All a card and its holder keep secret, by name. */
async function secretsOf({ link, pin }: IssuedTestCard): Promise<Record<string, Uint8Array>> {
  const { signKey, agreeKey, pairs } = await dissect({ card: link.card });
  return {
    'signature key': signKey,
    'agreement key': agreeKey,
    'PIN block': pinBlock(pin),
    PIN: new TextEncoder().encode(pin),
    ...Object.fromEntries(
      pairs.flatMap(({ enc, mac }, i) => [
        [`pair ${i} K-ENC`, enc],
        [`pair ${i} K-MAC`, mac],
      ]),
    ),
  };
}

/** The private keys in the key files of a home. */
function keysOf(site: WatchedSite): Record<string, Uint8Array> {
  const text = site
    .files()
    .filter(({ path }) => keyFiles.some((pattern) => pattern.test(path)))
    .map(({ path, content }): [string, string] => [path, content.toString('utf8')]);
  const private_ = text.flatMap(([path, content]) =>
    [...content.matchAll(/"privateKey":\s*"([0-9a-f]{64})"/g)].map(
      ([, key = ''], i) => [`${path} ${i}`, fromHex(key)] as const,
    ),
  );
  return Object.fromEntries(private_);
}

/** How a secret may be written. */
function spellings(name: string, secret: Uint8Array): (string | Buffer)[] {
  const bytes = Buffer.from(secret);
  if (name === 'PIN') return [toHex(secret)];
  return [toHex(secret), toHex(secret).toUpperCase(), bytes.toString('base64'), bytes];
}

function holds(text: string | Buffer, name: string, secret: Uint8Array): boolean {
  return spellings(name, secret).some((spelling) => text.includes(spelling as string));
}

describe('A secret', function () {
  this.timeout(60_000);
  this.slow(10_000);
  let site: WatchedSite;
  let secrets: Record<string, Uint8Array>;

  before(async () => {
    site = new WatchedSite();
    const card = await site.issuedCard(100_00n);
    const other = await site.issuedCard();
    const { pin } = card;
    expect((await site.pay(card.link, 3_50n)).result).to.equal('paid');
    expect((await site.cancel(card.link)).result).to.equal('cancelled');
    site.typed.push('9999', pin);
    expect((await site.pay(card.link, 40_00n)).result).to.equal('paid');
    card.link.cut(2, 'after');
    expect((await site.pay(card.link, 2_00n)).result).to.equal('unresolved');
    await card.link.mend();
    site.typed.push(pin, '86420');
    await site.reload(card.link, { task: 'change-pin' });
    site.typed.push('86420');
    await site.sell(card.link, { task: 'pay', slot: slots.euro, amount: eur(30_00n) });
    site.issuer.list(other.cardId);
    await site.pay(other.link, 1_00n);
    secrets = {
      ...prefixed('card one', await secretsOf({ ...card, pin: '86420' })),
      'card one: first PIN block': pinBlock(pin),
      ...prefixed('card two', await secretsOf(other)),
      'batch key': readBatchKey(site.home),
      ...keysOf(site),
    };
  });
  after(() => site.close());

  function prefixed(prefix: string, named: Record<string, Uint8Array>): Record<string, Uint8Array> {
    return Object.fromEntries(
      Object.entries(named)
        .filter(([name]) => name !== 'PIN')
        .map(([name, secret]) => [`${prefix}: ${name}`, secret]),
    );
  }

  it('[R5] is there to be found: cards, terminals and CAs have them', () => {
    expect(Object.keys(secrets)).to.have.length.above(20);
    expect(Object.keys(secrets).filter((name) => name.includes('pair'))).to.have.length.above(3);
    const [key] = site.files().filter(({ path }) => path === 'terminals/pos/key.json');
    expect(Object.values(secrets).some((secret) => key && holds(key.content, 'key', secret))).to.equal(true);
  });

  it('[R5] [R10] [M6] is in no command and in no answer', () => {
    expect(site.wire.length).to.be.above(10_000);
    for (const [name, secret] of Object.entries(secrets)) expect(holds(site.wire, name, secret), name).to.equal(false);
  });

  it('[R5] is in no trace line, of any session of desk, kiosk or POS', () => {
    const text = JSON.stringify(site.traces);
    expect(site.traces.length).to.be.above(40);
    for (const command of ['STORE_DATA', 'VERIFY_PIN', 'CHANGE_PIN', 'DEBIT', 'PUT_ORDER'])
      expect(text).to.include(command);
    for (const [name, secret] of Object.entries(secrets)) expect(holds(text, name, secret), name).to.equal(false);
  });

  it('[R5] is in no file but the key files, and those are for their owner only', () => {
    const files = site.files();
    expect(files.map(({ path }) => path)).to.include('terminals/pos/journal.log');
    for (const { path, mode, content } of files) {
      const mayHold = keyFiles.some((pattern) => pattern.test(path));
      const held = Object.entries(secrets).filter(([name, secret]) => holds(content, name, secret));
      if (mayHold) expect(mode & 0o077, path).to.equal(0);
      else
        expect(
          held.map(([name]) => name),
          path,
        ).to.deep.equal([]);
    }
  });

  it('[R5] [R4] of a raw card, its transport keys, is on no issued card any more', async () => {
    const batchKey = readBatchKey(site.home);
    const onCard = async ({ card }: Link): Promise<boolean> => {
      const { text } = await card.persistentState();
      const serial = /card\.data = [0-9A-F]+([0-9A-F]{16})$/m.exec(text)?.[1];
      if (serial === undefined) throw new Error('the card keeps its serial elsewhere');
      const { enc, mac } = transportKeys(batchKey, fromHex(serial));
      return holds(text, 'K-ENC', enc) || holds(text, 'K-MAC', mac);
    };
    for (const issued of site.links) expect(await onCard(issued)).to.equal(false);
    expect(await onCard(await site.rawCard())).to.equal(true);
  });

  it('[R5] that a holder types or is handed, the PIN, is in no notice, trace or file as a number', () => {
    const notices = JSON.stringify(site.notices, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    const texts = [
      notices,
      JSON.stringify(site.traces),
      ...site.files().map(({ content }) => content.toString('latin1')),
    ];
    for (const pin of [...site.printed.map((sheet) => sheet.pin), '86420']) {
      for (const text of texts) expect(new RegExp(`\\b${pin}\\b`).test(text)).to.equal(false);
    }
  });
});
