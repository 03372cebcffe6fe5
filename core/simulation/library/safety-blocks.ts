/**
 * Behavioural models of PLCopen safety blocks (Safety Software part 1) in ST, written from the published state rules:
 * DiagCode 0000 idle, 8000 output enabled, 80xx other states of normal operation, x4xx waiting for a reset, x8xx safety
 * demand, Cxxx error. A model decides like the block; it is no certified implementation.
 *
 * Numbers and meaning of the states are those of version 2.01 of part 1, as the documentation of the CODESYS library
 * "PLCopen Safety FBs" lists them (helpme-codesys.com, enumerations FBS_ESTOP, FBS_ESPE, FBS_PSE, FBS_GUARD, FBS_EQUI,
 * FBS_ANTI, FBS_EDM, FBS_OUTCONTROL). Version 1.0 had other numbers for the same states. No source confirms these:
 * C070 to C090 of SF_EDM, and the numbers of SF_GuardLocking and SF_GuardLocking_2: do not judge a program by them.
 *
 * Rules that all keep: Activate FALSE sets every output to its initial value; an output falls in the call in which its
 * condition falls; Reset acts on a rising edge only, and a Reset that is TRUE already when it becomes due is an error.
 */

import { safetyBlock as block, RESET_INPUTS } from './safety-block-text.js';

/** One input, one output, start and restart interlock: emergency stop, ESPE, pressure-sensitive. */
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
  16#0000: DiagCode := 16#8801;
  16#8801:
    IF ${first} AND ${second} THEN DiagCode := 16#8000;
    ELSIF ${first} THEN DiagCode := 16#8802; mStart := SIM_NOW;
    ELSIF ${second} THEN DiagCode := 16#8804; mStart := SIM_NOW; END_IF;
  16#8802:
    IF NOT ${first} THEN DiagCode := 16#8801;
    ELSIF ${second} THEN DiagCode := 16#8000;
    ELSIF mLate THEN DiagCode := 16#C010; END_IF;
  16#8804:
    IF NOT ${second} THEN DiagCode := 16#8801;
    ELSIF ${first} THEN DiagCode := 16#8000;
    ELSIF mLate THEN DiagCode := 16#C020; END_IF;
  16#8000:
    IF NOT ${first} AND NOT ${second} THEN DiagCode := 16#8801;
    ELSIF NOT ${first} OR NOT ${second} THEN DiagCode := 16#8806; mStart := SIM_NOW; END_IF;
  16#8806:
    IF NOT ${first} AND NOT ${second} THEN DiagCode := 16#8801;
    ELSIF mLate THEN DiagCode := 16#C030; END_IF;
ELSE
    IF NOT ${first} AND NOT ${second} THEN DiagCode := 16#8801; END_IF;
END_CASE;`,
    `${output} := DiagCode = 16#8000;`,
  );
}

interface Guard {
  readonly name: string;
  readonly inputs: string;
  readonly outputs: string;
  /** What the switches are, as ST. */
  readonly switches: readonly [string, string];
}

/** A guard with two switches: after it has opened, both must open and then close within the discrepancy time. */
function guard({ name, inputs, outputs, switches }: Guard): string {
  return block(
    name,
    {
      inputs: `${inputs} DiscrepancyTime : TIME; ${RESET_INPUTS}`,
      outputs: `${outputs
        .split(' ')
        .map((output) => `${output} : BOOL;`)
        .join(' ')}`,
      memory: 'mStart : TIME; mLate : BOOL; mOne : BOOL; mTwo : BOOL;',
    },
    `mLate := SIM_NOW - mStart >= DiscrepancyTime;
mOne := ${switches[0]};
mTwo := ${switches[1]};
CASE DiagCode OF
  16#0000: DiagCode := 16#8001;
  16#8001:
    IF NOT (mOne AND mTwo) THEN DiagCode := 16#8802;
    ELSIF S_StartReset THEN DiagCode := 16#8000;
    ELSIF Reset THEN DiagCode := 16#C001;
    ELSE DiagCode := 16#8402; END_IF;
  16#8402:
    IF NOT (mOne AND mTwo) THEN DiagCode := 16#8802;
    ELSIF mEdge THEN DiagCode := 16#8000; END_IF;
  16#8802: IF NOT mOne AND NOT mTwo THEN DiagCode := 16#8804; END_IF;
  16#8804:
    IF mOne AND mTwo THEN DiagCode := 16#8002;
    ELSIF mOne THEN DiagCode := 16#8806; mStart := SIM_NOW;
    ELSIF mTwo THEN DiagCode := 16#8808; mStart := SIM_NOW; END_IF;
  16#8806:
    IF NOT mOne THEN DiagCode := 16#8804;
    ELSIF mTwo THEN DiagCode := 16#8002;
    ELSIF mLate THEN DiagCode := 16#C010; END_IF;
  16#8808:
    IF NOT mTwo THEN DiagCode := 16#8804;
    ELSIF mOne THEN DiagCode := 16#8002;
    ELSIF mLate THEN DiagCode := 16#C020; END_IF;
  16#8002:
    IF NOT (mOne AND mTwo) THEN DiagCode := 16#8802;
    ELSIF S_AutoReset THEN DiagCode := 16#8000;
    ELSIF Reset THEN DiagCode := 16#C001;
    ELSE DiagCode := 16#8402; END_IF;
  16#8000: IF NOT (mOne AND mTwo) THEN DiagCode := 16#8802; END_IF;
  16#C001:
    IF NOT (mOne AND mTwo) THEN DiagCode := 16#8802;
    ELSIF NOT Reset THEN DiagCode := 16#8402; END_IF;
  16#C010, 16#C020: IF NOT mOne AND NOT mTwo THEN DiagCode := 16#8804; END_IF;
END_CASE;`,
    outputs
      .split(' ')
      .map((output) => `${output} := DiagCode = 16#8000;`)
      .join(' '),
  );
}

/** Version 2.01 calls the block SF_Guard; a program that wires one switch only uses S_GuardSwitch. */
const GUARDS: readonly Guard[] = [
  {
    name: 'SF_GuardMonitoring',
    inputs: 'S_GuardSwitch1 : BOOL; S_GuardSwitch2 : BOOL;',
    outputs: 'S_GuardMonitoring',
    switches: ['S_GuardSwitch1', 'S_GuardSwitch2'],
  },
  {
    name: 'SF_Guard',
    inputs: 'S_GuardSwitch1 : BOOL; S_GuardSwitch2 : BOOL; S_GuardSwitch : BOOL;',
    outputs: 'S_GuardOut S_Guard',
    switches: ['S_GuardSwitch1 OR S_GuardSwitch', 'S_GuardSwitch2 OR S_GuardSwitch'],
  },
];

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

/**
 * EDM inputs are TRUE while the actuators rest. They must follow the output within the monitoring time, which begins
 * when the state is entered. After an error the output stays off until S_OutControl has fallen and Reset rises.
 */
const EDM = block(
  'SF_EDM',
  {
    inputs: 'S_OutControl : BOOL; EDM1 : BOOL; EDM2 : BOOL; MonitoringTime : TIME; S_StartReset : BOOL; Reset : BOOL;',
    outputs: 'S_EDM_Out : BOOL;',
    memory: 'mStart : TIME; mLate : BOOL; mControl : BOOL; mRises : BOOL;',
  },
  `mLate := SIM_NOW - mStart >= MonitoringTime;
mRises := S_OutControl AND NOT mControl; mControl := S_OutControl;
CASE DiagCode OF
  16#0000:
    IF Reset AND NOT S_StartReset THEN DiagCode := 16#C001; ELSE DiagCode := 16#8401; END_IF;
  16#8401:
    IF mEdge AND mRises AND NOT S_StartReset THEN DiagCode := 16#C100;
    ELSIF S_StartReset OR mEdge THEN DiagCode := 16#8810; mStart := SIM_NOW; END_IF;
  16#C001: IF NOT Reset THEN DiagCode := 16#8401; END_IF;
  16#C100: IF NOT Reset AND NOT S_OutControl THEN DiagCode := 16#8401; END_IF;
  16#8810:
    IF EDM1 AND EDM2 THEN
      IF S_OutControl THEN DiagCode := 16#8000; mStart := SIM_NOW; END_IF;
    ELSIF S_OutControl THEN
      IF EDM1 THEN DiagCode := 16#C020; ELSIF EDM2 THEN DiagCode := 16#C010; ELSE DiagCode := 16#C030; END_IF;
    ELSIF mLate THEN
      IF EDM1 THEN DiagCode := 16#C050; ELSIF EDM2 THEN DiagCode := 16#C040; ELSE DiagCode := 16#C060; END_IF;
    END_IF;
  16#8000:
    IF NOT S_OutControl THEN DiagCode := 16#8810; mStart := SIM_NOW;
    ELSIF (EDM1 OR EDM2) AND mLate THEN
      IF NOT EDM1 THEN DiagCode := 16#C080; ELSIF NOT EDM2 THEN DiagCode := 16#C070; ELSE DiagCode := 16#C090; END_IF;
    END_IF;
ELSE
    IF mEdge AND EDM1 AND EDM2 AND NOT S_OutControl THEN DiagCode := 16#8810; mStart := SIM_NOW; END_IF;
END_CASE;`,
  'S_EDM_Out := DiagCode = 16#8000;',
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

/** The ST texts of all safety blocks, one each. */
export function safetyBlocks(): string[] {
  return [
    interlocked('SF_EmergencyStop', 'S_EStopIn', 'S_EStopOut'),
    interlocked('SF_ESPE', 'S_ESPE_In', 'S_ESPE_Out'),
    interlocked('SF_PSE', 'S_PSE_In', 'S_PSE_Out'),
    twoChannels('SF_Equivalent', 'S_ChannelA', 'S_ChannelB', 'S_ChannelB', '', 'S_EquivalentOut'),
    twoChannels('SF_Antivalent', 'S_ChannelNC', 'S_ChannelNO', '(NOT S_ChannelNO)', ' := TRUE', 'S_AntivalentOut'),
    ...GUARDS.map(guard),
    OUT_CONTROL,
    EDM,
    guardLocking('SF_GuardLocking'),
    guardLocking('SF_GuardLocking_2'),
  ];
}
