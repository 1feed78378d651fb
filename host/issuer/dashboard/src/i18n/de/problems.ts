import type { Problems } from '../keys.js';

const again = 'Versuchen Sie es gleich noch einmal; Gebuchtes wird nicht zweimal gebucht.';

export const problems: Problems = {
  'unknown-card': { happened: 'Diese Karte wurde hier nie ausgegeben.', next: 'Prüfen Sie die Kartennummer.' },
  'unknown-terminal': { happened: 'Dieses Terminal ist hier nicht bekannt.', next: 'Prüfen Sie die Terminalnummer.' },
  conflict: {
    happened: 'Das ist mit anderem Inhalt schon bekannt, oder jemand war schneller.',
    next: 'Sehen Sie die Seite neu an, bevor Sie es wiederholen.',
  },
  rejected: {
    happened: 'Der Herausgeber hat das nicht angenommen.',
    next: 'Ändern Sie, was oben genannt ist, und versuchen Sie es noch einmal.',
  },
  busy: { happened: 'Der Speicher ist belegt.', next: again },
  unreachable: { happened: 'Der Herausgeber erreicht seinen Speicher nicht.', next: again },
  internal: {
    happened: 'Beim Herausgeber ist etwas fehlgeschlagen.',
    next: 'Sagen Sie es dem Betreiber, mit der Kennung.',
  },
  clock: { happened: 'Die Uhr des Herausgebers ging zurück.', next: 'Der Betreiber muss die Uhr stellen.' },
  malformed: { happened: 'Die Anfrage hat nicht die richtige Form.', next: 'Prüfen Sie Ihre Eingabe.' },
  'not-found': { happened: 'Hier ist nichts.', next: 'Prüfen Sie die Adresse, oder gehen Sie zurück und suchen Sie.' },
  'too-large': { happened: 'Das ist zu viel auf einmal.', next: 'Schicken Sie weniger auf einmal.' },
  'unsupported-type': { happened: 'Diese Art Inhalt liest der Herausgeber nicht.', next: 'Laden Sie die Seite neu.' },
  'too-many-requests': { happened: 'Zu viele Anfragen in kurzer Zeit.', next: 'Warten Sie eine Minute.' },
  timeout: { happened: 'Die Anfrage hat zu lange gedauert.', next: again },
  'sign-in-failed': {
    happened: 'Name oder Passwort ist falsch, oder der Name ist gesperrt.',
    next: 'Prüfen Sie beides und versuchen Sie es noch einmal.',
  },
  'not-signed-in': {
    happened: 'Sie sind nicht angemeldet.',
    next: 'Melden Sie sich an und versuchen Sie es noch einmal.',
  },
  forbidden: { happened: 'Ihre Rolle darf das nicht.', next: 'Fragen Sie jemanden, dessen Rolle es darf.' },
  'cross-site': {
    happened: 'Die Anfrage kam von einer anderen Seite.',
    next: 'Nehmen Sie nur die Seiten dieses Herausgebers.',
  },
};
