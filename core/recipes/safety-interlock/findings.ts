import type { Finding, Location } from '../../base/finding.js';
import type { SourceFile, Span } from '../../language/syntax/tree.js';
import type { Site } from '../../site/site.js';

/** Why an engineer must decide. Codes are stable: reports and tests name them. */
const REASONS = {
  'missing-setting': 'RSI01',
  'invalid-setting': 'RSI02',
  'unknown-tag': 'RSI03',
  'untouchable-code': 'RSI04',
  'unclear-evaluation': 'RSI05',
  'half-migrated': 'RSI06',
  'unreadable-source': 'RSI07',
} as const;

export type Reason = keyof typeof REASONS;

/** A finding of the recipe: what an engineer must add or decide, and where. */
export function needsEngineer(reason: Reason, place: Location, message: string): Finding {
  const { file, line, column, endLine, endColumn } = place;
  return {
    file,
    line,
    column,
    endLine,
    endColumn,
    code: REASONS[reason],
    rule: reason,
    severity: 'error',
    message,
    related: [],
    witness: {},
  };
}

/** The place of a node of a source file. */
export function placeOf(site: Site, file: SourceFile, span: Span): Location {
  return site.project.lineTableOf(file).locate(file.path, span.start, span.end);
}
