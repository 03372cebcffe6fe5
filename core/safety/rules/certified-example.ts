/** The machine of the examples about certified code: a press control that some body certified. */

import type { RuleExample } from '../rule.js';
import { machine } from './example-machine.js';

export const PRESS = `FUNCTION_BLOCK PressControl
VAR_INPUT door : BOOL; pressure : INT; END_VAR
VAR_OUTPUT free : BOOL; END_VAR
free := door AND pressure < PRESS_LIMIT;
END_FUNCTION_BLOCK
`;
export const LIMITS = 'VAR_GLOBAL CONSTANT\n  PRESS_LIMIT : INT := 200;\nEND_VAR\n';

/** A press whose control is a certified block. */
export function pressMachine(parts: {
  press?: string;
  limits?: string;
  call?: string;
  certified?: string;
  path?: string;
}): RuleExample['files'] {
  return machine({
    safety: `  certified: [${parts.certified ?? 'src/certified/**'}]\n`,
    variables: 'control : PressControl; p AT %IW4 : INT; spare AT %IX3.0 : BOOL;',
    body: `control(${parts.call ?? 'door := Guard_Closed, pressure := p'});\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND control.free;`,
    files: {
      [parts.path ?? 'src/certified/PressControl.st']: parts.press ?? PRESS,
      'src/limits.st': parts.limits ?? LIMITS,
    },
  });
}
