/** A simulated card that the real issuer issued, and what its holder does with it at desk and kiosk. */
import { money } from '../../../host/protocol/codec/money.js';
import { activate } from '../../../host/protocol/commands/activate.js';
import { credit } from '../../../host/protocol/commands/credit.js';
import { generateKeys } from '../../../host/protocol/commands/generate-keys.js';
import { getLogStatement } from '../../../host/protocol/commands/get-proof.js';
import { initLoad } from '../../../host/protocol/commands/init-load.js';
import type { StatementWithSignature } from '../../../host/protocol/commands/init-load.js';
import { putOrder } from '../../../host/protocol/commands/put-order.js';
import { readCancelOrder, readRecordsBetween, readTotals } from '../../../host/protocol/commands/read-log.js';
import {
  storeCardData,
  storeCertificate,
  storeKey,
  storeParameters,
  storePin,
} from '../../../host/protocol/commands/store-data.js';
import { verifyPin } from '../../../host/protocol/commands/verify-pin.js';
import { LoadType } from '../../../host/protocol/generated/enums.js';
import type { KeyRef } from '../../../host/protocol/generated/enums.js';
import {
  creditAuthorisationCodec,
  keptCancelOrderCodec,
  recordCodec,
  statementCodec,
} from '../../../host/protocol/generated/structures.js';
import type { UploadedLog } from '../../../host/protocol/issuer/port.js';
import type { PurseSession } from '../../../host/protocol/session/session.js';
import { freshCard } from '../../helpers/cards.js';
import type { TestCard } from '../../helpers/cards.js';
import { holderPin, rawSession } from '../../helpers/personalize.js';
import { euro, startTime } from '../../helpers/scheme.js';
import type { SoftIssuer } from '../../helpers/soft-issuer.js';

export class IssuedCard {
  private constructor(
    readonly link: TestCard,
    readonly cardId: Uint8Array,
    private readonly issuer: SoftIssuer,
  ) {}

  /** @param name another card for each */
  static async issue(issuer: SoftIssuer, name: string): Promise<IssuedCard> {
    const link = await freshCard('raw', name);
    const session = await rawSession(link);
    const points = await generateKeys(session);
    const deskId = issuer.desk.certificate.terminalId;
    const issued = await issuer.port.issueCard({ deskId, serial: link.serial, ...points, holder: `Holder of ${name}` });
    await storeCardData(session, issued.cardData);
    for (const { ref, data } of issued.keys) await storeKey(session, ref as KeyRef, data);
    await storeCertificate(session, issued.certificate);
    await storeParameters(session, issued.parameters);
    await storePin(session, holderPin);
    await activate(session);
    const card = new IssuedCard(link, issued.cardId, issuer);
    await issuer.port.cardActivated(card.#signed(await getLogStatement(await link.open(issuer.desk))));
    return card;
  }

  /** @param cents onto the euro slot */
  async load(cents: bigint): Promise<void> {
    const { port, kiosk } = this.issuer;
    const session = await this.link.open(kiosk);
    await verifyPin(session, holderPin);
    const records = await this.#records(session);
    const request = { type: LoadType.load, slot: 0, amount: money(cents, euro), time: startTime } as const;
    const log = { ...this.#signed(await initLoad(session, request)), ...records };
    const answer = await port.authoriseLoad({ kioskId: kiosk.certificate.terminalId, log });
    if (answer.status !== 'authorised') throw new Error(`the load is ${answer.status}`);
    const { record, s3 } = await credit(
      session,
      creditAuthorisationCodec.decode(answer.authorisation),
      answer.signature,
    );
    await port.loadCredited({ cardId: this.cardId, record: recordCodec.encode(record), s3 });
  }

  /** The log goes to the issuer; what the issuer answers goes onto the card. */
  async synchronise(): Promise<void> {
    const session = await this.link.open(this.issuer.kiosk);
    await verifyPin(session, holderPin);
    const records = await this.#records(session);
    const log = { ...this.#signed(await getLogStatement(session)), ...records };
    for (const order of await this.issuer.port.synchronise(log)) await putOrder(session, order);
  }

  #signed({ statement, signature }: StatementWithSignature): Omit<UploadedLog, 'records' | 'cancelOrders'> {
    return { cardId: this.cardId, statement: statementCodec.encode(statement), signature };
  }

  async #records(session: PurseSession): Promise<Pick<UploadedLog, 'records' | 'cancelOrders'>> {
    const { nt, acknowledged, cancels } = await readTotals(session);
    const records = nt === acknowledged ? [] : await readRecordsBetween(session, acknowledged + 1, nt);
    const kept = [];
    for (let i = 0; i < cancels; i++) kept.push(keptCancelOrderCodec.encode(await readCancelOrder(session, i)));
    return { records: records.map((record) => recordCodec.encode(record)), cancelOrders: kept };
  }
}
