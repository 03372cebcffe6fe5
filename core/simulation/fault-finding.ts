/** Run-time faults of a PLC program as findings. */

import { compareText, type Finding, startOfFile } from '../base/finding.js';
import type { Site } from './compile/ir.js';
import type { LoweredProgram } from './lower/program.js';
import type { Refusal } from './lower/union-refusals.js';
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
  watchdog: { code: 'SIM-WATCHDOG', rule: 'watchdog' },
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

/** A place in the first POU, by file and line, of those that stand on a call stack of the generated program twice. */
export function recursionSite(program: LoweredProgram, stack: string): Site {
  const frames: readonly string[] = stack.match(/\b[FC]\d+_[\w$]+/g) ?? [];
  // What stands there once may just have been called by the POU that calls itself.
  const names = new Set(frames.filter((name, index) => frames.indexOf(name) < index));
  const starts = [...names].flatMap((name) => program.pous.get(name)?.site ?? []);
  const inside = program.sites.flatMap((source, site) => {
    const pou = starts.find((start) => start.file === source.file && source.start >= start.identifier.start);
    return pou === undefined ? [] : [{ site, path: source.file.path, start: source.start }];
  });
  inside.sort((a, b) => compareText(a.path, b.path) || a.start - b.start);
  return inside[0]?.site ?? 0;
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
