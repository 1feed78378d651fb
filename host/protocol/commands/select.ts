/** SELECT (ISO 7816-4 section 11.2): which purse, of which scheme, in which state. It tells no id. */
import { exchange } from './exchange.js';
import type { CardChannel } from '../channel/channel.js';
import { readU16 } from '../codec/bytes.js';
import { TlvReader } from '../codec/tlv.js';
import { CardError, isCardError } from '../errors.js';
import { commands } from '../generated/commands.js';
import { LifeCycle } from '../generated/enums.js';
import { aids } from '../generated/parameters.js';
import { tags } from '../generated/tlv.js';
import { malformed } from './exchange.js';

export interface SelectedPurse {
  readonly version: { readonly major: number; readonly minor: number };
  /** Scheme id; 0 while raw. */
  readonly scheme: number;
  readonly state: LifeCycle;
  /** Chip serial, 8 bytes; raw cards only. */
  readonly serial: Uint8Array | undefined;
}

/** Ends whatever session there was. @throws CardError no-purse, refused, lost, malformed */
export async function select(channel: CardChannel): Promise<SelectedPurse> {
  const { fci } = await selectApplet(channel);
  try {
    return parseSelectAnswer(fci);
  } catch (error) {
    throw malformed(commands.SELECT, error);
  }
}

/** @throws TlvError, RangeError */
export function parseSelectAnswer(fci: Uint8Array): SelectedPurse {
  const outer = new TlvReader(fci);
  const template = outer.inside(tags.fci);
  outer.end();
  template.value(tags.dfName, aids.applet.length);
  const proprietary = template.inside(tags.proprietary);
  template.end();
  const [major = 0, minor = 0] = proprietary.value(tags.version, 2);
  const scheme = readU16(proprietary.value(tags.scheme, 2));
  const state = lifeCycleOf(proprietary.value(tags.state, 1)[0] ?? 0);
  const serial = proprietary.has(tags.serial) ? proprietary.value(tags.serial, 8) : undefined;
  proprietary.end();
  if ((state === LifeCycle.raw) !== (serial !== undefined)) throw new RangeError('only raw cards show a serial');
  return { version: { major, minor }, scheme, state, serial };
}

async function selectApplet(channel: CardChannel): Promise<{ readonly fci: Uint8Array }> {
  try {
    return await exchange(channel, commands.SELECT, { aid: aids.applet });
  } catch (error) {
    if (!isCardError(error, 'refused')) throw error;
    // 6A82 file not found, 6999 applet selection failed: no such applet, or it refuses to be selected
    const absent = error.sw === 0x6a82 || error.sw === 0x6999;
    throw absent
      ? new CardError('no-purse', 'There is no purse on this card.', { command: 'SELECT', cause: error })
      : error;
  }
}

function lifeCycleOf(byte: number): LifeCycle {
  const state = Object.values(LifeCycle).find((value) => value === byte);
  if (state === undefined) throw new RangeError(`${byte} is no state of a card`);
  return state;
}
