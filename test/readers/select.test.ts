import { expect } from 'chai';
import { ReaderError, pcscCapabilities } from '../../host/readers/reader.js';
import type { CardReader, ReaderHub, ReaderState } from '../../host/readers/reader.js';
import { selectReader } from '../../host/readers/select.js';
import type { ReaderSources } from '../../host/readers/select.js';

function reader(name: string, card: ReaderState['card'] = 'absent'): CardReader {
  return {
    name,
    capabilities: pcscCapabilities,
    state: () => Promise.resolve({ name, card }),
    connect: () => Promise.reject(new Error('not asked for')),
  };
}

function sources(pcsc: readonly CardReader[], simulated: readonly CardReader[] = []): ReaderSources {
  const hub = (readers: readonly CardReader[]): (() => Promise<ReaderHub>) => {
    const only = {
      list: () => Promise.resolve(readers),
      watch: () => Promise.resolve(() => undefined),
      close: () => Promise.resolve(),
    };
    return () => Promise.resolve(only);
  };
  return { pcsc: hub(pcsc), simulator: hub(simulated) };
}

async function chosen(from: ReaderSources, wanted?: string): Promise<string> {
  return (await selectReader(from, wanted)).reader.name;
}

async function refused(from: ReaderSources, wanted?: string): Promise<ReaderError> {
  const error = await selectReader(from, wanted).catch((reason: unknown) => reason);
  expect(error).to.be.instanceOf(ReaderError);
  return error as ReaderError;
}

describe('the choice of a reader', () => {
  const two = [reader('Virtual PCD 00 00'), reader('Virtual PCD 00 01', 'present')];

  it('needs no name where there is one reader, or one with a card', async () => {
    expect(await chosen(sources([reader('Only')]))).to.equal('Only');
    expect(await chosen(sources(two))).to.equal('Virtual PCD 00 01');
  });

  it('takes part of a name in any case, and the whole name before part of another', async () => {
    expect(await chosen(sources(two), 'pcd 00 00')).to.equal('Virtual PCD 00 00');
    expect(await chosen(sources([reader('ACR'), reader('ACR 2')]), 'ACR')).to.equal('ACR');
  });

  it('is refused, with the candidates, where several fit', async () => {
    for (const wanted of ['Virtual', 'pcd']) {
      const error = await refused(sources(two), wanted);
      expect(error.code).to.equal('ambiguous');
      expect(error.candidates).to.deep.equal(['Virtual PCD 00 00', 'Virtual PCD 00 01']);
    }
    const cards = [reader('A', 'present'), reader('B', 'mute'), reader('C')];
    expect((await refused(sources(cards))).candidates).to.deep.equal(['A', 'B']);
    expect((await refused(sources([reader('A'), reader('B')]))).code).to.equal('ambiguous');
  });

  it('is refused where none fits, and says which there are', async () => {
    const error = await refused(sources(two), 'ACR');
    expect(error.code).to.equal('no-reader');
    expect(error.message).to.contain('ACR').and.to.contain('Virtual PCD 00 00');
    expect((await refused(sources([]))).code).to.equal('no-reader');
  });

  it('of a simulated card looks into no PC/SC reader, and takes whole names only', async () => {
    const simulated = [reader('sim:alice'), reader('sim:alice2')];
    const never = (): Promise<ReaderHub> => Promise.reject(new Error('PC/SC was opened'));
    const only = { ...sources([], simulated), pcsc: never };
    expect(await chosen(only, 'sim:alice')).to.equal('sim:alice');
    expect((await refused(only, 'sim:ali')).code).to.equal('no-reader');
    expect((await refused(only, 'sim:../alice')).code).to.equal('no-reader');
  });
});
