/** The sheet a holder takes home: who, which card, until when, and the PIN. Printed once, or written to the file the clerk names. */
import { toHex } from '../protocol/codec/bytes.js';
import { formatTime } from '../protocol/codec/time.js';
import type { HolderSheet } from './types.js';

/** Lines to print. Secret, because of the PIN. */
export function sheetLines(
  { cardId, holder, expiry, occasion }: HolderSheet,
  scheme: string,
  pin: string,
): readonly string[] {
  return [
    `${scheme} · ${occasion === 'issue' ? 'YOUR PURSE CARD' : 'YOUR NEW PIN'}`,
    ...(holder === undefined ? [] : [`holder   ${holder}`]),
    `card     ${toHex(cardId)}`,
    `valid    until ${formatTime(expiry).slice(0, 10)}`,
    `PIN      ${pin}`,
    '',
    'Learn the PIN and destroy this sheet. You can choose another PIN at any kiosk.',
    'Five wrong PINs block the card. If you lose it, call the issuer: its balance is yours again after the waiting period.',
  ];
}

/** The same as a page to print, one a sheet. Secret, because of the PIN. */
export function sheetPage(lines: readonly string[]): string {
  const [title = '', ...rest] = lines.map(escaped);
  return [
    '<!doctype html><html lang="en"><meta charset="utf-8">',
    `<title>${title}</title>`,
    '<style>@page{size:A6 landscape;margin:8mm}section{page-break-after:always;font:12pt monospace;white-space:pre-wrap}</style>',
    `<section><h1 style="font-size:14pt">${title}</h1>${rest.join('\n')}</section></html>`,
  ].join('\n');
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
