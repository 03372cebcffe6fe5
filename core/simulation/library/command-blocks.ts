/**
 * Behavioural models of the PLCopen safety blocks for commands of people: two hands, reset buttons, mode selectors,
 * enabling switches, requests. The rules of `safety-blocks.ts` hold here too.
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
    ELSE DiagCode := 16#8004; END_IF;
  16#8004:
    mStart := SIM_NOW;
    IF S_Button1 AND S_Button2 THEN DiagCode := 16#8000;
    ELSIF S_Button1 THEN DiagCode := 16#8005;
    ELSIF S_Button2 THEN DiagCode := 16#8006; END_IF;
  16#8005:
    IF NOT S_Button1 AND NOT S_Button2 THEN DiagCode := 16#8004;
    ELSIF ${late} THEN DiagCode := 16#C040;
    ELSIF S_Button1 AND S_Button2 THEN DiagCode := 16#8000;
    ELSIF S_Button2 THEN DiagCode := 16#8009; END_IF;
  16#8006:
    IF NOT S_Button1 AND NOT S_Button2 THEN DiagCode := 16#8004;
    ELSIF ${late} THEN DiagCode := 16#C050;
    ELSIF S_Button1 AND S_Button2 THEN DiagCode := 16#8000;
    ELSIF S_Button1 THEN DiagCode := 16#8009; END_IF;
  16#8000:
    IF NOT S_Button1 AND NOT S_Button2 THEN DiagCode := 16#8004;
    ELSIF NOT S_Button1 THEN DiagCode := 16#8008;
    ELSIF NOT S_Button2 THEN DiagCode := 16#8007; END_IF;
  16#8007, 16#8008, 16#8009, 16#8019:
    IF NOT S_Button1 AND NOT S_Button2 THEN DiagCode := 16#8004;
    ELSIF S_Button1 AND S_Button2 THEN DiagCode := 16#8019;
    ELSIF DiagCode = 16#8019 THEN DiagCode := 16#8009; END_IF;
ELSE
    IF NOT S_Button1 AND NOT S_Button2 THEN DiagCode := 16#8004; END_IF;
END_CASE;`,
    'S_TwoHandOut := DiagCode = 16#8000; SafetyDemand := Ready AND NOT S_TwoHandOut;',
  );
}

/** A reset by release: one call TRUE at the falling edge of a press that began after the activation. */
const RESET_BUTTON = `FUNCTION_BLOCK SIM_SF_ResetButton
VAR_INPUT Activate : BOOL; S_ResetIn : BOOL; Reset : BOOL; END_VAR
VAR_OUTPUT Ready : BOOL; S_ResetOut : BOOL; Error : BOOL; DiagCode : WORD; END_VAR
S_ResetOut := FALSE;
IF NOT Activate THEN DiagCode := 16#0000;
ELSE
  CASE DiagCode OF
  16#0000: IF S_ResetIn THEN DiagCode := 16#C001; ELSE DiagCode := 16#8001; END_IF;
  16#C001: IF NOT S_ResetIn THEN DiagCode := 16#8001; END_IF;
  16#8001: IF S_ResetIn THEN DiagCode := 16#8004; END_IF;
  16#8004: IF NOT S_ResetIn THEN DiagCode := 16#8000; S_ResetOut := TRUE; END_IF;
  16#8000: IF S_ResetIn THEN DiagCode := 16#8004; ELSE DiagCode := 16#8001; END_IF;
  END_CASE;
END_IF;
Ready := DiagCode <> 16#0000;
Error := DiagCode >= 16#C000;
END_FUNCTION_BLOCK
`;

const MODES = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** Exactly one of eight modes; a change needs S_Unlock and, without AutoSetMode, an edge of S_SetMode. */
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
  16#0000: DiagCode := 16#8001; mStart := SIM_NOW;
  16#8001: DiagCode := 16#8805;
  16#8805:
    IF mCount > 1 AND SIM_NOW - mStart >= ModeMonitorTime THEN DiagCode := 16#C001;
    ELSIF mCount = 0 AND SIM_NOW - mStart >= ModeMonitorTime THEN DiagCode := 16#C002;
    ELSIF mCount = 1 AND (AutoSetMode OR mSetEdge) THEN DiagCode := 16#8000; mMode := mInput; END_IF;
  16#8000:
    IF mCount <> 1 OR mInput <> mMode THEN
      IF S_Unlock THEN DiagCode := 16#8805; ELSE DiagCode := 16#8004; END_IF;
    ELSIF NOT S_Unlock THEN DiagCode := 16#8004; END_IF;
  16#8004:
    IF S_Unlock THEN
      IF mCount = 1 AND mInput = mMode THEN DiagCode := 16#8000; ELSE DiagCode := 16#8805; mStart := SIM_NOW; END_IF;
    END_IF;
  16#C001, 16#C002:
    IF mEdge AND mCount = 1 THEN DiagCode := 16#8805; END_IF;
END_CASE;`,
  `S_AnyModeSel := DiagCode = 16#8000 OR DiagCode = 16#8004;
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
  16#0000: DiagCode := 16#8001;
  16#8001:
    IF Reset AND NOT mEdge THEN DiagCode := 16#C001;
    ELSIF S_OpMode THEN DiagCode := 16#8012;
    ELSE DiagCode := 16#8803; mStart := SIM_NOW; END_IF;
  16#C001: IF NOT Reset THEN DiagCode := 16#8001; END_IF;
  16#8012: IF NOT S_OpMode THEN DiagCode := 16#8803; mStart := SIM_NOW; END_IF;
  16#8803:
    IF S_OpMode THEN DiagCode := 16#8012;
    ELSIF S_Acknowledge THEN DiagCode := 16#8000;
    ELSIF SIM_NOW - mStart >= MonitoringTime THEN DiagCode := 16#C005; END_IF;
  16#8000:
    IF S_OpMode THEN DiagCode := 16#8012;
    ELSIF NOT S_Acknowledge THEN DiagCode := 16#C002; END_IF;
  16#C002, 16#C005: IF mEdge THEN DiagCode := 16#8405; END_IF;
  16#8405: IF S_OpMode THEN DiagCode := 16#8012; END_IF;
END_CASE;`,
  'S_SafetyActive := DiagCode = 16#8000; S_SafetyRequest := DiagCode = 16#8012;',
);

/** Three positions: released (FALSE, TRUE), enabled (TRUE, TRUE), squeezed (FALSE, FALSE). */
function enableSwitch(name: string): string {
  return block(
    name,
    {
      inputs:
        'S_SafetyActive : BOOL; S_EnableSwitchCh1 : BOOL; S_EnableSwitchCh2 : BOOL; S_AutoReset : BOOL; Reset : BOOL;',
      outputs: 'S_EnableSwitchOut : BOOL;',
      memory: 'mReleased : BOOL; mEnabled : BOOL; mSqueezed : BOOL;',
    },
    `mReleased := NOT S_EnableSwitchCh1 AND S_EnableSwitchCh2;
mEnabled := S_EnableSwitchCh1 AND S_EnableSwitchCh2;
mSqueezed := NOT S_EnableSwitchCh1 AND NOT S_EnableSwitchCh2;
CASE DiagCode OF
  16#0000: DiagCode := 16#8004;
  16#8004: IF S_SafetyActive THEN DiagCode := 16#8005; END_IF;
  16#8005:
    IF NOT S_SafetyActive THEN DiagCode := 16#8004;
    ELSIF mReleased THEN DiagCode := 16#8006;
    ELSIF mEnabled THEN DiagCode := 16#C010;
    ELSIF mSqueezed THEN DiagCode := 16#8007; END_IF;
  16#8006:
    IF NOT S_SafetyActive THEN DiagCode := 16#8004;
    ELSIF mEnabled THEN DiagCode := 16#8000;
    ELSIF mSqueezed THEN DiagCode := 16#8007; END_IF;
  16#8000:
    IF NOT S_SafetyActive THEN DiagCode := 16#8004;
    ELSIF mSqueezed THEN DiagCode := 16#8007;
    ELSIF NOT mEnabled THEN DiagCode := 16#8006; END_IF;
  16#8007:
    IF NOT S_SafetyActive THEN DiagCode := 16#8004;
    ELSIF mReleased THEN
      IF S_AutoReset THEN DiagCode := 16#8006; ELSIF Reset THEN DiagCode := 16#C001; ELSE DiagCode := 16#8407; END_IF;
    ELSIF mEnabled THEN DiagCode := 16#C020; END_IF;
  16#8407:
    IF NOT S_SafetyActive THEN DiagCode := 16#8004;
    ELSIF mEdge THEN DiagCode := 16#8006;
    ELSIF mEnabled THEN DiagCode := 16#C020; END_IF;
  16#C001: IF NOT Reset THEN DiagCode := 16#8407; END_IF;
  16#C010, 16#C020:
    IF NOT S_SafetyActive THEN DiagCode := 16#8004;
    ELSIF mReleased AND (mEdge OR S_AutoReset) THEN DiagCode := 16#8006; END_IF;
END_CASE;`,
    'S_EnableSwitchOut := DiagCode = 16#8000;',
  );
}

/** The ST texts of the blocks, one each. */
export function commandBlocks(): string[] {
  return [
    twoHand('SF_TwoHandControlTypeII', false),
    twoHand('SF_TwoHandControlTypeIII', true),
    RESET_BUTTON,
    MODE_SELECTOR,
    SAFETY_REQUEST,
    enableSwitch('SF_EnableSwitch'),
    enableSwitch('SF_EnableSwitch_2'),
  ];
}
