/** Writes a pain.002.001.10 as a bank does. */
export interface PaymentStatus {
  readonly id: string;
  readonly status: string;
  readonly reason?: string;
  readonly info?: string;
  readonly amount?: readonly [string, string];
}

export function statusReport(messageId: string, group: string | undefined, payments: readonly PaymentStatus[]): string {
  const entries = payments.map(
    ({ id, status, reason, info, amount }) => `
      <TxInfAndSts>
        <OrgnlEndToEndId>${id}</OrgnlEndToEndId>
        <TxSts>${status}</TxSts>
        ${reason === undefined ? '' : `<StsRsnInf><Rsn><Cd>${reason}</Cd></Rsn>${info === undefined ? '' : `<AddtlInf>${info}</AddtlInf>`}</StsRsnInf>`}
        ${amount === undefined ? '' : `<OrgnlTxRef><Amt><InstdAmt Ccy="${amount[1]}">${amount[0]}</InstdAmt></Amt></OrgnlTxRef>`}
      </TxInfAndSts>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10">
  <CstmrPmtStsRpt>
    <GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>2026-11-22T08:00:00Z</CreDtTm></GrpHdr>
    <OrgnlGrpInfAndSts>
      <OrgnlMsgId>${messageId}</OrgnlMsgId>
      <OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>
      ${group === undefined ? '' : `<GrpSts>${group}</GrpSts>`}
    </OrgnlGrpInfAndSts>
    <OrgnlPmtInfAndSts>
      <OrgnlPmtInfId>${messageId}.EUR</OrgnlPmtInfId>${entries.join('')}
    </OrgnlPmtInfAndSts>
  </CstmrPmtStsRpt>
</Document>
`;
}
