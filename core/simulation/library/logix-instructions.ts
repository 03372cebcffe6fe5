/**
 * Logix instructions that work on a structure (`TONR(T1)` with `T1 : FBD_TIMER`), as models in ST. Each structure carries
 * one model beside its members; a call copies the inputs into it, runs it, and copies the outputs back.
 * Behaviour after Rockwell 1756-RM003N, pages 130 to 139 (TONR, TOFR, RTOR) and 149 to 151 (CTUD): times in milliseconds,
 * the first scan only starts to time, a negative preset is an instruction fault. `EnableIn` has no effect in Structured
 * Text. The first scan after a cold start is the first one of an instruction; a warm start goes on where it was.
 */

export interface LogixInstruction {
  /** Library structure on which it works. */
  readonly structure: string;
  /** Value of the model's input `Kind`. */
  readonly kind: number;
}

export const LOGIX_INSTRUCTIONS: ReadonlyMap<string, LogixInstruction> = new Map([
  ['TONR', { structure: 'FBD_TIMER', kind: 0 }],
  ['TOFR', { structure: 'FBD_TIMER', kind: 1 }],
  ['RTOR', { structure: 'FBD_TIMER', kind: 2 }],
  ['CTUD', { structure: 'FBD_COUNTER', kind: 0 }],
  ['OSRI', { structure: 'FBD_ONESHOT', kind: 0 }],
  ['OSFI', { structure: 'FBD_ONESHOT', kind: 1 }],
  ['SETD', { structure: 'DOMINANT_SET', kind: 0 }],
  ['RESD', { structure: 'DOMINANT_RESET', kind: 0 }],
]);

/** Name of the model that belongs to a library structure, or null. */
export function logixModelName(structure: string): string | null {
  const isKnown = [...LOGIX_INSTRUCTIONS.values()].some((each) => each.structure === structure.toUpperCase());
  return isKnown ? `LOGIX_${structure.toUpperCase()}` : null;
}

/** Pins of a model that are members of its structure: read before a call, written after it. */
export const LOGIX_PINS: Readonly<
  Record<string, { readonly read: readonly string[]; readonly written: readonly string[] }>
> = {
  FBD_TIMER: {
    read: ['TimerEnable', 'Reset', 'PRE', 'ACC', 'DN'],
    written: ['ACC', 'EN', 'TT', 'DN', 'EnableOut', 'InstructFault', 'PresetInv'],
  },
  FBD_COUNTER: {
    read: ['CUEnable', 'CDEnable', 'Reset', 'PRE', 'ACC', 'OV', 'UN'],
    written: ['ACC', 'CU', 'CD', 'DN', 'OV', 'UN', 'EnableOut'],
  },
  FBD_ONESHOT: { read: ['InputBit'], written: ['OutputBit', 'EnableOut'] },
  DOMINANT_SET: { read: ['Set', 'Reset', 'Out'], written: ['Out', 'OutNot', 'EnableOut'] },
  DOMINANT_RESET: { read: ['Set', 'Reset', 'Out'], written: ['Out', 'OutNot', 'EnableOut'] },
};

/** Members of a model are named like those of the structure with `x` in front: `Set` and `Reset` are words elsewhere. */
export const logixPin = (member: string): string => `x${member}`;

const TIMER = `FUNCTION_BLOCK SIM_LOGIX_FBD_TIMER
VAR xKind : INT; xTimerEnable, xReset : BOOL; xPRE, xACC : DINT; xEN, xTT, xDN, xEnableOut, xInstructFault, xPresetInv : BOOL;
  mTiming : BOOL; mLast : TIME; mRest : TIME; mOn : BOOL; END_VAR
xEnableOut := TRUE;
xPresetInv := xPRE < 0;
xInstructFault := xPresetInv;
mOn := SEL(xKind = 1, xTimerEnable, NOT xTimerEnable);
IF xReset OR xPresetInv THEN
  xEN := FALSE; xTT := FALSE; xDN := FALSE; mTiming := FALSE;
  xACC := SEL(xKind = 1 AND xReset, DINT#0, xPRE);
ELSE
  IF mOn AND mTiming AND (xACC < xPRE) THEN
    mRest := mRest + (SIM_NOW - mLast);
    xACC := xACC + TIME_TO_DINT(mRest);
    mRest := mRest - DINT_TO_TIME(TIME_TO_DINT(mRest));
  ELSIF mOn AND NOT mTiming THEN
    mRest := T#0s;
    // TOFR times from the fall of its input: at the first scan there was none.
    IF xKind = 1 THEN xACC := SEL(xDN, xPRE, DINT#0); ELSIF xKind = 0 THEN xACC := 0; END_IF;
  END_IF;
  IF NOT mOn AND (xKind <> 2) THEN xACC := 0; END_IF;
  IF xACC >= xPRE THEN xACC := xPRE; END_IF;
  CASE xKind OF
    1:
      xDN := xTimerEnable OR (xACC < xPRE);
      xTT := NOT xTimerEnable AND (xACC < xPRE);
    2:
      xDN := (xDN OR xTimerEnable) AND (xACC >= xPRE);
      xTT := xTimerEnable AND NOT xDN;
  ELSE
    xDN := xTimerEnable AND (xACC >= xPRE);
    xTT := xTimerEnable AND NOT xDN;
  END_CASE;
  xEN := xTimerEnable;
  mTiming := mOn;
END_IF;
mLast := SIM_NOW;
END_FUNCTION_BLOCK
`;

/**
 * Beyond its limits the counter wraps and says so; up comes before down. In the first scan both inputs count as TRUE
 * before, so that one that is TRUE is no edge. Reset forgets them, so that one that is held counts after it.
 */
const COUNTER = `FUNCTION_BLOCK SIM_LOGIX_FBD_COUNTER
VAR xKind : INT; xCUEnable, xCDEnable, xReset : BOOL; xPRE, xACC : DINT; xCU, xCD, xDN, xOV, xUN, xEnableOut : BOOL;
  mUp, mDown : BOOL := TRUE; END_VAR
xEnableOut := TRUE;
IF xReset THEN
  xACC := 0; xCU := FALSE; xCD := FALSE; xDN := FALSE; xOV := FALSE; xUN := FALSE; mUp := FALSE; mDown := FALSE;
ELSE
  IF xCUEnable AND NOT mUp THEN
    IF xACC = 2147483647 THEN xACC := -2147483648; xOV := NOT xUN; xUN := FALSE; ELSE xACC := xACC + 1; END_IF;
  END_IF;
  IF xCDEnable AND NOT mDown THEN
    IF xACC = -2147483648 THEN xACC := 2147483647; xUN := NOT xOV; xOV := FALSE; ELSE xACC := xACC - 1; END_IF;
  END_IF;
  xCU := xCUEnable; mUp := xCUEnable;
  xCD := xCDEnable; mDown := xCDEnable;
  xDN := xACC >= xPRE;
END_IF;
END_FUNCTION_BLOCK
`;

/** The first call only remembers its input: prescan has set the storage bit, so that it gives no pulse. */
const ONESHOT = `FUNCTION_BLOCK SIM_LOGIX_FBD_ONESHOT
VAR xKind : INT; xInputBit, xOutputBit, xEnableOut : BOOL; mBefore, mRan : BOOL; END_VAR
xEnableOut := TRUE;
xOutputBit := mRan AND (xInputBit <> mBefore) AND (xInputBit = (xKind = 0));
mBefore := xInputBit;
mRan := TRUE;
END_FUNCTION_BLOCK
`;

function dominant(name: string, out: string): string {
  return `FUNCTION_BLOCK SIM_LOGIX_${name}
VAR xKind : INT; xSet, xReset, xOut, xOutNot, xEnableOut : BOOL; END_VAR
xEnableOut := TRUE;
xOut := ${out};
xOutNot := NOT xOut;
END_FUNCTION_BLOCK
`;
}

export function logixModels(): string[] {
  return [
    TIMER,
    COUNTER,
    ONESHOT,
    dominant('DOMINANT_SET', 'xSet OR (xOut AND NOT xReset)'),
    dominant('DOMINANT_RESET', 'NOT xReset AND (xSet OR xOut)'),
  ];
}
