/** Simulated cards of a home folder: `cards/NAME.card` is the card, `cards/NAME.pid` the process that keeps it in a reader. */
import { existsSync, readdirSync } from 'node:fs';
import type { Home } from './home.js';
import { Failure } from './outcome.js';

const imageSuffix = '.card';

export class CardFiles {
  constructor(private readonly home: Home) {}

  /** Creates the folder where missing. */
  makeFolder(): void {
    this.home.makeFolder('cards');
  }

  /** Where the image of a card is, or would be. @throws Failure card-name for what cannot be a file's name */
  image(name: string): string {
    return this.home.path('cards', `${checked(name)}${imageSuffix}`);
  }

  pidFile(name: string): string {
    return this.home.path('cards', `${checked(name)}.pid`);
  }

  /** The pid file of a pcscd that was started for a card here. */
  get pcscdPidFile(): string {
    return this.home.path('cards', 'pcscd');
  }

  /** Names of all cards, in alphabetical order. */
  names(): string[] {
    const folder = this.home.path('cards');
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((file) => file.endsWith(imageSuffix))
      .map((file) => file.slice(0, -imageSuffix.length))
      .sort();
  }

  /** The image of a card that is there. @throws Failure card-unknown, card-name */
  existing(name: string): string {
    const image = this.image(name);
    if (existsSync(image)) return image;
    const names = this.names();
    throw new Failure('card-unknown', `There is no card "${name}" in ${this.home.folder}.`, {
      next: names.length === 0 ? `Make one: ./epurse card new ${name}` : `There are: ${names.join(', ')}.`,
    });
  }
}

function checked(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/.test(name)) return name;
  throw new Failure('card-name', `"${name}" cannot be a card’s name.`, {
    next: 'Take up to 32 letters, digits, - and _, the first a letter or digit.',
  });
}
