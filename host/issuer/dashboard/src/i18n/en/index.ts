import { frame } from './frame.js';
import { pages } from './pages.js';
import { problems } from './problems.js';
import { words } from './words.js';

export const en = { ...frame, ...pages, problems, words };
