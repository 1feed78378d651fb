/** Every page, in light and dark, in both languages, wide and narrow: legible, and usable with a screen reader. */
import { createRequire } from 'node:module';
import { expect } from 'chai';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { idOf } from './campus.js';
import { go, sharedOffice } from './office.js';
import type { Look, Office } from './office.js';

const axe = (createRequire(import.meta.url)('axe-core') as { readonly source: string }).source;

describe('The dashboard’s looks', function () {
  this.timeout(180_000);
  let office: Office;

  before(async function () {
    office = await sharedOffice(this);
  });
  afterEach(async () => {
    await office.leave();
    expect(office.complaints.splice(0)).to.deep.equal([]);
  });

  function places(): string[] {
    const card = idOf(office.campus.forger);
    const terminal = toHex(office.campus.liar.identity.certificate.terminalId);
    return [
      '#/',
      '#/cards',
      '#/cards?q=nobody-at-all',
      `#/cards/${card}`,
      '#/desk',
      '#/terminals',
      `#/terminals/${terminal}`,
      '#/batches',
      `#/batches/${terminal}/1`,
      '#/cases',
      `#/cases/${card}/negative-balance`,
      '#/payouts',
      '#/ledger',
      '#/ledger/cards?unit=EUR',
      `#/events/${card}/record-booked%2F1`,
      '#/keys',
      '#/audit',
      '#/password',
      '#/nowhere',
    ];
  }

  /** Rules of WCAG 2.2 A and AA that the page breaks, each with where. */
  async function violations(page: Page): Promise<string[]> {
    // not through a script tag: the page's own policy would refuse it, as it should
    await page.evaluate(axe);
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const found = await page.evaluate<AxeResults>(`axe.run(document, { runOnly: ${JSON.stringify(tags)} })`);
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  }

  const overflow = (page: Page): Promise<number> =>
    page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

  const looks: readonly Required<Look>[] = [
    { theme: 'light', language: 'en', width: 1280 },
    { theme: 'dark', language: 'de', width: 1280 },
  ];
  for (const look of looks) {
    it(`break no rule of accessibility: ${Object.values(look).join(', ')}`, async () => {
      const page = await office.visit(look);
      expect(await violations(page), 'sign-in').to.deep.equal([]);
      await page.close();
      const desk = await office.at('olga', look);
      for (const place of places()) {
        await go(desk, place);
        expect(await violations(desk), place).to.deep.equal([]);
        expect(await overflow(desk), `${place} is too wide by`).to.be.at.most(0);
      }
    });
  }

  for (const look of [
    { theme: 'dark', language: 'en', width: 400 },
    { theme: 'light', language: 'de', width: 400 },
  ] as const) {
    it(`need no sideways scrolling on a telephone: ${look.theme}, ${look.language}`, async () => {
      const desk = await office.at('olga', look);
      for (const place of places()) {
        await go(desk, place);
        expect(await overflow(desk), `${place} is too wide by`).to.be.at.most(0);
      }
      await go(desk, '#/cards');
      await desk.locator('.burger').click();
      expect(await violations(desk)).to.deep.equal([]);
      expect(await overflow(desk)).to.be.at.most(0);
    });
  }

  it('break no rule of accessibility in a dialog, with what is wrong in it', async () => {
    const desk = await office.at('olga');
    await go(desk, `#/cards/${idOf(office.campus.cards[0] ?? office.campus.forger)}`);
    await desk.getByRole('button', { name: 'Block card' }).click();
    await desk.getByRole('dialog').getByRole('button', { name: 'Block card' }).click();
    expect(await violations(desk)).to.deep.equal([]);
  });

  it('leave no word of one language in the other', async () => {
    const [english, german] = [await office.at('olga'), await office.at('olga', { language: 'de' })];
    for (const page of [english, german]) await go(page, '#/keys');
    expect(await german.evaluate('document.documentElement.lang')).to.equal('de');
    expect(await german.locator('h1').innerText()).to.equal('Schlüssel und Listen');
    expect(await english.locator('h1').innerText()).to.equal('Keys and lists');
    const headings = async (page: Page): Promise<string[]> => page.locator('h2, th, dt, nav a, button').allInnerTexts();
    const shared = new Set(await headings(english));
    const same = (await headings(german)).filter((word) => shared.has(word) && !alike.has(word));
    expect(same).to.deep.equal([]);
  });
});

/** Words that both languages have. */
const alike = new Set(['Terminals', 'Name', '']);
