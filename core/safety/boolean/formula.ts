/**
 * Boolean expressions as formulas over memory: atoms are locations, so that `ok` in one instance and `ok` in another
 * are different and `GVL.ok` is the same everywhere. What is not Boolean (comparisons, calls) is an atom of its own.
 */

import type { Project } from '../../language/semantics/model.js';
import { keyOf } from '../../language/semantics/symbols.js';
import type { Call, Expression } from '../../language/syntax/tree.js';
import type { Location } from '../dataflow/location.js';
import type { Frame, ScanTrace } from '../dataflow/trace.js';

export type Formula =
  | { readonly kind: 'constant'; readonly value: boolean }
  | Atom
  | { readonly kind: 'not'; readonly operand: Formula }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Formula[] };

export interface Atom {
  readonly kind: 'atom';
  readonly key: string;
  /** Null for comparisons, calls and the like. */
  readonly location: Location | null;
  readonly expression: Expression;
  /** Locations that the atom reads. */
  readonly reads: readonly Location[];
}

export interface FormulaSource {
  readonly project: Project;
  readonly trace: ScanTrace;
}

/** The formula of an expression, seen from an activation. Constants are not folded away: rules look for them. */
export function formulaOf(expression: Expression, frame: Frame, source: FormulaSource): Formula {
  const { model } = source.project;
  const of = (part: Expression): Formula => formulaOf(part, frame, source);
  const begun = source.trace.inlined.get(expression);
  if (begun !== undefined) return of(begun);
  switch (expression.kind) {
    case 'Parenthesized':
      return of(expression.expression);
    case 'Literal':
      if (typeof expression.value === 'boolean') return { kind: 'constant', value: expression.value };
      break;
    case 'Unary':
      if (expression.operator === 'NOT') return negate(of(expression.operand));
      break;
    case 'Binary': {
      const { operator } = expression;
      const type = model.operandTypeOf(expression);
      const isBoolean = type.kind !== 'elementary' || ['BOOL', 'SAFEBOOL', 'BIT'].includes(type.name);
      if (!isBoolean) break;
      if (operator === 'AND' || operator === 'AND_THEN')
        return join('and', [of(expression.left), of(expression.right)]);
      if (operator === 'OR' || operator === 'OR_ELSE') return join('or', [of(expression.left), of(expression.right)]);
      if (operator === 'XOR' || operator === '<>' || operator === '=') {
        if (type.kind !== 'elementary') break;
        const left = of(expression.left);
        const right = of(expression.right);
        const differ = join('or', [join('and', [left, negate(right)]), join('and', [negate(left), right])]);
        return operator === '=' ? negate(differ) : differ;
      }
      break;
    }
    default:
      break;
  }
  const constant = model.constantOf(expression);
  if (typeof constant === 'boolean') return { kind: 'constant', value: constant };
  if (expression.kind === 'Call') {
    const selected = selection(expression, frame, source);
    if (selected !== null) return selected;
  }
  const place = source.trace.places.placeOf(expression, frame);
  const [only] = place?.locations ?? [];
  const result = source.trace.resultOf(expression, frame);
  const location = result ?? (place?.isCertain === true && only !== undefined ? only : null);
  const reads: Location[] = [];
  return {
    kind: 'atom',
    key: location ?? valueKey(expression, frame, source, reads),
    location,
    expression,
    reads: location === null ? reads : [location],
  };
}

/** `SEL(g, a, b)` of Booleans and `MOVE(a)`: the library functions that only pass values on. */
function selection(call: Call, frame: Frame, source: FormulaSource): Formula | null {
  const name = call.callee.kind === 'Name' ? keyOf(call.callee.name.name) : '';
  const argument = (parameter: string, position: number): Expression | null =>
    call.arguments.find((candidate) => candidate.name !== null && keyOf(candidate.name.name) === parameter)?.value ??
    (call.arguments[position]?.name === null ? (call.arguments[position]?.value ?? null) : null);
  if (name === 'MOVE') {
    const moved = argument('IN', 0);
    return moved === null ? null : formulaOf(moved, frame, source);
  }
  if (name !== 'SEL') return null;
  const [selector, whenFalse, whenTrue] = [argument('G', 0), argument('IN0', 1), argument('IN1', 2)];
  if (selector === null || whenFalse === null || whenTrue === null) return null;
  const type = source.project.model.typeOf(whenTrue);
  if (type.kind !== 'elementary' || (type.name !== 'BOOL' && type.name !== 'SAFEBOOL')) return null;
  const chosen = formulaOf(selector, frame, source);
  return join('or', [
    join('and', [chosen, formulaOf(whenTrue, frame, source)]),
    join('and', [negate(chosen), formulaOf(whenFalse, frame, source)]),
  ]);
}

export function negate(formula: Formula): Formula {
  if (formula.kind === 'constant') return { kind: 'constant', value: !formula.value };
  return formula.kind === 'not' ? formula.operand : { kind: 'not', operand: formula };
}

export function join(kind: 'and' | 'or', operands: readonly Formula[]): Formula {
  return { kind, operands: operands.flatMap((operand) => (operand.kind === kind ? operand.operands : [operand])) };
}

/** The same formula with negations at the atoms only. */
export function negationNormalForm(formula: Formula, isPositive = true): Formula {
  switch (formula.kind) {
    case 'constant':
      return isPositive ? formula : { kind: 'constant', value: !formula.value };
    case 'atom':
      return isPositive ? formula : { kind: 'not', operand: formula };
    case 'not':
      return negationNormalForm(formula.operand, !isPositive);
    default: {
      const kind = isPositive ? formula.kind : formula.kind === 'and' ? 'or' : 'and';
      return join(
        kind,
        formula.operands.map((operand) => negationNormalForm(operand, isPositive)),
      );
    }
  }
}

/** Every atom with the sense in which it occurs. */
export function atomsOf(formula: Formula, isPositive = true): { atom: Atom; isPositive: boolean }[] {
  switch (formula.kind) {
    case 'constant':
      return [];
    case 'atom':
      return [{ atom: formula, isPositive }];
    case 'not':
      return atomsOf(formula.operand, !isPositive);
    default:
      return formula.operands.flatMap((operand) => atomsOf(operand, isPositive));
  }
}

/** The formula with constants folded: `x AND FALSE` is FALSE. */
export function simplify(formula: Formula): Formula {
  switch (formula.kind) {
    case 'not':
      return negate(simplify(formula.operand));
    case 'and':
    case 'or': {
      const absorbing = formula.kind === 'or';
      const operands = formula.operands.map(simplify);
      if (operands.some((operand) => operand.kind === 'constant' && operand.value === absorbing))
        return { kind: 'constant', value: absorbing };
      const rest = operands.filter((operand) => operand.kind !== 'constant');
      const [first, second] = rest;
      if (first === undefined) return { kind: 'constant', value: !absorbing };
      return second === undefined ? first : join(formula.kind, rest);
    }
    default:
      return formula;
  }
}

/** A text for any value, with locations instead of names: equal keys are equal values at one moment. */
export function valueKey(expression: Expression, frame: Frame, source: FormulaSource, reads: Location[]): string {
  const key = (part: Expression): string => valueKey(part, frame, source, reads);
  const constant = source.project.model.constantOf(expression);
  if (constant !== null) return `#${String(constant)}`;
  const place = source.trace.places.placeOf(expression, frame);
  if (place !== null) {
    reads.push(...place.locations);
    const suffix = expression.kind === 'Partial' ? `.%${expression.size}${expression.index}` : '';
    return `${place.locations.join('|')}${suffix}${place.isCertain || suffix !== '' ? '' : indexText(expression, key)}`;
  }
  switch (expression.kind) {
    case 'Parenthesized':
      return key(expression.expression);
    case 'Unary':
      return `${expression.operator}(${key(expression.operand)})`;
    case 'Binary': {
      const left = key(expression.left);
      const right = key(expression.right);
      if (expression.operator === '>') return `(${right} < ${left})`;
      if (expression.operator === '>=') return `(${right} <= ${left})`;
      const isCommutative = ['=', '<>', '+', '*', 'AND', 'OR', 'XOR'].includes(expression.operator);
      return `(${(isCommutative ? [left, right].sort() : [left, right]).join(` ${expression.operator} `)})`;
    }
    case 'Call': {
      const name = expression.callee.kind === 'Name' ? keyOf(expression.callee.name.name) : key(expression.callee);
      return `${name}(${expression.arguments.map((argument) => `${argument.name === null ? '' : keyOf(argument.name.name)}:${argument.value === null ? '' : key(argument.value)}`).join(',')})`;
    }
    case 'Literal':
      return `${expression.literalKind}#${String(expression.value)}`;
    case 'Name':
      return keyOf(expression.name.name);
    case 'Member':
      return `${key(expression.object)}.${keyOf(expression.member.name)}`;
    default:
      return `${expression.kind}@${frame.file.text.slice(expression.start, expression.end).replace(/\s+/g, ' ')}`;
  }
}

function indexText(expression: Expression, key: (part: Expression) => string): string {
  return expression.kind === 'Index' ? `{${expression.indices.map(key).join(',')}}` : '';
}
