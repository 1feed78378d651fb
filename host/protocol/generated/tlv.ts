// Generated from apdu-specs by "npm run generate". Do not edit.

/** Tags of the data objects (ISO 7816-4, 7816-6, 7816-8). */
export const tags = {
  /** FCI template (ISO 7816-4) */
  fci: 0x6f,
  /** DF name (AID) */
  dfName: 0x84,
  /** proprietary information */
  proprietary: 0xa5,
  /** in A5: applet version, major minor */
  version: 0x80,
  /** in A5: scheme id (2); 0000 while RAW */
  scheme: 0x81,
  /** in A5: lifeCycle (1) */
  state: 0x82,
  /** in A5: chip serial (8), RAW only */
  serial: 0x83,
  /** card-verifiable certificate (ISO 7816-8) */
  certificate: 0x7f21,
  /** certificate body, what is signed (with its tag and length) */
  certificateBody: 0x7f4e,
  /** profile: 01 terminal, 02 card */
  profile: 0x5f29,
  /** CAR: keyId of the signing CA */
  authorityReference: 0x42,
  /** CHR: terminal id (8), or card id (8) || key version (1) */
  holderReference: 0x5f20,
  /** public key template */
  publicKey: 0x7f49,
  /** X || Y (64): signature key */
  signPoint: 0x86,
  /** X || Y (64): key agreement key, cards only */
  agreePoint: 0x87,
  /** certificate holder authorisation, terminals only */
  authorisation: 0x7f4c,
  /** in 7F4C: terminalAuthorisation */
  discretionary: 0x53,
  /** effective from, u32 seconds */
  effective: 0x5f25,
  /** expires at, u32 seconds (first second that is refused) */
  expiry: 0x5f24,
  /** DER ECDSA-SHA-256 over the body with its tag and length */
  signature: 0x5f37,
} as const;
export type TagName = keyof typeof tags;

/** Lengths of the primitive objects' values, in bytes. */
export const valueLengths = {
  dfName: { min: 5, max: 16 },
  version: { min: 2, max: 2 },
  scheme: { min: 2, max: 2 },
  state: { min: 1, max: 1 },
  serial: { min: 8, max: 8 },
  profile: { min: 1, max: 1 },
  authorityReference: { min: 4, max: 4 },
  holderReference: { min: 8, max: 9 },
  signPoint: { min: 64, max: 64 },
  agreePoint: { min: 64, max: 64 },
  discretionary: { min: 9, max: 27 },
  effective: { min: 4, max: 4 },
  expiry: { min: 4, max: 4 },
  signature: { min: 8, max: 72 },
} as const;

/** First value of a certificate's profile object. */
export const profiles = { terminal: 1, card: 2 } as const;

/** A primitive object's name, or a constructed object: [name, [content in order]]. */
export type TemplateItem = TagName | readonly [TagName, readonly TemplateItem[]];

/** The order of the objects; nothing else may stand between or behind them. */
export const templates = {
  terminalCertificate: [
    'certificate',
    [
      [
        'certificateBody',
        [
          'profile',
          'authorityReference',
          'holderReference',
          ['publicKey', ['signPoint']],
          ['authorisation', ['discretionary']],
          'effective',
          'expiry',
        ],
      ],
      'signature',
    ],
  ],
  cardCertificate: [
    'certificate',
    [
      [
        'certificateBody',
        [
          'profile',
          'authorityReference',
          'holderReference',
          ['publicKey', ['signPoint', 'agreePoint']],
          'effective',
          'expiry',
        ],
      ],
      'signature',
    ],
  ],
  selectAnswer: ['fci', ['dfName', ['proprietary', ['version', 'scheme', 'state', 'serial']]]],
} as const;
