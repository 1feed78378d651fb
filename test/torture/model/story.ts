/** Steps in words, for the story of a day that went wrong. */
import { LoadType } from '../../../host/protocol/generated/enums.js';
import type { LineFault } from '../../helpers/line.js';
import { inWords } from './amounts.js';
import type { CardFault, Deed, Earlier, Met, Step, Trouble, Typed } from './steps.js';

/** One step in a sentence without its end. */
export function told({ deed, trouble }: Step): string {
  const bad = [cardTrouble(trouble.card), lineTrouble(trouble.line), bankTrouble(trouble.bank)];
  const but = bad.filter((text) => text !== undefined).join(', and ');
  return `${deedWords(deed)}${but === '' ? '' : `, but ${but}`}`;
}

function deedWords(deed: Deed): string {
  switch (deed.do) {
    case 'pay':
      return `${deed.by === 'thief' ? `a thief pays ${inWords(deed)} with card ${deed.card}` : `card ${deed.card} pays ${inWords(deed)}`} at POS ${deed.pos}${pinWords(deed.pin)}${earlierWords(deed.earlier)}`;
    case 'cancel':
      return `POS ${deed.pos} cancels the last purchase of card ${deed.card}`;
    case 'load':
      return `card ${deed.card} ${deed.type === LoadType.load ? 'loads' : 'unloads'} ${inWords(deed)} at the kiosk${pinWords(deed.pin)}`;
    case 'give-up':
      return `card ${deed.card} gives its pending load up at the kiosk${pinWords(deed.pin)}`;
    case 'balance':
      return `card ${deed.card} is synchronised at the kiosk${pinWords(deed.pin)}`;
    case 'hand-in':
      return `POS ${deed.pos} closes its batch and hands it in`;
    case 'restart':
      return `the terminals' programs end and start again${deed.torn ? ' with a torn last line in each journal' : ''}`;
    case 'arrive':
      return 'what was late arrives at the issuer';
    case 'replay':
      return `somebody plays ${deed.count} old commands to card ${deed.card}, from number ${deed.from} of those it heard`;
    case 'wait':
      return `${deed.minutes} minutes pass`;
    case 'new-pin':
      return `card ${deed.card} gets a new PIN at the desk`;
    case 'report':
      return `card ${deed.card} is reported stolen, and the issuer lists it`;
    case 'found':
      return `card ${deed.card} is found again: the issuer releases it and the desk unblocks it`;
    case 'retire':
      return `card ${deed.card} is closed at the desk, and its holder gets another one`;
    case 'lose':
      return `card ${deed.card} is lost, and its holder gets another one that replaces it`;
    case 'years':
      return `everything is mended, handed in and compared; then years pass, until ${deed.toSpare} minutes before a card expires, and the terminals get new certificates`;
    case 'fetch':
      return `POS ${deed.pos} fetches the hot list`;
    case 'settle':
      return 'the issuer settles the day';
  }
}

function pinWords(pin: Typed): string {
  switch (pin) {
    case 'right':
      return '';
    case 'wrong':
      return ' with a wrong PIN';
    case 'nothing':
      return ' without the PIN';
  }
}

/** What the cashier wants where an earlier sale is still open. */
function earlierWords(earlier: Earlier): string {
  switch (earlier) {
    case 'finish':
      return '';
    case 'cancel':
      return ' (an open earlier sale is cancelled)';
    case 'go-on':
      return ' (an open earlier sale is left alone)';
  }
}

function cardTrouble(fault: CardFault | undefined): string | undefined {
  switch (fault?.what) {
    case undefined:
      return undefined;
    case 'link':
      return `the card is pulled out ${fault.where} ${commandWords(fault.command)}`;
    case 'power':
      return `power fails before the ${ordinal(fault.write)} write of ${commandWords(fault.command)}`;
  }
}

function commandWords(command: Met): string {
  return command === 'order' ? 'the order that moves money' : `its ${ordinal(command)} command`;
}

function lineTrouble(fault: LineFault | undefined): string | undefined {
  switch (fault?.how) {
    case undefined:
      return undefined;
    case 'before':
      return `the ${ordinal(fault.call)} call to the issuer is lost`;
    case 'after':
      return `the issuer's answer to the ${ordinal(fault.call)} call is lost`;
    case 'twice':
      return `the ${ordinal(fault.call)} call reaches the issuer twice`;
    case 'late':
      return `the ${ordinal(fault.call)} call reaches the issuer only later`;
  }
}

function bankTrouble(answer: Trouble['bank']): string | undefined {
  switch (answer) {
    case undefined:
      return undefined;
    case 'no':
      return 'the bank says no';
    case 'silent':
      return 'the bank does not answer';
    case 'silent-yes':
      return 'the bank does it and does not answer';
  }
}

/** @param index from 0 */
function ordinal(index: number): string {
  const number = index + 1;
  const ending = number % 100 >= 11 && number % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${ending}`;
}
