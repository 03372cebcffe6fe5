/** What stops a scan: a fault of the PLC program, not of Plantwright. */

export type FaultKind =
  | 'index'
  | 'division'
  | 'null-reference'
  | 'endless-loop'
  | 'recursion'
  | 'overflow'
  | 'subrange'
  | 'abstract-call'
  | 'watchdog'
  | 'assertion';

/** Thrown by generated code; caught by the scan loop, which turns it into a finding at the source place `site`. */
export class RunTimeFault extends Error {
  readonly kind: FaultKind;
  readonly site: number;

  constructor(kind: FaultKind, site: number, message: string) {
    super(message);
    this.kind = kind;
    this.site = site;
  }
}

export function raise(kind: FaultKind, site: number, message: string): never {
  throw new RunTimeFault(kind, site, message);
}
