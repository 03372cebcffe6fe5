/** Conversion functions, read from their names: IEC 61131-3 ed. 3, tables 22 to 27. */

import { elementaryNamed } from '../../language/semantics/elementary-types.js';
import type { Value } from '../compile/ir.js';
import { elementaryShape, LINT, LREAL, type Shape, ULINT } from '../compile/shape.js';
import { sourceText, unknownValue } from './context.js';
import { lowerAs, lowerValue } from './expressions.js';
import { as, input, type StandardCall } from './standard-call.js';
import { intrinsic } from './values.js';

/** `INT_TO_REAL`, `TO_INT`, `REAL_TRUNC_DINT`, `BCD_TO_UINT`, `UINT_TO_BCD_WORD` … */
export function lowerConversion(call: StandardCall): Value | null {
  const match = /^(?:(\w+?)_)?(TO_BCD|BCD_TO|TRUNC|ROUND|TO)_(\w+)$/.exec(call.name);
  if (match === null) return null;
  const [, source, verb = '', target = ''] = match;
  const to = namedShape(target.replace(/^BCD_/, ''), call);
  if (to === null || to.kind === 'unknown') return null;
  const isToBcd = verb === 'TO_BCD' || target.startsWith('BCD_');
  const isFromBcd = verb === 'BCD_TO' || source === 'BCD' || source?.endsWith('_BCD') === true;
  const from = source === undefined ? null : namedShape(source.replace(/_?BCD$/, ''), call);
  const argument = input(call, 0);
  if (argument === null) return null;
  const value =
    from === null || from.kind === 'unknown' ? lowerValue(call.scope, argument) : lowerAs(call.scope, argument, from);
  if (value.shape.kind === 'unknown') return value;
  if (isToBcd) return as(call, intrinsic('$toBcd', ULINT, [value]), to);
  if (isFromBcd) return as(call, intrinsic('$fromBcd', LINT, [value]), to);
  if (verb === 'TRUNC') return as(call, intrinsic('Math.trunc', LREAL, [as(call, value, LREAL)]), to);
  if (value.shape.kind === 'array' || value.shape.kind === 'object') {
    return unknownValue(
      call.scope,
      call.call,
      to,
      sourceText(call.scope, call.call),
      'arrays and structures have no conversion',
    );
  }
  return as(call, value, to);
}

function namedShape(word: string, call: StandardCall): Shape | null {
  if (word === '') return null;
  if (word === 'STRING' || word === 'WSTRING') {
    if (call.shape.kind === 'string') return { ...call.shape, isWide: word === 'WSTRING' };
    return {
      kind: 'string',
      isWide: word === 'WSTRING',
      isCharacter: false,
      length: call.scope.builder.profile.defaultStringLength,
    };
  }
  const type = elementaryNamed(word);
  return type === null || type.kind !== 'elementary' ? null : elementaryShape(type.name);
}
