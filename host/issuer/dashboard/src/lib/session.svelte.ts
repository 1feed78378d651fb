/** Who is signed in. When a session ends while somebody works, the page stays and asks for a new sign-in above it. */
import { hooks } from '../api/client.js';
import { readSession, signIn, signOut } from '../api/session.js';
import type { SessionInfo } from '../api/session.js';
import { ApiError } from '../api/failure.js';

type State = 'starting' | 'signed-out' | 'signed-in' | 'expired';

class Session {
  #state = $state<State>('starting');
  #info = $state.raw<SessionInfo | undefined>();
  #epoch = $state(0);
  /** The operator ended it himself. */
  left = $state(false);

  get state(): State {
    return this.#state;
  }
  get info(): SessionInfo | undefined {
    return this.#info;
  }
  /** Grows with every sign-in: what was asked for under an ended session is asked for again. */
  get epoch(): number {
    return this.#epoch;
  }

  async start(): Promise<void> {
    hooks.onSignedOut = () => {
      if (this.#state === 'signed-in') this.#state = 'expired';
    };
    try {
      this.#enter(await readSession());
    } catch (thrown) {
      this.#state = 'signed-out';
      if (!(thrown instanceof ApiError) || thrown.failure.kind !== 'signed-out') throw thrown;
    }
  }

  /** @throws ApiError */
  async signIn(name: string, password: string): Promise<void> {
    const before = this.#info?.name;
    const info = await signIn(name, password);
    // another person does not go on where the first one was
    if (before !== undefined && before !== info.name) location.hash = '';
    this.#enter(info);
  }

  async signOut(): Promise<void> {
    await signOut();
    this.#info = undefined;
    this.left = true;
    this.#state = 'signed-out';
  }

  #enter(info: SessionInfo): void {
    this.#info = info;
    hooks.csrf = info.csrf;
    this.left = false;
    this.#state = 'signed-in';
    this.#epoch++;
  }
}

export const session = new Session();
