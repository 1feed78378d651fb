/** What a screen reader is told without moving its place: results, and what has been done. Shown as a notice as well. */

class Announcer {
  #message = $state('');
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Shown to everyone for a while: something was done. */
  #notice = $state('');

  get message(): string {
    return this.#message;
  }
  get notice(): string {
    return this.#notice;
  }

  /** For screen readers alone, such as how many rows a search found. */
  say(message: string): void {
    this.#message = message;
  }

  /** For everyone, such as that a card was blocked. */
  tell(message: string): void {
    this.#message = message;
    this.#notice = message;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.#notice = ''), 8000);
  }

  dismiss(): void {
    this.#notice = '';
  }
}

export const announcer = new Announcer();
