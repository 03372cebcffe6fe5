/** Standard functions on durations, dates and times of day (IEC 61131-3 ed. 3, tables 35 and 36). */

import type { ArithmeticOperator, Value } from '../compile/ir.js';
import { DINT, INT, LTIME, type Shape, TIME } from '../compile/shape.js';
import { temporalArithmetic } from './expressions.js';
import { as, inputAs, inputValue, type Lowering, resultShape, type StandardCall } from './standard-call.js';
import { constant, intrinsic } from './values.js';

function temporal(operator: ArithmeticOperator): Lowering {
  return (call) =>
    temporalArithmetic(call.scope, operator, inputValue(call, 0), inputValue(call, 1), call.shape, call.site);
}

function dateOf(call: StandardCall, from: number): Value {
  return intrinsic(
    '$date',
    { kind: 'ldate-and-time' },
    [0, 1, 2].map((index) => inputAs(call, from + index, DINT)),
  );
}

/** Hours, minutes, seconds and milliseconds as a duration. */
function clockOf(call: StandardCall, from: number): Value {
  const units = [3600, 60, 1, 0.001];
  return units
    .map<Value>((seconds, index) => ({
      op: 'arithmetic',
      shape: TIME,
      operator: '*',
      left: constant(TIME, seconds * 1e9),
      right: inputAs(call, from + index, DINT),
      site: call.site,
    }))
    .reduce((left, right) => ({ op: 'arithmetic', shape: TIME, operator: '+', left, right, site: call.site }));
}

function dateAndClock(call: StandardCall, date: Value, clock: Value): Value {
  const long: Shape = { kind: 'ldate-and-time' };
  return as(
    call,
    { op: 'arithmetic', shape: long, operator: '+', left: as(call, date, long), right: clock, site: call.site },
    resultShape(call),
  );
}

const TIME_OF_DAY: Shape = { kind: 'time-of-day' };

export const TEMPORAL_FUNCTIONS: Readonly<Record<string, Lowering>> = {
  TIME: (call) => as(call, { op: 'root', shape: TIME, name: 'now' }, call.shape.kind === 'void' ? TIME : call.shape),
  ADD_TIME: temporal('+'),
  ADD_TOD_TIME: temporal('+'),
  ADD_DT_TIME: temporal('+'),
  ADD_LTIME: temporal('+'),
  ADD_LTOD_LTIME: temporal('+'),
  ADD_LDT_LTIME: temporal('+'),
  SUB_TIME: temporal('-'),
  SUB_DATE_DATE: temporal('-'),
  SUB_TOD_TIME: temporal('-'),
  SUB_TOD_TOD: temporal('-'),
  SUB_DT_TIME: temporal('-'),
  SUB_DT_DT: temporal('-'),
  SUB_LTIME: temporal('-'),
  SUB_LDATE_LDATE: temporal('-'),
  SUB_LTOD_LTIME: temporal('-'),
  SUB_LTOD_LTOD: temporal('-'),
  SUB_LDT_LTIME: temporal('-'),
  SUB_LDT_LDT: temporal('-'),
  MULTIME: temporal('*'),
  DIVTIME: temporal('/'),
  MUL_TIME: temporal('*'),
  DIV_TIME: temporal('/'),
  MUL_LTIME: temporal('*'),
  DIV_LTIME: temporal('/'),
  CONCAT_DATE: (call) => as(call, dateOf(call, 0), resultShape(call)),
  CONCAT_TOD: (call) => as(call, clockOf(call, 0), resultShape(call)),
  CONCAT_LTOD: (call) => as(call, clockOf(call, 0), resultShape(call)),
  CONCAT_DT: (call) => dateAndClock(call, dateOf(call, 0), as(call, clockOf(call, 3), LTIME)),
  CONCAT_LDT: (call) => dateAndClock(call, dateOf(call, 0), as(call, clockOf(call, 3), LTIME)),
  CONCAT_DATE_TOD: (call) => dateAndClock(call, inputValue(call, 0), as(call, inputAs(call, 1, TIME_OF_DAY), LTIME)),
  CONCAT_DATE_LTOD: (call) =>
    dateAndClock(call, inputValue(call, 0), as(call, inputAs(call, 1, { kind: 'ltime-of-day' }), LTIME)),
  DAY_OF_WEEK: (call) => as(call, intrinsic('$dayOfWeek', DINT, [inputAs(call, 0, { kind: 'date' })]), INT),
  DAYOFWEEK: (call) => as(call, intrinsic('$dayOfWeek', DINT, [inputAs(call, 0, { kind: 'date' })]), INT),
};
