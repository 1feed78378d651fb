import { frame } from './frame.js';
import { office } from './office.js';
import { pages } from './pages.js';
import { problems } from './problems.js';
import { words } from './words.js';

export const en = { ...frame, ...pages, ...office, problems, words };
