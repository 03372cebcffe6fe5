/** Failures of signals: what a controller sees in place of the true value (fault model of scenarios). */

import { limitsOf, type Shape } from './compile/shape.js';
import type { RandomSource } from './random.js';
import { durationNs, type FaultName, type ScenarioFault } from './scenario-file.js';
import { fromInput, type RunTimeValue } from './values.js';

/** Turns the true value of a signal into the one that is seen. `elapsedNs` counts from the start of the fault. */
export type Distortion = (trueValue: RunTimeValue, elapsedNs: number) => RunTimeValue;

interface FaultInput {
  readonly fault: ScenarioFault;
  readonly shape: Shape;
  /** Value of the signal when the fault begins. */
  readonly initial: RunTimeValue;
  readonly cycleNs: number;
  readonly random: RandomSource;
}

type Maker = (input: FaultInput) => Distortion | { readonly problem: string };

/** The kinds that change the controller instead of a signal. */
export const CONTROLLER_FAULTS: ReadonlySet<FaultName> = new Set(['overrun', 'clock_jump']);

function fixed(value: RunTimeValue): Distortion {
  return () => value;
}

function written(input: FaultInput, fallback: RunTimeValue | null): Distortion | { readonly problem: string } {
  if (input.fault.value === undefined) {
    return fallback === null ? { problem: `${input.fault.kind} needs a "value"` } : fixed(fallback);
  }
  const converted = fromInput(input.fault.value, input.shape);
  return 'problem' in converted ? converted : fixed(converted.value);
}

function isNumeric(shape: Shape): boolean {
  return shape.kind === 'integer' || shape.kind === 'real' || shape.kind === 'lreal';
}

/** A number within the range of the shape. */
function fitted(value: number, shape: Shape): RunTimeValue {
  if (shape.kind === 'real') return Math.fround(value);
  if (shape.kind !== 'integer') return value;
  const { lower, upper } = limitsOf({ ...shape, range: null });
  const bounded = Math.min(Math.max(Math.round(value), Number(lower)), Number(upper));
  return shape.bits === 64 ? BigInt(bounded) : bounded;
}

function onlyBoolean(make: Maker): Maker {
  return (input) =>
    input.shape.kind === 'bool' ? make(input) : { problem: `${input.fault.kind} needs a BOOL signal` };
}

function onlyNumeric(make: Maker): Maker {
  return (input) => (isNumeric(input.shape) ? make(input) : { problem: `${input.fault.kind} needs a numeric signal` });
}

/** The value of some time ago. */
function delayed(input: FaultInput): Distortion | { readonly problem: string } {
  const text = input.fault.delay ?? input.fault.for;
  if (text === undefined) return { problem: `${input.fault.kind} needs a "delay"` };
  const delay = durationNs(text);
  const history: { readonly at: number; readonly value: RunTimeValue }[] = [];
  return (value, elapsed) => {
    history.push({ at: elapsed, value });
    while (history.length > 1 && (history[1]?.at ?? 0) <= elapsed - delay) history.shift();
    const first = history[0];
    return first === undefined || first.at > elapsed - delay ? input.initial : first.value;
  };
}

const MAKERS: Readonly<Partial<Record<FaultName, Maker>>> = {
  stuck_at: (input) => written(input, null),
  open_circuit: (input) => {
    if (input.shape.kind === 'bool') return fixed(false);
    return isNumeric(input.shape)
      ? fixed(fitted(0, input.shape))
      : { problem: 'open_circuit needs a BOOL or numeric signal' };
  },
  short: (input) => {
    if (input.shape.kind === 'bool') return fixed(true);
    return isNumeric(input.shape)
      ? fixed(fitted(Number.MAX_VALUE, input.shape))
      : { problem: 'short needs a BOOL or numeric signal' };
  },
  bounce: onlyBoolean(({ fault, cycleNs }) => {
    const period = fault.period === undefined ? cycleNs : durationNs(fault.period);
    return (value, elapsed) => (Math.floor(elapsed / Math.max(1, period)) % 2 === 0 ? value !== true : value);
  }),
  glitch: onlyBoolean(({ fault, cycleNs }) => {
    const length = fault.for === undefined ? cycleNs : durationNs(fault.for);
    return (value, elapsed) => (elapsed < length ? value !== true : value);
  }),
  delay: delayed,
  discrepancy: onlyBoolean(delayed),
  drift: onlyNumeric(({ fault, shape }) => {
    const rate = fault.rate;
    if (rate === undefined) return { problem: 'drift needs a "rate" (change per second)' };
    return (value, elapsed) => fitted(Number(value) + (rate * elapsed) / 1e9, shape);
  }),
  freeze: ({ initial }) => fixed(initial),
  noise: onlyNumeric(({ fault, shape, random }) => {
    const amplitude = fault.amplitude;
    if (amplitude === undefined) return { problem: 'noise needs an "amplitude"' };
    return (value) => fitted(Number(value) + (2 * random.next() - 1) * amplitude, shape);
  }),
  out_of_range: onlyNumeric((input) => written(input, fitted(Number.MAX_VALUE, input.shape))),
  comm_loss: (input) => written(input, input.initial),
  actuator_stuck: (input) => written(input, input.initial),
  start_held: onlyBoolean(() => fixed(true)),
  reset_held: onlyBoolean(() => fixed(true)),
};

/** The distortion of a fault, or what is wrong with its parameters. */
export function distortionOf(input: FaultInput): Distortion | { readonly problem: string } {
  const maker = MAKERS[input.fault.kind];
  return maker === undefined ? { problem: `${input.fault.kind} concerns no single signal` } : maker(input);
}
