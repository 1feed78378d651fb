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

export const campaignNames: readonly string[] = Object.keys(modules);

/** @throws RangeError for a name that no campaign has */
export async function campaignNamed(name: string): Promise<Campaign> {
  const load = modules[name];
  if (load === undefined)
    throw new RangeError(`There is no campaign "${name}"; there are ${campaignNames.join(', ')}.`);
  return (await load()).campaign;
}
