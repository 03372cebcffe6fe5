/**
 * Standard function blocks in ST, compiled by the simulator's own pipeline: one definition, one semantics.
 * Behaviour after IEC 61131-3 ed. 3, tables 43 to 46 and figure 15; where the standard leaves a choice the profile of
 * the dialect decides (`timerPreset`, `counterLimit`). `SIM_NOW` and `SIM_NOW_L` are the clock. Q and ET change in the
 * call; an S7-1500 also brings them up to date when a program reads them in a scan without a call, which is not modelled.
 *
 * Every block is named `SIM_` and the name of the library block it stands for.
 */

import type { SemanticsProfile } from '../../language/dialects/dialect.js';

type TimeType = 'TIME' | 'LTIME';

interface TimerText {
  readonly name: string;
  readonly type: TimeType;
  readonly profile: SemanticsProfile;
}

function clock(type: TimeType): string {
  return type === 'TIME' ? 'SIM_NOW' : 'SIM_NOW_L';
}

function zero(type: TimeType): string {
  return type === 'TIME' ? 'T#0s' : 'LTIME#0s';
}

/** Pins and memory that all timers share. `mPreset` is the preset of a timer that latches it. */
function timerHead({ name, type }: TimerText, extraInput = ''): string {
  return `FUNCTION_BLOCK SIM_${name}
VAR_INPUT IN : BOOL; ${extraInput} PT : ${type}; END_VAR
VAR_OUTPUT Q : BOOL; ET : ${type}; END_VAR
VAR mState : INT; mBefore : BOOL; mStart : ${type}; mPreset : ${type}; END_VAR
`;
}

/** The preset in force: read at every call, or latched when the timer starts. */
function presetAtStart({ profile }: TimerText): string {
  return profile.timerPreset === 'latched-at-start' ? 'mPreset := PT;' : '';
}

function presetInForce({ profile }: TimerText): string {
  return profile.timerPreset === 'latched-at-start' ? 'mPreset' : 'PT';
}

/** ET when the time is over: the preset; a negative preset is over at once, with an ET of 0. */
function elapsed(timer: TimerText): string {
  return `MAX(${presetInForce(timer)}, ${zero(timer.type)})`;
}

/** With a latched preset (Siemens) a preset of zero acts in the scan of the edge, else in the next one. */
function timesAtEdge({ profile }: TimerText): boolean {
  return profile.timerPreset === 'latched-at-start';
}

function onDelay(timer: TimerText): string {
  const atEdge = timesAtEdge(timer) ? `IF PT <= ${zero(timer.type)} THEN Q := TRUE; mState := 2; END_IF;` : '';
  return `${timerHead(timer)}
IF NOT IN THEN
  mState := 0; Q := FALSE; ET := ${zero(timer.type)};
ELSIF mState = 0 THEN
  mState := 1; mStart := ${clock(timer.type)}; ET := ${zero(timer.type)}; Q := FALSE; ${presetAtStart(timer)} ${atEdge}
ELSIF mState = 1 THEN
  ET := ${clock(timer.type)} - mStart;
  IF ET >= ${presetInForce(timer)} THEN ET := ${elapsed(timer)}; Q := TRUE; mState := 2; END_IF;
END_IF;
END_FUNCTION_BLOCK
`;
}

function offDelay(timer: TimerText): string {
  const atEdge = timesAtEdge(timer) ? `IF PT <= ${zero(timer.type)} THEN mState := 0; END_IF;` : '';
  return `${timerHead(timer)}
IF IN THEN
  mState := 1; ET := ${zero(timer.type)};
ELSIF mState = 1 THEN
  mState := 2; mStart := ${clock(timer.type)}; ET := ${zero(timer.type)}; ${presetAtStart(timer)} ${atEdge}
ELSIF mState = 2 THEN
  ET := ${clock(timer.type)} - mStart;
  IF ET >= ${presetInForce(timer)} THEN ET := ${elapsed(timer)}; mState := 0; END_IF;
END_IF;
Q := IN OR (mState = 2);
END_FUNCTION_BLOCK
`;
}

function pulse(timer: TimerText): string {
  const start = timesAtEdge(timer) ? `Q := PT > ${zero(timer.type)}; IF NOT Q THEN mState := 2; END_IF;` : 'Q := TRUE;';
  return `${timerHead(timer)}
IF mState = 0 AND IN AND NOT mBefore THEN
  mState := 1; mStart := ${clock(timer.type)}; ET := ${zero(timer.type)}; ${presetAtStart(timer)} ${start}
ELSIF mState = 1 THEN
  ET := ${clock(timer.type)} - mStart;
  IF ET >= ${presetInForce(timer)} THEN ET := ${elapsed(timer)}; Q := FALSE; mState := 2; END_IF;
END_IF;
IF mState = 2 AND NOT IN THEN mState := 0; ET := ${zero(timer.type)}; END_IF;
mBefore := IN;
END_FUNCTION_BLOCK
`;
}

/** Siemens TONR: adds up the time during which IN is TRUE until R clears it. */
function accumulator(timer: TimerText): string {
  return `${timerHead(timer, 'R : BOOL;')}
IF R THEN
  ET := ${zero(timer.type)}; Q := FALSE;
ELSIF IN AND mBefore AND NOT Q THEN
  ET := ET + (${clock(timer.type)} - mStart);
  IF ET >= PT THEN ET := MAX(PT, ${zero(timer.type)}); Q := TRUE; END_IF;
END_IF;
mStart := ${clock(timer.type)};
mBefore := IN AND NOT R;
END_FUNCTION_BLOCK
`;
}

/** Siemens multi-mode timer: the method by which it is called says how it times. */
function multiModeTimer(name: string, suffix: string, type: TimeType, profile: SemanticsProfile): string {
  const modes = [
    { method: 'TON', text: onDelay },
    { method: 'TOF', text: offDelay },
    { method: 'TP', text: pulse },
    { method: 'TONR', text: accumulator },
  ];
  const blocks = modes.map(({ method, text }) => text({ name: `${method}${suffix}`, type, profile }));
  const methods = modes.map(
    ({ method }) => `METHOD ${method}
VAR_INPUT IN : BOOL; PT : ${type}; END_VAR
VAR_OUTPUT Q : BOOL; ET : ${type}; END_VAR
m${method}(IN := IN, PT := PT);
Q := m${method}.Q; ET := m${method}.ET;
THIS^.IN := IN; THIS^.PT := PT; THIS^.Q := Q; THIS^.ET := ET;
END_METHOD`,
  );
  return `FUNCTION_BLOCK SIM_${name}
VAR_INPUT IN : BOOL; PT : ${type}; END_VAR
VAR_OUTPUT Q : BOOL; ET : ${type}; END_VAR
VAR ${modes.map(({ method }) => `m${method} : SIM_${method}${suffix};`).join(' ')} END_VAR
${methods.join('\n')}
END_FUNCTION_BLOCK
${blocks.join('\n')}`;
}

const COUNTER_TYPES = ['INT', 'DINT', 'LINT', 'UDINT', 'ULINT'] as const;
type CounterType = (typeof COUNTER_TYPES)[number] | 'SINT' | 'UINT';

const LIMITS: Readonly<Record<CounterType, readonly [string, string]>> = {
  SINT: ['-128', '127'],
  INT: ['-32768', '32767'],
  UINT: ['0', '65535'],
  DINT: ['-2147483648', '2147483647'],
  LINT: ['-9223372036854775808', '9223372036854775807'],
  UDINT: ['0', '4294967295'],
  ULINT: ['0', '18446744073709551615'],
};

interface CounterText {
  readonly name: string;
  readonly type: CounterType;
  readonly profile: SemanticsProfile;
}

function upLimit({ type, profile }: CounterText): string {
  return profile.counterLimit === 'preset' ? 'PV' : `${type}#${LIMITS[type][1]}`;
}

function downLimit({ type, profile }: CounterText): string {
  return profile.counterLimit === 'preset' ? `${type}#0` : `${type}#${LIMITS[type][0]}`;
}

function upCounter(counter: CounterText): string {
  return `FUNCTION_BLOCK SIM_${counter.name}
VAR_INPUT CU : BOOL; R : BOOL; PV : ${counter.type}; END_VAR
VAR_OUTPUT Q : BOOL; CV : ${counter.type}; END_VAR
VAR mUp : BOOL; END_VAR
IF R THEN CV := 0;
ELSIF CU AND NOT mUp AND CV < ${upLimit(counter)} THEN CV := CV + 1;
END_IF;
mUp := CU;
Q := CV >= PV;
END_FUNCTION_BLOCK
`;
}

function downCounter(counter: CounterText): string {
  return `FUNCTION_BLOCK SIM_${counter.name}
VAR_INPUT CD : BOOL; LD : BOOL; PV : ${counter.type}; END_VAR
VAR_OUTPUT Q : BOOL; CV : ${counter.type}; END_VAR
VAR mDown : BOOL; END_VAR
IF LD THEN CV := PV;
ELSIF CD AND NOT mDown AND CV > ${downLimit(counter)} THEN CV := CV - 1;
END_IF;
mDown := CD;
Q := CV <= 0;
END_FUNCTION_BLOCK
`;
}

function upDownCounter(counter: CounterText): string {
  return `FUNCTION_BLOCK SIM_${counter.name}
VAR_INPUT CU : BOOL; CD : BOOL; R : BOOL; LD : BOOL; PV : ${counter.type}; END_VAR
VAR_OUTPUT QU : BOOL; QD : BOOL; CV : ${counter.type}; END_VAR
VAR mUp : BOOL; mDown : BOOL; mUpEdge : BOOL; mDownEdge : BOOL; END_VAR
mUpEdge := CU AND NOT mUp;
mDownEdge := CD AND NOT mDown;
mUp := CU;
mDown := CD;
IF R THEN CV := 0;
ELSIF LD THEN CV := PV;
ELSIF mUpEdge AND NOT mDownEdge THEN
  IF CV < ${upLimit(counter)} THEN CV := CV + 1; END_IF;
ELSIF mDownEdge AND NOT mUpEdge THEN
  IF CV > ${downLimit(counter)} THEN CV := CV - 1; END_IF;
END_IF;
QU := CV >= PV;
QD := CV <= 0;
END_FUNCTION_BLOCK
`;
}

/** Edges and bistables as the standard prints them: an F_TRIG whose CLK is FALSE at the first call gives one pulse. */
const EDGES_AND_BISTABLES = `
FUNCTION_BLOCK SIM_R_TRIG
VAR_INPUT CLK : BOOL; END_VAR
VAR_OUTPUT Q : BOOL; END_VAR
VAR mBefore : BOOL; END_VAR
Q := CLK AND NOT mBefore;
mBefore := CLK;
END_FUNCTION_BLOCK

FUNCTION_BLOCK SIM_F_TRIG
VAR_INPUT CLK : BOOL; END_VAR
VAR_OUTPUT Q : BOOL; END_VAR
VAR mBefore : BOOL; END_VAR
Q := NOT CLK AND NOT mBefore;
mBefore := NOT CLK;
END_FUNCTION_BLOCK

FUNCTION_BLOCK SIM_SR
VAR_INPUT S1 : BOOL; R : BOOL; END_VAR
VAR_OUTPUT Q1 : BOOL; END_VAR
Q1 := S1 OR (NOT R AND Q1);
END_FUNCTION_BLOCK

FUNCTION_BLOCK SIM_RS
VAR_INPUT S : BOOL; R1 : BOOL; END_VAR
VAR_OUTPUT Q1 : BOOL; END_VAR
Q1 := NOT R1 AND (S OR Q1);
END_FUNCTION_BLOCK

FUNCTION_BLOCK SIM_SEMA
VAR_INPUT CLAIM : BOOL; RELEASE : BOOL; END_VAR
VAR_OUTPUT BUSY : BOOL; END_VAR
VAR mTaken : BOOL; END_VAR
BUSY := mTaken;
IF CLAIM THEN mTaken := TRUE;
ELSIF RELEASE THEN BUSY := FALSE; mTaken := FALSE;
END_IF;
END_FUNCTION_BLOCK
`;

/** Other names of one counter type: the Siemens IEC counters are counters up and down of their width. */
const SIEMENS_COUNTERS: readonly (readonly [string, CounterType])[] = [
  ['IEC_COUNTER', 'INT'],
  ['IEC_SCOUNTER', 'SINT'],
  ['IEC_DCOUNTER', 'DINT'],
  ['IEC_UCOUNTER', 'UINT'],
  ['IEC_UDCOUNTER', 'UDINT'],
];

/** The ST texts of all standard blocks for one profile, one or more blocks each. */
export function standardBlocks(profile: SemanticsProfile): string[] {
  const parts: string[] = EDGES_AND_BISTABLES.split(/(?<=END_FUNCTION_BLOCK)\n/).filter((text) => text.trim() !== '');
  const timers: readonly (readonly [string, TimeType])[] = [
    ['', 'TIME'],
    ['_TIME', 'TIME'],
    ['_LTIME', 'LTIME'],
  ];
  for (const [suffix, type] of timers) {
    parts.push(
      onDelay({ name: `TON${suffix}`, type, profile }),
      offDelay({ name: `TOF${suffix}`, type, profile }),
      pulse({ name: `TP${suffix}`, type, profile }),
      accumulator({ name: `TONR${suffix}`, type, profile }),
    );
  }
  parts.push(
    onDelay({ name: 'LTON', type: 'LTIME', profile }),
    offDelay({ name: 'LTOF', type: 'LTIME', profile }),
    pulse({ name: 'LTP', type: 'LTIME', profile }),
  );
  for (const type of ['', ...COUNTER_TYPES] as const) {
    const counter = { type: type === '' ? ('INT' as const) : type, profile };
    const suffix = type === '' ? '' : `_${type}`;
    parts.push(
      upCounter({ ...counter, name: `CTU${suffix}` }),
      downCounter({ ...counter, name: `CTD${suffix}` }),
      upDownCounter({ ...counter, name: `CTUD${suffix}` }),
    );
  }
  parts.push(
    multiModeTimer('IEC_TIMER', '', 'TIME', profile),
    multiModeTimer('IEC_LTIMER', '_LTIME', 'LTIME', profile),
  );
  for (const [name, type] of SIEMENS_COUNTERS) parts.push(upDownCounter({ name, type, profile }));
  return parts;
}
