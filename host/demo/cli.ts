/** `epurse demo`: the whole story in a temporary home, on simulated cards. */
import type { Command } from 'commander';
import { withCardFailures } from '../cli/card/failures.js';
import type { CommandLine, Run } from '../cli/command-line.js';
import type { Fields } from '../cli/output.js';
import { Failure } from '../terminal/outcome.js';
import { audit, closeBooks, summaryOf } from './books.js';
import { directTable, pcscTable } from './cards.js';
import { Installation } from './installation.js';
import { Narrator } from './narrator.js';
import { tellStory } from './story.js';

export function register(program: Command, cli: CommandLine): void {
  program
    .command('demo')
    .description('the whole story on simulated cards: scheme, load, pay, lose an answer, cancel, block, settle')
    .option('--pcsc', 'through pcscd and the virtual reader, as behind a USB reader')
    .action(cli.action('summary', (run) => withCardFailures(() => demo(run, cli.folder))));
}

async function demo(run: Run, folder: string): Promise<Fields> {
  const start = performance.now();
  const narrator = new Narrator(run.out);
  const table = run.options['pcsc'] === true ? await pcscTable(folder) : await directTable(folder);
  const site = await Installation.make(table).catch(async (error: unknown) => {
    await table.close();
    throw error;
  });
  try {
    narrator.aside(table.description);
    const told = await tellStory(site, narrator);
    const books = await closeBooks(site, told, narrator);
    const summary = summaryOf(told, books);
    const wrong = [...audit(site, told, books)].filter(([, holds]) => !holds).map(([sentence]) => sentence);
    if (wrong.length > 0) {
      run.out.event('books', summary);
      throw new Failure('books-wrong', `The books do not balance. Not true: ${wrong.join('; ')}.`, {
        moneyMoved: 'yes',
      });
    }
    run.out.say();
    run.out.say(`The books balance. ${((performance.now() - start) / 1000).toFixed(1)} s`);
    return summary;
  } finally {
    await site.close();
  }
}
