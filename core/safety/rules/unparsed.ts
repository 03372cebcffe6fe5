import { compareText, type Finding, startOfFile } from '../../base/finding.js';
import { MANIFEST_FILE } from '../../site/manifest.js';
import type { Site } from '../../site/site.js';
import { sourceChanges } from '../compare/source-changes.js';
import { codeUnitsOf, forEachStatement, statementListsOf } from '../dataflow/visit.js';
import type { ChangeRule } from '../rule.js';
import { findingAt, safetyModelOf } from '../safety-model.js';
import { changeExample } from './example-machine.js';

/** AG07: what can't be read can't be verified. */
export const unparsed: ChangeRule = {
  kind: 'change',
  code: 'AG07',
  name: 'unparsed',
  severity: 'blocker',
  title: 'A source can’t be read to its end',
  rationale:
    'A parser that recovers from an error skips text. Whatever stands in the skipped part is checked by nobody, so a site with a syntax error has no verdict.',
  reference: 'Fail closed; IEC 61508-3:2010, 7.4.4',
  decision: 'syntax',
  flags: [
    changeExample('a parenthesis is lost', {}, { body: 'Motor := (Start_PB OR Motor AND EStop_OK AND Guard_Closed;' }),
  ],
  accepts: [
    changeExample(
      'the line is wrapped',
      {},
      { body: 'Motor := (Start_PB OR Motor)\n  AND EStop_OK\n  AND Guard_Closed;' },
    ),
  ],
  check(change) {
    const { before, after } = change;
    const unreadable = after.project.files.flatMap((file) => {
      if (after.libraryPaths.has(file.path)) return [];
      const [first] = file.syntaxErrors;
      const skipped = first ?? firstUnread(file);
      if (skipped === null || skipped === undefined) return [];
      const reason = first === undefined ? 'a body that is not Structured Text' : first.message;
      const count = file.syntaxErrors.length > 1 ? ` and ${file.syntaxErrors.length - 1} more` : '';
      const was = before.project.files.find((candidate) => candidate.path === file.path);
      const since =
        was !== undefined && was.syntaxErrors.length > 0 ? ' It could not be read before this change either.' : '';
      return [
        findingAt(unparsed, after, file, skipped, {
          message: `${file.path} can’t be read: ${reason}${count}. Nothing in it was verified. Correct the syntax first.${since}`,
          subject: file.path,
        }),
      ];
    });
    const vanished = sourceChanges(change).filter(
      (entry) => entry.before !== null && entry.after === null && entry.status === 'modified',
    );
    const undecoded = vanished.map((entry) => ({
      file: entry.path,
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 1,
      code: unparsed.code,
      rule: unparsed.name,
      severity: unparsed.severity,
      message: `${entry.path} was part of the sources and is not any more, although the file is still there. Nothing in it was verified.`,
      related: [],
      witness: { subject: entry.path },
    }));
    return [...unreadable, ...undecoded, ...notFollowed(after)].sort((a, b) => compareText(a.file, b.file));
  },
};

/** A program that is too large or too deep to be followed: what lies beyond was not looked at. */
function notFollowed(site: Site): Finding[] {
  if (!safetyModelOf(site).trace.isTruncated) return [];
  const message =
    'The calls, writes or pointers of this site are too many to be followed to the end, so that nothing can be said about its hazards. Divide the site, or take the recursion out.';
  return [
    {
      ...startOfFile(MANIFEST_FILE),
      code: unparsed.code,
      rule: unparsed.name,
      severity: unparsed.severity,
      message,
      related: [],
      witness: { subject: 'trace' },
    },
  ];
}

function firstUnread(file: Parameters<typeof codeUnitsOf>[0]): { start: number; end: number } | null {
  let found: { start: number; end: number } | null = null;
  for (const unit of codeUnitsOf(file)) {
    for (const list of statementListsOf(unit.body)) {
      forEachStatement(list, (statement) => {
        if (statement.kind === 'ErrorStatement') found ??= statement;
      });
    }
  }
  return found;
}
