// The guard of the protected commands: who may send what in which life-cycle state.
import { type Command, type LifeCycle, type Role, type Spec, SpecError } from './model.js';

/** Protected commands in the order of their ordinals. */
export function guarded(spec: Spec): Command[] {
  return spec.commands.filter(({ protection }) => protection === 'protected');
}

export function lifeCycleBits(spec: Spec, states: readonly LifeCycle[]): number {
  return states.reduce((bits, state) => bits | enumValue(spec, 'lifeCycle', state), 0);
}

export function allowedBits(spec: Spec, command: Command, role: Role): number {
  return lifeCycleBits(spec, command.allow?.[role] ?? []);
}

export function enumValue(spec: Spec, enumeration: string, name: string): number {
  const found = spec.enums.find((each) => each.name === enumeration)?.values.find((value) => value.name === name);
  if (found === undefined) throw new SpecError(`${enumeration}.${name} is not defined`);
  return found.value;
}
