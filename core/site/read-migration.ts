/** Reads a migration: Markdown with front matter, or the older YAML form. */

import { digestOf } from '../base/digest.js';
import { compareFindings, type Finding, type Location, type Severity } from '../base/finding.js';
import { decodeUtf8, readYaml, yamlFinding } from '../base/yaml-document.js';
import { didYouMean, readYamlAs, validateYaml } from '../base/yaml-validation.js';
import type { DialectId } from '../language/dialects/dialect-id.js';
import { readLegacyMigration } from './legacy-migration.js';
import { type MarkdownOutline, outlineOf } from './markdown-sections.js';
import type { Migration, MigrationExample } from './migration.js';
import { asList, type FrontMatter, frontMatterSchema, legacyMigrationSchema } from './migration-schema.js';

export interface MigrationReading {
  /** Null when the migration can't be used; the findings say why. */
  readonly migration: Migration | null;
  readonly findings: readonly Finding[];
  /** Dialect in which the examples are written. */
  readonly exampleDialect: DialectId;
}

const SECTION_TITLES = ['Goal', 'Preconditions', 'Examples', 'Do not change', 'Success criteria', 'Notes'] as const;
type SectionTitle = (typeof SECTION_TITLES)[number];

const DEFAULT_DIALECT: DialectId = 'codesys';

/** Reads a migration from the bytes of its file; the form follows from the name (`.md`, else YAML). */
export function readMigration(file: string, bytes: Uint8Array): MigrationReading {
  const { text, findings } = decodeUtf8(bytes, file);
  if (text === null) return { migration: null, findings, exampleDialect: DEFAULT_DIALECT };
  return /\.(md|markdown)$/i.test(file) ? readMarkdown(file, text) : readLegacy(file, text);
}

function readLegacy(file: string, text: string): MigrationReading {
  const { value, findings, document } = readYamlAs(text, file, legacyMigrationSchema);
  if (value === null || document === null) return { migration: null, findings, exampleDialect: DEFAULT_DIALECT };
  const reading = readLegacyMigration(file, text, value, document);
  return { ...reading, exampleDialect: DEFAULT_DIALECT };
}

function readMarkdown(file: string, text: string): MigrationReading {
  const unusable = (findings: readonly Finding[]): MigrationReading => ({
    migration: null,
    findings,
    exampleDialect: DEFAULT_DIALECT,
  });
  const front = /^---[ \t]*\r?\n([\s\S]*?)^---[ \t]*(?:\r?\n|$)/m.exec(text);
  if (front === null || front.index !== 0) {
    const message =
      'The migration has no front matter. Begin the file with "---", the keys name, version, title and kind, and "---".';
    return unusable([yamlFinding('PROMPT-FORM', 'front-matter', lineOf(file, 1), message)]);
  }
  const yaml = front[1] ?? '';
  const { document, findings } = readYaml(yaml, file, { wholeText: text, offset: text.indexOf(yaml, 3) });
  if (document === null) return unusable(findings);
  const validated = validateYaml(document, frontMatterSchema);
  const outline = outlineOf(text.slice(0, front[0].length).replace(/[^\r\n]/g, ' ') + text.slice(front[0].length));
  const sections = readSections(file, outline);
  const examples = readExamples(file, outline, sections.spans.get('Examples') ?? null);
  const all = [...validated.findings, ...sections.findings, ...examples.findings].sort(compareFindings);
  if (validated.value === null || all.some(({ severity }) => severity === 'error')) return unusable(all);
  const migration = migrationOf(file, text, validated.value, sections.text, examples.examples);
  return { migration, findings: all, exampleDialect: validated.value.dialect ?? DEFAULT_DIALECT };
}

function migrationOf(
  file: string,
  text: string,
  front: FrontMatter,
  section: (title: SectionTitle) => string,
  examples: readonly MigrationExample[],
): Migration {
  return {
    file,
    name: front.name,
    version: front.version,
    title: front.title,
    kind: front.kind,
    targets: {
      plcTypes: asList(front.targets?.plc_type),
      firmwareVersion: front.targets?.firmware_version ?? null,
      safetyRatings: asList(front.targets?.safety_rating),
      tags: asList(front.targets?.tags),
    },
    recipe: front.recipe ?? null,
    touches: front.touches ?? null,
    mayChange: front.may_change ?? null,
    mustNotChange: front.must_not_change ?? [],
    sections: {
      goal: section('Goal'),
      preconditions: section('Preconditions'),
      examples: section('Examples'),
      doNotChange: section('Do not change'),
      successCriteria: section('Success criteria'),
      notes: section('Notes'),
    },
    examples,
    text,
    digest: digestOf(text),
  };
}

/** Lines of a section, first and one past the last, from 0. */
interface LineSpan {
  readonly from: number;
  readonly to: number;
}

interface Sections {
  readonly spans: ReadonlyMap<SectionTitle, LineSpan>;
  readonly text: (title: SectionTitle) => string;
  readonly findings: readonly Finding[];
}

function readSections(file: string, outline: MarkdownOutline): Sections {
  const findings: Finding[] = [];
  const spans = new Map<SectionTitle, LineSpan>();
  const found: SectionTitle[] = [];
  const heads = outline.headings.filter(
    ({ level, title }) => level === 2 || (level === 1 && sectionOf(title) !== null),
  );
  heads.forEach((heading, index) => {
    const title = sectionOf(heading.title);
    if (title === null) {
      const guess = didYouMean(heading.title, SECTION_TITLES);
      const hint = guess === null ? '' : ` Did you mean "${guess}"?`;
      findings.push(
        formFinding(
          file,
          heading.line,
          'warning',
          'section',
          `"${heading.title}" is no section of a migration.${hint} Sections: ${SECTION_TITLES.join(', ')}.`,
        ),
      );
      return;
    }
    if (spans.has(title)) {
      findings.push(
        formFinding(file, heading.line, 'error', 'section', `The section "${title}" stands twice. Join both.`),
      );
      return;
    }
    found.push(title);
    spans.set(title, { from: heading.line, to: (heads[index + 1]?.line ?? outline.lines.length + 1) - 1 });
  });
  for (const title of SECTION_TITLES) {
    if (!spans.has(title))
      findings.push(
        formFinding(
          file,
          outline.lines.length,
          'error',
          'section',
          `The section "${title}" is missing. Sections, in this order: ${SECTION_TITLES.join(', ')}.`,
        ),
      );
  }
  const expected = SECTION_TITLES.filter((title) => spans.has(title));
  const misplaced = found.find((title, index) => title !== expected[index]);
  if (misplaced !== undefined) {
    const line = spans.get(misplaced)?.from ?? 1;
    findings.push(
      formFinding(
        file,
        line,
        'error',
        'section-order',
        `The section "${misplaced}" is out of order. Sections, in this order: ${SECTION_TITLES.join(', ')}.`,
      ),
    );
  }
  const text = (title: SectionTitle): string => {
    const span = spans.get(title);
    return span === undefined ? '' : outline.lines.slice(span.from, span.to).join('\n').trim();
  };
  for (const [title, span] of spans) {
    if (text(title) === '')
      findings.push(formFinding(file, span.from, 'error', 'section', `The section "${title}" is empty.`));
  }
  return { spans, text, findings };
}

function sectionOf(heading: string): SectionTitle | null {
  const plain = (text: string): string =>
    text
      .toLowerCase()
      .replace(/[^a-z]+/g, ' ')
      .trim();
  return SECTION_TITLES.find((title) => plain(title) === plain(heading)) ?? null;
}

function readExamples(
  file: string,
  outline: MarkdownOutline,
  span: LineSpan | null,
): { examples: readonly MigrationExample[]; findings: readonly Finding[] } {
  if (span === null) return { examples: [], findings: [] };
  const findings: Finding[] = [];
  const examples: MigrationExample[] = [];
  let before: MigrationExample['before'] | null = null;
  let beforeLine = span.from;
  for (const fence of outline.fences) {
    if (fence.line <= span.from || fence.line > span.to) continue;
    const role = /^st\s+(before|after)$/i.exec(fence.info)?.[1]?.toLowerCase();
    if (!fence.isClosed)
      findings.push(formFinding(file, fence.line, 'error', 'example', 'This fenced block is not closed.'));
    if (role === undefined) {
      if (/^st\b/i.test(fence.info))
        findings.push(
          formFinding(
            file,
            fence.line,
            'error',
            'example',
            `A block of ST in "Examples" must be "st before" or "st after", found "${fence.info}".`,
          ),
        );
      continue;
    }
    if (role === 'before') {
      if (before !== null)
        findings.push(
          formFinding(file, beforeLine, 'error', 'example', 'This "st before" has no "st after" that follows it.'),
        );
      before = { text: fence.text, line: fence.contentLine };
      beforeLine = fence.line;
    } else if (before === null) {
      findings.push(
        formFinding(file, fence.line, 'error', 'example', 'This "st after" has no "st before" in front of it.'),
      );
    } else {
      const line = beforeLine;
      const heading = outline.headings
        .filter((each) => each.level > 2 && each.line > span.from && each.line < line)
        .at(-1);
      const title = heading?.title ?? `Example ${examples.length + 1}`;
      examples.push({ title, before, after: { text: fence.text, line: fence.contentLine } });
      before = null;
    }
  }
  if (before !== null)
    findings.push(
      formFinding(file, beforeLine, 'error', 'example', 'This "st before" has no "st after" that follows it.'),
    );
  return { examples, findings };
}

/** A place of a whole line. */
function lineOf(file: string, line: number): Location {
  return { file, line, column: 1, endLine: line, endColumn: 1 };
}

/** A finding about the form of a migration. */
export function formFinding(file: string, line: number, severity: Severity, rule: string, message: string): Finding {
  return { ...yamlFinding('PROMPT-FORM', rule, lineOf(file, line), message), severity };
}
