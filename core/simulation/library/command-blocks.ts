/**
 * Behavioural models of the PLCopen safety blocks for commands of people: two hands, reset buttons, mode selectors,
 * enabling switches, requests. The rules of `safety-blocks.ts` hold here too. Numbers and meaning of the states: version
 * 2.01, as helpme-codesys.com lists them ("PLCopen Safety FBs", enumerations FBS_TWOHAND, FBS_RESBUT, FBS_MODESEL,
 * FBS_SAFEREQ, FBS_ENSWITCH, FBS_ENSWITCH2). No source confirms the errors C010 to C050 of the two hands.
 */

import { safetyBlock as block } from './safety-block-text.js';

/** Both buttons, released in between; type III also within 500 ms of each other (ISO 13851). */
function twoHand(name: string, isSynchronous: boolean): string {
  const late = isSynchronous ? 'SIM_NOW - mStart > T#500ms' : 'FALSE';
  return block(
    name,
    { inputs: 'S_Button1 : BOOL; S_Button2 : BOOL;', outputs: 'S_TwoHandOut : BOOL;', memory: 'mStart : TIME;' },
    `CASE DiagCode OF
  16#0000: DiagCode := 16#8001;
  16#8001:
    IF S_Button1 AND S_Button2 THEN DiagCode := 16#C030;
    ELSIF S_Button1 THEN DiagCode := 16#C010;
    ELSIF S_Button2 THEN DiagCode := 16#C020;
    ELSE DiagCode := 16#8802; END_IF;
  16#8802:
    mStart := SIM_NOW;
    IF S_Button1 AND S_Button2 THEN DiagCode := 16#8000;
    ELSIF S_Button1 THEN DiagCode := 16#8804;
    ELSIF S_Button2 THEN DiagCode := 16#8806; END_IF;
  16#8804:
    IF NOT S_Button1 AND NOT S_Button2 THEN DiagCode := 16#8802;
    ELSIF ${late} THEN DiagCode := 16#C040;
    ELSIF S_Button1 AND S_Button2 THEN DiagCode := 16#8000;
    ELSIF S_Button2 THEN DiagCode := 16#880E; END_IF;
  16#8806:
    IF NOT S_Button1 AND NOT S_Button2 THEN DiagCode := 16#8802;
    ELSIF ${late} THEN DiagCode := 16#C050;
    ELSIF S_Button1 AND S_Button2 THEN DiagCode := 16#8000;
    ELSIF S_Button1 THEN DiagCode := 16#880E; END_IF;
  16#8000, 16#8808, 16#880A, 16#880C:
    IF NOT S_Button1 AND NOT S_Button2 THEN DiagCode := 16#8802;
    ELSIF NOT S_Button1 THEN DiagCode := 16#880A;
    ELSIF NOT S_Button2 THEN DiagCode := 16#8808;
    ELSIF DiagCode <> 16#8000 THEN DiagCode := 16#880C; END_IF;
ELSE
    IF NOT S_Button1 AND NOT S_Button2 THEN DiagCode := 16#8802; END_IF;
END_CASE;`,
    'S_TwoHandOut := DiagCode = 16#8000;',
  );
}

/**
 * A reset by release (ISO 13849-1, 5.2.2): one call TRUE at the falling edge of a press that lasted from TrailingMinimum
 * to TrailingMaximum and began while the block was active. S_ResetIn and S_ResetOut are the older names of the pins.
 */
const RESET_BUTTON = `FUNCTION_BLOCK SIM_SF_ResetButton
VAR_INPUT Activate : BOOL := TRUE; ResetRequested : BOOL := TRUE; ResetIn : BOOL; S_ResetIn : BOOL; Reset : BOOL;
  TrailingMinimum : TIME := T#350ms; TrailingMaximum : TIME := T#2s; END_VAR
VAR_OUTPUT Ready : BOOL; ResetOut : BOOL; S_ResetOut : BOOL; Error : BOOL; DiagCode : WORD; END_VAR
VAR mIn : BOOL; mStart : TIME; END_VAR
mIn := ResetIn OR S_ResetIn;
IF NOT Activate OR NOT ResetRequested THEN DiagCode := 16#0000;
ELSIF TrailingMinimum > TrailingMaximum OR TrailingMinimum < T#100ms THEN DiagCode := 16#C000;
ELSE
  CASE DiagCode OF
  16#0000, 16#C000: IF mIn THEN DiagCode := 16#C001; ELSE DiagCode := 16#83E2; END_IF;
  16#C001: IF NOT mIn THEN DiagCode := 16#83E2; END_IF;
  16#83E2, 16#C3F0: IF mIn THEN DiagCode := 16#83F2; mStart := SIM_NOW; END_IF;
  16#83F2:
    IF mIn THEN
      IF SIM_NOW - mStart > TrailingMaximum THEN DiagCode := 16#C3E0; END_IF;
    ELSIF SIM_NOW - mStart < TrailingMinimum THEN DiagCode := 16#C3F0;
    ELSIF SIM_NOW - mStart > TrailingMaximum THEN DiagCode := 16#83E2;
    ELSE DiagCode := 16#8000; END_IF;
  16#C3E0: IF NOT mIn THEN DiagCode := 16#83E2; END_IF;
  16#8000: IF mIn THEN DiagCode := 16#83F2; mStart := SIM_NOW; ELSE DiagCode := 16#83E2; END_IF;
  END_CASE;
END_IF;
ResetOut := DiagCode = 16#8000;
S_ResetOut := ResetOut;
Ready := DiagCode <> 16#0000;
Error := DiagCode >= 16#C000;
END_FUNCTION_BLOCK
`;

const MODES = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/**
 * Exactly one of eight modes; a change needs S_Unlock and, without AutoSetMode, an edge of S_SetMode. Two at once are an
 * error at once, none for longer than ModeMonitorTime is one.
 */
const MODE_SELECTOR = block(
  'SF_ModeSelector',
  {
    inputs: `${MODES.map((mode) => `S_Mode${mode} : BOOL;`).join(' ')} S_Unlock : BOOL; S_SetMode : BOOL; AutoSetMode : BOOL; ModeMonitorTime : TIME; Reset : BOOL;`,
    outputs: `${MODES.map((mode) => `S_Mode${mode}Sel : BOOL;`).join(' ')} S_AnyModeSel : BOOL;`,
    memory: 'mCount : INT; mInput : INT; mMode : INT; mSet : BOOL; mSetEdge : BOOL; mStart : TIME;',
  },
  `mSetEdge := S_SetMode AND NOT mSet; mSet := S_SetMode;
mCount := 0; mInput := -1;
${MODES.map((mode) => `IF S_Mode${mode} THEN mCount := mCount + 1; mInput := ${mode}; END_IF;`).join('\n')}
IF mCount = 1 THEN mStart := SIM_NOW; END_IF;
CASE DiagCode OF
  16#0000: DiagCode := 16#8802; mStart := SIM_NOW;
  16#8802:
    IF mCount > 1 THEN DiagCode := 16#C010;
    ELSIF mCount = 0 AND SIM_NOW - mStart >= ModeMonitorTime THEN DiagCode := 16#C020;
    ELSIF mCount = 1 AND (AutoSetMode OR mSetEdge) THEN DiagCode := 16#8000; mMode := mInput; END_IF;
  16#8000:
    IF NOT S_Unlock THEN DiagCode := 16#8010;
    ELSIF mCount > 1 THEN DiagCode := 16#C010;
    ELSIF mCount = 0 OR mInput <> mMode THEN DiagCode := 16#8802; END_IF;
  16#8010:
    IF S_Unlock THEN
      IF mCount = 1 AND mInput = mMode THEN DiagCode := 16#8000;
      ELSIF mCount > 1 THEN DiagCode := 16#C010;
      ELSE DiagCode := 16#8802; mStart := SIM_NOW; END_IF;
    END_IF;
  16#C010: IF mCount <= 1 THEN DiagCode := SEL(Reset, WORD#16#C410, WORD#16#C011); END_IF;
  16#C410, 16#C011:
    IF mCount > 1 THEN DiagCode := 16#C010;
    ELSIF DiagCode = 16#C011 THEN IF NOT Reset THEN DiagCode := 16#C410; END_IF;
    ELSIF mEdge THEN DiagCode := 16#8802; mStart := SIM_NOW; END_IF;
  16#C020: IF mCount = 1 THEN DiagCode := SEL(Reset, WORD#16#C420, WORD#16#C021); END_IF;
  16#C420, 16#C021:
    IF mCount <> 1 THEN DiagCode := 16#C020;
    ELSIF DiagCode = 16#C021 THEN IF NOT Reset THEN DiagCode := 16#C420; END_IF;
    ELSIF mEdge THEN DiagCode := 16#8802; END_IF;
END_CASE;`,
  `S_AnyModeSel := DiagCode = 16#8000 OR DiagCode = 16#8010;
${MODES.map((mode) => `S_Mode${mode}Sel := S_AnyModeSel AND mMode = ${mode};`).join('\n')}`,
);

/** Asks a drive for its safe state and waits for the acknowledgement. S_SafetyRequest FALSE is the request. */
const SAFETY_REQUEST = block(
  'SF_SafetyRequest',
  {
    inputs: 'S_OpMode : BOOL; S_Acknowledge : BOOL; MonitoringTime : TIME; Reset : BOOL;',
    outputs: 'S_SafetyActive : BOOL; S_SafetyRequest : BOOL;',
    memory: 'mStart : TIME;',
  },
  `CASE DiagCode OF
  16#0000: IF Reset THEN DiagCode := 16#C001; ELSE DiagCode := 16#8401; END_IF;
  16#C001: IF NOT Reset THEN DiagCode := 16#8401; END_IF;
  16#8401:
    IF mEdge THEN
      IF S_OpMode THEN DiagCode := SEL(S_Acknowledge, WORD#16#8802, WORD#16#8804);
      ELSE DiagCode := 16#8002; mStart := SIM_NOW; END_IF;
    END_IF;
  16#8802, 16#8804:
    IF NOT S_OpMode THEN DiagCode := 16#8002; mStart := SIM_NOW;
    ELSE DiagCode := SEL(S_Acknowledge, WORD#16#8802, WORD#16#8804); END_IF;
  16#8002:
    IF S_OpMode THEN DiagCode := SEL(S_Acknowledge, WORD#16#8802, WORD#16#8804);
    ELSIF S_Acknowledge THEN DiagCode := 16#8000;
    ELSIF SIM_NOW - mStart >= MonitoringTime THEN DiagCode := 16#C020; END_IF;
  16#8000:
    IF S_OpMode THEN DiagCode := SEL(S_Acknowledge, WORD#16#8802, WORD#16#8804);
    ELSIF NOT S_Acknowledge THEN DiagCode := SEL(Reset, WORD#16#C010, WORD#16#C014); END_IF;
  16#C010, 16#C020: IF mEdge THEN DiagCode := 16#8004; END_IF;
  16#C014: IF NOT Reset THEN DiagCode := 16#C010; END_IF;
  16#8004:
    IF S_OpMode THEN DiagCode := SEL(S_Acknowledge, WORD#16#8802, WORD#16#8804);
    ELSIF S_Acknowledge THEN DiagCode := 16#8000; END_IF;
END_CASE;`,
  'S_SafetyActive := DiagCode = 16#8000; S_SafetyRequest := DiagCode = 16#8802 OR DiagCode = 16#8804;',
);

/** Three positions: released (FALSE, TRUE), enabled (TRUE, TRUE), squeezed (FALSE, FALSE). */
const ENABLE_SWITCH = block(
  'SF_EnableSwitch',
  {
    inputs:
      'S_SafetyActive : BOOL; S_EnableSwitchCh1 : BOOL; S_EnableSwitchCh2 : BOOL; S_AutoReset : BOOL; Reset : BOOL;',
    outputs: 'S_EnableSwitchOut : BOOL;',
    memory: 'mOne : BOOL; mTwo : BOOL; mThree : BOOL;',
  },
  `mOne := NOT S_EnableSwitchCh1 AND S_EnableSwitchCh2;
mTwo := S_EnableSwitchCh1 AND S_EnableSwitchCh2;
mThree := NOT S_EnableSwitchCh1 AND NOT S_EnableSwitchCh2;
IF DiagCode = 16#0000 OR NOT S_SafetyActive THEN DiagCode := 16#8002;
ELSE
  CASE DiagCode OF
  16#8002: DiagCode := 16#8004;
  16#8004: IF mOne THEN DiagCode := 16#8802; ELSE DiagCode := 16#C010; END_IF;
  16#8802: IF mTwo THEN DiagCode := 16#8000; ELSIF mThree THEN DiagCode := 16#8804; END_IF;
  16#8000: IF mThree THEN DiagCode := 16#8804; ELSIF NOT mTwo THEN DiagCode := 16#8802; END_IF;
  16#8804: IF mOne THEN DiagCode := 16#8802; ELSIF mTwo THEN DiagCode := 16#C030; END_IF;
  16#C010: IF mOne THEN DiagCode := SEL(Reset AND NOT S_AutoReset, WORD#16#C020, WORD#16#C001); END_IF;
  16#C020:
    IF NOT mOne THEN DiagCode := 16#C010;
    ELSIF mEdge OR S_AutoReset THEN DiagCode := 16#8802; END_IF;
  16#C001: IF NOT mOne THEN DiagCode := 16#C010; ELSIF NOT Reset THEN DiagCode := 16#C020; END_IF;
  16#C030: IF NOT mTwo THEN DiagCode := SEL(Reset AND NOT S_AutoReset, WORD#16#C040, WORD#16#C011); END_IF;
  16#C040:
    IF mTwo THEN DiagCode := 16#C030;
    ELSIF mOne AND (mEdge OR S_AutoReset) THEN DiagCode := 16#8802; END_IF;
  16#C011: IF mTwo THEN DiagCode := 16#C030; ELSIF NOT Reset THEN DiagCode := 16#C040; END_IF;
  END_CASE;
END_IF;`,
  'S_EnableSwitchOut := DiagCode = 16#8000; ResetRequest := DiagCode = 16#C020 OR DiagCode = 16#C040;',
);

/** One signal that says whether it enables; the two channels are the older pins of the same. */
const ENABLE_SWITCH_2 = block(
  'SF_EnableSwitch_2',
  {
    inputs:
      'S_SafetyActive : BOOL; S_EnableIn : BOOL; S_EnableSwitchCh1 : BOOL; S_EnableSwitchCh2 : BOOL; S_AutoReset : BOOL; Reset : BOOL;',
    outputs: 'S_EnableSwitchOut : BOOL;',
    memory: 'mEnabled : BOOL;',
  },
  `mEnabled := S_EnableIn OR (S_EnableSwitchCh1 AND S_EnableSwitchCh2);
IF DiagCode = 16#0000 OR NOT S_SafetyActive THEN DiagCode := 16#8002;
ELSE
  CASE DiagCode OF
  16#8002: DiagCode := 16#8004;
  16#8004: IF mEnabled THEN DiagCode := 16#C010; ELSE DiagCode := 16#8802; END_IF;
  16#8802: IF mEnabled THEN DiagCode := 16#8000; END_IF;
  16#8000: IF NOT mEnabled THEN DiagCode := 16#8802; END_IF;
  16#C010: IF NOT mEnabled THEN DiagCode := SEL(Reset AND NOT S_AutoReset, WORD#16#C410, WORD#16#C001); END_IF;
  16#C410:
    IF mEnabled THEN DiagCode := 16#C010; ELSIF mEdge OR S_AutoReset THEN DiagCode := 16#8802; END_IF;
  16#C001: IF mEnabled THEN DiagCode := 16#C010; ELSIF NOT Reset THEN DiagCode := 16#C410; END_IF;
  END_CASE;
END_IF;`,
  'S_EnableSwitchOut := DiagCode = 16#8000;',
);

/** The ST texts of the blocks, one each. */
export function commandBlocks(): string[] {
  return [
    twoHand('SF_TwoHandControlTypeII', false),
    twoHand('SF_TwoHandControlTypeIII', true),
    RESET_BUTTON,
    MODE_SELECTOR,
    SAFETY_REQUEST,
    ENABLE_SWITCH,
    ENABLE_SWITCH_2,
  ];
}
