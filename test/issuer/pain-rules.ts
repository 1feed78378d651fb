/**
 * The rules of pain.001.001.09 for the elements a pay-out file uses, from its message definition report: order and number of
 * elements, lengths, patterns, code lists, and the two checks over sums. Says what is wrong, one sentence for each place.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser';

interface Rule {
  /** Elements in their order: name, least and most, rule. */
  readonly elements?: readonly (readonly [string, number, number, Rule])[];
  /** One of the elements, not several. */
  readonly choice?: boolean;
  readonly pattern?: RegExp;
  /** Attributes and their patterns; no others. */
  readonly attributes?: Readonly<Record<string, RegExp>>;
}

const many = Infinity;
/** Characters banks agree on (EPC217-08), beside the schema's lengths. */
const latin = (most: number): Rule => ({ pattern: new RegExp(`^(?! )[A-Za-z0-9/\\-?:().,'+ ]{1,${most}}(?<! )$`) });
const id35: Rule = { pattern: /^(?!\/)(?!.*\/\/)[A-Za-z0-9/\-?:().,'+ ]{1,35}(?<!\/)$/ };
const count: Rule = { pattern: /^[0-9]{1,15}$/ };
const sum: Rule = { pattern: /^[0-9]{1,16}(\.[0-9]{1,5})?$/ };
const iban: Rule = { elements: [['IBAN', 1, 1, { pattern: /^[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}$/ }]] };
const account: Rule = { elements: [['Id', 1, 1, iban]] };
const bic: Rule = { pattern: /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/ };
const agent: Rule = {
  elements: [
    [
      'FinInstnId',
      1,
      1,
      {
        elements: [
          ['BICFI', 0, 1, bic],
          ['Othr', 0, 1, { elements: [['Id', 1, 1, latin(35)]] }],
        ],
        choice: true,
      },
    ],
  ],
};
const named = (most: number): Rule => ({ elements: [['Nm', 0, 1, latin(most)]] });

const transfer: Rule = {
  elements: [
    [
      'PmtId',
      1,
      1,
      {
        elements: [
          ['InstrId', 0, 1, id35],
          ['EndToEndId', 1, 1, id35],
        ],
      },
    ],
    [
      'Amt',
      1,
      1,
      {
        elements: [['InstdAmt', 1, 1, { pattern: /^[0-9]{1,13}(\.[0-9]{1,5})?$/, attributes: { Ccy: /^[A-Z]{3}$/ } }]],
      },
    ],
    ['CdtrAgt', 0, 1, agent],
    ['Cdtr', 0, 1, named(140)],
    ['CdtrAcct', 0, 1, account],
    ['RmtInf', 0, 1, { elements: [['Ustrd', 0, many, latin(140)]] }],
  ],
};

const payment: Rule = {
  elements: [
    ['PmtInfId', 1, 1, id35],
    ['PmtMtd', 1, 1, { pattern: /^(CHK|TRF|TRA)$/ }],
    ['BtchBookg', 0, 1, { pattern: /^(true|false)$/ }],
    ['NbOfTxs', 0, 1, count],
    ['CtrlSum', 0, 1, sum],
    [
      'PmtTpInf',
      0,
      1,
      { elements: [['SvcLvl', 0, many, { elements: [['Cd', 1, 1, { pattern: /^[A-Z0-9]{1,4}$/ }]] }]] },
    ],
    ['ReqdExctnDt', 1, 1, { elements: [['Dt', 1, 1, { pattern: /^\d{4}-\d\d-\d\d$/ }]] }],
    ['Dbtr', 1, 1, named(140)],
    ['DbtrAcct', 1, 1, account],
    ['DbtrAgt', 1, 1, agent],
    ['ChrgBr', 0, 1, { pattern: /^(DEBT|CRED|SHAR|SLEV)$/ }],
    ['CdtTrfTxInf', 1, many, transfer],
  ],
};

const header: Rule = {
  elements: [
    ['MsgId', 1, 1, id35],
    ['CreDtTm', 1, 1, { pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/ }],
    ['NbOfTxs', 1, 1, count],
    ['CtrlSum', 0, 1, sum],
    ['InitgPty', 1, 1, named(140)],
  ],
};

const document: Rule = {
  elements: [
    [
      'CstmrCdtTrfInitn',
      1,
      1,
      {
        elements: [
          ['GrpHdr', 1, 1, header],
          ['PmtInf', 1, many, payment],
        ],
      },
    ],
  ],
  attributes: { xmlns: /^urn:iso:std:iso:20022:tech:xsd:pain\.001\.001\.09$/ },
};

interface Node {
  readonly name: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Node[];
}

/** What is wrong with a file; empty for a good one. */
export function painFlaws(xml: string): string[] {
  const wellFormed = XMLValidator.validate(xml);
  if (wellFormed !== true) return [`line ${wellFormed.err.line}: ${wellFormed.err.msg}`];
  if (!xml.startsWith('<?xml version="1.0" encoding="UTF-8"?>')) return ['no XML declaration'];
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    parseTagValue: false,
    attributeNamePrefix: '',
  });
  const [root, ...more] = (parser.parse(xml) as Raw[]).filter((raw) => !('?xml' in raw)).map(nodeOf);
  if (root?.name !== 'Document' || more.length > 0) return ['the root is not Document'];
  return [...flawsOf(root, document, 'Document'), ...sumFlaws(root)];
}

type Raw = Readonly<Record<string, unknown>>;

function nodeOf(raw: Raw): Node {
  const [name] = Object.keys(raw).filter((key) => key !== ':@');
  const content = raw[name ?? ''] as Raw[];
  const texts = content.filter((child) => '#text' in child).map((child) => String(child['#text']));
  const children = content.filter((child) => !('#text' in child)).map(nodeOf);
  return { name: name ?? '', text: texts.join(''), attributes: (raw[':@'] ?? {}) as Record<string, string>, children };
}

function flawsOf(node: Node, rule: Rule, path: string): string[] {
  const flaws: string[] = [];
  const wanted = rule.attributes ?? {};
  for (const [name, value] of Object.entries(node.attributes))
    if (wanted[name]?.test(value) !== true) flaws.push(`${path}: attribute ${name} is ${value}`);
  for (const name of Object.keys(wanted)) if (!(name in node.attributes)) flaws.push(`${path}: no attribute ${name}`);
  if (rule.pattern !== undefined && !rule.pattern.test(node.text)) flaws.push(`${path}: "${node.text}" does not fit`);
  if (rule.elements === undefined) return node.children.length === 0 ? flaws : [...flaws, `${path}: has elements`];
  if (node.text.trim() !== '') flaws.push(`${path}: has text`);
  if (rule.choice === true && node.children.length !== 1) flaws.push(`${path}: ${node.children.length} of a choice`);
  let at = 0;
  for (const [name, least, most, inner] of rule.elements) {
    let found = 0;
    for (; node.children[at]?.name === name; at++, found++)
      flaws.push(...flawsOf(node.children[at] as Node, inner, `${path}/${name}`));
    if (found < least || found > most) flaws.push(`${path}/${name}: ${found} times`);
  }
  if (at < node.children.length) flaws.push(`${path}: ${node.children[at]?.name ?? ''} does not belong there`);
  return flaws;
}

/** Rules over the whole message: numbers of transactions and control sums. */
function sumFlaws(root: Node): string[] {
  const message = root.children[0];
  if (message === undefined) return [];
  const blocks = all(message, 'PmtInf');
  const scopes = [[message, 'GrpHdr'] as const, ...blocks.map((block) => [block, undefined] as const)];
  return scopes.flatMap(([scope, inside]) => {
    const stated = inside === undefined ? scope : scope.children.find(({ name }) => name === inside);
    const amounts = all(scope, 'InstdAmt').map(({ text }) => hundredths(text));
    const total = amounts.reduce((a, b) => a + b, 0n);
    const value = (name: string): string => stated?.children.find((child) => child.name === name)?.text ?? '';
    const flaws: string[] = [];
    if (value('NbOfTxs') !== String(amounts.length))
      flaws.push(`NbOfTxs is ${value('NbOfTxs')}, there are ${amounts.length}`);
    if (hundredths(value('CtrlSum')) !== total) flaws.push(`CtrlSum is ${value('CtrlSum')}, the amounts make ${total}`);
    return flaws;
  });
}

function all(node: Node, name: string): Node[] {
  return node.children.flatMap((child) => (child.name === name ? [child, ...all(child, name)] : all(child, name)));
}

function hundredths(text: string): bigint {
  const [whole = '0', part = ''] = text.split('.');
  return BigInt(whole) * 100n + BigInt(part.padEnd(2, '0'));
}
