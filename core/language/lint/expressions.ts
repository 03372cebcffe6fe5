/** Small questions about expressions that several rules ask. */

import { carrierOf, traitsOf, valueTypeOf } from '../semantics/elementary-types.js';
import type { Type } from '../semantics/types.js';
import type { Expression, SourceFile, Span } from '../syntax/tree.js';
import { walk } from '../syntax/walk.js';

/** The expression without parentheses around it. */
export function bare(expression: Expression): Expression {
  let inner = expression;
  while (inner.kind === 'Parenthesized') inner = inner.expression;
  return inner;
}

export function textOf(file: SourceFile, span: Span): string {
  const text = file.text.slice(span.start, span.end).replace(/\s+/g, ' ');
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** The code of a node without comments, white space and case, so that two places can be compared. */
export function codeOf(file: SourceFile, span: Span): string {
  const text = file.text.slice(span.start, span.end);
  const isQuoted = /['"]/.test(text);
  const plain = isQuoted ? text.trim() : text.replace(/\/\/[^\n\r]*|\(\*[\s\S]*?\*\)/g, ' ').toUpperCase();
  return plain.replace(/\s+/g, isQuoted ? ' ' : '');
}

/** True when evaluating the expression twice may give two values: it calls something. */
export function hasCall(expression: Expression): boolean {
  let found = false;
  walk(expression, ({ kind }) => {
    found ||= kind === 'Call' || kind === 'AssignmentExpression' || kind === 'ErrorExpression';
    return found ? 'skip' : undefined;
  });
  return found;
}

/** Width of the elementary type that carries a value, in bits; 0 when it has none. */
export function widthOf(type: Type): number {
  const carrier = carrierOf(valueTypeOf(type));
  return carrier === null ? 0 : traitsOf(carrier).bits;
}
