/** Who may use a member: PRIVATE, PROTECTED and PUBLIC. IEC 61131-3 ed. 3, 6.6.5.6 and table 50. */

import type { CodeSymbol, PouSymbol } from '../semantics/symbols.js';
import { derivesFrom } from '../semantics/type-relations.js';
import type { Modifiers, Span } from '../syntax/tree.js';
import { type CheckContext, declaredAt, report } from './context.js';

/** The word before a method or property, or that of the VAR section of a variable; null without one. */
export function accessOf(symbol: CodeSymbol): Modifiers['access'] {
  if (symbol.kind === 'method' || symbol.kind === 'property') return symbol.declaration?.modifiers.access ?? null;
  if (symbol.kind !== 'variable' || symbol.owner?.kind !== 'pou') return null;
  const { declaration } = symbol;
  if (declaration === null) return null;
  return symbol.owner.declaration?.sections.find(({ variables }) => variables.includes(declaration))?.access ?? null;
}

/** Reports a member that may not be used here; true when it did. */
export function reportHidden(context: CheckContext, at: Span, symbol: CodeSymbol): boolean {
  const { unit } = context;
  const access = accessOf(symbol);
  if (access !== 'private' && access !== 'protected') return false;
  if (unit.kind === 'test' || unit.kind === 'fixture' || unit.kind === 'declarations') return false;
  const owner = 'owner' in symbol && symbol.owner?.kind === 'pou' ? symbol.owner : null;
  if (owner === null || mayUse(unit.pou, owner, access)) return false;
  report(
    context,
    'PW3043',
    at,
    `"${symbol.name}" of ${owner.name} is ${access.toUpperCase()} and can't be used ${access === 'private' ? 'in another block' : 'from outside'}.`,
    declaredAt(symbol),
  );
  return true;
}

/** PRIVATE is for the block itself, PROTECTED also for those that extend it. */
function mayUse(inside: PouSymbol | null, owner: PouSymbol, access: 'private' | 'protected'): boolean {
  if (inside === null) return false;
  return access === 'private' ? inside === owner : derivesFrom(inside, owner) || derivesFrom(owner, inside);
}
