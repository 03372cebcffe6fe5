import type { Report } from './reports.js';

/** Lines are looked at no further than this. */
const LONGEST_LINE = 1000;

/** A finding in a line with a syntax error is a consequence of it, or will be there when the line can be read. */
export function isAfterSyntaxError({ file, span }: Report): boolean {
  return file.syntaxErrors.some((error) => {
    const [gapStart, gapEnd] = [Math.min(error.end, span.end), Math.max(error.start, span.start)];
    if (gapEnd <= gapStart) return error.end > error.start;
    return gapEnd - gapStart <= LONGEST_LINE && !/[\r\n]/.test(file.text.slice(gapStart, gapEnd));
  });
}
