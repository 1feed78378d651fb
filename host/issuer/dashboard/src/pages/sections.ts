/** The pages of the menu, in its order. */

export const sections = [
  { name: 'today', path: [] },
  { name: 'cards', path: ['cards'] },
  { name: 'terminals', path: ['terminals'] },
  { name: 'batches', path: ['batches'] },
  { name: 'cases', path: ['cases'] },
  { name: 'ledger', path: ['ledger'] },
  { name: 'keys', path: ['keys'] },
  { name: 'audit', path: ['audit'] },
] as const;
