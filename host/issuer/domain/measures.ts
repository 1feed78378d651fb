/**
 * What can be done about a finding, and what the system proposes. Nothing here happens by itself: an operator approves
 * (service/cases.ts). A card that broke its chain was listed, and its loss booked, when it was found out.
 */
import type { Money } from '../../protocol/codec/money.js';
import type { CardKey, MerchantKey } from './accounts.js';
import type { FindingKind } from './findings.js';

export type Measure =
  /** On the hot list, as an operator's block. */
  | { readonly do: 'list-card'; readonly cardId: CardKey }
  /** The terminal asks nothing more, and is paid for nothing it sells from then on. */
  | { readonly do: 'revoke-terminal'; readonly terminalId: string }
  /** Nothing the terminal claims is settled, and a kiosk or desk is not answered, until somebody releases it. */
  | { readonly do: 'hold-terminal'; readonly terminalId: string }
  /** The merchant is owed what he is owed, and not paid until somebody releases him. */
  | { readonly do: 'hold-merchant'; readonly merchant: MerchantKey }
  /** The scheme bears what a merchant loses or owes. */
  | { readonly do: 'book-loss'; readonly merchant: MerchantKey; readonly money: Money }
  /** The merchant bears a loss: taken from what he is owed. */
  | { readonly do: 'recover-from-merchant'; readonly merchant: MerchantKey; readonly money: Money }
  /** The balance that a broken card still has, against the loss it caused. */
  | { readonly do: 'recover-from-card'; readonly cardId: CardKey; readonly slot: number; readonly money: Money };

/** What the books know about the party of a case. */
export interface Situation {
  /** Card id, terminal id or merchant. */
  readonly party: string;
  /** Whose terminal it is; undefined for a card. */
  readonly merchant: MerchantKey | undefined;
  /** Whether the card is listed or the terminal revoked. */
  readonly stopped: boolean;
  readonly held: boolean;
  /** A card's loss on the fraud account and what it still holds, slot by slot. */
  readonly slots: readonly { readonly slot: number; readonly loss: Money; readonly balance: Money }[];
  /** What the merchant owes the scheme, unit by unit, above zero. */
  readonly debts: readonly Money[];
}

/** The system's proposal; empty where there is nothing to do but to know. */
export function proposalFor(kind: FindingKind, situation: Situation): readonly Measure[] {
  switch (kind) {
    // the keys are in other hands: the balance is the honest holder's
    case 'two-contents':
    case 'forked-log':
    case 'signature-repeated':
    case 'cloned':
    case 'executed-twice':
    case 'cancel-chain':
    case 'unknown-parameters':
      return list(situation);
    // whoever uses the card made money or points
    case 'balance-chain':
    case 'negative-balance':
    case 'points-rule':
    case 'wrong-unit':
    case 'unauthorised-load':
    case 'load-given-up-and-taken':
    case 'statement-balances':
    case 'rolled-back':
      return [...list(situation), ...recoverFromCard(situation)];
    // claims to be paid for what he knows he is not owed
    case 'cancelled-but-claimed':
    case 'cancel-hidden':
    case 'claimed-twice':
    case 'void-but-claimed':
    case 'wash-sale':
    case 'terminal-revoked':
      return hold(situation);
    // makes evidence up, or is broken
    case 'wrong-record':
    case 'bad-proof':
    case 'unknown-card':
    case 'bad-cancel-order':
      return [...revoke(situation), ...hold(situation)];
    // his own risk: not paid, and that is all
    case 'above-limit':
    case 'certificate-over':
    case 'listed-card':
    case 'too-late':
      return [];
    case 'merchant-in-debt':
      return situation.debts.map((money) => ({ do: 'book-loss', merchant: situation.party, money }));
    case 'record-after-closing':
    case 'closing-exceeds-shadow':
    case 'funding-contradiction':
    case 'payment-contradiction':
    case 'cancel-after-forfeit':
    case 'record-missing':
      return [];
  }
}

function list({ party, stopped }: Situation): readonly Measure[] {
  return stopped ? [] : [{ do: 'list-card', cardId: party }];
}

function recoverFromCard({ party, slots }: Situation): readonly Measure[] {
  return slots.flatMap(({ slot, loss, balance }) => {
    const amount = loss.amount < balance.amount ? loss.amount : balance.amount;
    return amount <= 0n
      ? []
      : [{ do: 'recover-from-card', cardId: party, slot, money: { amount, unit: balance.unit } } as const];
  });
}

function hold({ merchant, held }: Situation): readonly Measure[] {
  return merchant === undefined || held ? [] : [{ do: 'hold-merchant', merchant }];
}

function revoke({ party, merchant, stopped }: Situation): readonly Measure[] {
  return merchant === undefined || stopped ? [] : [{ do: 'revoke-terminal', terminalId: party }];
}
