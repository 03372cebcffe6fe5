/**
 * Behavioural models of blocks of SIMATIC Safety in ST, written from what the vendor publishes about their pins and
 * their effect. A model decides like the block; it is no certified implementation.
 *
 * DIAG: the meaning of bits 4 to 7 (acknowledgement not possible, ACK held, acknowledgement required, state of Q) is
 * taken over for all blocks from the description of ESTOP1 and was not checked against a manual for each of them; the
 * bits below are not modelled and stay 0. Do not judge a program by single bits of DIAG.
 */

/** Edge of ACK and the enable with or without acknowledgement, as all blocks have them. */
function block(name: string, pins: { inputs: string; outputs: string; memory: string }, body: string): string {
  return `FUNCTION_BLOCK SIM_${name}
VAR_INPUT ${pins.inputs} ACK_NEC : BOOL := TRUE; ACK : BOOL; END_VAR
VAR_OUTPUT ${pins.outputs} ACK_REQ : BOOL; DIAG : BYTE; END_VAR
VAR mAck : BOOL; mEdge : BOOL; ${pins.memory} END_VAR
mEdge := ACK AND NOT mAck;
mAck := ACK;
${body}
DIAG := 0;
IF ACK AND NOT Q THEN DIAG := DIAG OR 16#20; END_IF;
IF ACK_REQ THEN DIAG := DIAG OR 16#40; END_IF;
IF Q THEN DIAG := DIAG OR 16#80; END_IF;
END_FUNCTION_BLOCK
`;
}

/** Q falls at once, Q_DELAY after TIME_DEL (stop category 1). After a start, too, an acknowledgement is due. */
const ESTOP1 = block(
  'ESTOP1',
  { inputs: 'E_STOP : BOOL; TIME_DEL : TIME;', outputs: 'Q : BOOL; Q_DELAY : BOOL;', memory: 'mFall : TIME;' },
  `IF NOT E_STOP THEN
  IF Q THEN mFall := SIM_NOW; END_IF;
  Q := FALSE;
ELSIF NOT ACK_NEC OR mEdge THEN
  Q := TRUE;
END_IF;
IF Q THEN Q_DELAY := TRUE;
ELSIF SIM_NOW - mFall >= TIME_DEL THEN Q_DELAY := FALSE; END_IF;
ACK_REQ := E_STOP AND NOT Q;`,
);

/** The feedback is TRUE while the actuator rests; an error is kept until the feedback rests again and is acknowledged. */
const FDBACK = block(
  'FDBACK',
  {
    inputs: 'ON : BOOL; FEEDBACK : BOOL; QBAD_FIO : BOOL; FDB_TIME : TIME;',
    outputs: 'Q : BOOL; ERROR : BOOL;',
    memory: 'mStart : TIME; mDiffers : BOOL;',
  },
  `IF ERROR AND FEEDBACK AND (NOT ACK_NEC OR mEdge) THEN ERROR := FALSE; END_IF;
IF NOT ON OR ERROR THEN Q := FALSE;
ELSIF NOT Q AND FEEDBACK THEN Q := TRUE; END_IF;
IF FEEDBACK <> Q OR QBAD_FIO THEN
  mDiffers := FALSE;
ELSIF NOT mDiffers THEN
  mDiffers := TRUE; mStart := SIM_NOW;
END_IF;
IF mDiffers AND SIM_NOW - mStart >= FDB_TIME THEN ERROR := TRUE; Q := FALSE; END_IF;
ACK_REQ := ERROR AND FEEDBACK;`,
);

/** Two door switches: both must have opened before the door counts as closed again; at a start, if OPEN_NEC says so. */
const SFDOOR = block(
  'SFDOOR',
  {
    inputs: 'IN1 : BOOL; IN2 : BOOL; QBAD_IN1 : BOOL; QBAD_IN2 : BOOL; OPEN_NEC : BOOL := TRUE;',
    outputs: 'Q : BOOL;',
    memory: 'mOne : BOOL; mTwo : BOOL; mOpened1 : BOOL; mOpened2 : BOOL; mRan : BOOL;',
  },
  `mOne := IN1 AND NOT QBAD_IN1;
mTwo := IN2 AND NOT QBAD_IN2;
IF NOT mRan THEN mRan := TRUE; mOpened1 := NOT OPEN_NEC; mOpened2 := NOT OPEN_NEC; END_IF;
IF NOT mOne OR NOT mTwo THEN
  IF Q THEN mOpened1 := FALSE; mOpened2 := FALSE; END_IF;
  Q := FALSE;
  IF NOT IN1 THEN mOpened1 := TRUE; END_IF;
  IF NOT IN2 THEN mOpened2 := TRUE; END_IF;
ELSIF mOpened1 AND mOpened2 AND (NOT ACK_NEC OR mEdge) THEN
  Q := TRUE;
END_IF;
ACK_REQ := mOne AND mTwo AND mOpened1 AND mOpened2 AND NOT Q;`,
);

/** Two equivalent channels: FALSE wins while they differ; differing for longer is an error that is kept. */
const EV1OO2DI = block(
  'EV1oo2DI',
  {
    inputs: 'IN1 : BOOL; IN2 : BOOL; QBAD_IN1 : BOOL; QBAD_IN2 : BOOL; DISCTIME : TIME;',
    outputs: 'Q : BOOL; DISC_FLT : BOOL;',
    memory: 'mOne : BOOL; mTwo : BOOL; mStart : TIME; mDiffers : BOOL;',
  },
  `mOne := IN1 AND NOT QBAD_IN1;
mTwo := IN2 AND NOT QBAD_IN2;
IF mOne = mTwo THEN
  mDiffers := FALSE;
  IF DISC_FLT AND (NOT ACK_NEC OR mEdge) THEN DISC_FLT := FALSE; END_IF;
ELSIF NOT mDiffers THEN
  mDiffers := TRUE; mStart := SIM_NOW;
END_IF;
IF mDiffers AND SIM_NOW - mStart >= DISCTIME THEN DISC_FLT := TRUE; END_IF;
Q := mOne AND mTwo AND NOT DISC_FLT;
ACK_REQ := DISC_FLT AND mOne = mTwo;`,
);

/** Reintegrates F-I/O, which is not part of the program: without outputs there is nothing to compute. */
const ACK_GL = `FUNCTION_BLOCK SIM_ACK_GL
VAR_INPUT ACK_GLOB : BOOL; END_VAR
END_FUNCTION_BLOCK
`;

/** The ST texts of all models, one each. */
export function siemensSafetyBlocks(): string[] {
  return [ESTOP1, FDBACK, SFDOOR, EV1OO2DI, ACK_GL];
}
