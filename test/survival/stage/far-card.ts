/** The card that lies in the reader of a process: it lives elsewhere, as cards do, and goes on without the process. */
import type { CardChannel } from '../../../host/protocol/channel/channel.js';
import { fromHex, toHex } from '../../../host/protocol/codec/bytes.js';

/** To the card. */
export interface Command {
  readonly apdu: string;
}

/** From it, or from a reader without a card. */
export type CardAnswer = { readonly answer: string } | { readonly gone: string };

/** @param passed told of each command that was answered, by its INS */
export function farCard(passed: (command: string) => void): CardChannel {
  return {
    transmit: async (apdu) => {
      const answered = new Promise<CardAnswer>((resolve) => process.once('message', resolve));
      process.send?.({ apdu: toHex(apdu) } satisfies Command);
      const answer = await answered;
      if ('gone' in answer) throw new Error(answer.gone);
      passed(toHex(apdu.subarray(1, 2)));
      return fromHex(answer.answer);
    },
  };
}
