/** The demo's story, and that its audit can fail. */
import { expect } from 'chai';
import { Output } from '../../host/cli/output.js';
import { audit, closeBooks, summaryOf } from '../../host/demo/books.js';
import type { Books } from '../../host/demo/books.js';
import { directTable } from '../../host/demo/cards.js';
import { Installation } from '../../host/demo/installation.js';
import { Narrator } from '../../host/demo/narrator.js';
import { tellStory } from '../../host/demo/story.js';
import type { Told } from '../../host/demo/story.js';
import { eur } from '../../host/demo/people.js';
import { projectRoot } from '../helpers/project.js';

describe('The demo', function () {
  this.timeout(60_000);
  const lines: string[] = [];
  let site: Installation;
  let told: Told;
  let books: Books;

  before(async () => {
    const sink = { write: (text: string) => void lines.push(text) };
    const narrator = new Narrator(new Output(true, sink, sink));
    site = await Installation.make(await directTable(projectRoot));
    told = await tellStory(site, narrator);
    books = await closeBooks(site, told, narrator);
  });
  after(() => site.close());

  it('tells a story in which the books balance: nothing made, nothing lost [M1]', () => {
    const wrong = [...audit(site, told, books)].filter(([, holds]) => !holds);
    expect(wrong).to.deep.equal([]);
    expect(summaryOf(told, books)).to.deep.include({ cards: 2, ledgerSum: 0, paymentApdusKnownTerminal: 3 });
    expect(books.loaded).to.not.deep.equal([]);
  });

  it('says each thing that happened as one JSON object a line', () => {
    const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    for (const event of [
      'scheme',
      'personalized',
      'loaded',
      'paid',
      'answer-lost',
      'recovered',
      'cancelled',
      'listed',
      'blocked',
      'batch',
      'settled',
      'reconciled',
    ]) {
      expect(events).to.include(event);
    }
  });

  it('would not pass wrong books for right ones', () => {
    const doctored: readonly Partial<Books>[] = [
      { loaded: [eur(1n)] },
      { spent: [] },
      { cancelled: [] },
      { settled: [eur(1n)] },
      { cardBalances: [] },
      { floatBalance: [eur(1n)] },
      { points: [] },
      { reconciliation: { ...books.reconciliation, ledgerSum: 1n } },
      { reconciliation: { ...books.reconciliation, holds: false } },
    ];
    for (const change of doctored) {
      const wrong = [...audit(site, told, { ...books, ...change })].filter(([, holds]) => !holds);
      expect(wrong, Object.keys(change).join()).to.not.deep.equal([]);
    }
    expect([...audit(site, { ...told, paymentApdusKnownTerminal: 4 }, books).values()]).to.include(false);
  });
});
