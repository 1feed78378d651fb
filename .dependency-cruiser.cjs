/**
 * Imports go one way (docs/architecture.md):
 *   apdu-specs ← protocol ← readers ← terminal ← { personalize, pos, reload } ← cli
 * The simulator reader is the only user of the bridge's cards; native PC/SC modules have one importer each; the issuer uses
 * the protocol to verify records and never sees a reader; its domain imports nothing but types.
 */
const terminals = '^host/(personalize|pos|reload)/';

/** A rule against imports: files of `from` must not reach files of `to`. */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    forbid('no-cycles', 'A cycle has no order of reading.', {}, { circular: true }),
    forbid(
      'resolvable',
      'An import that cannot be found.',
      {},
      { couldNotResolve: true, pathNot: '^(smartcard|pcsclite|pkcs11js)$' },
    ),
    forbid(
      'specs-stand-alone',
      'The wire knows none of its users.',
      { path: '^apdu-specs/' },
      { path: '^(host|test|jcardsim-ts-bridge)/' },
    ),
    forbid(
      'protocol-pure',
      'The protocol library has no I/O and knows no reader, terminal or issuer.',
      { path: '^host/protocol/', pathNot: '\\.test\\.ts$' },
      { path: '^host/(?!protocol/)|^jcardsim-ts-bridge/|^(node:)?(fs|net|http|https|child_process|tty|readline)(/|$)' },
    ),
    forbid(
      'readers-below-terminals',
      'Readers carry bytes; they know no flow, no issuer.',
      { path: '^host/readers/', pathNot: '\\.test\\.ts$' },
      { path: '^host/(?!protocol/|readers/)' },
    ),
    forbid(
      'terminal-below-flows',
      'What terminals share knows none of them.',
      { path: '^host/terminal/', pathNot: '\\.test\\.ts$' },
      { path: '^host/(?!protocol/|readers/|terminal/)' },
    ),
    ...['personalize', 'pos', 'reload'].map((part) =>
      forbid(
        `${part}-stands-alone`,
        'Terminals share through host/terminal, not through each other.',
        { path: `^host/${part}/`, pathNot: '\\.test\\.ts$' },
        { path: terminals, pathNot: `^host/${part}/` },
      ),
    ),
    forbid(
      'issuer-sees-no-reader',
      'The back office verifies records; cards are the terminals’ business.',
      { path: '^host/issuer/', pathNot: '\\.test\\.ts$' },
      { path: '^host/(readers|personalize|pos|reload)/|^jcardsim-ts-bridge/|(^|/)(smartcard|pcsclite)(/|$)' },
    ),
    forbid(
      'domain-pure',
      'Ledger rules import nothing but types and each other.',
      { path: '^host/issuer/domain/', pathNot: '\\.test\\.ts$' },
      { pathNot: '^host/issuer/domain/', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'dashboard-takes-types-alone',
      'Pages for a browser: what they share with the issuer is types, and nobody imports them.',
      { path: '^host/issuer/dashboard/' },
      { path: '^(host|apdu-specs)/(?!issuer/dashboard/)', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'dashboard-imported-by-nobody',
      'It is served as files.',
      { path: '^host/', pathNot: '^host/issuer/dashboard/' },
      { path: '^host/issuer/dashboard/' },
    ),
    forbid(
      'one-user-of-simulated-cards',
      'Simulated cards reach the project through host/readers/simulator; host/cli and the demo make and insert them.',
      { path: '^host/', pathNot: '^host/(readers/simulator|cli/|demo/)|\\.test\\.ts$' },
      { path: '(^|/)jcardsim-ts-bridge(/|$)' },
    ),
    forbid(
      'smartcard-one-importer',
      'Native code behind one file.',
      { pathNot: '^host/readers/smartcard' },
      { path: '(^|/)node_modules/smartcard/' },
    ),
    forbid(
      'pcsclite-one-importer',
      'Native code behind one file.',
      { pathNot: '^host/readers/pcsclite' },
      { path: '(^|/)node_modules/pcsclite/' },
    ),
    forbid(
      'bridge-knows-no-purse',
      'The bridge is a package of its own.',
      { path: '^jcardsim-ts-bridge/' },
      { path: '^(apdu-specs|host|test|applet)/' },
    ),
    forbid(
      'no-tests-in-programs',
      'Programs do not depend on tests, and are compiled without them.',
      { path: '^(host|apdu-specs)/', pathNot: '\\.test\\.ts$' },
      { path: '^test/' },
    ),
  ],
  options: {
    doNotFollow: { path: '(^|/)(node_modules|dist)/' },
    exclude: { path: '^(build|.*/(build|target))/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
