/** Whom an address stands for where tries and requests are counted. */
import { expect } from 'chai';
import { networkOf } from '../../host/issuer/http/network.js';

describe('An address', () => {
  for (const [address, network] of [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:0:1:2:3:4:5', '2001:db8:0:1::/64'],
    ['2001:DB8::1', '2001:db8:0:0::/64'],
    ['2001:db8:00:0001::', '2001:db8:0:1::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['1::2:3:4:5:192.0.2.7', '1:0:2:3::/64'],
    ['unix:', 'unix:'],
  ] as const)
    it(`${address} is counted as ${network}`, () => {
      expect(networkOf(address)).to.equal(network);
    });
});
