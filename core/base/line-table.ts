import type { Location } from './finding.js';

/** Offsets at which the lines of a text start. Built once per text; answers in O(log lines). */
export class LineTable {
  readonly #starts: readonly number[];
  readonly #length: number;

  constructor(text: string) {
    const starts = [0];
    for (let offset = 0; offset < text.length; offset++) {
      const code = text.charCodeAt(offset);
      if (code === 10) starts.push(offset + 1);
      else if (code === 13 && text.charCodeAt(offset + 1) !== 10) starts.push(offset + 1);
    }
    this.#starts = starts;
    this.#length = text.length;
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** Line and column, both from 1, of a UTF-16 offset. Offsets outside the text are clamped. */
  positionAt(offset: number): { line: number; column: number } {
    const clamped = Math.max(0, Math.min(offset, this.#length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= clamped) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: clamped - (this.#starts[low] ?? 0) + 1 };
  }

  /** The offset of a line and column, both from 1; clamped to the text. */
  offsetAt(line: number, column: number): number {
    const start = this.#starts[Math.max(0, Math.min(line - 1, this.#starts.length - 1))] ?? 0;
    return Math.min(start + Math.max(0, column - 1), this.#length);
  }

  /** The location of a span of offsets in the named file. */
  locate(file: string, start: number, end: number): Location {
    const from = this.positionAt(start);
    const to = this.positionAt(Math.max(start, end));
    return { file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  }
}
