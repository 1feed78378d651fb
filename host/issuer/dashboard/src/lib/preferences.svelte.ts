/** What a person chose for this browser: language, light or dark, single-key shortcuts. Kept in local storage, never sent. */

export type Language = 'en' | 'de';
export type Theme = 'system' | 'light' | 'dark';

export const languages: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };
export const themes: readonly Theme[] = ['system', 'light', 'dark'];

class Preferences {
  #language = $state<Language>('en');
  #theme = $state<Theme>('system');
  #shortcuts = $state(true);

  get language(): Language {
    return this.#language;
  }
  set language(language: Language) {
    this.#language = language;
    document.documentElement.lang = language;
    keep('language', language);
  }

  get theme(): Theme {
    return this.#theme;
  }
  set theme(theme: Theme) {
    this.#theme = theme;
    keep('theme', theme);
    this.#paint();
  }

  /** A person who dictates or types with switches turns single keys off (WCAG 2.1.4). */
  get shortcuts(): boolean {
    return this.#shortcuts;
  }
  set shortcuts(on: boolean) {
    this.#shortcuts = on;
    keep('shortcuts', on ? 'on' : 'off');
  }

  /** Before the first paint. */
  start(): void {
    const language = kept('language') ?? navigator.language.slice(0, 2);
    this.#language = language === 'de' ? 'de' : 'en';
    document.documentElement.lang = this.#language;
    this.#theme = themes.find((theme) => theme === kept('theme')) ?? 'system';
    this.#shortcuts = kept('shortcuts') !== 'off';
    dark.addEventListener('change', () => this.#paint());
    this.#paint();
  }

  #paint(): void {
    const theme = this.#theme === 'system' ? (dark.matches ? 'dark' : 'light') : this.#theme;
    document.documentElement.dataset['theme'] = theme;
  }
}

const dark = matchMedia('(prefers-color-scheme: dark)');

/** A browser that keeps nothing still shows the page. */
function kept(name: string): string | null {
  try {
    return localStorage.getItem(`epurse.${name}`);
  } catch {
    return null;
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`epurse.${name}`, value);
  } catch {
    // the choice holds until the page is left
  }
}

export const preferences = new Preferences();
