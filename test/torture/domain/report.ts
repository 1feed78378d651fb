/** Reads what Stryker found (mutation-testing-elements, report schema 2). */
import { z } from 'zod';
import type { Judged } from '../mutation-report.js';

const place = z.object({ line: z.number().int().positive(), column: z.number().int().positive() });

const report = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.string(),
      mutants: z.array(
        z.object({
          mutatorName: z.string(),
          replacement: z.string().optional(),
          location: z.object({ start: place, end: place }),
          status: z.enum([
            'Killed',
            'Timeout',
            'Survived',
            'NoCoverage',
            'Ignored',
            'CompileError',
            'RuntimeError',
            'Pending',
          ]),
        }),
      ),
    }),
  ),
});

type File = z.infer<typeof report>['files'][string];
type Mutant = File['mutants'][number];

/** As much of a replaced text as tells it from others. */
const shown = 60;

/**
 * Every mutant that was judged, under a name that outlives changes elsewhere in its file: file, operator, what became what, and
 * which of those that look alike.
 *
 * @throws Error for a text that is no report, or of a run that did not come to its end
 */
export function readReport(text: string): Judged[] {
  const counts = new Map<string, number>();
  return Object.entries(report.parse(JSON.parse(text)).files).flatMap(([path, file]) =>
    file.mutants.flatMap((mutant) => {
      const fate = fateOf(mutant);
      if (fate === undefined) return [];
      const kind = `${path}:${mutant.mutatorName}:${brief(original(file, mutant))} → ${brief(mutant.replacement ?? '')}`;
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      return [{ fate, key: `${kind}#${count}`, what: `${path}, line ${mutant.location.start.line}` }];
    }),
  );
}

/** Undefined for what no test was asked about: values that are computed once, when a module is loaded. */
function fateOf({ status }: Mutant): Judged['fate'] | undefined {
  switch (status) {
    case 'Killed':
      return 'KILLED';
    case 'Timeout':
      return 'TIMED_OUT';
    case 'Survived':
      return 'SURVIVED';
    case 'NoCoverage':
      return 'UNREACHED';
    case 'Ignored':
    case 'CompileError':
    case 'RuntimeError':
      return undefined;
    case 'Pending':
      throw new Error('the run did not come to its end');
  }
}

function original({ source }: File, { location: { start, end } }: Mutant): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = lines[last]?.slice(0, end.column - 1) ?? '';
  lines[0] = lines[0]?.slice(start.column - 1) ?? '';
  return lines.join('\n');
}

function brief(code: string): string {
  return code.replace(/\s+/g, ' ').slice(0, shown).trim();
}
