/** What the models of PLCopen safety blocks share: pins, the edge of Reset, and outputs that follow from DiagCode. */

const HEAD_INPUT = 'VAR_INPUT Activate : BOOL;';
const HEAD_OUTPUT = 'VAR_OUTPUT Ready : BOOL;';
const TAIL_OUTPUT = 'SafetyDemand : BOOL; ResetRequest : BOOL; Error : BOOL; DiagCode : WORD; END_VAR';
export const RESET_INPUTS = 'S_StartReset : BOOL; S_AutoReset : BOOL; Reset : BOOL;';

/** Edge of Reset, then the state machine in `body`, then outputs derived from the state alone. */
export function safetyBlock(
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
ResetRequest := (DiagCode AND 16#0F00) = 16#0400;
${outputs}
END_FUNCTION_BLOCK
`;
}
