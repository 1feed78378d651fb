import type { PaymentView } from '../../../operator/views/payouts.js';
import type { Tone } from './Chip.svelte';

export const toneOfPayment: Readonly<Record<PaymentView['state'], Tone>> = {
  ordered: 'plain',
  sent: 'info',
  paid: 'ok',
  returned: 'warn',
};
