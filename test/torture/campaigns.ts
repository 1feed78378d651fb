/** Every campaign, in the order they run. A campaign's module is loaded when it runs. */
import type { Campaign } from './campaign.js';

const modules: Readonly<Record<string, () => Promise<{ readonly campaign: Campaign }>>> = {
  cuts: () => import('./cuts.js'),
  model: () => import('./model.js'),
  books: () => import('./books.js'),
  kills: () => import('./kills.js'),
  attacks: () => import('./attacks.js'),
  mutants: () => import('./mutants.js'),
  domain: () => import('./domain.js'),
  apdus: () => import('./apdus.js'),
  parsers: () => import('./parsers.js'),
};

/** Ids of docs/requirements.md that a campaign puts to the test. `attacks` is tests with ids of their own; mutants are about tests. */
export const campaignIds: Readonly<Record<string, readonly string[]>> = {
  cuts: ['R1', 'R2', 'R3', 'R4', 'R14', 'R16', 'M1', 'M2', 'M3', 'M4', 'M5', 'M8'],
  model: ['R1', 'R2', 'R14', 'R16', 'R17', 'M1', 'M2', 'M3', 'M4', 'M7', 'M8', 'M9', 'M11'],
  books: ['R13', 'R14', 'M1', 'M3', 'M11', 'M12'],
  kills: ['R1', 'R2', 'M1', 'M2', 'M3', 'M4'],
  apdus: ['R9', 'M6', 'M7', 'M9'],
};

export const campaignNames: readonly string[] = Object.keys(modules);

/** @throws RangeError for a name that no campaign has */
export async function campaignNamed(name: string): Promise<Campaign> {
  const load = modules[name];
  if (load === undefined)
    throw new RangeError(`There is no campaign "${name}"; there are ${campaignNames.join(', ')}.`);
  return (await load()).campaign;
}
