import type { SourceFile, Span } from '../syntax/tree.js';

/** A finding before it has lines and columns: the code, the place and the words. */
export interface Report {
  readonly code: string;
  readonly file: SourceFile;
  readonly span: Span;
  readonly message: string;
  readonly related: readonly RelatedReport[];
  /** Reports of one code and cause are told once, at the first place; null: each one is told. */
  readonly cause: string | null;
}

export interface RelatedReport {
  readonly file: SourceFile;
  readonly span: Span;
  readonly message: string;
}

/** Collects the reports of one pass, or of one unit: a unit's reports can be kept as long as nothing changes for it. */
export class Reports {
  readonly all: Report[] = [];

  add(code: string, file: SourceFile, span: Span, message: string, related: readonly RelatedReport[] = []): void {
    this.all.push({ code, file, span, message, related, cause: null });
  }

  /** For a cause that shows at every use of a name, for example a missing library. */
  once(cause: string, code: string, file: SourceFile, span: Span, message: string): void {
    this.all.push({ code, file, span, message, related: [], cause });
  }

  /** Gives what was collected and starts anew. */
  take(): readonly Report[] {
    return this.all.splice(0);
  }

  addAll(reports: readonly Report[]): void {
    for (const report of reports) this.all.push(report);
  }
}

/** The reports without repetitions of one cause. */
export function distinctReports(reports: readonly Report[]): Report[] {
  const told = new Set<string>();
  return reports.filter(({ code, cause }) => {
    if (cause === null) return true;
    const key = `${code} ${cause}`;
    if (told.has(key)) return false;
    told.add(key);
    return true;
  });
}
