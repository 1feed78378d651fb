/** A bank's answer to a file: ISO 20022 pain.002 (CustomerPaymentStatusReport), read for what it says about single payments. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';

/** `pending`: on its way; says nothing that books. */
export type PaymentAnswer = 'paid' | 'returned' | 'pending';

export interface StatusReport {
  /** Of the file it answers. */
  readonly messageId: string;
  /** For every payment of the file that is not named. */
  readonly group: { readonly answer: PaymentAnswer; readonly reason: string } | undefined;
  readonly payments: readonly {
    readonly endToEndId: string;
    readonly answer: PaymentAnswer;
    readonly reason: string;
    /** As decimal text with its currency, where the bank repeats it. */
    readonly amount: { readonly value: string; readonly currency: string } | undefined;
  }[];
}

/** The file is no status report this reads. `message` is a sentence that names the element. */
export class StatusReportError extends Error {
  override readonly name = 'StatusReportError';
}

/** ISO 20022 external code set ExternalPaymentTransactionStatus1Code, as far as it is final one way or the other. */
const answers: Readonly<Record<string, PaymentAnswer>> = {
  ACSC: 'paid',
  ACCC: 'paid',
  ACSP: 'pending',
  ACCP: 'pending',
  ACTC: 'pending',
  ACWC: 'pending',
  ACFC: 'pending',
  PDNG: 'pending',
  RCVD: 'pending',
  PART: 'pending',
  RJCT: 'returned',
  CANC: 'returned',
};

const largest = 16 * 1024 * 1024;
const many = <T extends z.ZodType>(one: T) =>
  z.preprocess((value) => (value === undefined ? [] : [value].flat()), z.array(one));
const id = z.string().min(1).max(35);
const reasons = many(
  z.object({
    Rsn: z.object({ Cd: z.string().max(4).optional(), Prtry: z.string().max(35).optional() }).optional(),
    AddtlInf: many(z.string().max(105)),
  }),
);
const status = z.string().refine((code) => Object.hasOwn(answers, code), 'a status of the code set');

const schema = z.object({
  Document: z.object({
    CstmrPmtStsRpt: z.object({
      OrgnlGrpInfAndSts: z.object({ OrgnlMsgId: id, GrpSts: status.optional(), StsRsnInf: reasons }),
      OrgnlPmtInfAndSts: many(
        z.object({
          TxInfAndSts: many(
            z.object({
              OrgnlEndToEndId: id,
              TxSts: status,
              StsRsnInf: reasons,
              OrgnlTxRef: z
                .object({
                  Amt: z
                    .object({ InstdAmt: z.object({ '#text': z.string(), '@_Ccy': z.string() }).optional() })
                    .optional(),
                })
                .optional(),
            }),
          ),
        }),
      ),
    }),
  }),
});

/** @throws StatusReportError */
export function readStatusReport(text: string): StatusReport {
  if (text.length > largest) throw new StatusReportError('The file is larger than any answer to a pay-out file.');
  // a document type can name entities and files: no status report has one
  if (/<!DOCTYPE/i.test(text))
    throw new StatusReportError('The file declares a document type, which no status report does.');
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new StatusReportError(`Line ${valid.err.line}: ${valid.err.msg}`);
  const read = schema.safeParse(parsed(text));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new StatusReportError(`${issue?.path.join('/') ?? 'Document'}: ${issue?.message ?? 'cannot be read'}.`);
  }
  const { OrgnlGrpInfAndSts: group, OrgnlPmtInfAndSts: blocks } = read.data.Document.CstmrPmtStsRpt;
  return {
    messageId: group.OrgnlMsgId,
    group:
      group.GrpSts === undefined
        ? undefined
        : { answer: answerOf(group.GrpSts), reason: reasonOf(group.GrpSts, group.StsRsnInf) },
    payments: blocks.flatMap(({ TxInfAndSts }) =>
      TxInfAndSts.map(({ OrgnlEndToEndId, TxSts, StsRsnInf, OrgnlTxRef }) => {
        const amount = OrgnlTxRef?.Amt?.InstdAmt;
        return {
          endToEndId: OrgnlEndToEndId,
          answer: answerOf(TxSts),
          reason: reasonOf(TxSts, StsRsnInf),
          amount: amount === undefined ? undefined : { value: amount['#text'], currency: amount['@_Ccy'] },
        };
      }),
    ),
  };
}

/** The parser is stricter than the validator here and there. @throws StatusReportError */
function parsed(text: string): unknown {
  const parser = new XMLParser({
    ignoreAttributes: false,
    removeNSPrefix: true,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: true,
  });
  try {
    return parser.parse(text);
  } catch (cause) {
    throw new StatusReportError(`The file is no XML: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function answerOf(code: string): PaymentAnswer {
  const answer = answers[code];
  if (answer === undefined) throw new StatusReportError(`${code} is no status of the code set.`);
  return answer;
}

function reasonOf(code: string, given: z.infer<typeof reasons>): string {
  const said = given
    .flatMap(({ Rsn, AddtlInf }) => [Rsn?.Cd ?? Rsn?.Prtry ?? '', ...AddtlInf])
    .filter((one) => one !== '');
  return [code, ...said].join(' ').slice(0, 200);
}
