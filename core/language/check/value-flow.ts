/** Values on the ways through a body: results, outputs and temporary variables that are not always written. */

import type { FlowModel } from '../flow/accesses.js';
import { analyseAssignment } from '../flow/definite-assignment.js';
import { constantOfChecked } from '../semantics/constants.js';
import { isUnknown } from '../semantics/elementary-types.js';
import { createModel } from '../semantics/facts.js';
import { keyOf, type VariableSymbol } from '../semantics/symbols.js';
import type { StatementList } from '../syntax/tree.js';
import { type CheckContext, declaredAt, report } from './context.js';

/** The model of the unit that is being checked. */
export function flowModelOf({ index }: CheckContext): FlowModel {
  return createModel(index.facts, (expression) => constantOfChecked(index, expression));
}

/** Checks a body after its statements: their symbols and types must be known. */
export function checkValueFlow(context: CheckContext, body: StatementList): void {
  const { result, variables } = context.unit;
  const own = [...variables.values()].filter(isFollowed);
  const isCalledFresh = endsWithCall(context);
  const outputs = isCalledFresh ? own.filter(({ scope }) => scope === 'output') : [];
  const temporary = own.filter(
    ({ sectionKind, initializer }) =>
      initializer === null && (sectionKind === 'VAR_TEMP' || (isCalledFresh && sectionKind === 'VAR')),
  );
  const tracked = new Set([...outputs, ...temporary]);
  if (result !== null && isFollowed(result)) tracked.add(result);
  if (tracked.size === 0) return;
  const analysis = analyseAssignment(flowModelOf(context), body, tracked, result);
  if (analysis === null) return;
  const { earlyReads, assignedAtEnd, assignedSomewhere } = analysis;
  const isPartly = (symbol: VariableSymbol): boolean => assignedSomewhere.has(symbol) && !assignedAtEnd.has(symbol);
  if (result !== null && isPartly(result) && context.unit.symbol?.site?.file === context.file)
    report(
      context,
      'PW4018',
      context.unit.symbol.site.identifier,
      `"${context.unit.symbol.name}" has no result on some ways through it. Assign it at the start, or on every way.`,
    );
  for (const output of outputs)
    if (isPartly(output) && output.initializer === null && output.site !== null)
      report(
        context,
        'PW4021',
        output.site.identifier,
        `The output "${output.name}" is not written on every way. Assign it at the start.`,
      );
  for (const { symbol, node, certainty } of earlyReads) {
    if (!temporary.includes(symbol) || symbol.isConstant) continue;
    if (certainty === 'never-written')
      report(
        context,
        'PW4019',
        node,
        `"${symbol.name}" is read here, and nothing has written it. Give it a value first.`,
        declaredAt(symbol),
      );
    else
      report(
        context,
        'PW4020',
        node,
        `"${symbol.name}" may be read here before it is written: not every way to this place gives it a value.`,
        declaredAt(symbol),
      );
  }
}

/** Variables of one value: a structure or array is written piece by piece. */
function isFollowed({ type, location }: VariableSymbol): boolean {
  if (location !== null || isUnknown(type)) return false;
  return type.kind === 'elementary' || type.kind === 'string' || type.kind === 'enum' || type.kind === 'subrange';
}

/** True for functions and methods, whose variables begin anew with every call. */
function endsWithCall({ unit }: CheckContext): boolean {
  const { kind, symbol } = unit;
  if (symbol !== null && /^FB_(INIT|EXIT|REINIT)$/.test(keyOf(symbol.name))) return false;
  return kind === 'method' || (kind === 'pou' && unit.pou?.pouKind === 'function');
}
