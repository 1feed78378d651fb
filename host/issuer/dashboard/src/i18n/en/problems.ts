import type { Problems } from '../keys.js';

const again = 'Try again in a moment; what was booked is not booked twice.';

export const problems: Problems = {
  'unknown-card': { happened: 'This card was never issued here.', next: 'Check the card id.' },
  'unknown-terminal': { happened: 'This terminal is not known here.', next: 'Check the terminal id.' },
  conflict: {
    happened: 'This is known already with other content, or somebody was faster.',
    next: 'Look at the page again before you repeat it.',
  },
  rejected: { happened: 'The issuer did not accept this.', next: 'Change what is named above, then try again.' },
  busy: { happened: 'The store is in use.', next: again },
  unreachable: { happened: 'The issuer cannot reach its store.', next: again },
  internal: {
    happened: 'Something failed inside the issuer.',
    next: 'Tell whoever runs the issuer, with the reference.',
  },
  clock: { happened: 'The clock of the issuer went back.', next: 'Whoever runs the issuer has to set the clock.' },
  malformed: { happened: 'The request does not have the form it should.', next: 'Check what you typed.' },
  'not-found': { happened: 'There is nothing here.', next: 'Check the address, or go back and search.' },
  'too-large': { happened: 'That is too much at once.', next: 'Send less at once.' },
  'unsupported-type': { happened: 'The issuer does not read this kind of content.', next: 'Load the page anew.' },
  'too-many-requests': { happened: 'Too many requests in a short time.', next: 'Wait a minute, then try again.' },
  timeout: { happened: 'The request took too long.', next: again },
  'sign-in-failed': {
    happened: 'Name or password is wrong, or the name is locked.',
    next: 'Check both and try again.',
  },
  'not-signed-in': { happened: 'You are not signed in.', next: 'Sign in, then try again.' },
  forbidden: { happened: 'Your role may not do this.', next: 'Ask somebody whose role may.' },
  'cross-site': { happened: 'The request came from another page.', next: 'Use the pages of this issuer alone.' },
};
