/**
 * Integer and floating-point arithmetic that JavaScript does not have as an operator. Addition, subtraction and bit
 * operations of 8 to 32 bits are printed inline by the emitter; here is what needs a decision or a fault.
 */

import { raise } from './fault.js';

export type OverflowBehaviour = 'wrap' | 'saturate' | 'fault';
/** How REAL becomes an integer: IEC rounds half to even, some controllers half away from zero, some truncate. */
export type Rounding = 'half-even' | 'half-away' | 'truncate';

/** A double in 0 … 2^bits-1 or the signed range, congruent modulo 2^bits. `value` must be an integer. */
export function wrapNumber(value: number, bits: number, isSigned: boolean): number {
  if (Number.isSafeInteger(value)) {
    const modulus = 2 ** bits;
    const rest = value % modulus;
    const positive = rest < 0 ? rest + modulus : rest;
    // `+ 0` turns the -0 of a truncated fraction into 0: integers have one zero.
    return (isSigned && positive >= modulus / 2 ? positive - modulus : positive) + 0;
  }
  if (!Number.isFinite(value)) return 0;
  return Number(isSigned ? BigInt.asIntN(bits, BigInt(value)) : BigInt.asUintN(bits, BigInt(value)));
}

/** Fits an exact integer result into its type, as the profile says. */
export function fitNumber(
  value: number,
  lower: number,
  upper: number,
  behaviour: Exclude<OverflowBehaviour, 'wrap'>,
  site: number,
): number {
  if (value >= lower && value <= upper) return value + 0;
  if (behaviour === 'saturate') return value < lower ? lower : value > upper ? upper : 0;
  return raise('overflow', site, `the result ${value} does not fit ${lower}..${upper}`);
}

/** As `fitNumber`, for 64 bits. */
export function fitBig(
  value: bigint,
  lower: bigint,
  upper: bigint,
  behaviour: Exclude<OverflowBehaviour, 'wrap'>,
  site: number,
): bigint {
  if (value >= lower && value <= upper) return value;
  if (behaviour === 'saturate') return value < lower ? lower : upper;
  return raise('overflow', site, `the result ${value} does not fit ${lower}..${upper}`);
}

/** Quotient rounded toward zero, as an exact double; the caller fits it to its type. */
export function divideNumber(dividend: number, divisor: number, site: number): number {
  if (divisor === 0) raise('division', site, 'division by zero');
  return Math.trunc(dividend / divisor);
}

/** Remainder with the sign of the dividend. */
export function remainderNumber(dividend: number, divisor: number, site: number): number {
  if (divisor === 0) raise('division', site, 'MOD by zero');
  return (dividend % divisor) + 0;
}

export function divideBig(dividend: bigint, divisor: bigint, site: number): bigint {
  if (divisor === 0n) raise('division', site, 'division by zero');
  return dividend / divisor;
}

export function remainderBig(dividend: bigint, divisor: bigint, site: number): bigint {
  if (divisor === 0n) raise('division', site, 'MOD by zero');
  return dividend % divisor;
}

/** Rounds a double to an integral double. NaN and infinities stay. */
export function roundReal(value: number, rounding: Rounding): number {
  switch (rounding) {
    case 'truncate':
      return Math.trunc(value);
    case 'half-away': {
      const below = Math.trunc(value);
      return Math.abs(value - below) >= 0.5 ? below + Math.sign(value) : below;
    }
    case 'half-even': {
      const below = Math.floor(value);
      const fraction = value - below;
      if (fraction < 0.5) return below;
      if (fraction > 0.5) return below + 1;
      return below % 2 === 0 ? below : below + 1;
    }
  }
}

/**
 * A bigint as the nearest single. Going through a double would round twice, so the low bits are folded into one
 * sticky bit first.
 */
export function bigToReal(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  const excess = magnitude.toString(2).length - 50;
  if (excess <= 0) return Math.fround(Number(value));
  const shift = BigInt(excess);
  const kept = magnitude >> shift;
  const sticky = magnitude & ((1n << shift) - 1n) ? 1n : 0n;
  const rounded = Math.fround(Number(kept | sticky)) * 2 ** excess;
  return value < 0n ? -rounded : rounded;
}

/** What controllers do that set an error flag and go on. */
export function divideNumberOrZero(dividend: number, divisor: number): number {
  return divisor === 0 ? 0 : Math.trunc(dividend / divisor);
}

export function remainderNumberOrZero(dividend: number, divisor: number): number {
  return divisor === 0 ? 0 : (dividend % divisor) + 0;
}

export function divideBigOrZero(dividend: bigint, divisor: bigint): bigint {
  return divisor === 0n ? 0n : dividend / divisor;
}

export function remainderBigOrZero(dividend: bigint, divisor: bigint): bigint {
  return divisor === 0n ? 0n : dividend % divisor;
}

export function divideReal(dividend: number, divisor: number, site: number): number {
  if (divisor === 0) raise('division', site, 'REAL division by zero');
  return dividend / divisor;
}

/** Shift of a bit string of up to 32 bits. IEC: what is shifted out is lost, zeros come in, a count >= width gives 0. */
export function shiftLeft(value: number, count: number, bits: number): number {
  if (count < 0 || count >= bits) return 0;
  return Number(BigInt.asUintN(bits, BigInt(value) << BigInt(count)));
}

export function shiftRight(value: number, count: number, bits: number): number {
  if (count < 0 || count >= bits) return 0;
  return Number(BigInt.asUintN(bits, BigInt(value)) >> BigInt(count));
}

export function shiftLeftBig(value: bigint, count: number): bigint {
  return count < 0 || count >= 64 ? 0n : BigInt.asUintN(64, value << BigInt(count));
}

export function shiftRightBig(value: bigint, count: number): bigint {
  return count < 0 || count >= 64 ? 0n : BigInt.asUintN(64, value) >> BigInt(count);
}

/** Rotation of an 8, 16 or 32 bit string; `value` must be in its unsigned range. */
export function rotateLeft(value: number, count: number, bits: number): number {
  const turn = ((count % bits) + bits) % bits;
  if (turn === 0) return value;
  if (bits === 32) return ((value << turn) | (value >>> (32 - turn))) >>> 0;
  return ((value << turn) | (value >>> (bits - turn))) & (2 ** bits - 1);
}

export function rotateLeftBig(value: bigint, count: number): bigint {
  const turn = BigInt(((count % 64) + 64) % 64);
  const unsigned = BigInt.asUintN(64, value);
  return BigInt.asUintN(64, (unsigned << turn) | (unsigned >> (64n - turn)));
}

/** Packed decimal to number; a digit above 9 counts as it stands. */
export function fromBcd(value: bigint): bigint {
  let result = 0n;
  let weight = 1n;
  for (let rest = value; rest > 0n; rest >>= 4n) {
    result += (rest & 15n) * weight;
    weight *= 10n;
  }
  return result;
}

export function toBcd(value: bigint): bigint {
  let result = 0n;
  let shift = 0n;
  for (let rest = value < 0n ? -value : value; rest > 0n; rest /= 10n) {
    result |= (rest % 10n) << shift;
    shift += 4n;
  }
  return result;
}
