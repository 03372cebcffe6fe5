/** The run-time library: everything a generated program may call. It takes this object as its only parameter. */

import type { DebugHost, FrameLocals } from '../compile/debug-hooks.js';
import { BoxCell, distanceBetween, ElementCell, MemberCell, movedReference, sameReference } from './cells.js';
import { CoverageRecorder } from './coverage-recorder.js';
import { raise } from './fault.js';
import {
  bigToReal,
  divideBig,
  divideBigOrZero,
  divideNumber,
  divideNumberOrZero,
  divideReal,
  fitBig,
  fitNumber,
  fromBcd,
  remainderBig,
  remainderBigOrZero,
  remainderNumber,
  remainderNumberOrZero,
  rotateLeft,
  rotateLeftBig,
  roundReal,
  shiftLeft,
  shiftLeftBig,
  shiftRight,
  shiftRightBig,
  toBcd,
  wrapNumber,
} from './numbers.js';
import { find, formatReal, insert, left, mid, parseInteger, parseReal, remove, replace, right } from './strings.js';
import {
  dateFromParts,
  dayOfWeek,
  floorTo,
  formatDate,
  formatDateAndTime,
  formatDuration,
  formatTimeOfDay,
  NS_PER_DAY,
  parseDate,
  parseDuration,
  parseTimeOfDay,
} from './temporal.js';

const DAY = Number(NS_PER_DAY);
const TIME_SPAN_32 = 2 ** 32 * 1_000_000;

/** What a program reports to its simulation while it runs. */
export interface Host {
  /** Something that could not be compiled was reached: results are unknown from here on. */
  unknown(site: number): void;
  /** The mock of a function, when a test has set one. */
  mockOf(name: string): { calls: number; value: unknown } | undefined;
  /** Runs of each statement, by site; empty without coverage. */
  readonly hits: Uint32Array;
  /** Decisions and branches; left out without coverage. */
  readonly coverage?: CoverageRecorder;
  /** Left out unless a debugger looks on. */
  readonly debug?: DebugHost | undefined;
  /** An assertion of a test; throws when it fails. */
  assert(kind: string, site: number, values: readonly unknown[], message: string | null): void;
  mockFunction(name: string, value: unknown): void;
  verifyCalls(site: number, name: string, calls: number, expected: number | null): void;
}

type ArrayLike = { length: number; [index: number]: unknown };

/** Bounds of arrays for parameters declared ARRAY[*]: pairs of lower and upper limit per dimension. */
function boundsRegistry(): {
  $bounded: (array: ArrayLike, limits: readonly number[]) => ArrayLike;
  $openIndex: (array: ArrayLike, indices: readonly (number | bigint)[], site: number) => number;
  $bound: (array: ArrayLike, dimension: number | bigint, which: 0 | 1, site: number) => number;
} {
  const bounds = new WeakMap<ArrayLike, readonly number[]>();
  const limitsOf = (array: ArrayLike): readonly number[] => bounds.get(array) ?? [0, array.length - 1];
  return {
    $bounded: (array, limits) => {
      bounds.set(array, limits);
      return array;
    },
    $openIndex: (array, indices, site) => {
      const limits = limitsOf(array);
      let position = 0;
      indices.forEach((each, dimension) => {
        const lower = limits[2 * dimension] ?? 0;
        const upper = limits[2 * dimension + 1] ?? -1;
        position = position * (upper - lower + 1) + checkIndex(Number(each), lower, upper, site);
      });
      return position;
    },
    $bound: (array, dimension, which, site) => {
      const limit = limitsOf(array)[2 * (Number(dimension) - 1) + which];
      return limit ?? raise('index', site, `the array has no dimension ${dimension}`);
    },
  };
}

function checkIndex(index: number, lower: number, upper: number, site: number): number {
  if (index >= lower && index <= upper) return index - lower;
  return raise('index', site, `index ${index} is outside of the bounds ${lower}..${upper}`);
}

function setBits(word: number, from: number, count: number, value: number): number {
  const mask = count === 32 ? -1 : ((1 << count) - 1) << from;
  return (word & ~mask) | ((value << from) & mask);
}

function setBigBits(word: bigint, from: number, count: number, value: bigint): bigint {
  const mask = ((1n << BigInt(count)) - 1n) << BigInt(from);
  return (BigInt.asUintN(64, word) & ~mask) | ((value << BigInt(from)) & mask);
}

interface Copyable {
  copy(from: unknown): unknown;
}

/** Copies arrays element by element and objects by their own method: initial values and arguments by value. */
function assignDeep(to: ArrayLike | Copyable, from: ArrayLike | Copyable): void {
  if ('copy' in to && typeof to.copy === 'function') {
    to.copy(from);
    return;
  }
  const target = to as ArrayLike;
  const source = from as ArrayLike;
  for (let index = 0; index < target.length; index++) {
    const element = target[index];
    if (typeof element === 'object' && element !== null) assignDeep(element as ArrayLike, source[index] as ArrayLike);
    else target[index] = source[index];
  }
}

const REAL_BITS = new DataView(new ArrayBuffer(8));

type Ordered = number | bigint | string;

/** The first value that no other one beats. */
function extreme(values: readonly Ordered[], beats: (each: Ordered, best: Ordered) => boolean): Ordered {
  let best: Ordered = values[0] ?? 0;
  for (const each of values) if (beats(each, best)) best = each;
  return best;
}

function parseTemporal(text: string, kind: string): bigint {
  if (kind === 'time' || kind === 'ltime') return parseDuration(text) ?? 0n;
  return (kind.includes('time-of-day') ? parseTimeOfDay(text) : parseDate(text)) ?? 0n;
}

/** Printed into programs that a debugger looks at, and only there. */
function debugCalls(debug: DebugHost | undefined): Readonly<Record<`$${string}`, unknown>> {
  if (debug === undefined) return { $statement: () => undefined, $frame: () => undefined, $frameEnd: () => undefined };
  return {
    $statement: (site: number) => debug.statement(site),
    $frame: (frame: number, self: Record<string, unknown> | null, locals: FrameLocals) =>
      debug.enter(frame, self, locals),
    $frameEnd: () => debug.leave(),
  };
}

/** The functions by the names under which generated programs know them. */
export function runTimeLibrary(host: Host): Readonly<Record<`$${string}`, unknown>> {
  const recorder = host.coverage ?? new CoverageRecorder();
  return {
    $unknown: (site: number, initial: unknown) => {
      host.unknown(site);
      return initial;
    },
    $endless: (site: number) =>
      raise(
        'endless-loop',
        site,
        'the loop exceeds the iteration budget of one scan: on a controller the watchdog stops the task',
      ),
    $hits: host.hits,
    $enter: (decision: number) => recorder.enter(decision),
    $condition: (decision: number, index: number, value: boolean) => recorder.condition(decision, index, value),
    $decision: (decision: number, outcome: boolean) => recorder.decide(decision, outcome),
    $branch: (branch: number) => recorder.branch(branch),
    ...debugCalls(host.debug),
    $mockOf: (name: string) => host.mockOf(name),
    $mockFunction: (name: string, value: unknown) => host.mockFunction(name, value),
    $assert: (kind: string, site: number, message: string | null, ...values: unknown[]) =>
      host.assert(kind, site, values, message),
    $verifyCalls: (site: number, name: string, calls: number, expected: number | null) =>
      host.verifyCalls(site, name, calls, expected),
    $callsOf: (name: string) => host.mockOf(name)?.calls ?? 0,
    ...boundsRegistry(),
    $index: checkIndex,
    $outOfBounds: checkIndex,
    $noReference: (site: number) =>
      raise('null-reference', site, 'a null reference is used: assign it before, or check it'),
    $divideByZero: (site: number) => raise('division', site, 'division by zero'),
    $timeTooLong: (value: number, site: number) =>
      raise('overflow', site, `TIME ${value} ns lies beyond the 104 days that the simulator counts exactly`),
    $indexOfBig: (index: bigint) => Number(index),
    $known: (reference: unknown, site: number) =>
      reference ?? raise('null-reference', site, 'a null reference is used: assign it before, or check it'),
    $isSet: (reference: unknown) => reference !== null,
    $attempt: (object: { readonly types?: readonly string[] } | null, type: string) =>
      object?.types?.includes(type) === true ? object : null,
    $sameReference: sameReference,
    $moved: movedReference,
    $distance: distanceBetween,
    $BoxCell: BoxCell,
    $MemberCell: MemberCell,
    $ElementCell: ElementCell,
    $with: <T>(value: T, change: (value: T) => void): T => {
      change(value);
      return value;
    },
    $assign: assignDeep,
    $cloned: (from: ArrayLike, into: ArrayLike) => {
      assignDeep(into, from);
      return into;
    },
    $and: (a: boolean, b: boolean) => a && b,
    $or: (a: boolean, b: boolean) => a || b,
    $setBits: setBits,
    $setBigBits: setBigBits,

    $fitNumber: fitNumber,
    $fitBig: fitBig,
    $wrapNumber: wrapNumber,
    $divideNumber: divideNumber,
    $divideBig: divideBig,
    $divideNumberOrZero: divideNumberOrZero,
    $divideBigOrZero: divideBigOrZero,
    $divideReal: divideReal,
    $remainderNumber: remainderNumber,
    $remainderBig: remainderBig,
    $remainderNumberOrZero: remainderNumberOrZero,
    $remainderBigOrZero: remainderBigOrZero,
    $subrange: (value: number | bigint, lower: number | bigint, upper: number | bigint, site: number) =>
      value >= lower && value <= upper
        ? value
        : raise('subrange', site, `${value} is outside of the subrange ${lower}..${upper}`),
    $roundReal: roundReal,
    $realToBig: (value: number, isSigned: boolean) => {
      if (!Number.isFinite(value)) return 0n;
      return isSigned ? BigInt.asIntN(64, BigInt(value)) : BigInt.asUintN(64, BigInt(value));
    },
    $bigToReal: bigToReal,
    $bitsOfReal: (value: number) => {
      REAL_BITS.setFloat32(0, value);
      return REAL_BITS.getUint32(0);
    },
    $realOfBits: (value: number) => {
      REAL_BITS.setUint32(0, value);
      return REAL_BITS.getFloat32(0);
    },
    $bitsOfLreal: (value: number) => {
      REAL_BITS.setFloat64(0, value);
      return REAL_BITS.getBigUint64(0);
    },
    $lrealOfBits: (value: bigint) => {
      REAL_BITS.setBigUint64(0, value);
      return REAL_BITS.getFloat64(0);
    },
    $shl: shiftLeft,
    $shr: shiftRight,
    $rol: rotateLeft,
    $ror: (value: number, count: number, bits: number) => rotateLeft(value, -count, bits),
    $shlBig: shiftLeftBig,
    $shrBig: shiftRightBig,
    $rolBig: rotateLeftBig,
    $rorBig: (value: bigint, count: number) => rotateLeftBig(value, -count),
    $fromBcd: (value: number | bigint) => fromBcd(BigInt(value)),
    $toBcd: (value: number | bigint) => toBcd(BigInt(value)),
    $absBig: (value: bigint) => (value < 0n ? BigInt.asIntN(64, -value) : value),
    $maxOf: (...values: readonly (number | bigint | string)[]) => extreme(values, (each, best) => each > best),
    $minOf: (...values: readonly (number | bigint | string)[]) => extreme(values, (each, best) => each < best),
    $limit: <T>(lower: T, value: T, upper: T) => (value < lower ? lower : value > upper ? upper : value),
    $mux: (site: number, selector: number | bigint, ...inputs: unknown[]) => {
      const index = Number(selector);
      if (index < 0 || index >= inputs.length) raise('index', site, `MUX selects input ${index} of ${inputs.length}`);
      return inputs[index];
    },
    $select: <T>(selector: boolean, whenFalse: T, whenTrue: T) => (selector ? whenTrue : whenFalse),

    $time: (value: number, site: number) =>
      Math.abs(value) <= Number.MAX_SAFE_INTEGER
        ? value
        : raise('overflow', site, `TIME ${value} ns lies beyond the 104 days that the simulator counts exactly`),
    $wrapTime: (value: number) => {
      const rest = (value - (value % 1_000_000)) % TIME_SPAN_32;
      return rest < 0 ? rest + TIME_SPAN_32 : rest;
    },
    $wrapSignedTime: (value: number) => {
      const rest = (value - (value % 1_000_000)) % TIME_SPAN_32;
      if (rest >= TIME_SPAN_32 / 2) return rest - TIME_SPAN_32;
      return rest < -TIME_SPAN_32 / 2 ? rest + TIME_SPAN_32 : rest;
    },
    $divideTime: (value: number, divisor: number, site: number) =>
      divisor === 0 ? raise('division', site, 'TIME divided by zero') : Math.trunc(value / divisor),
    $divideLongTime: (value: bigint, divisor: number, site: number) =>
      divisor === 0 ? raise('division', site, 'LTIME divided by zero') : BigInt(Math.trunc(Number(value) / divisor)),
    $scaleBig: (value: bigint, factor: number) =>
      Number.isInteger(factor)
        ? BigInt.asIntN(64, value * BigInt(factor))
        : BigInt.asIntN(64, BigInt(Math.trunc(Number(value) * factor))),
    $timeOfDay: (value: number) => ((value % DAY) + DAY) % DAY,
    $longTimeOfDay: (value: bigint) => value - floorTo(value, NS_PER_DAY),
    $ofDay: (value: bigint) => value - floorTo(value, NS_PER_DAY),
    $midnight: (value: bigint) => floorTo(value, NS_PER_DAY),
    $wholeSeconds: (value: bigint) => floorTo(value, 1_000_000_000n),
    $floorSeconds: (value: bigint) => floorTo(value, 1_000_000_000n) / 1_000_000_000n,
    $date: (year: number, month: number, day: number) => dateFromParts(year, month, day),
    $dayOfWeek: dayOfWeek,
    $datePart: (value: bigint, part: 0 | 1 | 2) => Number(formatDate(value).split('-')[part] ?? 0),
    $formatDuration: formatDuration,
    $formatTimeOfDay: formatTimeOfDay,
    $formatDate: formatDate,
    $formatDateAndTime: formatDateAndTime,
    $parseTemporal: parseTemporal,

    $parseBool: (text: string) => text.trim().toUpperCase() === 'TRUE' || text.trim() === '1',
    $parseInteger: parseInteger,
    $parseReal: parseReal,
    $formatReal: formatReal,
    $len: (text: string) => text.length,
    $concat: (...texts: string[]) => texts.join(''),
    $left: left,
    $right: right,
    $mid: mid,
    $insert: insert,
    $delete: remove,
    $replace: replace,
    $find: find,
  };
}

/** The names that generated programs may use. */
export const RUN_TIME_NAMES: ReadonlySet<string> = new Set(
  Object.keys(
    runTimeLibrary({
      unknown: () => undefined,
      mockOf: () => undefined,
      hits: new Uint32Array(0),
      assert: () => undefined,
      mockFunction: () => undefined,
      verifyCalls: () => undefined,
    }),
  ),
);
