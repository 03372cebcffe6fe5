/**
 * Blocks of the CODESYS libraries Standard and Util in ST, written from their published documentation
 * (helpme-codesys.com, libraries Standard and Util; TwinCAT: infosys.beckhoff.com, Tc2_Utilities). `SIM_NOW` and
 * `SIM_NOW_L` are the clock.
 *
 * What the documentation leaves open, and what the models do:
 * - BLINK: the phase with which it starts. Here OUT is FALSE for TIMELOW first.
 * - PID, PD: the derivative is the difference of the last two errors; the first call after a start, a RESET or manual
 *   operation has neither integral nor derivative. In manual operation the integral is 0.
 * - PID, PD: a TN that is not positive suspends the calculation; a call in the same millisecond as the one before
 *   (PID_FIXCYCLE: a CYCLE of 0) changes nothing.
 * GEN, DERIVATIVE, RAMP_INT, RAMP_REAL and FREQ_MEASURE stay unknown: their formulas are not published.
 */

import type { SemanticsProfile } from '../../language/dialects/dialect.js';

/** What CDT does after EN has fallen. */
const RTC_DISABLED: Readonly<Record<SemanticsProfile['clockDisabled'], string>> = {
  // CODESYS: "Falling edge: CDT is set to DT#1970-01-01-00:00:00".
  reset: 'Q := mActive; IF NOT Q THEN CDT := DT#1970-01-01-00:00:00; END_IF;',
  // TwinCAT: Q once it has been set, and the clock goes on; a rising edge sets it anew.
  'runs-on': 'Q := Q OR mActive;',
  // IEC 61131-3 table 46 says nothing of CDT while Q is FALSE: it keeps its value.
  holds: 'Q := mActive;',
};

/** It counts whole seconds, as DT does, on a clock that does not wrap after 49 days as TIME may. */
function realTimeClock(profile: SemanticsProfile): string {
  return `FUNCTION_BLOCK SIM_RTC
VAR_INPUT IN : BOOL; EN : BOOL; PDT : DT; END_VAR
VAR_OUTPUT Q : BOOL; CDT : DT; END_VAR
VAR mStart : LTIME; mSet : LDT; mActive : BOOL; mBefore : BOOL; END_VAR
mActive := IN OR EN;
IF mActive AND NOT mBefore THEN mStart := SIM_NOW_L; mSet := DT_TO_LDT(PDT); END_IF;
mBefore := mActive;
${RTC_DISABLED[profile.clockDisabled]}
IF Q THEN CDT := LDT_TO_DT(mSet + (SIM_NOW_L - mStart)); END_IF;
END_FUNCTION_BLOCK
`;
}

/** ENABLE FALSE leaves OUT as it is. */
const BLINK = `FUNCTION_BLOCK SIM_BLINK
VAR_INPUT ENABLE : BOOL; TIMELOW : TIME; TIMEHIGH : TIME; END_VAR
VAR_OUTPUT OUT : BOOL; END_VAR
VAR mStart : TIME; mRunning : BOOL; END_VAR
IF NOT ENABLE THEN
  mRunning := FALSE;
ELSIF NOT mRunning THEN
  mRunning := TRUE; mStart := SIM_NOW; OUT := FALSE;
ELSIF OUT AND SIM_NOW - mStart >= TIMEHIGH THEN
  OUT := FALSE; mStart := SIM_NOW;
ELSIF NOT OUT AND SIM_NOW - mStart >= TIMELOW THEN
  OUT := TRUE; mStart := SIM_NOW;
END_IF;
END_FUNCTION_BLOCK
`;

/** OUT is TRUE below LOW, FALSE above HIGH, and stays in between. */
const HYSTERESIS = `FUNCTION_BLOCK SIM_HYSTERESIS
VAR_INPUT IN : INT; HIGH : INT; LOW : INT; END_VAR
VAR_OUTPUT OUT : BOOL; END_VAR
IF IN < LOW THEN OUT := TRUE; END_IF;
IF IN > HIGH THEN OUT := FALSE; END_IF;
END_FUNCTION_BLOCK
`;

const LIMITALARM = `FUNCTION_BLOCK SIM_LIMITALARM
VAR_INPUT IN : INT; HIGH : INT; LOW : INT; END_VAR
VAR_OUTPUT O : BOOL; U : BOOL; IL : BOOL; END_VAR
O := IN > HIGH;
U := IN < LOW;
IL := NOT (O OR U);
END_FUNCTION_BLOCK
`;

const REAL_LIMIT = '3.402823E38';

/** The sum of IN * TM, TM in milliseconds. Beyond the range of REAL it is blocked until RESET. */
const INTEGRAL = `FUNCTION_BLOCK SIM_INTEGRAL
VAR_INPUT IN : REAL; TM : DWORD; RESET : BOOL; END_VAR
VAR_OUTPUT OUT : REAL; OVERFLOW : BOOL; END_VAR
VAR mNext : REAL; END_VAR
IF RESET THEN
  OUT := 0.0; OVERFLOW := FALSE;
ELSIF NOT OVERFLOW THEN
  mNext := OUT + IN * UDINT_TO_REAL(DWORD_TO_UDINT(TM));
  IF ABS(mNext) <= ${REAL_LIMIT} THEN OUT := mNext; ELSE OVERFLOW := TRUE; END_IF;
END_IF;
END_FUNCTION_BLOCK
`;

interface Controller {
  readonly name: 'PID' | 'PID_FIXCYCLE' | 'PD';
  readonly hasIntegral: boolean;
  /** Sets mTime to the seconds since the call before. */
  readonly time: string;
  readonly inputs: string;
}

/** The block measures the time between two calls itself, in whole milliseconds. */
const MEASURED_TIME =
  'mTime := DINT_TO_REAL(TIME_TO_DINT(SIM_NOW - mLast)) / 1000.0; IF mTime > 0.0 OR NOT mRuns THEN mLast := SIM_NOW; END_IF;';

/**
 * Y = KP * (e + integral of e / TN + TV * de/dt) + Y_OFFSET, with e = SET_POINT - ACTUAL.
 * KP, TN and TV are taken over at a start, after RESET and when manual operation ends. Y is limited while
 * Y_MIN < Y_MAX; then the integral is what makes the limited Y, so that it does not wind up. An integral beyond the
 * range of REAL suspends the controller with OVERFLOW until RESET.
 */
function controller({ name, hasIntegral, time, inputs }: Controller): string {
  const integral = hasIntegral
    ? `IF mRuns THEN mSum := mSum + mError * mTime; END_IF;
  IF NOT (ABS(mSum) <= ${REAL_LIMIT}) THEN OVERFLOW := TRUE; mSum := 0.0; RETURN; END_IF;`
    : '';
  const proportional = hasIntegral ? 'mError + mSum / mReset + mRate * mSlope' : 'mError + mRate * mSlope';
  const windUp = hasIntegral
    ? 'IF mGain <> 0.0 THEN mSum := ((Y - Y_OFFSET) / mGain - mError - mRate * mSlope) * mReset; END_IF;'
    : '';
  return `FUNCTION_BLOCK SIM_${name}
VAR_INPUT ACTUAL : REAL; SET_POINT : REAL; KP : REAL; ${hasIntegral ? 'TN : REAL;' : ''} TV : REAL; Y_MANUAL : REAL;
  Y_OFFSET : REAL; Y_MIN : REAL; Y_MAX : REAL; MANUAL : BOOL; RESET : BOOL; ${inputs} END_VAR
VAR_OUTPUT Y : REAL; LIMITS_ACTIVE : BOOL; ${hasIntegral ? 'OVERFLOW : BOOL;' : ''} END_VAR
VAR mRuns : BOOL; mLast : TIME; mTime : REAL; mError : REAL; mBefore : REAL; mSlope : REAL; mSum : REAL;
  mGain : REAL; mReset : REAL; mRate : REAL; END_VAR
${time}
IF RESET OR MANUAL THEN
  IF RESET THEN Y := Y_OFFSET; ${hasIntegral ? 'OVERFLOW := FALSE;' : ''} END_IF;
  IF MANUAL THEN Y := Y_MANUAL; END_IF;
  LIMITS_ACTIVE := FALSE; mRuns := FALSE; mSum := 0.0;
  RETURN;
END_IF;
${hasIntegral ? 'IF OVERFLOW THEN RETURN; END_IF;' : ''}
IF NOT mRuns THEN
  mGain := KP; ${hasIntegral ? 'mReset := TN;' : ''} mRate := TV; mSlope := 0.0;
ELSIF mTime <= 0.0 THEN
  RETURN;
END_IF;
${hasIntegral ? 'IF mReset <= 0.0 THEN RETURN; END_IF;' : ''}
mError := SET_POINT - ACTUAL;
IF mRuns THEN mSlope := (mError - mBefore) / mTime; END_IF;
mBefore := mError;
${integral}
mRuns := TRUE;
Y := mGain * (${proportional}) + Y_OFFSET;
LIMITS_ACTIVE := (Y_MIN < Y_MAX) AND ((Y < Y_MIN) OR (Y > Y_MAX));
IF LIMITS_ACTIVE THEN
  Y := LIMIT(Y_MIN, Y, Y_MAX);
  ${windUp}
END_IF;
END_FUNCTION_BLOCK
`;
}

/** The ST texts of the blocks for one profile, one each. */
export function codesysBlocks(profile: SemanticsProfile): string[] {
  return [
    realTimeClock(profile),
    BLINK,
    HYSTERESIS,
    LIMITALARM,
    INTEGRAL,
    controller({ name: 'PID', hasIntegral: true, time: MEASURED_TIME, inputs: '' }),
    controller({ name: 'PID_FIXCYCLE', hasIntegral: true, time: 'mTime := CYCLE;', inputs: 'CYCLE : REAL;' }),
    controller({ name: 'PD', hasIntegral: false, time: MEASURED_TIME, inputs: '' }),
  ];
}
