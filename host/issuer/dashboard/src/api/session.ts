import { get, send } from './client.js';

export interface SessionInfo {
  readonly name: string;
  readonly role: 'teller' | 'operator' | 'auditor';
  readonly permissions: readonly (
    | 'today.read'
    | 'cards.read'
    | 'cards.block'
    | 'cards.release'
    | 'terminals.read'
    | 'terminals.manage'
    | 'batches.read'
    | 'cases.read'
    | 'cases.decide'
    | 'ledger.read'
    | 'keys.read'
    | 'audit.read'
  )[];
  /** Goes back with every request that changes something. */
  readonly csrf: string;
}

export const readSession = (): Promise<SessionInfo> => get('/session');
export const signIn = (name: string, password: string): Promise<SessionInfo> =>
  send('POST', '/session', { name, password });
export const signOut = (): Promise<void> => send('DELETE', '/session');
