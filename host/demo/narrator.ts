/** Tells the story: sentences for a person, one JSON object a line for a script. */
import colours from 'picocolors';
import { formatMoney, moneyToJson } from '../protocol/codec/money.js';
import type { Money, MoneyJson } from '../protocol/codec/money.js';
import type { Fields, Output } from '../cli/output.js';
import type { Cost } from './link.js';

export class Narrator {
  #chapter = 0;

  constructor(private readonly out: Output) {}

  chapter(title: string): void {
    this.#chapter++;
    this.out.say();
    this.out.say(colours.bold(`${this.#chapter} ${title}`));
  }

  /** Something happened: a sentence, and the same as data. */
  tell(event: string, sentence: string, fields: Fields = {}): void {
    this.out.say(`  ${sentence}`);
    this.out.event(event, fields);
  }

  /** Something happened between a terminal and a card. */
  visit(event: string, sentence: string, { apdus, milliseconds }: Cost, fields: Fields = {}): void {
    const cost = colours.dim(`${apdus} APDU${apdus === 1 ? '' : 's'}, ${milliseconds.toFixed(0)} ms`);
    this.out.say(`  ${sentence}  ${cost}`);
    this.out.event(event, { ...fields, apdus, milliseconds: Math.round(milliseconds) });
  }

  aside(sentence: string): void {
    this.out.say(colours.dim(`    ${sentence}`));
  }
}

export function amount(value: Money): { readonly amount: string; readonly unit: string } {
  const json: MoneyJson = moneyToJson(value);
  return { amount: json.amount, unit: json.unit };
}

export function shown(value: Money): string {
  return colours.cyan(formatMoney(value));
}
