import type { SourceFile, Span } from '../syntax/tree.js';

/** A finding before it has lines and columns: the code, the place and the words. */
export interface Report {
  readonly code: string;
  readonly file: SourceFile;
  readonly span: Span;
  readonly message: string;
  readonly related: readonly RelatedReport[];
}

export interface RelatedReport {
  readonly file: SourceFile;
  readonly span: Span;
  readonly message: string;
}

/** Collects the reports of one build. `once` keeps a cause from being told again for every use of a name. */
export class Reports {
  readonly all: Report[] = [];
  readonly #told = new Set<string>();

  add(code: string, file: SourceFile, span: Span, message: string, related: readonly RelatedReport[] = []): void {
    this.all.push({ code, file, span, message, related });
  }

  once(key: string, code: string, file: SourceFile, span: Span, message: string): void {
    const told = `${code} ${key}`;
    if (this.#told.has(told)) return;
    this.#told.add(told);
    this.add(code, file, span, message);
  }
}
