import { expect } from 'chai';
import { fromHex, toHex } from '../../protocol/codec/bytes.js';
import type { TraceEvent } from '../../protocol/channel/trace.js';
import { onTheWire } from './trace.js';

describe('A connection that is traced', () => {
  it('tells of what goes before any session too, hands on the answer, and is closed as itself', async () => {
    const events: TraceEvent[] = [];
    let closed = 0;
    const connection = {
      reader: 'R',
      atr: new Uint8Array(),
      protocol: 'T=1' as const,
      transmit: () => Promise.resolve(fromHex('6a82')),
      close: () => Promise.resolve(void closed++),
    };
    const traced = onTheWire(connection, (event) => events.push(event));
    expect(toHex(await traced.transmit(fromHex('00a4040000')))).to.equal('6a82');
    await traced.close();
    expect(closed).to.equal(1);
    expect(traced.reader).to.equal('R');
    expect(events.map(({ layer, description }) => [layer, description.command, description.answer?.sw])).to.deep.equal([
      ['wire', 'SELECT', '6A82'],
    ]);
  });
});
