import { expect } from 'chai';
import { bicFlaw, compact, ibanFlaw } from '../../host/issuer/payout/iban.js';
import { pain001 } from '../../host/issuer/payout/pain001.js';
import type { CreditTransfer, CreditTransferFile } from '../../host/issuer/payout/pain001.js';
import { StatusReportError, readStatusReport } from '../../host/issuer/payout/pain002.js';
import { bankText } from '../../host/issuer/payout/text.js';
import { money } from '../../host/protocol/codec/money.js';
import { dollar, euro } from '../helpers/scheme.js';
import { painFlaws } from './pain-rules.js';
import { statusReport } from './status-report.js';

const debtor = { name: 'Scheme Float Ltd', iban: 'DE89370400440532013000', bic: 'COBADEFFXXX' };

function transfer(changes: Partial<CreditTransfer> = {}): CreditTransfer {
  return {
    endToEndId: 'S.0000000100000001.7.EUR',
    money: money(1234_56n, euro),
    creditor: { name: 'Käse & Söhne GmbH', iban: 'FR1420041010050500013M02606' },
    remittance: 'Settlement 7',
    ...changes,
  };
}

function fileOf(transfers: readonly CreditTransfer[], changes: Partial<CreditTransferFile> = {}): string {
  return pain001({ messageId: 'EPURSE-1-000007', madeAt: 1_790_000_000, debtor, transfers, ...changes });
}

describe('A pay-out file', () => {
  const two = [
    transfer(),
    transfer({
      endToEndId: 'U.0102030405060708.3',
      money: money(5n, euro),
      creditor: { ...debtor, name: 'Łukasz Ørsted' },
    }),
    transfer({ endToEndId: 'S.0000000100000002.7.USD', money: money(99_00n, dollar) }),
  ];

  it('keeps every rule of pain.001.001.09', () => {
    expect(painFlaws(fileOf([transfer()]))).to.deep.equal([]);
    expect(painFlaws(fileOf(two))).to.deep.equal([]);
    expect(painFlaws(fileOf([transfer()], { debtor: { name: 'No BIC', iban: debtor.iban } }))).to.deep.equal([]);
  });

  it('has a block for each currency, each with its own sum', () => {
    const xml = fileOf(two);
    expect([...xml.matchAll(/<CtrlSum>([\d.]+)</g)].map(([, value]) => value)).to.deep.equal([
      '1333.61',
      '1234.61',
      '99.00',
    ]);
    expect([...xml.matchAll(/<NbOfTxs>(\d+)</g)].map(([, value]) => value)).to.deep.equal(['3', '2', '1']);
    expect(xml).to.include('<InstdAmt Ccy="EUR">0.05</InstdAmt>').and.include('<Nm>Lukasz Orsted</Nm>');
    expect(xml).to.include('<Nm>Kase + Sohne GmbH</Nm>');
  });

  it('lets nothing out of its element, whatever a name says', () => {
    const name = '</Nm><Cdtr>&amp;"\u0000\uD83D\uDE00';
    const xml = fileOf([transfer({ creditor: { ...debtor, name } })]);
    expect(painFlaws(xml)).to.deep.equal([]);
  });

  const doctored: readonly [string, (xml: string) => string, RegExp][] = [
    ['a sum that is wrong', (xml) => xml.replace('<CtrlSum>1234.56', '<CtrlSum>1234.57'), /CtrlSum is 1234\.57/],
    ['a count that is wrong', (xml) => xml.replace('<NbOfTxs>1', '<NbOfTxs>2'), /NbOfTxs is 2/],
    [
      'an element out of order',
      (xml) => xml.replace(/(<ChrgBr>.*<\/ChrgBr>)([^]*)(<CdtTrfTxInf>)/, '$2$3$1'),
      /does not belong|times/,
    ],
    ['no payee’s account', (xml) => xml.replace('<IBAN>FR14', '<IBAN>fr'), /IBAN/],
    ['an identification that is too long', (xml) => xml.replace('EPURSE-1-000007<', `${'X'.repeat(36)}<`), /MsgId/],
    ['another version', (xml) => xml.replace('001.09', '001.03'), /xmlns/],
    ['an open element', (xml) => xml.replace('</Document>', ''), /line|Unclosed/],
  ];
  for (const [what, change, flaw] of doctored)
    it(`with ${what} is seen by the rules`, () => {
      expect(painFlaws(change(fileOf([transfer()]))).join('\n')).to.match(flaw);
    });
});

describe('An account number', () => {
  for (const good of [
    'DE89 3704 0044 0532 0130 00',
    'GB82WEST12345698765432',
    'NO9386011117947',
    'ch93 0076 2011 6238 5295 7',
  ])
    it(`${good} is good`, () => {
      expect(ibanFlaw(good)).to.equal(undefined);
    });
  for (const [bad, why] of [
    ['DE88370400440532013000', /check digits/],
    ['DE8937040044053201300', /has 22 characters, this has 21/],
    ['XX89370400440532013000', /No IBAN begins with XX/],
    ['account of Olive', /An IBAN is/],
    ['', /An IBAN is/],
    ['DE89370400440532013001', /check digits/],
  ] as const)
    it(`"${bad}" is refused`, () => {
      expect(ibanFlaw(bad)).to.match(why);
    });

  it('sees every single digit mistyped and every two neighbours exchanged', () => {
    const iban = 'DE89370400440532013000';
    for (let i = 4; i < iban.length; i++) {
      const digit = (Number(iban[i]) + 1) % 10;
      expect(ibanFlaw(iban.slice(0, i) + digit + iban.slice(i + 1)), `digit ${i}`).to.match(/check digits/);
      const [a, b] = [iban[i], iban[i + 1]];
      if (a === b || b === undefined) continue;
      expect(ibanFlaw(iban.slice(0, i) + b + a + iban.slice(i + 2)), `swap ${i}`).to.match(/check digits/);
    }
  });

  it('knows a BIC', () => {
    expect([bicFlaw('COBADEFF'), bicFlaw('cobadeffxxx')]).to.deep.equal([undefined, undefined]);
    expect(bicFlaw('COBADEF')).to.match(/A BIC is/);
    expect(compact('de89 3704')).to.equal('DE893704');
  });

  it('writes names in letters that banks take', () => {
    expect(bankText('Ærøskøbing “Café” — Straße 5 №', 70)).to.equal('AEroskobing .Cafe. - Strasse 5 .');
    expect(bankText(' x '.repeat(50), 10)).to.have.length.at.most(10);
  });
});

describe('A bank’s answer', () => {
  it('is read for the file and for single payments', () => {
    const xml = statusReport('EPURSE-1-000007', 'ACSC', [
      { id: 'S.1', status: 'RJCT', reason: 'AC04', info: 'closed', amount: ['3.50', 'EUR'] },
    ]);
    expect(readStatusReport(xml)).to.deep.equal({
      messageId: 'EPURSE-1-000007',
      group: { answer: 'paid', reason: 'ACSC' },
      payments: [
        {
          endToEndId: 'S.1',
          answer: 'returned',
          reason: 'RJCT AC04 closed',
          amount: { value: '3.50', currency: 'EUR' },
        },
      ],
    });
  });

  const refused: readonly [string, string, RegExp][] = [
    ['no XML', 'paid, thank you', /Line 1/],
    ['a file whose declaration does not end', statusReport('M', 'ACSC', []).replace('?>', '">'), /XML|Line/],
    ['half a file', statusReport('M', 'ACSC', []).slice(0, -20), /Line/],
    ['another message', '<Document><CstmrCdtTrfInitn/></Document>', /CstmrPmtStsRpt/],
    ['a status nobody knows', statusReport('M', 'GOOD', []), /GrpSts: .*code set/],
    ['a status that every object has', statusReport('M', 'constructor', []), /GrpSts: .*code set/],
    [
      'such a status of a payment',
      statusReport('M', undefined, [{ id: 'E', status: 'toString' }]),
      /TxSts: .*code set/,
    ],
    ['a payment without its id', statusReport('M', undefined, [{ id: '', status: 'ACSC' }]), /OrgnlEndToEndId/],
    [
      'a document type',
      `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${statusReport('M', 'ACSC', [])}`,
      /document type/,
    ],
  ];
  for (const [what, xml, why] of refused)
    it(`is refused where it is ${what}`, () => {
      expect(() => readStatusReport(xml)).to.throw(StatusReportError, why);
    });
});
