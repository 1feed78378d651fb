/** An operator's work in a real Chromium: signing in, finding, blocking, drilling down, deciding. */
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { sessionTimes } from '../../host/issuer/operator/sessions.js';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { hostileName, idOf } from './campus.js';
import type { Office } from './office.js';
import { go, password, sharedOffice, settled, signIn, until } from './office.js';

describe('The dashboard at work', function () {
  this.timeout(120_000);
  let office: Office;

  before(async function () {
    office = await sharedOffice(this);
  });
  afterEach(async () => {
    await office.leave();
    expect(office.complaints.splice(0)).to.deep.equal([]);
  });

  const text = (page: Page, selector = 'main'): Promise<string> => page.locator(selector).first().innerText();

  it('signs in with name and password, and not with a wrong one', async () => {
    const page = await office.visit();
    await signIn(page, 'olga', 'seven green heron');
    await page.waitForSelector('text=Name or password is wrong');
    await signIn(page, 'olga');
    await page.waitForSelector('text=Money equation');
    expect(await page.title()).to.match(/^Today/);
  });

  it('says that a name is locked after several wrong passwords, the right one included', async () => {
    const page = await office.visit();
    for (let i = 0; i < 6; i++) {
      await signIn(page, 'nobody', `guess number ${i}`);
      await until(page, "document.querySelector('input[type=password]').value === ''");
    }
    await signIn(page, 'nobody');
    await page.waitForSelector('text=/locked for \\d+ more seconds/');
    expect(await page.locator('nav').count()).to.equal(0);
  });

  it('shows the day’s figures and that the books balance [M1]', async () => {
    const page = await office.at('olga');
    expect(await page.locator('text=Balanced').count()).to.equal(3);
    expect(await text(page)).to.match(/Payments today\s+\d+/);
    expect(await text(page)).to.include('Certificate runs out soon');
  });

  it('finds a card by its holder, and shows a name that is meant to be code as text', async () => {
    const page = await office.at('tess');
    await page.keyboard.press('/');
    await page.keyboard.type('onerror=');
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=Cards found for');
    await settled(page);
    expect(await text(page, 'tbody')).to.include(hostileName);
    expect(await page.locator('main img').count()).to.equal(0);
    expect(await page.title()).to.not.include('taken over');
  });

  it('blocks a card with a reason, which the audit log keeps, and not without one', async () => {
    const page = await office.at('olga');
    const card = office.campus.cards[4];
    if (card === undefined) return expect.fail('a card');
    await go(page, `#/cards/${idOf(card)}`);
    await page.getByRole('button', { name: 'Block card' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Block card' }).click();
    await dialog.locator('text=Say why').waitFor();
    await dialog.getByLabel('Reason').fill('left on a train');
    await dialog.getByRole('button', { name: 'Block card' }).click();
    await page.locator('.notice', { hasText: 'is on the hot list' }).waitFor();
    await page.locator('.chip', { hasText: 'On the hot list' }).waitFor();
    await go(page, '#/audit');
    expect(await text(page, 'tbody tr')).to.include(idOf(card));
    await go(page, `#/cards/${idOf(card)}`);
    await page.getByRole('button', { name: 'Release card' }).click();
    await dialog.getByLabel('Reason').fill('found again');
    await dialog.getByRole('button', { name: 'Release card' }).click();
    await page.locator('.notice', { hasText: 'is off the hot list' }).waitFor();
  });

  it('offers a teller no button that the issuer would refuse, and no ledger', async () => {
    const page = await office.at('tess');
    expect(await page.locator('nav a').allInnerTexts()).to.not.include.members(['Ledger']);
    await go(page, `#/cases/${idOf(office.campus.forger)}/negative-balance`);
    expect(await page.getByRole('button', { name: 'Approve' }).count()).to.equal(0);
    await go(page, '#/ledger');
    await page.waitForSelector('text=Your role may not do this');
    expect(await text(page)).to.include('No money was moved');
  });

  it('goes from the chart of accounts down to the transfers of one event', async () => {
    const page = await office.at('aude');
    await go(page, '#/ledger');
    await page.waitForSelector('text=Debits equal credits');
    await page.locator('main table').first().getByRole('link', { name: 'Cards', exact: true }).click();
    const card = office.campus.cards[0];
    if (card === undefined) return expect.fail('a card');
    await page.getByRole('link', { name: `${idOf(card)}/0` }).click();
    await page.waitForSelector(`text=Postings of ${idOf(card)}/0`);
    await settled(page);
    await page.getByRole('link', { name: 'Record booked' }).first().click();
    await page.waitForSelector('text=Transfers');
    expect(await text(page)).to.include('Hash of the chain');
  });

  it('goes from a batch to the claim that was not paid, and why', async () => {
    const page = await office.at('aude');
    const { terminalId } = office.campus.liar.identity.certificate;
    await go(page, `#/batches/${toHex(terminalId)}/1`);
    expect(await text(page)).to.include('Not paid');
    expect(await text(page)).to.include('signed away itself');
  });

  it('approves a case once it was confirmed, and books what was proposed', async () => {
    const page = await office.at('olga');
    const before = await office.campus.site.account('fraud');
    await go(page, '#/cases');
    await page.getByRole('link', { name: 'More spent than was ever on the card' }).click();
    await page.getByRole('button', { name: 'Approve' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.innerText()).to.include('Recover from the card');
    await page.keyboard.press('Escape');
    expect(await office.campus.site.account('fraud')).to.equal(before);
    await page.getByRole('button', { name: 'Approve' }).click();
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await page.locator('.notice', { hasText: 'is approved' }).waitFor();
    expect((await office.campus.site.account('fraud')) < before).to.equal(true);
    expect(await office.campus.site.differences()).to.deep.equal([]);
  });

  it('asks for a new sign-in when a session ends, and loses nothing that was typed', async () => {
    const page = await office.at('olga');
    const card = office.campus.cards[3];
    if (card === undefined) return expect.fail('a card');
    await go(page, `#/cards/${idOf(card)}`);
    await page.getByRole('button', { name: 'Block card' }).click();
    await page.getByLabel('Reason').fill('typed before the break');
    office.campus.site.clock.advance(sessionTimes.idle + 60);
    await page.getByRole('dialog').getByRole('button', { name: 'Block card' }).click();
    const again = page.getByRole('dialog', { name: 'Your session has ended' });
    await again.getByLabel('Password').fill(password);
    await again.getByRole('button', { name: 'Sign in' }).click();
    await again.waitFor({ state: 'detached' });
    expect(await page.getByLabel('Reason').inputValue()).to.equal('typed before the break');
    await page.getByRole('dialog').getByRole('button', { name: 'Block card' }).click();
    await page.locator('.notice', { hasText: 'is on the hot list' }).waitFor();
  });

  it('is worked with the keyboard alone', async () => {
    const page = await office.at('olga');
    await page.keyboard.press('/');
    await page.keyboard.type(idOf(office.campus.stolen).slice(0, 10));
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=Cards found for');
    await settled(page);
    await tabTo(page, idOf(office.campus.stolen));
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=Shadow balances');
    await settled(page);
    // the title has the focus, so a reader begins there
    expect(await page.evaluate('document.activeElement.tagName')).to.equal('H1');
    await page.keyboard.press('Shift+?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.reload();
    await settled(page);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).to.equal('content');
  });

  it('changes a password, and not to one that is too short', async () => {
    const page = await office.at('tess');
    await go(page, '#/password');
    await page.getByLabel('Password so far').fill(password);
    await page.getByLabel('New password', { exact: true }).fill('short');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.waitForSelector('text=needs at least 12 characters');
    await page.getByLabel('New password', { exact: true }).fill('eight grey geese');
    await page.getByLabel('New password again').fill('eight grey geese');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.locator('.notice', { hasText: 'is changed' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForSelector('text=You have signed out');
    await signIn(page, 'tess', password);
    await page.waitForSelector('text=Name or password is wrong');
    await signIn(page, 'tess', 'eight grey geese');
    await page.waitForSelector('nav');
  });
});

/** Presses Tab until a link of this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate('document.activeElement.textContent.trim()')) === name) return;
  }
  expect.fail(`Tab never reached ${name}`);
}
