import { z } from 'zod';
import { idView, part, seconds } from './common.js';

export const deskView = z.object({
  /** Cards of each delivery by state: raw, assigned, issued, retired, lost, destroyed. */
  stock: z.array(z.object({ delivery: z.string(), state: z.string(), count: z.number().int() })),
  products: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      /** Null: as the settings have it. */
      lifetimeYears: z.number().int().nullable(),
      closed: z.boolean(),
      parametersVersion: z.number().int(),
    }),
  ),
  /** Cards in use that end within 60 days without a successor. */
  renewalsDue: z.number().int(),
});

/** One card that waits at the desk for its holder. */
export const deskLineView = z.object({
  serial: z.string(),
  holder: z.string(),
  product: z.string(),
  /** Lost card that it replaces; null for none. */
  replaces: idView.nullable(),
  assignedAt: seconds,
});

export const deskLinePage = part(deskLineView);

export const deliveryTaken = z.object({
  registered: z.number().int(),
  /** Serials that were in the stock before. */
  known: z.number().int(),
});

export const ordersTaken = z.object({
  assigned: z.number().int(),
  /** Every fault of the file; where there is one, no card was assigned. */
  faults: z.array(z.object({ line: z.number().int(), field: z.string(), message: z.string() })),
});

/** For `personalize --batch`. */
export const deskListView = z.object({ csv: z.string() });

export type DeskView = z.infer<typeof deskView>;
export type DeskLineView = z.infer<typeof deskLineView>;
export type DeliveryTaken = z.infer<typeof deliveryTaken>;
export type OrdersTaken = z.infer<typeof ordersTaken>;
