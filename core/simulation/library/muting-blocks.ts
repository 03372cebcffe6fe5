/**
 * Behavioural models of SF_MutingSeq and SF_MutingPar (PLCopen Safety Software part 1) in ST. The rules: muting begins
 * only while the AOPD is free, MutingEnable is TRUE and the switches close in their order; it ends with the first exit
 * switch that opens; a wrong order, a dark lamp or a time that has run out is an error with the output off, left by a
 * reset edge with all switches open. A demand without muting needs a reset.
 *
 * DiagCode: 0000, 8000, 8001 and the groups 84xx, 88xx and Cxxx follow the rules that all blocks share. The numbers of
 * the muting states (8011, 8012, 8112, 8122) and of the single errors (C004, C006, C007) could not be compared with the
 * specification: a program must not be judged by them.
 */

const SWITCHES = ['MutingSwitch11', 'MutingSwitch12', 'MutingSwitch21', 'MutingSwitch22'] as const;

interface MutingText {
  readonly name: string;
  readonly times: string;
  /** Conditions on the switches. `a1 a2` are those of entry in the direction of travel, `b1 b2` those of exit. */
  begins(entry: Side, exit: Side): string;
  completes(entry: Side, exit: Side): string;
  /** Still in order while starting and while active. */
  startIsFine(entry: Side, exit: Side): string;
}

interface Side {
  readonly first: string;
  readonly second: string;
  readonly time: string;
}

const ENTRY: Side = { first: 'MutingSwitch11', second: 'MutingSwitch12', time: 'DiscTime11_12' };
const EXIT: Side = { first: 'MutingSwitch21', second: 'MutingSwitch22', time: 'DiscTime21_22' };
const BACK_ENTRY: Side = { first: 'MutingSwitch22', second: 'MutingSwitch21', time: 'DiscTime21_22' };
const BACK_EXIT: Side = { first: 'MutingSwitch12', second: 'MutingSwitch11', time: 'DiscTime11_12' };

const none = ({ first, second }: Side): string => `NOT ${first} AND NOT ${second}`;

/** Switch after switch, as a vehicle passes sensors in a row. */
const SEQUENTIAL: MutingText = {
  name: 'SF_MutingSeq',
  times: '',
  begins: (entry, exit) => `${entry.first} AND NOT ${entry.second} AND ${none(exit)}`,
  completes: (entry, exit) => `${entry.first} AND ${entry.second} AND ${none(exit)}`,
  startIsFine: (entry, exit) => `(${none(entry)} OR (${entry.first} AND NOT ${entry.second})) AND ${none(exit)}`,
};

/** Two switches beside each other, which must close within a discrepancy time. */
const PARALLEL: MutingText = {
  name: 'SF_MutingPar',
  times: 'DiscTime11_12 : TIME; DiscTime21_22 : TIME;',
  begins: (entry, exit) => `(${entry.first} XOR ${entry.second}) AND ${none(exit)}`,
  completes: (entry, exit) => `${entry.first} AND ${entry.second} AND ${none(exit)}`,
  startIsFine: (entry, exit) => `SIM_NOW - mStart <= ${entry.time} AND ${none(exit)}`,
};

/** One direction of travel: its state while starting, its state while muted. */
function direction(text: MutingText, entry: Side, exit: Side, starting: string, active: string): string {
  return `  16#${starting}:
    IF NOT S_AOPD_In THEN DiagCode := 16#8802;
    ELSIF ${text.completes(entry, exit)} THEN DiagCode := 16#${active}; mStart := SIM_NOW; mExit := FALSE;
    ELSIF ${none(entry)} AND ${none(exit)} THEN DiagCode := 16#8000;
    ELSIF NOT (${text.startIsFine(entry, exit)}) THEN DiagCode := 16#C004; END_IF;
  16#${active}:
    IF mFell${exit.first} OR mFell${exit.second} OR (${none(entry)} AND ${none(exit)}) THEN
      IF S_AOPD_In THEN DiagCode := 16#8000; ELSE DiagCode := 16#8802; END_IF;
    ELSIF MaxMutingTime > T#0s AND SIM_NOW - mStart > MaxMutingTime THEN DiagCode := 16#C006;
    ELSIF NOT S_MutingLamp THEN DiagCode := 16#C007;
    ELSIF ${exit.second} AND NOT ${exit.first} AND NOT mExit THEN ${text === SEQUENTIAL ? 'DiagCode := 16#C004;' : 'mExit := TRUE;'}
    ELSIF ${exit.first} THEN mExit := TRUE;
    ELSIF NOT mExit AND NOT (${entry.first} AND ${entry.second}) THEN DiagCode := 16#C004; END_IF;
`;
}

function muting(text: MutingText): string {
  const memories = SWITCHES.map((each) => `m${each} : BOOL; mFell${each} : BOOL;`).join(' ');
  const edges = SWITCHES.map((each) => `mFell${each} := m${each} AND NOT ${each}; m${each} := ${each};`).join('\n');
  const allOpen = SWITCHES.map((each) => `NOT ${each}`).join(' AND ');
  return `FUNCTION_BLOCK SIM_${text.name}
VAR_INPUT Activate : BOOL; S_AOPD_In : BOOL; ${SWITCHES.map((each) => `${each} : BOOL;`).join(' ')}
  S_MutingLamp : BOOL; ${text.times} MaxMutingTime : TIME; MutingEnable : BOOL; S_StartReset : BOOL; Reset : BOOL; END_VAR
VAR_OUTPUT Ready : BOOL; S_AOPD_Out : BOOL; S_MutingActive : BOOL;
  SafetyDemand : BOOL; ResetRequest : BOOL; Error : BOOL; DiagCode : WORD; END_VAR
VAR mReset : BOOL; mEdge : BOOL; mStart : TIME; mExit : BOOL; ${memories} END_VAR
mEdge := Reset AND NOT mReset; mReset := Reset;
${edges}
IF NOT Activate THEN
  DiagCode := 16#0000;
ELSE
  CASE DiagCode OF
  16#0000: DiagCode := 16#8001;
  16#8001:
    IF NOT S_AOPD_In THEN DiagCode := 16#8802;
    ELSIF S_StartReset THEN DiagCode := 16#8000;
    ELSIF Reset THEN DiagCode := 16#C001;
    ELSE DiagCode := 16#8402; END_IF;
  16#8402:
    IF NOT S_AOPD_In THEN DiagCode := 16#8802; ELSIF mEdge THEN DiagCode := 16#8000; END_IF;
  16#8802:
    IF S_AOPD_In THEN IF Reset THEN DiagCode := 16#C001; ELSE DiagCode := 16#8402; END_IF; END_IF;
  16#C001:
    IF NOT S_AOPD_In THEN DiagCode := 16#8802; ELSIF NOT Reset THEN DiagCode := 16#8402; END_IF;
  16#8000:
    IF NOT S_AOPD_In THEN DiagCode := 16#8802;
    ELSIF MutingEnable AND (${text.completes(ENTRY, EXIT)}) AND ${text === PARALLEL ? 'TRUE' : 'FALSE'} THEN
      DiagCode := 16#8012; mStart := SIM_NOW; mExit := FALSE;
    ELSIF MutingEnable AND (${text.completes(BACK_ENTRY, BACK_EXIT)}) AND ${text === PARALLEL ? 'TRUE' : 'FALSE'} THEN
      DiagCode := 16#8112; mStart := SIM_NOW; mExit := FALSE;
    ELSIF MutingEnable AND (${text.begins(ENTRY, EXIT)}) THEN DiagCode := 16#8011; mStart := SIM_NOW;
    ELSIF MutingEnable AND (${text.begins(BACK_ENTRY, BACK_EXIT)}) THEN DiagCode := 16#8122; mStart := SIM_NOW;
    ELSIF MutingEnable AND NOT (${allOpen}) THEN DiagCode := 16#C004; END_IF;
${direction(text, ENTRY, EXIT, '8011', '8012')}${direction(text, BACK_ENTRY, BACK_EXIT, '8122', '8112')}  16#C004, 16#C006, 16#C007:
    IF mEdge AND S_AOPD_In AND ${allOpen} THEN DiagCode := 16#8000; END_IF;
  END_CASE;
END_IF;
Ready := DiagCode <> 16#0000;
Error := DiagCode >= 16#C000;
SafetyDemand := (DiagCode AND 16#FF00) = 16#8800;
ResetRequest := (DiagCode AND 16#FF00) = 16#8400;
S_MutingActive := DiagCode = 16#8012 OR DiagCode = 16#8112;
S_AOPD_Out := DiagCode = 16#8000 OR DiagCode = 16#8011 OR DiagCode = 16#8122 OR S_MutingActive;
END_FUNCTION_BLOCK
`;
}

/** The ST texts of the muting blocks, one each. */
export function mutingBlocks(): string[] {
  return [muting(SEQUENTIAL), muting(PARALLEL)];
}
