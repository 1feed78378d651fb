// All checks, in an order in which a later one may rely on the earlier.
import { type Spec, SpecError } from '../model.js';
import { type Check } from './complaint.js';
import { instructionsAreLegal, instructionsDiffer } from './instructions.js';
import { apdusFit, budgetsHold, certificatesFit, formsFit, secureMessagingFits } from './lengths.js';
import { bitsAreBits, noConstantTwice, noNameTwice, noNumberTwice, noTagTwice } from './names.js';
import { referencesAreDefined } from './references.js';
import { listItemsEnd, openFieldsAreLast, secretsHavePlaces, tagsSayWhatTheyAre } from './shapes.js';
import { everyReasonHasAStatusWord, everyRuleOnce, matrixIsComplete } from './states.js';

const STAGES: readonly (readonly Check[])[] = [
  [noNameTwice, noNumberTwice, noTagTwice, bitsAreBits, referencesAreDefined],
  [
    instructionsAreLegal,
    instructionsDiffer,
    tagsSayWhatTheyAre,
    openFieldsAreLast,
    listItemsEnd,
    secretsHavePlaces,
    everyRuleOnce,
    everyReasonHasAStatusWord,
  ],
  [apdusFit, secureMessagingFits, budgetsHold, formsFit, certificatesFit, matrixIsComplete, noConstantTwice],
];

/** @throws SpecError with one line for each complaint of the first stage that has any. */
export function checkSpec(spec: Spec): void {
  for (const checks of STAGES) {
    const complaints = checks.flatMap((check) => check(spec));
    if (complaints.length > 0) throw new SpecError(complaints.join('\n'));
  }
}
