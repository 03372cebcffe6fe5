/**
 * Behavioural models of PLCopen safety blocks (Safety Software part 1, v2.x) in ST, written from the published state
 * rules: DiagCode 0000 idle, 8000 output enabled, 8001 initialisation, 84xx waiting for a reset, 88xx safety demand,
 * Cxxx error. A model decides like the block; it is no certified implementation.
 *
 * Rules that all keep: Activate FALSE sets every output to its initial value; an output falls in the call in which its
 * condition falls; Reset acts on a rising edge only, and a Reset that is TRUE already when it becomes due is an error.
 */

const HEAD_INPUT = 'VAR_INPUT Activate : BOOL;';
const HEAD_OUTPUT = 'VAR_OUTPUT Ready : BOOL;';
const TAIL_OUTPUT = 'SafetyDemand : BOOL; ResetRequest : BOOL; Error : BOOL; DiagCode : WORD; END_VAR';
const RESET_INPUTS = 'S_StartReset : BOOL; S_AutoReset : BOOL; Reset : BOOL;';

/** Edge of Reset, then the state machine in `body`, then outputs derived from the state alone. */
function block(
  name: string,
  pins: { inputs: string; outputs: string; memory: string },
  body: string,
  outputs: string,
): string {
  return `FUNCTION_BLOCK SIM_${name}
${HEAD_INPUT} ${pins.inputs} END_VAR
${HEAD_OUTPUT} ${pins.outputs} ${TAIL_OUTPUT}
VAR mReset : BOOL; mEdge : BOOL; ${pins.memory} END_VAR
${pins.inputs.includes(' Reset :') || pins.inputs.startsWith('Reset :') ? 'mEdge := Reset AND NOT mReset; mReset := Reset;' : ''}
IF NOT Activate THEN
  DiagCode := 16#0000;
ELSE
${body}
END_IF;
Ready := DiagCode <> 16#0000;
Error := DiagCode >= 16#C000;
SafetyDemand := (DiagCode AND 16#FF00) = 16#8800;
ResetRequest := (DiagCode AND 16#FF00) = 16#8400;
${outputs}
END_FUNCTION_BLOCK
`;
}

/** One input, one output, start and restart interlock: emergency stop, ESPE, pressure-sensitive, single guard switch. */
function interlocked(name: string, input: string, output: string): string {
  return block(
    name,
    { inputs: `${input} : BOOL; ${RESET_INPUTS}`, outputs: `${output} : BOOL;`, memory: '' },
    `CASE DiagCode OF
  16#0000: DiagCode := 16#8001;
  16#8001:
    IF NOT ${input} THEN DiagCode := 16#8802;
    ELSIF S_StartReset THEN DiagCode := 16#8000;
    ELSIF Reset THEN DiagCode := 16#C001;
    ELSE DiagCode := 16#8402; END_IF;
  16#8802:
    IF ${input} THEN
      IF S_StartReset THEN DiagCode := 16#8000;
      ELSIF Reset THEN DiagCode := 16#C001;
      ELSE DiagCode := 16#8402; END_IF;
    END_IF;
  16#8402:
    IF NOT ${input} THEN DiagCode := 16#8802;
    ELSIF mEdge THEN DiagCode := 16#8000; END_IF;
  16#C001:
    IF NOT ${input} THEN DiagCode := 16#8802;
    ELSIF NOT Reset THEN DiagCode := 16#8402; END_IF;
  16#8000:
    IF NOT ${input} THEN DiagCode := 16#8804; END_IF;
  16#8804:
    IF ${input} THEN
      IF S_AutoReset THEN DiagCode := 16#8000;
      ELSIF Reset THEN DiagCode := 16#C011;
      ELSE DiagCode := 16#8404; END_IF;
    END_IF;
  16#8404:
    IF NOT ${input} THEN DiagCode := 16#8804;
    ELSIF mEdge THEN DiagCode := 16#8000; END_IF;
  16#C011:
    IF NOT ${input} THEN DiagCode := 16#8804;
    ELSIF NOT Reset THEN DiagCode := 16#8404; END_IF;
  END_CASE;`,
    `${output} := DiagCode = 16#8000;`,
  );
}

/** Two channels that must agree within the discrepancy time; no restart interlock. `second` is healthy when TRUE. */
function twoChannels(
  name: string,
  first: string,
  secondPin: string,
  second: string,
  initial: string,
  output: string,
): string {
  return block(
    name,
    {
      inputs: `${first} : BOOL; ${secondPin} : BOOL${initial}; DiscrepancyTime : TIME;`,
      outputs: `${output} : BOOL;`,
      memory: 'mStart : TIME; mLate : BOOL;',
    },
    `mLate := SIM_NOW - mStart >= DiscrepancyTime;
CASE DiagCode OF
  16#0000: DiagCode := 16#8001;
  16#8001:
    IF ${first} AND ${second} THEN DiagCode := 16#8000;
    ELSIF ${first} THEN DiagCode := 16#8004; mStart := SIM_NOW;
    ELSIF ${second} THEN DiagCode := 16#8014; mStart := SIM_NOW; END_IF;
  16#8004:
    IF NOT ${first} THEN DiagCode := 16#8001;
    ELSIF ${second} THEN DiagCode := 16#8000;
    ELSIF mLate THEN DiagCode := 16#C001; END_IF;
  16#8014:
    IF NOT ${second} THEN DiagCode := 16#8001;
    ELSIF ${first} THEN DiagCode := 16#8000;
    ELSIF mLate THEN DiagCode := 16#C002; END_IF;
  16#8000:
    IF NOT ${first} AND NOT ${second} THEN DiagCode := 16#8801;
    ELSIF NOT ${first} OR NOT ${second} THEN DiagCode := 16#8805; mStart := SIM_NOW; END_IF;
  16#8801:
    IF ${first} AND ${second} THEN DiagCode := 16#8000;
    ELSIF ${first} THEN DiagCode := 16#8004; mStart := SIM_NOW;
    ELSIF ${second} THEN DiagCode := 16#8014; mStart := SIM_NOW; END_IF;
  16#8805:
    IF NOT ${first} AND NOT ${second} THEN DiagCode := 16#8801;
    ELSIF mLate THEN DiagCode := 16#C003; END_IF;
ELSE
    IF NOT ${first} AND NOT ${second} THEN DiagCode := 16#8801; END_IF;
END_CASE;`,
    `${output} := DiagCode = 16#8000;`,
  );
}

const GUARD_MONITORING = block(
  'SF_GuardMonitoring',
  {
    inputs: `S_GuardSwitch1 : BOOL; S_GuardSwitch2 : BOOL; DiscrepancyTime : TIME; ${RESET_INPUTS}`,
    outputs: 'S_GuardMonitoring : BOOL;',
    memory: 'mStart : TIME; mLate : BOOL;',
  },
  `mLate := SIM_NOW - mStart >= DiscrepancyTime;
CASE DiagCode OF
  16#0000: DiagCode := 16#8001;
  16#8001:
    IF NOT (S_GuardSwitch1 AND S_GuardSwitch2) THEN DiagCode := 16#8802;
    ELSIF S_StartReset THEN DiagCode := 16#8000;
    ELSIF Reset THEN DiagCode := 16#C001;
    ELSE DiagCode := 16#8403; END_IF;
  16#8403:
    IF NOT (S_GuardSwitch1 AND S_GuardSwitch2) THEN DiagCode := 16#8802;
    ELSIF mEdge THEN DiagCode := 16#8000; END_IF;
  16#8802:
    IF NOT S_GuardSwitch1 AND NOT S_GuardSwitch2 THEN DiagCode := 16#8812; END_IF;
  16#8812:
    IF S_GuardSwitch1 AND S_GuardSwitch2 THEN
      IF S_AutoReset THEN DiagCode := 16#8000; ELSIF Reset THEN DiagCode := 16#C021; ELSE DiagCode := 16#8405; END_IF;
    ELSIF S_GuardSwitch1 THEN DiagCode := 16#8804; mStart := SIM_NOW;
    ELSIF S_GuardSwitch2 THEN DiagCode := 16#8814; mStart := SIM_NOW; END_IF;
  16#8804, 16#8814:
    IF S_GuardSwitch1 AND S_GuardSwitch2 THEN
      IF S_AutoReset THEN DiagCode := 16#8000; ELSIF Reset THEN DiagCode := 16#C021; ELSE DiagCode := 16#8405; END_IF;
    ELSIF NOT S_GuardSwitch1 AND NOT S_GuardSwitch2 THEN DiagCode := 16#8812;
    ELSIF mLate THEN
      IF DiagCode = 16#8804 THEN DiagCode := 16#C011; ELSE DiagCode := 16#C012; END_IF;
    END_IF;
  16#8405:
    IF NOT (S_GuardSwitch1 AND S_GuardSwitch2) THEN DiagCode := 16#8802;
    ELSIF mEdge THEN DiagCode := 16#8000; END_IF;
  16#8000:
    IF NOT (S_GuardSwitch1 AND S_GuardSwitch2) THEN DiagCode := 16#8802; END_IF;
  16#C001:
    IF NOT (S_GuardSwitch1 AND S_GuardSwitch2) THEN DiagCode := 16#8802;
    ELSIF NOT Reset THEN DiagCode := 16#8403; END_IF;
  16#C021:
    IF NOT (S_GuardSwitch1 AND S_GuardSwitch2) THEN DiagCode := 16#8802;
    ELSIF NOT Reset THEN DiagCode := 16#8405; END_IF;
  16#C011, 16#C012:
    IF NOT S_GuardSwitch1 AND NOT S_GuardSwitch2 THEN DiagCode := 16#8812; END_IF;
END_CASE;`,
  'S_GuardMonitoring := DiagCode = 16#8000;',
);

const OUT_CONTROL = block(
  'SF_OutControl',
  {
    inputs: `S_SafeControl : BOOL; ProcessControl : BOOL; StaticControl : BOOL; ${RESET_INPUTS}`,
    outputs: 'S_OutControl : BOOL;',
    memory: 'mProcess : BOOL; mProcessEdge : BOOL;',
  },
  `mProcessEdge := ProcessControl AND NOT mProcess; mProcess := ProcessControl;
CASE DiagCode OF
  16#0000: DiagCode := 16#8401; IF Reset AND NOT S_StartReset THEN DiagCode := 16#C001; END_IF;
  16#8401:
    IF S_StartReset OR mEdge THEN
      IF mEdge AND mProcessEdge AND NOT S_StartReset THEN DiagCode := 16#C020;
      ELSIF S_SafeControl THEN DiagCode := 16#8006;
      ELSE DiagCode := 16#8802; END_IF;
    END_IF;
  16#C001: IF NOT Reset THEN DiagCode := 16#8401; END_IF;
  16#C020: IF NOT Reset AND NOT ProcessControl THEN DiagCode := 16#8401; END_IF;
  16#8802:
    IF S_SafeControl THEN
      IF S_AutoReset THEN DiagCode := 16#8006;
      ELSIF Reset THEN DiagCode := 16#C011;
      ELSE DiagCode := 16#8404; END_IF;
    END_IF;
  16#8404:
    IF NOT S_SafeControl THEN DiagCode := 16#8802;
    ELSIF mEdge AND mProcessEdge THEN DiagCode := 16#C030;
    ELSIF mEdge THEN DiagCode := 16#8006; END_IF;
  16#C011:
    IF NOT S_SafeControl THEN DiagCode := 16#8802; ELSIF NOT Reset THEN DiagCode := 16#8404; END_IF;
  16#C030:
    IF NOT S_SafeControl THEN DiagCode := 16#8802;
    ELSIF NOT Reset AND NOT ProcessControl THEN DiagCode := 16#8404; END_IF;
  16#8006:
    IF NOT S_SafeControl THEN DiagCode := 16#8802;
    ELSIF mProcessEdge OR (StaticControl AND ProcessControl) THEN DiagCode := 16#8000;
    ELSIF ProcessControl THEN DiagCode := 16#C010; END_IF;
  16#C010:
    IF NOT S_SafeControl THEN DiagCode := 16#8802; ELSIF NOT ProcessControl THEN DiagCode := 16#8006; END_IF;
  16#8000:
    IF NOT S_SafeControl THEN DiagCode := 16#8802; ELSIF NOT ProcessControl THEN DiagCode := 16#8006; END_IF;
END_CASE;`,
  'S_OutControl := DiagCode = 16#8000;',
);

/** EDM inputs are TRUE while the actuators rest. They must follow the output within the monitoring time. */
const EDM = block(
  'SF_EDM',
  {
    inputs: 'S_OutControl : BOOL; EDM1 : BOOL; EDM2 : BOOL; MonitoringTime : TIME; S_StartReset : BOOL; Reset : BOOL;',
    outputs: 'S_EDM_Out : BOOL;',
    memory: 'mStart : TIME; mLate : BOOL;',
  },
  `mLate := SIM_NOW - mStart >= MonitoringTime;
CASE DiagCode OF
  16#0000: DiagCode := 16#8001;
  16#8001:
    IF S_StartReset OR mEdge THEN DiagCode := 16#8810; mStart := SIM_NOW;
    ELSIF Reset THEN DiagCode := 16#C001; END_IF;
  16#C001: IF NOT Reset THEN DiagCode := 16#8001; END_IF;
  16#8810:
    IF S_OutControl AND EDM1 AND EDM2 THEN DiagCode := 16#8000; mStart := SIM_NOW;
    ELSIF NOT (EDM1 AND EDM2) AND mLate THEN
      IF EDM1 THEN DiagCode := 16#C020; ELSIF EDM2 THEN DiagCode := 16#C010; ELSE DiagCode := 16#C030; END_IF;
    ELSIF EDM1 AND EDM2 THEN mStart := SIM_NOW; END_IF;
  16#8000:
    IF NOT S_OutControl THEN DiagCode := 16#8810; mStart := SIM_NOW;
    ELSIF (EDM1 OR EDM2) AND mLate THEN
      IF NOT EDM1 THEN DiagCode := 16#C050; ELSIF NOT EDM2 THEN DiagCode := 16#C040; ELSE DiagCode := 16#C060; END_IF;
    ELSIF NOT EDM1 AND NOT EDM2 THEN mStart := SIM_NOW; END_IF;
ELSE
    IF mEdge AND EDM1 AND EDM2 AND NOT S_OutControl THEN DiagCode := 16#8810; mStart := SIM_NOW; END_IF;
END_CASE;`,
  'S_EDM_Out := DiagCode = 16#8000;',
);

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
${HEAD_INPUT} S_ResetIn : BOOL; Reset : BOOL; END_VAR
${HEAD_OUTPUT} S_ResetOut : BOOL; Error : BOOL; DiagCode : WORD; END_VAR
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

/** Unlocks only while the danger is over (S_SafetyActive); the guard found open while locked is an error. */
function guardLocking(name: string): string {
  return block(
    name,
    {
      inputs: `S_GuardMonitoring : BOOL; S_SafetyActive : BOOL; S_GuardLock : BOOL; UnlockRequest : BOOL; ${RESET_INPUTS}`,
      outputs: 'S_GuardLocked : BOOL; S_UnlockGuard : BOOL;',
      memory: 'mLocked : BOOL;',
    },
    `mLocked := S_GuardMonitoring AND S_GuardLock;
CASE DiagCode OF
  16#0000: DiagCode := 16#8001;
  16#8001:
    IF NOT S_GuardMonitoring THEN DiagCode := 16#8812;
    ELSIF NOT S_GuardLock THEN DiagCode := 16#8813;
    ELSIF S_StartReset THEN DiagCode := 16#8000;
    ELSIF Reset THEN DiagCode := 16#C001;
    ELSE DiagCode := 16#8403; END_IF;
  16#8403:
    IF NOT S_GuardMonitoring THEN DiagCode := 16#8812;
    ELSIF NOT S_GuardLock OR (UnlockRequest AND S_SafetyActive) THEN DiagCode := 16#8813;
    ELSIF mEdge OR S_AutoReset THEN DiagCode := 16#8000; END_IF;
  16#8000:
    IF NOT mLocked THEN DiagCode := 16#C004;
    ELSIF UnlockRequest AND S_SafetyActive THEN DiagCode := 16#8813; END_IF;
  16#8813:
    IF NOT S_SafetyActive AND NOT S_GuardLock THEN DiagCode := 16#8814;
    ELSIF NOT S_GuardMonitoring THEN DiagCode := 16#8812;
    ELSIF mLocked AND NOT UnlockRequest THEN
      IF S_AutoReset THEN DiagCode := 16#8000; ELSIF Reset THEN DiagCode := 16#C002; ELSE DiagCode := 16#8403; END_IF;
    END_IF;
  16#8812:
    IF NOT S_SafetyActive THEN DiagCode := 16#8814;
    ELSIF S_GuardMonitoring THEN DiagCode := 16#8813; END_IF;
  16#8814:
    IF S_SafetyActive THEN
      IF S_GuardMonitoring THEN DiagCode := 16#8813; ELSE DiagCode := 16#8812; END_IF;
    ELSIF mLocked THEN DiagCode := 16#8403; END_IF;
  16#C001, 16#C002: IF NOT Reset THEN DiagCode := 16#8403; END_IF;
  16#C004: IF mEdge AND mLocked THEN DiagCode := 16#8000; END_IF;
END_CASE;`,
    `S_GuardLocked := DiagCode = 16#8000;
S_UnlockGuard := S_SafetyActive AND (DiagCode = 16#8812 OR DiagCode = 16#8813);`,
  );
}

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

/** The ST texts of all safety blocks, one each. */
export function safetyBlocks(): string[] {
  return [
    interlocked('SF_EmergencyStop', 'S_EStopIn', 'S_EStopOut'),
    interlocked('SF_ESPE', 'S_ESPE_In', 'S_ESPE_Out'),
    interlocked('SF_PSE', 'S_PSE_In', 'S_PSE_Out'),
    interlocked('SF_Guard', 'S_GuardSwitch', 'S_Guard'),
    twoChannels('SF_Equivalent', 'S_ChannelA', 'S_ChannelB', 'S_ChannelB', '', 'S_EquivalentOut'),
    twoChannels('SF_Antivalent', 'S_ChannelNC', 'S_ChannelNO', '(NOT S_ChannelNO)', ' := TRUE', 'S_AntivalentOut'),
    GUARD_MONITORING,
    OUT_CONTROL,
    EDM,
    twoHand('SF_TwoHandControlTypeII', false),
    twoHand('SF_TwoHandControlTypeIII', true),
    RESET_BUTTON,
    MODE_SELECTOR,
    guardLocking('SF_GuardLocking'),
    guardLocking('SF_GuardLocking_2'),
    SAFETY_REQUEST,
    enableSwitch('SF_EnableSwitch'),
    enableSwitch('SF_EnableSwitch_2'),
  ];
}
