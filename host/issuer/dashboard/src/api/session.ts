import type { z } from 'zod';
import type { sessionView } from '../../../operator/routes/session.js';
import { get, send } from './client.js';

export type SessionInfo = z.infer<typeof sessionView>;

export const readSession = (): Promise<SessionInfo> => get('/session');
export const signIn = (name: string, password: string): Promise<SessionInfo> =>
  send('POST', '/session', { name, password });
export const signOut = (): Promise<void> => send('DELETE', '/session');
