// The specification as TypeScript sees it, once it has passed the JSON Schemas.

export type Size = 'u8' | 'u16' | 'u32' | 'u64';

interface FieldBase {
  readonly name: string;
  readonly doc?: string;
  /** Never shown in a trace. */
  readonly secret?: true;
}
export interface NumberField extends FieldBase {
  readonly type: Size;
  /** Name of the enumeration the value must belong to (u8 only). */
  readonly enum?: string;
}
/** What a field without a layout of its own may hold: for each form, names of structures, templates or PIECES in order. */
export type Holds = readonly (readonly string[])[];
export interface BytesField extends FieldBase {
  readonly type: 'bytes';
  readonly length: number;
  readonly holds?: Holds;
}
export interface OpenField extends FieldBase {
  readonly type: 'blob8' | 'rest';
  readonly max: number;
  readonly holds?: Holds;
}
export interface StructField extends FieldBase {
  readonly type: 'struct';
  readonly of: string;
}
export type ListField = FieldBase & { readonly type: 'list'; readonly of: string } & (
    { readonly count: 'fixed'; readonly n: number } | { readonly count: 'u8' | 'u16' | 'rest'; readonly max: number }
  );
export type Field = NumberField | BytesField | OpenField | StructField | ListField;

export interface Structure {
  readonly name: string;
  readonly doc: string;
  /** Domain separation tag, four ASCII characters. */
  readonly tag?: string;
  readonly key?: string;
  /** host: no card ever sees it. */
  readonly party?: 'host';
  /** Most bytes the design allows. */
  readonly limit?: number;
  readonly fields: readonly Field[];
}

export interface EnumValue {
  readonly name: string;
  readonly value: number;
  readonly doc: string;
}
export interface Enumeration {
  readonly name: string;
  readonly prefix?: string;
  readonly doc: string;
  readonly values: readonly EnumValue[];
}

export const ROLES = ['pos', 'load', 'perso'] as const;
export type Role = (typeof ROLES)[number];
export const LIFE_CYCLES = ['raw', 'active', 'expired', 'blocked', 'retired'] as const;
export type LifeCycle = (typeof LIFE_CYCLES)[number];
export type Protection = 'select' | 'plain' | 'protected';

export interface Command {
  readonly name: string;
  readonly ins: number;
  /** A fixed byte, the name of an enumeration, or any. */
  readonly p1: number | string;
  readonly p2: number | string;
  readonly protection: Protection;
  readonly doc: string;
  readonly request: readonly Field[];
  readonly response: readonly Field[];
  /** Life-cycle states in which a command outside a session may be sent. */
  readonly states?: readonly LifeCycle[];
  /** Protected commands: by role, the life-cycle states in which it is allowed. */
  readonly allow?: Partial<Readonly<Record<Role, readonly LifeCycle[]>>>;
  /** Only in a full session. */
  readonly full?: true;
  /** agreed: the one command of a session whose keys are agreed and not confirmed; ends: success ends the session. */
  readonly session?: 'agreed' | 'ends';
  /** What success does to money; absent: nothing. */
  readonly money?: string;
  /** What the design allows on the wire, by form of the message (purse.md's budget). */
  readonly limits?: Limits;
}
/** Most bytes of a data field on the wire, MAC and status included where protected. */
export interface Limits {
  readonly command?: number;
  readonly answer?: number;
}

export interface StatusWord {
  readonly sw: number;
  readonly mask?: number;
  readonly name: string;
  readonly meaning: string;
  readonly moved: 'no' | 'yes' | 'unknown' | 'as the command says';
  readonly action: string;
}

export interface NamedNumber {
  readonly name: string;
  readonly value: number;
  readonly doc: string;
}
export interface UnitOfValue {
  readonly code: number;
  readonly name: string;
  readonly digits: number;
  readonly symbol: string;
}
export interface Parameters {
  readonly aids: { readonly package: string; readonly applet: string };
  readonly applet: { readonly versionMajor: number; readonly versionMinor: number };
  readonly classes: { readonly interindustry: number; readonly plain: number; readonly protected: number };
  readonly constants: readonly NamedNumber[];
  readonly budgets: { readonly transientRam: number; readonly persistent: number; readonly commitBuffer: number };
  readonly install: { readonly structure: string };
  readonly units: readonly UnitOfValue[];
  readonly defaultUnits: readonly string[];
}

export interface DataObject {
  readonly tag: number;
  readonly name: string;
  readonly doc: string;
  readonly length?: number;
  readonly min?: number;
  readonly max?: number;
  /** May be left out of its template. */
  readonly optional?: true;
  /** The structure the value is. */
  readonly of?: string;
}
/** A primitive object's name, or a constructed object's name followed by its content: [name, [child, …]]. */
export type TemplateItem = string | Template;
export type Template = readonly TemplateItem[];
export interface Tlv {
  readonly tags: readonly DataObject[];
  readonly templates: Readonly<Record<string, Template>>;
  readonly profiles: Readonly<Record<string, number>>;
}

export const SESSIONS = ['none', 'presented', 'agreed', 'raw', 'full', 'resumed'] as const;
export type Session = (typeof SESSIONS)[number];
export const RULES = [
  'noKeys',
  'plainForProtected',
  'wrongMac',
  'notConfirmed',
  'confirmedTwice',
  'unknownInstruction',
  'blocked',
  'expired',
  'lifeCycle',
  'role',
  'fullSession',
] as const;
export type Rule = (typeof RULES)[number];

export interface Refusal {
  readonly rule: Rule;
  readonly when: string;
  readonly sw: string;
  readonly reason?: string;
  readonly where: 'clear' | 'inside';
}
export interface PlainCommand {
  readonly needs: 'any' | Session;
  readonly wrongState?: string;
  readonly wrongSession?: string;
  /** Whose role decides whether the session may open. */
  readonly role?: 'certificate' | 'pair';
  /** Life cycles that no pair outlives, of a role that may not open a session there. */
  readonly forgotten?: readonly LifeCycle[];
  /** Status word for a terminal without a pair. */
  readonly unknown?: string;
  readonly then: Session;
}
export interface Unreachable {
  readonly lifeCycles: readonly LifeCycle[];
  readonly sessions: readonly Session[];
  readonly roles?: readonly Role[];
  readonly why: string;
}
export interface States {
  readonly sessions: readonly { readonly name: Session; readonly doc: string }[];
  readonly plainCommands: Readonly<Record<string, PlainCommand>>;
  /** The command whose list says in which life-cycle states a role may open a session. */
  readonly opens: string;
  readonly refusals: readonly Refusal[];
  readonly unreachable: readonly Unreachable[];
  readonly moneyRefusals: Readonly<Record<string, string>>;
}

export interface Spec {
  readonly parameters: Parameters;
  readonly enums: readonly Enumeration[];
  readonly structures: readonly Structure[];
  readonly commands: readonly Command[];
  readonly statusWords: readonly StatusWord[];
  readonly states: States;
  readonly tlv: Tlv;
}

/** A defect of the specification; the message names the file's item and the rule it breaks. */
export class SpecError extends Error {
  override readonly name = 'SpecError';
}
