/** Prints conversions between shapes as JavaScript. */

import type { ExecutionProfile } from './profile.js';
import { type IntegerShape, isBig, limitsOf, type Shape } from './shape.js';

/** JavaScript that wraps a number (an exact integer below 2^53) into an integer of up to 32 bits. */
export function wrapCode(code: string, shape: IntegerShape): string {
  switch (shape.bits) {
    case 8:
      return shape.isSigned ? `(${code} << 24 >> 24)` : `(${code} & 255)`;
    case 16:
      return shape.isSigned ? `(${code} << 16 >> 16)` : `(${code} & 65535)`;
    case 32:
      return shape.isSigned ? `(${code} | 0)` : `(${code} >>> 0)`;
    case 64:
      return shape.isSigned ? `BigInt.asIntN(64, ${code})` : `BigInt.asUintN(64, ${code})`;
  }
}

/** Fits the exact result of an operation into its integer type after the profile's overflow rule. */
export function fitCode(code: string, shape: IntegerShape, profile: ExecutionProfile, site: number): string {
  const overflow = profile.semantics.integerOverflow;
  if (overflow === 'wrap' || shape.isBitString) return wrapCode(code, shape);
  const { lower, upper } = limitsOf({ ...shape, range: null });
  if (shape.bits === 64) return `$fitBig(${code}, ${lower}n, ${upper}n, "${overflow}", ${site})`;
  return `$fitNumber(${code}, ${lower}, ${upper}, "${overflow}", ${site})`;
}

/** True when every value of `from` is a value of `to`. */
function fits(from: IntegerShape, to: IntegerShape): boolean {
  const inner = limitsOf(from);
  const outer = limitsOf(to);
  return inner.lower >= outer.lower && inner.upper <= outer.upper;
}

function integerToInteger(code: string, from: IntegerShape, to: IntegerShape, site: number): string {
  let converted: string;
  if (from.bits === 64 && to.bits === 64) {
    converted = from.isSigned === to.isSigned ? code : wrapCode(code, to);
  } else if (to.bits === 64) {
    converted = from.isSigned && !to.isSigned ? wrapCode(`BigInt(${code})`, to) : `BigInt(${code})`;
  } else if (from.bits === 64) {
    converted = `Number(BigInt.${to.isSigned ? 'asIntN' : 'asUintN'}(${to.bits}, ${code}))`;
  } else {
    converted = fits({ ...from, range: null }, { ...to, range: null }) ? code : wrapCode(code, to);
  }
  return checkRange(converted, from, to, site);
}

/** A subrange faults when it is given a value outside: silently clipping would hide a broken limit. */
function checkRange(code: string, from: IntegerShape | null, to: IntegerShape, site: number): string {
  if (to.range === null || (from !== null && fits(from, to))) return code;
  const suffix = to.bits === 64 ? 'n' : '';
  return `$subrange(${code}, ${to.range.lower}${suffix}, ${to.range.upper}${suffix}, ${site})`;
}

const BIG_TEMPORAL = new Set<Shape['kind']>(['ltime', 'ltime-of-day', 'ldate', 'ldate-and-time']);

/**
 * Durations and times of day convert to numbers in milliseconds, DATE and DATE_AND_TIME in seconds, the L-types in
 * nanoseconds.
 */
function temporalToBig(code: string, from: Shape): string {
  if (from.kind === 'time' || from.kind === 'time-of-day') return `BigInt(Math.trunc(${code} / 1000000))`;
  if (BIG_TEMPORAL.has(from.kind)) return code;
  return `$floorSeconds(${code})`;
}

/** Types of 32 bits take the low 32 bits of a number; where TIME has 64, only what it can't hold is refused. */
function bigToTemporal(code: string, to: Shape, profile: ExecutionProfile, site: number): string {
  const { width, isSigned } = profile.semantics.time;
  if (to.kind === 'time') {
    if (width === 64) return timeCode(`(Number(${code}) * 1000000)`, profile, site);
    return `(Number(BigInt.${isSigned ? 'asIntN' : 'asUintN'}(32, ${code})) * 1000000)`;
  }
  if (to.kind === 'time-of-day') return `Number($ofDay(${code} * 1000000n))`;
  if (to.kind === 'ltime-of-day') return `$longTimeOfDay(${code})`;
  if (BIG_TEMPORAL.has(to.kind)) return `BigInt.asIntN(64, ${code})`;
  return width === 32 ? `(BigInt.asUintN(32, ${code}) * 1000000000n)` : `BigInt.asIntN(64, ${code} * 1000000000n)`;
}

/** Keeps a TIME within what the profile's TIME can hold. */
export function timeCode(code: string, profile: ExecutionProfile, site: number): string {
  const { width, isSigned } = profile.semantics.time;
  if (width === 64) return `$time(${code}, ${site})`;
  return isSigned ? `$wrapSignedTime(${code})` : `$wrapTime(${code})`;
}

function temporalToTemporal(code: string, from: Shape, to: Shape, profile: ExecutionProfile, site: number): string {
  const nanoseconds = isBig(from) ? code : `BigInt(${code})`;
  switch (to.kind) {
    case 'time':
      return from.kind === 'time' ? code : timeCode(isBig(from) ? `Number(${code})` : code, profile, site);
    case 'ltime':
      return nanoseconds;
    case 'time-of-day': {
      if (!isBig(from)) return `$timeOfDay(${code})`;
      const step = profile.semantics.time.resolution;
      return step === 1n ? `Number($ofDay(${code}))` : `Number($ofDay(${code}) / ${step}n * ${step}n)`;
    }
    case 'ltime-of-day':
      return `$ofDay(${nanoseconds})`;
    case 'date':
    case 'ldate':
      return `$midnight(${nanoseconds})`;
    default:
      return to.kind === 'date-and-time' && from.kind !== to.kind ? `$wholeSeconds(${nanoseconds})` : nanoseconds;
  }
}

function toInteger(
  code: string,
  from: Shape,
  to: IntegerShape,
  profile: ExecutionProfile,
  site: number,
): string | null {
  switch (from.kind) {
    case 'bool':
      return to.bits === 64 ? `(${code} ? 1n : 0n)` : `(${code} ? 1 : 0)`;
    case 'real':
    case 'lreal': {
      if (to.isBitString && profile.bitStringToReal === 'bits') {
        if (from.kind === 'real' && to.bits === 32) return `$bitsOfReal(${code})`;
        if (from.kind === 'lreal' && to.bits === 64) return `$bitsOfLreal(${code})`;
      }
      const rounded = `$roundReal(${code}, "${profile.semantics.realToInteger}")`;
      if (to.bits === 64) return `$realToBig(${rounded}, ${to.isSigned})`;
      if (profile.semantics.integerOverflow === 'wrap' || to.isBitString)
        return `$wrapNumber(${rounded}, ${to.bits}, ${to.isSigned})`;
      return fitCode(rounded, to, profile, site);
    }
    case 'string':
      return to.bits === 64
        ? wrapCode(`$parseInteger(${code})`, to)
        : `Number(BigInt.${to.isSigned ? 'asIntN' : 'asUintN'}(${to.bits}, $parseInteger(${code})))`;
    default: {
      const big = temporalToBig(code, from);
      return to.bits === 64
        ? wrapCode(big, to)
        : `Number(BigInt.${to.isSigned ? 'asIntN' : 'asUintN'}(${to.bits}, ${big}))`;
    }
  }
}

function toReal(code: string, from: Shape, to: Shape, profile: ExecutionProfile): string | null {
  const single = to.kind === 'real';
  switch (from.kind) {
    case 'real':
      return code;
    case 'lreal':
      return `Math.fround(${code})`;
    case 'bool':
      return `(${code} ? 1 : 0)`;
    case 'integer':
      if (from.isBitString && profile.bitStringToReal === 'bits') {
        if (single && from.bits === 32) return `$realOfBits(${code})`;
        if (!single && from.bits === 64) return `$lrealOfBits(${code})`;
      }
      if (from.bits === 64) return single ? `$bigToReal(${code})` : `Number(${code})`;
      return single && from.bits === 32 ? `Math.fround(${code})` : code;
    case 'string':
      return single ? `Math.fround($parseReal(${code}))` : `$parseReal(${code})`;
    case 'time':
    case 'time-of-day':
      return single ? `Math.fround(${code} / 1000000)` : `(${code} / 1000000)`;
    default: {
      const big = temporalToBig(code, from);
      return single ? `$bigToReal(${big})` : `Number(${big})`;
    }
  }
}

function toText(code: string, from: Shape): string | null {
  switch (from.kind) {
    case 'bool':
      return `(${code} ? "TRUE" : "FALSE")`;
    case 'integer':
    case 'string':
      return from.kind === 'string' ? code : `String(${code})`;
    case 'real':
    case 'lreal':
      return `$formatReal(${code}, ${from.kind === 'real'})`;
    case 'time':
      return `("T#" + $formatDuration(BigInt(${code})))`;
    case 'ltime':
      return `("LTIME#" + $formatDuration(${code}))`;
    case 'time-of-day':
      return `("TOD#" + $formatTimeOfDay(BigInt(${code})))`;
    case 'ltime-of-day':
      return `("LTOD#" + $formatTimeOfDay(${code}))`;
    case 'date':
      return `("D#" + $formatDate(${code}))`;
    case 'ldate':
      return `("LDATE#" + $formatDate(${code}))`;
    case 'date-and-time':
      return `("DT#" + $formatDateAndTime(${code}))`;
    case 'ldate-and-time':
      return `("LDT#" + $formatDateAndTime(${code}))`;
    default:
      return null;
  }
}

function toTemporal(code: string, from: Shape, to: Shape, profile: ExecutionProfile, site: number): string | null {
  switch (from.kind) {
    case 'bool':
      return bigToTemporal(`(${code} ? 1n : 0n)`, to, profile, site);
    case 'integer':
      return bigToTemporal(from.bits === 64 ? code : `BigInt(${code})`, to, profile, site);
    case 'real':
    case 'lreal':
      if (to.kind === 'time') return timeCode(`Math.trunc(${code} * 1000000)`, profile, site);
      return bigToTemporal(
        `$realToBig($roundReal(${code}, "${profile.semantics.realToInteger}"), true)`,
        to,
        profile,
        site,
      );
    case 'string':
      return temporalToTemporal(`$parseTemporal(${code}, "${to.kind}")`, { kind: isBigText(to) }, to, profile, site);
    default:
      return temporalToTemporal(code, from, to, profile, site);
  }
}

function isBigText(to: Shape): 'ltime' | 'ltime-of-day' | 'ldate-and-time' {
  if (to.kind === 'time' || to.kind === 'ltime') return 'ltime';
  return to.kind === 'time-of-day' || to.kind === 'ltime-of-day' ? 'ltime-of-day' : 'ldate-and-time';
}

/** JavaScript that converts `code` from one shape to the other; null when there is no such conversion. */
export function convertCode(
  code: string,
  from: Shape,
  to: Shape,
  profile: ExecutionProfile,
  site: number,
): string | null {
  switch (to.kind) {
    case 'bool':
      if (from.kind === 'bool') return code;
      if (from.kind === 'integer') return from.bits === 64 ? `(${code} !== 0n)` : `(${code} !== 0)`;
      if (from.kind === 'real' || from.kind === 'lreal') return `(${code} !== 0)`;
      if (from.kind === 'string') return `$parseBool(${code})`;
      return isBig(from)
        ? `(${code} !== 0n)`
        : from.kind === 'time' || from.kind === 'time-of-day'
          ? `(${code} !== 0)`
          : null;
    case 'integer':
      if (from.kind === 'integer') return integerToInteger(code, from, to, site);
      if (from.kind === 'string' && from.isCharacter && to.isBitString) return `(${code}.charCodeAt(0) || 0)`;
      {
        const converted = isScalar(from) ? toInteger(code, from, to, profile, site) : null;
        return converted === null ? null : checkRange(converted, null, to, site);
      }
    case 'real':
    case 'lreal':
      return isScalar(from) ? toReal(code, from, to, profile) : null;
    case 'string': {
      if (to.isCharacter && from.kind === 'integer' && from.bits <= 16) return `String.fromCharCode(${code})`;
      const text = toText(code, from);
      if (text === null) return null;
      return from.kind === 'string' && from.length <= to.length ? text : `${text}.slice(0, ${to.length})`;
    }
    case 'reference':
      return from.kind === 'reference' || from.kind === 'interface' || from.kind === 'object' ? code : null;
    case 'interface':
      return from.kind === 'interface' || from.kind === 'object' || from.kind === 'reference' ? code : null;
    case 'object':
    case 'array':
      return from.kind === to.kind ? code : null;
    case 'void':
    case 'unknown':
      return null;
    default:
      return isScalar(from) ? toTemporal(code, from, to, profile, site) : null;
  }
}

function isScalar(shape: Shape): boolean {
  return !['array', 'object', 'reference', 'interface', 'void', 'unknown'].includes(shape.kind);
}
