/** The pages of the menu, in its order, and what a role needs to see them. */

export const sections = [
  { name: 'today', path: [], permission: 'today.read' },
  { name: 'cards', path: ['cards'], permission: 'cards.read' },
  { name: 'desk', path: ['desk'], permission: 'desk.read' },
  { name: 'terminals', path: ['terminals'], permission: 'terminals.read' },
  { name: 'batches', path: ['batches'], permission: 'batches.read' },
  { name: 'cases', path: ['cases'], permission: 'cases.read' },
  { name: 'payouts', path: ['payouts'], permission: 'payouts.read' },
  { name: 'ledger', path: ['ledger'], permission: 'ledger.read' },
  { name: 'keys', path: ['keys'], permission: 'keys.read' },
  { name: 'audit', path: ['audit'], permission: 'audit.read' },
] as const;
