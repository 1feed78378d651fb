import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { KeyringError } from '../../host/issuer/pki/errors.js';
import { schemeKey } from '../../host/issuer/pki/keyring.js';
import { rootSigner } from '../../host/issuer/pki/root.js';
import {
  installScheme,
  proposalText,
  proposeRotation,
  schemeText,
  signProposal,
} from '../../host/issuer/pki/rotate.js';
import { initScheme, issuerKeyring, schemeOf } from '../../host/issuer/pki/scheme-init.js';
import { withoutKey } from '../../host/issuer/pki/succession.js';
import { unlocking } from '../../host/issuer/pki/unlock.js';
import { Authority } from '../../host/protocol/generated/enums.js';
import { SchemeError, signScheme } from '../../host/protocol/scheme.js';
import { Home } from '../../host/terminal/home.js';

describe('A scheme file that follows another', () => {
  let home: Home;
  beforeEach(() => {
    home = new Home(mkdtempSync(join(tmpdir(), 'epurse-turn-')));
    initScheme(home, { clock: () => 1_800_000_000 });
  });
  afterEach(() => rmSync(home.folder, { recursive: true, force: true }));
  const proposal = (authority: Authority = Authority.order): string =>
    proposalText(schemeOf(home), proposeRotation(home, authority, unlocking(home)));
  const signed = (text: string): string =>
    schemeText(signProposal(schemeOf(home), text, rootSigner(home, schemeOf(home))));
  const edited = (text: string, edit: (json: { keys: { version: number }[]; name: string }) => void): string => {
    const json = JSON.parse(text) as { keys: { version: number }[]; name: string };
    edit(json);
    return JSON.stringify(json);
  };

  it('puts the published successor in use and publishes the next; the keys before stay listed', () => {
    installScheme(home, signed(proposal()));
    const scheme = schemeOf(home);
    expect(
      [schemeKey(scheme, Authority.order), schemeKey(scheme, Authority.order, 'next')].map((key) => key.keyId.version),
    ).to.deep.equal([2, 3]);
    const keys = issuerKeyring(home, scheme);
    expect(keys.signer(Authority.order).point).to.deep.equal(schemeKey(scheme, Authority.order).point);
    expect(keys.signerOf(Authority.order, 1).point).to.not.deep.equal(keys.signer(Authority.order).point);
  });

  it('leaves the issuer at work while a successor is made and not signed yet', () => {
    proposal();
    expect(issuerKeyring(home, schemeOf(home)).signer(Authority.order).point).to.have.length(64);
    expect(() => issuerKeyring(home, schemeOf(home)).signerOf(Authority.order, 3)).to.throw(KeyringError);
  });

  it('[R7] is used with the root’s signature alone', () => {
    expect(() => installScheme(home, proposal())).to.throw(SchemeError, /does not hold/);
    const other = new Home(mkdtempSync(join(tmpdir(), 'epurse-other-')));
    initScheme(other, { clock: () => 1_800_000_000 });
    expect(() => installScheme(home, readFileSync(other.path('scheme.json'), 'utf8'))).to.throw(
      KeyringError,
      /another root/,
    );
    rmSync(other.folder, { recursive: true });
  });

  it('never goes back, and the root signs nothing that changes a key, a name or leaves none', () => {
    const before = schemeText(schemeOf(home));
    installScheme(home, signed(proposal()));
    expect(() => installScheme(home, before)).to.throw(KeyringError, /goes back/);
    const text = proposal(Authority.credit);
    expect(() => signed(edited(text, (json) => (json.name = 'Other')))).to.throw(KeyringError, /name/);
    expect(() => signed(edited(text, (json) => (json.keys = json.keys.slice(0, 4))))).to.throw(KeyringError);
    const swapped = edited(text, ({ keys }) => {
      const [a, b] = keys as unknown as { point: string }[];
      if (a !== undefined && b !== undefined) [a.point, b.point] = [b.point, a.point];
    });
    expect(() => signed(swapped)).to.throw(KeyringError, /changes the key/);
    expect(() => signed('{')).to.throw(SchemeError);
  });

  it('drops keys that had their turn, and no other', () => {
    installScheme(home, signed(proposal()));
    const scheme = schemeOf(home);
    for (const version of [2, 3, 9]) expect(() => withoutKey(scheme, Authority.order, version)).to.throw(KeyringError);
    const dropped = signScheme(withoutKey(scheme, Authority.order, 1), rootSigner(home, scheme));
    writeFileSync(home.path('next.json'), schemeText(dropped));
    expect(installScheme(home, readFileSync(home.path('next.json'), 'utf8')).keys).to.have.length(10);
    expect(() => issuerKeyring(home, schemeOf(home)).signerOf(Authority.order, 1)).to.throw(KeyringError, /not kept/);
  });
});
