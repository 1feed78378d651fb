// Every cell of apdu-specs/generated/matrix.json on the simulated card.
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cell, Row } from '../../apdu-specs/generator/matrix.js';
import { projectRoot } from '../helpers/project.js';
import { checkCell } from './check.js';
import { arrive } from './stations.js';
import type { Station } from './stations.js';
import { witnesses } from './unreachable.js';

const file = join(projectRoot, 'apdu-specs', 'generated', 'matrix.json');
const { rows } = JSON.parse(readFileSync(file, 'utf8')) as { readonly rows: readonly Row[] };
const walked = rows.flatMap((row) => ('cells' in row ? [{ row, cells: row.cells }] : []));
const barred = rows.flatMap((row) => ('unreachable' in row ? [{ row, why: row.unreachable }] : []));

describe('The card, walked through the matrix life cycle × session × command [M6] [M7] [M9] [R4] [R17]', function () {
  this.timeout(60_000);
  const figures = { cells: 0, refused: 0, done: 0 };

  for (const { row, cells } of walked) {
    it(`answers ${cells.length} commands as it should when ${nameOf(row)}`, async () => {
      const station = await arrive(row);
      for (const cell of cells) await walk(station, cell);
    });
  }

  for (const [why, some] of groupedByReason()) {
    it(`cannot be in ${some.length} further states, because ${why}`, async () => {
      const witness = witnesses[why];
      expect(witness, 'a way to show this').not.to.equal(undefined);
      for (const row of some) await witness?.(row);
    });
  }

  after(() => {
    const { cells, refused, done } = figures;
    process.stdout.write(
      `      ${cells} cells: ${refused} refused as specified, ${done} done; ${barred.length} rows unreachable\n`,
    );
  });

  async function walk(station: Station, cell: Cell): Promise<void> {
    try {
      const { sw } = await checkCell(station, cell);
      figures.cells++;
      if (cell.expected.expect === 'refused') figures.refused++;
      else if (sw === 0x9000) figures.done++;
    } catch (error) {
      const as = cell.as === undefined ? '' : ` as ${cell.as}`;
      const where = `${nameOf(station.row)}: ${cell.command}, class ${cell.class}${as}`;
      throw new Error(`${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
});

function nameOf({ lifeCycle, session, role }: Row): string {
  return `${lifeCycle}, session ${session}${role === undefined ? '' : ` of ${role}`}`;
}

function groupedByReason(): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const { row, why } of barred) groups.set(why, [...(groups.get(why) ?? []), row]);
  return groups;
}
