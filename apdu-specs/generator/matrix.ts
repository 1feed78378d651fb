// The matrix life cycle × session × command: what the guard answers, computed from commands.yaml and states.yaml.
import { guarded } from './guard.js';
import {
  type Command,
  LIFE_CYCLES,
  type LifeCycle,
  type Role,
  ROLES,
  type Rule,
  type Session,
  SESSIONS,
  type Spec,
  SpecError,
} from './model.js';

/** What a cell expects. ok: the guard lets it pass; later checks may still refuse. */
export type Expectation =
  | { readonly expect: 'ok'; readonly then: Session }
  | {
      readonly expect: 'refused';
      readonly sw: string;
      /** none: the status word stands alone. */
      readonly reason: string;
      readonly where: 'clear' | 'inside';
      readonly sessionEnds: boolean;
    };

export interface Cell {
  readonly command: string;
  readonly class: 'interindustry' | 'plain' | 'protected';
  /** Role of the certificate presented, or of the pair the card remembers. */
  readonly as?: Role;
  readonly expected: Expectation;
}

/** A state the card can be in, with every command sent to it, or the reason why it cannot be. */
export type Row = { readonly lifeCycle: LifeCycle; readonly session: Session; readonly role?: Role } & (
  { readonly unreachable: string } | { readonly cells: readonly Cell[] }
);

export function matrix(spec: Spec): Row[] {
  return LIFE_CYCLES.flatMap((lifeCycle) =>
    SESSIONS.flatMap((session) =>
      rolesOf(session).map((role): Row => {
        const state = role === undefined ? { lifeCycle, session } : { lifeCycle, session, role };
        const why = unreachable(spec, state);
        return why === undefined ? { ...state, cells: cells(spec, state) } : { ...state, unreachable: why };
      }),
    ),
  );
}

interface State {
  readonly lifeCycle: LifeCycle;
  readonly session: Session;
  readonly role?: Role;
}

function rolesOf(session: Session): readonly (Role | undefined)[] {
  if (session === 'none') return [undefined];
  return session === 'raw' ? ['perso'] : ROLES;
}

function unreachable(spec: Spec, { lifeCycle, session, role }: State): string | undefined {
  return spec.states.unreachable.find(
    ({ lifeCycles, sessions, roles }) =>
      lifeCycles.includes(lifeCycle) &&
      sessions.includes(session) &&
      (roles === undefined || (role !== undefined && roles.includes(role))),
  )?.why;
}

function cells(spec: Spec, state: State): Cell[] {
  return spec.commands.flatMap((command): Cell[] => {
    const { name, protection } = command;
    const inClass = (by: 'plain' | 'protected', expected: Expectation): Cell => ({
      command: name,
      class: by,
      expected,
    });
    switch (protection) {
      case 'select':
        return [{ command: name, class: 'interindustry', expected: ok('none') }];
      case 'plain':
        return [...plainCells(spec, state, command), inClass('protected', protectedClass(spec, state, undefined))];
      case 'protected':
        return [
          inClass('plain', refusal(spec, 'plainForProtected', state)),
          inClass('protected', protectedClass(spec, state, command)),
        ];
    }
  });
}

/** A command outside a session, once for each role that can matter. */
function plainCells(spec: Spec, state: State, command: Command): Cell[] {
  const rules = spec.states.plainCommands[command.name];
  if (rules === undefined) throw new SpecError(`states.yaml: plainCommands has no ${command.name}`);
  const cell = (expected: Expectation, as?: Role): Cell => ({
    command: command.name,
    class: 'plain',
    ...(as === undefined ? {} : { as }),
    expected,
  });
  const refused = (sw: string | undefined): Cell[] => [cell(inClear(sw, state))];
  if (rules.needs !== 'any' && rules.needs !== state.session) return refused(rules.wrongSession);
  if (!(command.states ?? []).includes(state.lifeCycle)) return refused(rules.wrongState);
  if (state.lifeCycle === 'raw') return [cell(ok('raw'))];
  if (rules.role === undefined) return [cell(ok(rules.then))];
  return ROLES.map((as) => {
    const barred = opens(spec, state, as);
    const forgotten = barred && rules.forgotten?.includes(state.lifeCycle) === true;
    return cell(forgotten ? inClear(rules.unknown, state) : (barred ?? ok(rules.then)), as);
  });
}

/** Why a role may not open a session in this life-cycle state. */
function opens(spec: Spec, state: State, role: Role): Expectation | undefined {
  const opener = spec.commands.find(({ name }) => name === spec.states.opens);
  if (opener?.allow?.[role]?.includes(state.lifeCycle) === true) return undefined;
  return inClear(rule(spec, lifeCycleRule(state.lifeCycle)).sw, state);
}

/** A MACed command with class 84; no command: none of the protected ones has the INS. */
function protectedClass(spec: Spec, state: State, command: Command | undefined): Expectation {
  switch (state.session) {
    case 'none':
    case 'presented':
      return refusal(spec, 'noKeys', state);
    case 'agreed':
      return command?.session === 'agreed'
        ? (lifeCycleGuard(spec, state, command) ?? ok('full'))
        : refusal(spec, 'notConfirmed', state);
    case 'raw':
    case 'full':
    case 'resumed':
      return command === undefined ? refusal(spec, 'unknownInstruction', state) : openSession(spec, state, command);
  }
}

function openSession(spec: Spec, state: State, command: Command): Expectation {
  if (command.session === 'agreed') return refusal(spec, 'confirmedTwice', state);
  const refused = lifeCycleGuard(spec, state, command);
  if (refused !== undefined) return refused;
  if (command.full === true && state.session !== 'full') return refusal(spec, 'fullSession', state);
  return ok(command.session === 'ends' ? 'none' : state.session);
}

/** Life cycle over all roles first, then the role, then the life cycle for this role. */
function lifeCycleGuard(spec: Spec, state: State, { allow = {} }: Command): Expectation | undefined {
  const { lifeCycle, role } = state;
  const anyRole = ROLES.some((each) => allow[each]?.includes(lifeCycle) === true);
  if (!anyRole) return refusal(spec, lifeCycleRule(lifeCycle), state);
  const own = role === undefined ? undefined : allow[role];
  if (own === undefined) return refusal(spec, 'role', state);
  return own.includes(lifeCycle) ? undefined : refusal(spec, lifeCycleRule(lifeCycle), state);
}

function lifeCycleRule(lifeCycle: LifeCycle): Rule {
  return lifeCycle === 'blocked' || lifeCycle === 'expired' ? lifeCycle : 'lifeCycle';
}

function rule(spec: Spec, name: Rule): Spec['states']['refusals'][number] {
  const found = spec.states.refusals.find((each) => each.rule === name);
  if (found === undefined) throw new SpecError(`states.yaml: refusals has no rule ${name}`);
  return found;
}

function refusal(spec: Spec, name: Rule, state: State): Expectation {
  const { sw, reason = 'none', where } = rule(spec, name);
  if (where === 'clear') return inClear(sw, state);
  return { expect: 'refused', sw, reason, where, sessionEnds: false };
}

function inClear(sw: string | undefined, { session }: State): Expectation {
  if (sw === undefined) throw new SpecError('states.yaml: a plain command has no status word for a refusal it needs');
  return { expect: 'refused', sw, reason: 'none', where: 'clear', sessionEnds: session !== 'none' };
}

function ok(then: Session): Expectation {
  return { expect: 'ok', then };
}

/** apdu-specs/generated/matrix.json: one cell a line. */
export function matrixJson(spec: Spec): string {
  const rows = matrix(spec).map((row) => {
    if (!('cells' in row)) return `    ${JSON.stringify(row)}`;
    const { cells: all, ...state } = row;
    const lines = all.map((cell) => `        ${JSON.stringify(cell)}`).join(',\n');
    return `    {\n      ${JSON.stringify(state).slice(1, -1)},\n      "cells": [\n${lines}\n      ]\n    }`;
  });
  const protectedCommands = guarded(spec).map(({ name }) => name);
  return `{
  "generated": "from apdu-specs by npm run generate; do not edit",
  "protectedCommands": ${JSON.stringify(protectedCommands)},
  "rows": [\n${rows.join(',\n')}\n  ]
}
`;
}
