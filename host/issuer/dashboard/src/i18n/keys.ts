/** Codes of the issuer that every language has a word for, from the issuer's own types. */
import type { AccountName } from '../../../domain/accounts.js';
import type { LedgerEvent } from '../../../domain/events.js';
import type { FindingKind } from '../../../domain/findings.js';
import type { Measure } from '../../../domain/measures.js';
import type { MoneyTerms } from '../../../domain/money-equation.js';
import type { CaseStatus } from '../../../service/cases.js';
import type { ListingReason } from '../../../service/listing.js';
import type { LoadView } from '../../../operator/views/cards.js';
import type { authorityNames, roleNames } from '../../../../protocol/generated/enums.js';
import type { BatchEntryTable, CardState, RecordTable } from '../../../store/schema.js';
import type { ProblemDocument } from '../../../http/problems.js';
import type { Selectable } from 'kysely';

type RecordRow = Selectable<RecordTable>;

/** What each refusal means to an operator, and what he can do. */
export type Problems = Readonly<Record<ProblemDocument['code'], { readonly happened: string; readonly next: string }>>;

/** Every code → its word in one language. */
export interface Words {
  readonly accounts: Readonly<Record<AccountName, { readonly name: string; readonly means: string }>>;
  readonly events: Readonly<Record<LedgerEvent['kind'], string>>;
  readonly findings: Readonly<Record<FindingKind, string>>;
  readonly terms: Readonly<Record<keyof Omit<MoneyTerms, 'unit'>, string>>;
  readonly measures: Readonly<Record<Measure['do'], string>>;
  readonly caseStates: Readonly<Record<CaseStatus, string>>;
  readonly cardStates: Readonly<Record<CardState, string>>;
  readonly recordKinds: Readonly<Record<RecordRow['kind'], string>>;
  readonly placements: Readonly<Record<RecordRow['placement'], string>>;
  readonly clearings: Readonly<Record<RecordRow['clearing'], string>>;
  readonly outcomes: Readonly<Record<Selectable<BatchEntryTable>['outcome'], string>>;
  readonly listingReasons: Readonly<Record<ListingReason, string>>;
  readonly loadStates: Readonly<Record<LoadView['state'], string>>;
  readonly fundings: Readonly<Record<LoadView['funding'], string>>;
  readonly terminalRoles: Readonly<Record<(typeof roleNames)[keyof typeof roleNames], string>>;
  readonly authorities: Readonly<Record<(typeof authorityNames)[keyof typeof authorityNames], string>>;
}
