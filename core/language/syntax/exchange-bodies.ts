/** Keeps the nodes of a declaration whose header is as before, and gives them the bodies of the edited text. */

import type {
  Action,
  Body,
  Declaration,
  GlobalVariableList,
  Method,
  Pou,
  PropertyAccessor,
  Span,
  StatementList,
  TestCase,
  TestFixture,
  VariableDeclaration,
  VariableSection,
} from './tree.js';
import type { SyntaxNode } from './walk.js';

/** What owns a body that can be exchanged. */
export type BodyOwner = Pou | Method | PropertyAccessor | Action | TestFixture | TestCase;

/** A body that an edit exchanged: `owner.body` is the new one. */
export interface ExchangedBody {
  readonly owner: BodyOwner;
  readonly before: Body;
}

const OWNERS: ReadonlySet<string> = new Set<BodyOwner['kind']>([
  'Pou',
  'Method',
  'PropertyAccessor',
  'Action',
  'TestFixture',
  'TestCase',
]);

type Fields = Readonly<Record<string, unknown>>;

/** Variable sections of a POU that an edit exchanged: `owner.sections` are the new ones. */
export interface ExchangedSections {
  readonly owner: Pou;
  readonly before: readonly VariableSection[];
}

/** Variables of a list that an edit exchanged; all others of the list keep their nodes. */
export interface ExchangedGlobals {
  readonly list: GlobalVariableList;
  readonly removed: readonly VariableDeclaration[];
  /** New variables in copies of their sections. */
  readonly added: readonly VariableSection[];
}

/** What an edit exchanged in a file. Declarations that are not named here stay. */
export interface Exchange {
  readonly bodies: ExchangedBody[];
  readonly sections: ExchangedSections[];
  readonly globals: ExchangedGlobals[];
  readonly removed: Declaration[];
  readonly added: Declaration[];
}

export function emptyExchange(): Exchange {
  return { bodies: [], sections: [], globals: [], removed: [], added: [] };
}

/** True when two declarations differ in nothing but statements of bodies, variables of the POU itself, comments and white space. */
export function hasSameSignature(before: Declaration, after: Declaration): boolean {
  return isSame(
    before,
    after,
    (key, left, right) =>
      (key === 'body' && isExchangeable(left, right)) || (key === 'sections' && left['kind'] === 'Pou'),
  );
}

/** True when two declarations differ in nothing but comments, white space and their place. */
export function isSameThroughout(before: Declaration, after: Declaration): boolean {
  return isSameTree(before, after);
}

/** True when two trees differ in nothing but their places. */
export function isSameTree(before: unknown, after: unknown): boolean {
  return isSame(before, after, () => false);
}

function isSame(
  before: unknown,
  after: unknown,
  isLeftOut: (key: string, before: Fields, after: Fields) => boolean,
): boolean {
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null)
    return Object.is(before, after);
  if (Array.isArray(before)) {
    if (!Array.isArray(after) || before.length !== after.length) return false;
    return before.every((one, position) => isSame(one, after[position], isLeftOut));
  }
  const [left, right] = [before as Fields, after as Fields];
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => {
    if (key === 'start' || key === 'end') return true;
    if (isLeftOut(key, left, right)) return true;
    return key in right && isSame(left[key], right[key], isLeftOut);
  });
}

/** Statements can be exchanged; a chart declares steps. Whether an accessor is empty is a part of its declaration. */
function isExchangeable(before: Fields, after: Fields): boolean {
  const [left, right] = [before['body'] as Body, after['body'] as Body];
  if (!OWNERS.has(String(before['kind'])) || left.kind !== 'StatementList' || right.kind !== 'StatementList')
    return false;
  return before['kind'] !== 'PropertyAccessor' || isEmpty(left) === isEmpty(right);
}

function isEmpty(list: StatementList): boolean {
  return list.statements.length === 0;
}

/** Moves the nodes of `before` to where those of `after` stand; the two must be the same throughout. */
export function adoptPlaces<T extends SyntaxNode>(before: T, after: T): void {
  adopt(before as unknown as Fields, after as unknown as Fields, null);
}

/** Moves the nodes of `before` to where those of `after` stand and gives them their bodies and sections; signatures must be the same. */
export function adoptHeader(before: Declaration, after: Declaration, exchange: Exchange): void {
  if (before.kind === 'Pou' && after.kind === 'Pou' && !isSameTree(before.sections, after.sections)) {
    exchange.sections.push({ owner: before, before: before.sections });
    (before as { sections: Pou['sections'] }).sections = after.sections;
  }
  adopt(before as unknown as Fields, after as unknown as Fields, exchange.bodies);
}

function adopt(before: Fields, after: Fields, bodies: ExchangedBody[] | null): void {
  const target = before as Record<string, unknown> & Partial<Span>;
  for (const key of Object.keys(before)) {
    const [left, right] = [before[key], after[key]];
    if (bodies !== null && key === 'body' && isExchangeable(before, after)) {
      bodies.push({ owner: before as unknown as BodyOwner, before: left as Body });
      target[key] = right;
    } else if (key === 'pragmas' || typeof left !== 'object' || left === null) target[key] = right;
    else if (Array.isArray(left)) {
      if (left === right) continue;
      for (const [position, one] of left.entries())
        if (typeof one === 'object' && one !== null) adopt(one, (right as readonly Fields[])[position] ?? {}, bodies);
    } else if (left !== right) adopt(left as Fields, right as Fields, bodies);
  }
}
