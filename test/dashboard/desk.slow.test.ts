/** Card desk, pay-outs, invitations and proposals in a real Chromium: what people do there, and what is refused. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Download, Page } from 'playwright-core';
import { toHex } from '../../host/protocol/codec/bytes.js';
import { painFlaws } from '../issuer/pain-rules.js';
import { statusReport } from '../issuer/status-report.js';
import { hostileName } from './campus.js';
import { go, settled, sharedOffice } from './office.js';
import type { Office } from './office.js';

describe('The dashboard’s office', function () {
  this.timeout(120_000);
  let office: Office;

  before(async function () {
    office = await sharedOffice(this);
  });
  afterEach(async () => {
    await office.leave();
    expect(office.complaints.splice(0)).to.deep.equal([]);
    expect(await office.campus.site.differences()).to.deep.equal([]);
  });

  const text = (page: Page): Promise<string> => page.locator('main').innerText();
  const notice = (page: Page, words: string): Promise<void> =>
    page
      .locator('.notice', { hasText: words })
      .waitFor()
      .then(() => undefined);
  const given = (name: string, content: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });

  async function downloaded(page: Page, button: string): Promise<{ name: string; content: string }> {
    const [download] = await Promise.all<Download | void>([
      page.waitForEvent('download'),
      page.getByRole('button', { name: button }).click(),
    ]);
    const file = download as Download;
    return { name: file.suggestedFilename(), content: readFileSync(await file.path(), 'utf8') };
  }

  it('registers a delivery, not one of serials that are none, with the keyboard alone', async () => {
    const page = await office.at('olga');
    await go(page, '#/desk');
    await page.getByRole('button', { name: 'Register a delivery' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Delivery').focus();
    await page.keyboard.type('D-2026-11');
    await page.keyboard.press('Tab');
    await page.keyboard.type('12');
    await page.keyboard.press('Enter');
    expect(await dialog.getByText('A serial has 16 hexadecimal digits').count()).to.equal(2);
    await dialog.getByLabel('First serial').fill('00000000000b0001');
    await dialog.getByLabel('Last serial').fill('00000000000b0006');
    await page.keyboard.press('Enter');
    await notice(page, '6 raw cards are in the stock');
    await settled(page);
    expect(await page.locator('main table').first().innerText()).to.match(/D-2026-11\s+6\s+0/);
  });

  it('orders cards from a file, names each fault of one that has faults, and gives the list again', async () => {
    const page = await office.at('olga');
    await go(page, '#/desk');
    await page.getByRole('button', { name: 'Order cards' }).click();
    const dialog = page.getByRole('dialog');
    const submit = dialog.getByRole('button', { name: 'Order cards' });
    await submit.click();
    await dialog.getByText('Choose a file').waitFor();
    await dialog
      .getByLabel('File of orders')
      .setInputFiles(given('o.csv', 'holder,product\nAnna,platinum\n,standard\n'));
    await submit.click();
    await dialog.getByText('The file has 2 faults; no card was assigned').waitFor();
    expect(await dialog.innerText())
      .to.match(/Line 2, product:.*platinum/)
      .and.match(/Line 3, holder:/);
    const quoted = `"${hostileName.replaceAll('"', '""')}"`;
    await dialog.getByLabel('File of orders').setInputFiles(given('o.csv', `holder\n${quoted}\n`));
    await submit.click();
    await notice(page, '1 card is assigned');
    await settled(page);
    expect(await text(page)).to.include(hostileName);
    expect(await page.locator('main img').count()).to.equal(0);
    const { name, content } = await downloaded(page, 'Download the list');
    expect(name).to.equal('desk-list.csv');
    expect(content).to.equal(`serial,holder,product,replaces\n00000000000b0001,${quoted},standard,\n`);
  });

  it('makes a file for the bank, hands it out, and takes its answer, not any other file', async () => {
    const page = await office.at('olga');
    await go(page, '#/payouts');
    await page.getByRole('button', { name: 'Make a file' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Make a file' }).click();
    await notice(page, 'Pay-out file 1 is made');
    await page.getByRole('link', { name: 'Pay-out file 1' }).click();
    await page.waitForSelector('text=Message id');
    expect(await text(page))
      .to.include('Campus Canteen')
      .and.include('DE89370400440532013000');
    const { name, content } = await downloaded(page, 'Download for the bank');
    expect(painFlaws(content)).to.deep.equal([]);
    await go(page, '#/payouts');
    await page.getByRole('button', { name: 'Take a bank’s answer' }).click();
    const take = dialog.getByRole('button', { name: 'Take a bank’s answer' });
    await take.click();
    await dialog.getByText('Choose a file').waitFor();
    await dialog.getByLabel('Answer of the bank').setInputFiles(given('answer.xml', content));
    await take.click();
    await dialog.getByText('This is no answer of a bank').waitFor();
    expect(await dialog.innerText()).to.include('No money was moved');
    const float = await office.campus.site.account('float');
    const answer = statusReport(name.replace('.xml', ''), 'ACSC', []);
    await dialog.getByLabel('Answer of the bank').setInputFiles(given('answer.xml', answer));
    await take.click();
    await notice(page, 'File 1: 1 paid');
    await page.locator('.chip', { hasText: '1 paid' }).waitFor();
    expect((await office.campus.site.account('float')) < float).to.equal(true);
  });

  it('invites a POS and shows its token this one time; a teller is not offered it', async () => {
    const page = await office.at('olga');
    await go(page, '#/terminals');
    await page.getByRole('button', { name: 'Invite a terminal' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
    await dialog.getByText('have 16 hexadecimal digits together').waitFor();
    await dialog.getByLabel('Acquirer and merchant').fill('00000001 00000009');
    await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
    await page.getByRole('dialog', { name: 'Hand this token to the shop' }).waitFor();
    const token = await dialog.getByLabel('Token').inputValue();
    expect(token).to.match(/^[0-9a-f]{64}$/);
    await dialog.getByRole('button', { name: 'I have it' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.content()).to.not.include(token);
    const teller = await office.at('tess');
    await go(teller, '#/terminals');
    expect(await teller.getByRole('button', { name: 'Invite a terminal' }).count()).to.equal(0);
    expect(await teller.locator('nav a').allInnerTexts()).to.not.include('Pay-outs');
  });

  it('holds a terminal with a reason and releases it', async () => {
    const page = await office.at('olga');
    const id = toHex(office.campus.liar.identity.certificate.terminalId);
    await go(page, `#/terminals/${id}`);
    await page.getByRole('button', { name: 'Hold terminal' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('claims look odd');
    await dialog.getByRole('button', { name: 'Hold terminal' }).click();
    await notice(page, 'is held');
    await page.getByText('Held since').waitFor();
    await page.getByRole('button', { name: 'Release terminal' }).click();
    await dialog.getByRole('button', { name: 'Release terminal' }).click();
    await notice(page, 'is released');
    await page.getByText('Held since').waitFor({ state: 'detached' });
  });

  it('books what one person proposed only when another approves it', async () => {
    const page = await office.at('olga');
    const { liar, site } = office.campus;
    const fraud = await site.account('fraud');
    await go(page, '#/cases');
    await page.getByRole('link', { name: 'Claims a purchase that it signed away itself' }).click();
    await page.getByRole('button', { name: 'Propose otherwise' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What to do').selectOption({ label: 'Book a loss of the scheme' });
    await dialog.getByLabel('Merchant').fill('nobody');
    const propose = dialog.getByRole('button', { name: 'Propose otherwise' });
    await propose.click();
    expect(await dialog.innerText())
      .to.include('An id has 16')
      .and.include('An amount has digits');
    await dialog.getByLabel('Merchant').fill(liar.merchant);
    await dialog.getByLabel('Amount').fill('2.50');
    await propose.click();
    await notice(page, 'Somebody else has to approve');
    await page.getByText('You proposed this').waitFor();
    expect(await page.getByRole('button', { name: 'Approve' }).count()).to.equal(0);
    expect(await site.account('fraud')).to.equal(fraud);
    const other = await office.at('otto');
    await other.evaluate(`location.hash = ${JSON.stringify(new URL(page.url()).hash)}`);
    await other.getByText('Proposed by olga').waitFor();
    await other.getByRole('button', { name: 'Approve' }).click();
    const confirm = other.getByRole('dialog');
    expect(await confirm.innerText())
      .to.include('Book a loss of the scheme')
      .and.match(/2\.50/);
    await confirm.getByRole('button', { name: 'Approve' }).click();
    await notice(other, 'is approved');
    expect((await site.account('fraud')) - fraud).to.equal(2_50n);
  });
});
