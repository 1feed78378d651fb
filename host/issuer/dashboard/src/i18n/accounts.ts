/** Name and meaning of an account of the chart. */
import type { AccountName } from '../../../domain/accounts.js';
import type { Messages } from './i18n.svelte.js';

export function accountName({ words }: Messages, account: string): { readonly name: string; readonly means: string } {
  return words.accounts[account as AccountName] ?? { name: account, means: '' };
}
