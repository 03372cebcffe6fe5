/** Prints arithmetic operators: exact widths, overflow and division after the profile. */

import { fitCode, timeCode, wrapCode } from './emit-conversion.js';
import type { Value } from './ir.js';
import type { ExecutionProfile } from './profile.js';
import { type IntegerShape, isBig } from './shape.js';

type Arithmetic = Extract<Value, { op: 'arithmetic' }>;

/** JavaScript of an operator on operands that are printed already. */
export function arithmeticCode(value: Arithmetic, left: string, right: string, profile: ExecutionProfile): string {
  const { shape, operator, site } = value;
  switch (shape.kind) {
    case 'integer':
      return integerCode(shape, operator, left, right, value.right, profile, site);
    case 'real':
      return `Math.fround(${realCode(operator, left, right, profile, site)})`;
    case 'lreal':
      return realCode(operator, left, right, profile, site);
    case 'time':
      return timeArithmetic(operator, left, right, value, profile);
    case 'time-of-day':
      return `$timeOfDay(${left} ${operator} ${right})`;
    case 'ltime-of-day':
      return `$longTimeOfDay(${left} ${operator} ${right})`;
    default:
      if (operator === '/') return `$divideBig(${left}, ${right}, ${site})`;
      if (operator === 'MOD') return `$remainderBig(${left}, ${right}, ${site})`;
      if (operator === '*' && !isBig(value.right.shape)) return `$scaleBig(${left}, ${right})`;
      return `BigInt.asIntN(64, ${left} ${operator} ${right})`;
  }
}

function realCode(operator: string, left: string, right: string, profile: ExecutionProfile, site: number): string {
  if (operator === 'MOD') return `(${left} % ${right})`;
  if (operator === '/' && profile.semantics.realDivisionByZero === 'fault')
    return `$divideReal(${left}, ${right}, ${site})`;
  return `(${left} ${operator} ${right})`;
}

/** TIME with a factor or divisor that is a number: the result is cut to whole nanoseconds. */
function timeArithmetic(
  operator: string,
  left: string,
  right: string,
  value: Arithmetic,
  profile: ExecutionProfile,
): string {
  if (operator === '/') return timeCode(`$divideTime(${left}, ${right}, ${value.site})`, profile, value.site);
  if (operator === 'MOD') return `$remainderNumber(${left}, ${right}, ${value.site})`;
  if (operator === '*') return timeCode(`Math.trunc(${left} * ${right})`, profile, value.site);
  return timeCode(`${left} ${operator} ${right}`, profile, value.site);
}

function integerCode(
  shape: IntegerShape,
  operator: string,
  left: string,
  right: string,
  divisor: Value,
  profile: ExecutionProfile,
  site: number,
): string {
  const { integerOverflow, divisionByZero } = profile.semantics;
  const fitted = (code: string): string => fitCode(code, shape, profile, site);
  if (operator === '/' || operator === 'MOD') {
    const isNonZero = divisor.op === 'constant' && Number(divisor.value) !== 0;
    if (isNonZero && shape.bits === 64) return fitted(`(${left} ${operator === '/' ? '/' : '%'} ${right})`);
    if (isNonZero && (operator === 'MOD' || integerOverflow === 'wrap')) {
      return wrapCode(`(${left} ${operator === '/' ? '/' : '%'} ${right})`, shape);
    }
    const name = operator === '/' ? '$divide' : '$remainder';
    const suffix = `${shape.bits === 64 ? 'Big' : 'Number'}${divisionByZero === 'zero' ? 'OrZero' : ''}`;
    return fitted(`${name}${suffix}(${left}, ${right}, ${site})`);
  }
  if (operator === '*' && shape.bits === 32 && integerOverflow === 'wrap') {
    return shape.isSigned ? `Math.imul(${left}, ${right})` : `(Math.imul(${left}, ${right}) >>> 0)`;
  }
  // A 32 bit product that a double can't hold exactly lies outside of the type anyway, so fitting it is exact.
  return fitted(`(${left} ${operator} ${right})`);
}
