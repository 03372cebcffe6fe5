/** Run-time faults of a PLC program as findings. */

import { type Finding, startOfFile } from '../base/finding.js';
import type { Site } from './compile/ir.js';
import type { LoweredProgram, Refusal } from './lower/program.js';
import type { FaultKind } from './run-time/fault.js';

const FAULT_CODES: Readonly<Record<FaultKind, { readonly code: string; readonly rule: string }>> = {
  index: { code: 'SIM-INDEX', rule: 'array-index' },
  division: { code: 'SIM-DIVISION', rule: 'division-by-zero' },
  'null-reference': { code: 'SIM-NULL', rule: 'null-reference' },
  'endless-loop': { code: 'SIM-LOOP', rule: 'endless-loop' },
  recursion: { code: 'SIM-RECURSION', rule: 'recursion' },
  overflow: { code: 'SIM-OVERFLOW', rule: 'overflow' },
  subrange: { code: 'SIM-RANGE', rule: 'subrange' },
  'abstract-call': { code: 'SIM-ABSTRACT', rule: 'abstract-call' },
  assertion: { code: 'SIM-ASSERT', rule: 'assertion' },
};

/** The finding of a fault at its place in the source; `at` says when in virtual time it happened. */
export function faultFinding(
  program: LoweredProgram,
  fault: { readonly kind: FaultKind; readonly site: number; readonly message: string },
  at: { readonly timeNs: number; readonly scan: number },
): Finding {
  const { code, rule } = FAULT_CODES[fault.kind];
  return {
    ...placeOf(program, fault.site),
    code,
    rule,
    severity: 'error',
    message: `Run-time fault at ${at.timeNs / 1e6} ms: ${fault.message}. The controller stops here.`,
    related: [],
    witness: { ...at },
  };
}

/** The finding of what keeps a program from being run at all. */
export function refusalFinding(program: LoweredProgram, refusal: Refusal): Finding {
  return {
    ...placeOf(program, refusal.site),
    code: 'SIM-UNION',
    rule: 'union-layout',
    severity: 'error',
    message: refusal.message,
    related: [],
    witness: {},
  };
}

function placeOf(program: LoweredProgram, site: Site): ReturnType<typeof startOfFile> {
  const source = program.sites[site];
  if (source === undefined) return startOfFile('');
  return source.project.lineTableOf(source.file).locate(source.file.path, source.start, source.end);
}
