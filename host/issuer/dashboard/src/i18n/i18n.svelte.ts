/** The page's words in the reader's language. English is the model: what another language lacks is a type error. */
import { preferences } from '../lib/preferences.svelte.js';
import type { Language } from '../lib/preferences.svelte.js';
import { de } from './de/index.js';
import { en } from './en/index.js';

export type Messages = typeof en;

const all: Readonly<Record<Language, Messages>> = { en, de };

export const i18n = {
  /** Messages of the language chosen now. */
  get t(): Messages {
    return all[preferences.language];
  },
};

/** The word for a code; the code itself where a newer server sends one this page does not know. */
export function word<K extends string>(words: Readonly<Record<K, string>>, code: string): string {
  return (words as Readonly<Record<string, string>>)[code] ?? code;
}
