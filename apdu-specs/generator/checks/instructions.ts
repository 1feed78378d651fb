// Instruction bytes: legal on a T=0 card, and unambiguous.
import { type Command } from '../model.js';
import { hex } from '../names.js';
import { type Check } from './complaint.js';

const GET_RESPONSE = 0xc0;

/** ISO/IEC 7816-3 section 10.3.1: INS 6X and 9X are not valid, and T=0 has used odd values for its own purposes. */
export const instructionsAreLegal: Check = ({ commands }) =>
  commands.flatMap(({ name, ins }) => {
    const byte = hex(ins, 2);
    if (ins >> 4 === 0x6 || ins >> 4 === 0x9)
      return [`${name}: INS ${byte} looks like a status word to T=0 (6X and 9X are not valid)`];
    if (ins % 2 === 1) return [`${name}: INS ${byte} is odd, which not every T=0 reader passes on`];
    return ins === GET_RESPONSE ? [`${name}: INS C0 is GET RESPONSE, which T=0 uses itself`] : [];
  });

/** Two commands of one class must differ in INS, or in P1 or P2 where both are fixed. */
export const instructionsDiffer: Check = ({ commands }) =>
  commands.flatMap((command, index) =>
    commands
      .slice(0, index)
      .filter(
        (other) => other.protection === command.protection && other.ins === command.ins && overlap(other, command),
      )
      .map((other) => `${other.name} and ${command.name} have the same INS ${hex(command.ins, 2)}, P1 and P2`),
  );

function overlap(one: Command, other: Command): boolean {
  const mayEqual = (a: number | string, b: number | string): boolean =>
    typeof a !== 'number' || typeof b !== 'number' || a === b;
  return mayEqual(one.p1, other.p1) && mayEqual(one.p2, other.p2);
}
