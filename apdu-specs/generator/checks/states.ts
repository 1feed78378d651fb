// Refusals and matrix: nothing left open, nothing said twice.
import { matrix } from '../matrix.js';
import { LIFE_CYCLES, RULES, SESSIONS } from '../model.js';
import { type Check, repeated } from './complaint.js';

export const everyRuleOnce: Check = ({ states }) => [
  ...RULES.filter((rule) => !states.refusals.some((each) => each.rule === rule)).map(
    (rule) => `states.yaml: refusals has no rule ${rule}`,
  ),
  ...repeated(states.refusals, ({ rule }) => rule).map(({ key }) => `states.yaml: refusals has the rule ${key} twice`),
  ...SESSIONS.filter((name) => !states.sessions.some((each) => each.name === name)).map(
    (name) => `states.yaml: sessions has no ${name}`,
  ),
];

/** A reason travels in front of a status word, so each needs one it comes with. */
export const everyReasonHasAStatusWord: Check = ({ enums, states }) => {
  const used = new Set([
    'none',
    ...Object.keys(states.moneyRefusals),
    ...states.refusals.flatMap(({ reason }) => reason ?? []),
  ]);
  const reasons = enums.find(({ name }) => name === 'reason')?.values ?? [];
  return reasons
    .filter(({ name }) => !used.has(name))
    .map(({ name }) => `reason ${name} comes with no status word in states.yaml`);
};

/** Each command outside a session has its rules, and each cell of the matrix an answer. */
export const matrixIsComplete: Check = (spec) => {
  const withoutRules = spec.commands
    .filter(({ name, protection }) => protection === 'plain' && spec.states.plainCommands[name] === undefined)
    .map(({ name }) => `states.yaml: plainCommands has no ${name}`);
  if (withoutRules.length > 0) return withoutRules;
  const rows = matrix(spec);
  return [
    ...LIFE_CYCLES.filter((lifeCycle) => !rows.some((row) => row.lifeCycle === lifeCycle && 'cells' in row)).map(
      (lifeCycle) => `matrix: a ${lifeCycle} card cannot be reached`,
    ),
    ...spec.commands
      .filter(
        ({ name }) =>
          !rows.some(
            (row) =>
              'cells' in row && row.cells.some(({ command, expected }) => command === name && expected.expect === 'ok'),
          ),
      )
      .map(({ name }) => `matrix: ${name} is allowed nowhere`),
  ];
};
