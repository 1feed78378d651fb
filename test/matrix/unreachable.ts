/** Why a row of the matrix cannot be walked, shown on a card: by the reason as the specification words it. */
import { expect } from 'chai';
import { classes } from '../../host/protocol/generated/parameters.js';
import { commands } from '../../host/protocol/generated/commands.js';
import { OrderType, Reason } from '../../host/protocol/generated/enums.js';
import { statusWords } from '../../host/protocol/generated/status-words.js';
import { transportKeys } from '../../host/protocol/session/keys.js';
import { batchKey } from '../helpers/personalize.js';
import { orderData } from '../helpers/orders.js';
import { apdu, clearAnswer, openResumedData, resumedFrom } from '../helpers/wire.js';
import { resume, takeBase } from './base.js';
import { rawDesk } from './stations.js';
import { identities } from './terminals.js';
import type { Row } from '../../apdu-specs/generator/matrix.js';

type Witness = (row: Row) => Promise<void>;

/** By the `why` of apdu-specs/states.yaml. */
export const witnesses: Readonly<Record<string, Witness>> = {
  'a raw card has no keys of CAs and no pairs: it opens sessions under its transport keys only': async ({ role }) => {
    await refusesCertificate('raw', role, statusWords.conditions.sw);
    const { card, base } = await takeBase('raw');
    expect(base.pairs).to.deep.equal({});
    const { text } = await card.persistentState();
    expect(text).to.match(/\.pairs\.entries = 0+$/m);
  },
  'ACTIVATE erases the transport keys and ends the session': async ({ lifeCycle }) => {
    const { card } = await takeBase(lifeCycle);
    const data = openResumedData(rawDesk);
    const { ins, p1, p2 } = commands.OPEN_SESSION_RESUMED;
    const answer = clearAnswer(await card.transmit(apdu(classes.plain, ins, p1, p2, data)));
    expect(answer.sw).to.equal(statusWords.referenceNotFound.sw);
    expect(resumedFrom(data, answer.data, transportKeys(batchKey, card.serial))).to.equal(undefined);
    const { text } = await card.persistentState();
    expect(text)
      .to.match(/transportEncryption\.key\.storage\[0\] = 0+$/m)
      .and.match(/transportMac\.key\.storage\[0\] = 0+$/m);
  },
  'PRESENT CERTIFICATE is refused to POS and LOAD, and nothing changes the life cycle before CONFIRM': async ({
    lifeCycle,
    role,
  }) => {
    await refusesCertificate(lifeCycle, role, statusWords[lifeCycle === 'blocked' ? 'blocked' : 'conditions'].sw);
  },
  'only PERSO brings RETIRE, and no session of another role opens afterwards': async ({ role }) => {
    if (role === undefined) throw new Error('the row has no role');
    const { card, base } = await takeBase('active');
    const session = await resume(card, base, role);
    const { ins } = commands.PUT_ORDER;
    const answer = await session.send(card, ins, OrderType.retire, 0, orderData(card.orders.retire(1)));
    expect(answer).to.include({ where: 'inside', sw: statusWords.securityStatus.sw, reason: Reason.role });
    await refusesCertificate('retired', role, statusWords.conditions.sw);
    expect((await takeBase('retired')).base.pairs).not.to.have.property(role);
  },
};

async function refusesCertificate(lifeCycle: Row['lifeCycle'], role: Row['role'], sw: number): Promise<void> {
  const { card } = await takeBase(lifeCycle);
  const { ins, p1, p2 } = commands.PRESENT_CERTIFICATE;
  const { bytes } = identities[role ?? 'perso'].certificate;
  expect(clearAnswer(await card.transmit(apdu(classes.plain, ins, p1, p2, bytes))).sw).to.equal(sw);
}
