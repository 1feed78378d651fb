/** Pay-outs by file: make the next one, have one again, take what the bank answers. */
import { z } from 'zod';
import { fileAgain, makeFile } from '../../payout/files.js';
import { takeAnswers } from '../../payout/answers.js';
import { StatusReportError, readStatusReport } from '../../payout/pain002.js';
import type { StatusReport } from '../../payout/pain002.js';
import { rejected } from '../../service/context.js';
import { showPayoutFile, showPayouts } from '../queries/payouts.js';
import { answersTaken, payoutContent, payoutFileView, payoutMade, payoutsView } from '../views/payouts.js';
import { largestFile, operatorRoute } from './route.js';
import type { OperatorRoute } from './route.js';

const params = z.strictObject({
  number: z.codec(z.string().regex(/^[1-9]\d{0,8}$/, 'expected the number of a file'), z.number(), {
    decode: (text) => Number(text),
    encode: (value) => String(value),
  }),
});

/** @throws IssuerError rejected for anything but a pain.002 */
function reportIn(text: string): StatusReport {
  try {
    return readStatusReport(text);
  } catch (cause) {
    if (cause instanceof StatusReportError) throw rejected(`This is no answer of a bank: ${cause.message}`, cause);
    throw cause;
  }
}

export const payoutRoutes: readonly OperatorRoute[] = [
  operatorRoute({
    method: 'GET',
    path: '/payouts',
    summary: 'What is ordered and in no file yet, and the pay-out files, newest first.',
    permission: 'payouts.read',
    answer: payoutsView,
    run: ({ issuer }) => showPayouts(issuer),
  }),
  operatorRoute({
    method: 'POST',
    path: '/payouts',
    summary: 'Puts everything ordered into the next pain.001 file.',
    permission: 'payouts.manage',
    answer: payoutMade,
    run: async ({ issuer, actor }) => ({ number: (await makeFile(issuer, actor))?.number ?? null }),
  }),
  operatorRoute({
    method: 'GET',
    path: '/payouts/{number}',
    summary: 'One pay-out file, payment by payment, with what the bank said.',
    permission: 'payouts.read',
    params,
    answer: payoutFileView,
    run: ({ issuer, params: { number } }) => showPayoutFile(issuer, number),
  }),
  operatorRoute({
    method: 'GET',
    path: '/payouts/{number}/content',
    summary: 'The file for the bank: pain.001.001.09, the same bytes every time.',
    permission: 'payouts.manage',
    params,
    answer: payoutContent,
    run: async ({ issuer, params: { number } }) => {
      const { messageId, content } = await fileAgain(issuer, number);
      return { messageId, content };
    },
  }),
  operatorRoute({
    method: 'POST',
    path: '/payouts/answers',
    summary: 'Takes the answer of the bank (pain.002), all of it or nothing. Again changes nothing.',
    permission: 'payouts.manage',
    largestBody: largestFile,
    body: z.strictObject({ content: z.string().max(largestFile) }),
    answer: answersTaken,
    run: ({ issuer, actor, body }) => takeAnswers(issuer, actor, reportIn(body.content)),
  }),
];
