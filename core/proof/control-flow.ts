/** Flags that say which part of a body is still executed: after RETURN, EXIT, CONTINUE or a jump the rest is skipped. */

import { type Literal, not } from './circuit.js';
import type { Frame, Machine } from './machine.js';

export function returnFlag(frame: Frame): string {
  return `#${frame.locals}.RETURN`;
}

export function jumpFlag(frame: Frame, label: string): string {
  return `#${frame.locals}.JUMP.${label.toUpperCase()}`;
}

export function flagsOf(machine: Machine, frame: Frame): string[] {
  const flags = [returnFlag(frame), ...machine.jumpFlagsOf(frame)];
  if (frame.loop !== null) flags.push(`#${frame.loop}.EXIT`, `#${frame.loop}.CONTINUE`);
  return flags;
}

export function aliveOf(machine: Machine, frame: Frame): Literal {
  const { circuit } = machine.terms;
  return circuit.all(
    flagsOf(machine, frame).map((flag) => not(machine.terms.asLiteral(machine.environment.read(flag)))),
  );
}
