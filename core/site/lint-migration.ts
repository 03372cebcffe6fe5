/**
 * `prompts lint`: the examples of a migration are real code, and the prompt follows the six rules of prompt
 * engineering: it fits the agent, states preconditions, shows concrete examples, ends in a state that can be verified,
 * makes one change at a time, and needs few tools.
 */

import { compareFindings, type Finding, failsVerdict, type Severity } from '../base/finding.js';
import { readSource } from '../formats/read-source.js';
import type { DialectId } from '../language/dialects/dialect-id.js';
import { buildProject } from '../language/semantics/project.js';
import type { Migration, MigrationExample } from './migration.js';
import { formFinding, type MigrationReading, readMigration } from './read-migration.js';

const EXAMPLE_CYCLE = 10_000_000n;
/** A prompt above this size leaves too little of a small model's context for the site's code. */
const MAX_PROMPT_CHARACTERS = 24_000;
const MIN_EXAMPLES = 3;

/** Reads a migration and checks all that can be checked without a site. */
export function lintMigration(file: string, bytes: Uint8Array): MigrationReading {
  const reading = readMigration(file, bytes);
  const { migration } = reading;
  if (migration === null) return reading;
  const lint = [...RULES.flatMap((rule) => rule.check(migration)), ...checkExamples(migration, reading.exampleDialect)];
  return { ...reading, findings: [...reading.findings, ...lint].sort(compareFindings) };
}

interface PromptRule {
  readonly name: string;
  readonly title: string;
  readonly check: (migration: Migration) => readonly Finding[];
}

/** The six rules, each decided by what can be read off the text; none of them asks a model. */
const RULES: readonly PromptRule[] = [
  {
    name: 'fits-the-agent',
    title: 'The prompt asks only for what the agent can do, and fits its context',
    check: (migration) => [
      ...when(
        migration.text.length > MAX_PROMPT_CHARACTERS,
        migration,
        'Goal',
        'warning',
        'fits-the-agent',
        `The prompt has ${migration.text.length} characters. Keep it below ${MAX_PROMPT_CHARACTERS}, so that the site's code fits beside it.`,
      ),
      ...phrases(
        migration,
        ['goal', 'successCriteria'],
        BEYOND_THE_AGENT,
        'error',
        'fits-the-agent',
        (found) =>
          `"${found}" is nothing that the agent can do: it reads and edits the files of one site and runs the verifiers. Ask a person for it in "Notes".`,
      ),
    ],
  },
  {
    name: 'preconditions',
    title: 'The prompt says when to proceed and when not',
    check: (migration) => {
      const text = migration.sections.preconditions;
      const hasProceed = /only proceed (if|when)/i.test(text);
      const hasStop = /do not proceed (if|when)|don['’]t proceed (if|when)/i.test(text);
      return [
        ...when(
          !hasProceed,
          migration,
          'Preconditions',
          'error',
          'preconditions',
          'Say what must hold: "Only proceed if" and a list.',
        ),
        ...when(
          !hasStop,
          migration,
          'Preconditions',
          'error',
          'preconditions',
          'Say what leaves the site to an engineer: "Do not proceed if" and a list.',
        ),
        ...when(
          hasProceed && hasStop && listItems(text) < 2,
          migration,
          'Preconditions',
          'warning',
          'preconditions',
          'Write each precondition as an item of a list, so that each can be checked.',
        ),
      ];
    },
  },
  {
    name: 'concrete-examples',
    title: 'The prompt shows three or more examples',
    check: (migration) => [
      ...when(
        migration.examples.length < MIN_EXAMPLES,
        migration,
        'Examples',
        'error',
        'concrete-examples',
        `${migration.examples.length} of at least ${MIN_EXAMPLES} examples: each a fenced block "st before" and one "st after".`,
      ),
      ...migration.examples
        .filter(({ before, after }) => before.text.replace(/\s+/g, '') === after.text.replace(/\s+/g, ''))
        .map(({ after }) =>
          formFinding(
            migration.file,
            after.line,
            'error',
            'concrete-examples',
            'Before and after are the same: the example shows no change.',
          ),
        ),
    ],
  },
  {
    name: 'verifiable-end-state',
    title: 'The success criteria can be checked by a verifier',
    check: (migration) => {
      const text = migration.sections.successCriteria;
      return [
        ...when(
          listItems(text) === 0,
          migration,
          'Success criteria',
          'error',
          'verifiable-end-state',
          'Write the success criteria as a list: one statement that a verifier can check per item.',
        ),
        ...when(
          !VERIFIER_WORDS.test(text),
          migration,
          'Success criteria',
          'warning',
          'verifiable-end-state',
          'No criterion names a verifier (compile, safety, simulation, proof, tests). Say which one decides.',
        ),
        ...phrases(
          migration,
          ['successCriteria'],
          VAGUE,
          'warning',
          'verifiable-end-state',
          (found) => `"${found}" can't be checked. Say what is true afterwards, in terms of tags, states or times.`,
        ),
      ];
    },
  },
  {
    name: 'one-change',
    title: 'The prompt makes one change',
    check: (migration) =>
      phrases(
        migration,
        ['goal'],
        SECOND_CHANGE,
        'warning',
        'one-change',
        (found) =>
          `"${found}" begins a second change. Make it a migration of its own: it is reviewed and rolled back by itself.`,
      ),
  },
  {
    name: 'few-tools',
    title: 'The prompt needs no tools besides reading, editing and verifying',
    check: (migration) =>
      phrases(
        migration,
        ['goal', 'preconditions', 'doNotChange', 'successCriteria'],
        FOREIGN_TOOLS,
        'error',
        'few-tools',
        (found) => `"${found}" is no tool of the agent. It can list, read, search, edit, verify and finish.`,
      ),
  },
];

const BEYOND_THE_AGENT =
  /\b(download (it |the \w+ )?to the (plc|controller|cpu)|go online|flash the|restart the (plc|controller|cpu)|deploy (it )?to|ask the (operator|engineer|user)|send (an )?e-?mail|open a pull request|git push|on the running machine)\b/i;
const VERIFIER_WORDS =
  /\b(compile[sd]?|compiles|type-?checks?|safety|simulation|simulated|scenarios?|proof|proved|prove[sn]?|tests?|verifiers?|verdict)\b/i;
const VAGUE =
  /\b(works? (properly|correctly|as expected|well)|as appropriate|if possible|where possible|as needed|better than before|user[- ]friendly|good quality|best practices?|etc\.?|and so on)\b/i;
const SECOND_CHANGE =
  /\b(in addition|additionally|furthermore|while (you are|you're) at it|also (please )?(change|update|rename|refactor|clean|fix|convert|reformat)|as well as (rename|refactor|clean|convert|reformat)\w*|at the same time (rename|refactor|clean|convert))\b/i;
const FOREIGN_TOOLS =
  /\b(bash|shell|terminal|powershell|curl|wget|python|npm|browser|web search|search the web|internet)\b/i;

type SectionKey = keyof Migration['sections'];
const HEADING_OF: Readonly<Record<SectionKey, string>> = {
  goal: 'Goal',
  preconditions: 'Preconditions',
  examples: 'Examples',
  doNotChange: 'Do not change',
  successCriteria: 'Success criteria',
  notes: 'Notes',
};

function phrases(
  migration: Migration,
  sections: readonly SectionKey[],
  pattern: RegExp,
  severity: Severity,
  rule: string,
  message: (found: string) => string,
): Finding[] {
  return sections.flatMap((key) => {
    const text = migration.sections[key];
    const match = pattern.exec(text);
    if (match === null) return [];
    const line = lineOfText(migration, text, match.index) ?? headingLine(migration, HEADING_OF[key]);
    return [formFinding(migration.file, line, severity, rule, message(match[0]))];
  });
}

function when(
  condition: boolean,
  migration: Migration,
  heading: string,
  severity: Severity,
  rule: string,
  message: string,
): Finding[] {
  return condition ? [formFinding(migration.file, headingLine(migration, heading), severity, rule, message)] : [];
}

function headingLine(migration: Migration, heading: string): number {
  const index = migration.text
    .split(/\r\n|\r|\n/)
    .findIndex((line) => /^ {0,3}#{1,2}\s/.test(line) && line.toLowerCase().includes(heading.toLowerCase()));
  return index < 0 ? 1 : index + 1;
}

function lineOfText(migration: Migration, section: string, offset: number): number | null {
  const normalized = migration.text.replace(/\r\n|\r/g, '\n');
  const start = normalized.indexOf(section);
  return start < 0 ? null : normalized.slice(0, start + offset).split('\n').length;
}

function listItems(text: string): number {
  return text.split('\n').filter((line) => /^\s*([-*+]|\d+[.)])\s+\S/.test(line)).length;
}

/** Parses and type-checks every example. What an example uses must be declared in it. */
function checkExamples(migration: Migration, dialect: DialectId): Finding[] {
  return migration.examples.flatMap((example) =>
    (['before', 'after'] as const).flatMap((role) => checkCode(migration, example, role, dialect)),
  );
}

function checkCode(
  migration: Migration,
  example: MigrationExample,
  role: 'before' | 'after',
  dialect: DialectId,
): Finding[] {
  const { text, line } = example[role];
  const source = readSource(`${role}.st`, Buffer.from(text, 'utf8'), dialect);
  const project = buildProject({ files: [source], dialect, entry: null, cycle: EXAMPLE_CYCLE });
  return project.findings
    .filter(({ severity }) => failsVerdict(severity))
    .map((finding) => ({
      ...finding,
      file: migration.file,
      line: finding.line + line - 1,
      endLine: finding.endLine + line - 1,
      message: `Example "${example.title}", ${role}: ${finding.message}`,
      related: [],
    }));
}
