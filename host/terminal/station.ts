/** A terminal at work: who it is, what it keeps on disk, how it reaches the issuer. One process at a time. */
import type { CardChannel } from '../protocol/channel/channel.js';
import type { Trace } from '../protocol/channel/trace.js';
import { systemClock } from '../protocol/codec/time.js';
import type { Clock } from '../protocol/codec/time.js';
import type { Random } from '../protocol/crypto/random.js';
import type { Role } from '../protocol/generated/enums.js';
import { roleNames } from '../protocol/generated/enums.js';
import { IssuerError } from '../protocol/issuer/port.js';
import type { IssuerPort } from '../protocol/issuer/port.js';
import type { Scheme } from '../protocol/scheme.js';
import type { TerminalIdentity } from '../protocol/session/session.js';
import { CardShell } from './card-shell.js';
import type { Home } from './home.js';
import { HotListStore } from './hot-list.js';
import type { HotListRefusal } from './hot-list.js';
import { readIdentity, readScheme, terminalFolder } from './identity.js';
import type { TerminalName } from './identity.js';
import { takeLock } from './lock.js';
import { Failure } from './outcome.js';
import { PairFile } from './pair-store.js';
import { PinPad } from './pin-pad.js';

export interface StationOptions {
  readonly home: Home;
  readonly name: TerminalName;
  readonly role: Role;
  readonly issuer: IssuerPort;
  readonly clock?: Clock;
  /** Only looks at what the terminal keeps: that outlives its certificate. */
  readonly looking?: boolean;
  readonly random?: Random;
  readonly trace?: Trace;
}

export class Station {
  readonly pins: PinPad;

  private constructor(
    readonly home: Home,
    readonly name: TerminalName,
    readonly scheme: Scheme,
    readonly identity: TerminalIdentity,
    readonly pairs: PairFile,
    readonly hotList: HotListStore,
    readonly issuer: IssuerPort,
    readonly clock: Clock,
    private readonly options: StationOptions,
    private readonly release: () => void,
  ) {
    this.pins = new PinPad(options.random);
  }

  /** @throws Failure home-empty, keys-unreadable, terminal-expired, clock-implausible, wrong-terminal, terminal-busy */
  static open(options: StationOptions): Station {
    const { home, name, role, issuer, clock = systemClock } = options;
    const scheme = readScheme(home);
    const identity = readIdentity(home, name, scheme, options.looking === true ? undefined : clock());
    if (identity.certificate.role !== role) {
      throw new Failure('wrong-terminal', `The terminal "${name}" is no ${roleNames[role]} terminal.`, {
        next: 'Its folder was mixed up with another: restore the home folder from a copy.',
      });
    }
    const path = (file: string): string => home.path(...terminalFolder(name), file);
    const lock = takeLock(path('lock'));
    if ('busy' in lock) {
      throw new Failure('terminal-busy', `Process ${lock.busy.pid} is working at the terminal "${name}".`, {
        next: 'End it, or wait until it has ended.',
      });
    }
    try {
      const hotList = HotListStore.open(path('hotlist.bin'), scheme);
      return new Station(
        home,
        name,
        scheme,
        identity,
        PairFile.open(path('pairs.json')),
        hotList,
        issuer,
        clock,
        options,
        lock.release,
      );
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** A file of this terminal. */
  path(...parts: readonly string[]): string {
    return this.home.path(...terminalFolder(this.name), ...parts);
  }

  /** Does what flows ask of the card behind a channel. */
  shell(channel: CardChannel, more: { readonly batchKey?: Uint8Array; readonly only?: Uint8Array } = {}): CardShell {
    const { scheme, identity, pairs, pins, clock } = this;
    const { random, trace } = this.options;
    return new CardShell(channel, {
      scheme,
      identity,
      pairs,
      pins,
      clock,
      ...(random === undefined ? {} : { random }),
      ...(trace === undefined ? {} : { trace }),
      ...more,
    });
  }

  /**
   * Fetches the newest hot list.
   *
   * @returns what came of it; the list in use stays in use where nothing better came
   */
  async refreshHotList(): Promise<'current' | 'updated' | 'unreachable' | HotListRefusal> {
    try {
      const newer = await this.issuer.hotList(this.hotList.version);
      return newer === null ? 'current' : (this.hotList.update(newer) ?? 'updated');
    } catch (error) {
      if (error instanceof IssuerError) return 'unreachable';
      throw error;
    }
  }

  close(): void {
    this.pins.clear();
    this.release();
  }
}
