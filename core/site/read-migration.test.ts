import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failsVerdict } from '../base/finding.js';
import { lintMigration } from './lint-migration.js';
import { readMigration } from './read-migration.js';

const FRONT = `---
name: monitor-guards
version: 1.0.0
title: Monitor guards on two channels
kind: safety
targets: { plc_type: [Siemens S7-1500], firmware_version: ">=2.9", safety_rating: [SIL-1, SIL-2], tags: [] }
recipe: monitor-guards
touches: [guard]
may_change: [src/**]
must_not_change: ["**/emergency_stop*"]
---
`;

const PROGRAM = (condition: string): string => `PROGRAM Main
VAR
  Guard_Ch1, Guard_Ch2, Motor : BOOL;
END_VAR
  Motor := ${condition};
END_PROGRAM
`;

const example = (title: string, before: string, after: string): string => `### ${title}

\`\`\`st before
${before}\`\`\`

\`\`\`st after
${after}\`\`\`

`;

const EXAMPLE = example('one', PROGRAM('Guard_Ch1'), PROGRAM('Guard_Ch1 AND Guard_Ch2'));

const SECTIONS = {
  Goal: 'Each guard is read on two channels.',
  Preconditions: '- Only proceed if the site has a second channel.\n- Do not proceed if the guard is muted.',
  Examples: `${EXAMPLE}${EXAMPLE}${EXAMPLE}`,
  'Do not change': '- The emergency stop.',
  'Success criteria': '- The proof shows that the motor is off while a channel is open.',
  Notes: 'Channels stand in the manifest.',
};

const promptOf = (sections: Partial<Record<string, string>>, front = FRONT): string =>
  `${front}${Object.entries(sections)
    .map(([title, text]) => `## ${title}\n${text}\n`)
    .join('\n')}`;

const read = (text: string) => readMigration('prompts/x.md', Buffer.from(text));
const lint = (text: string): string =>
  lintMigration('prompts/x.md', Buffer.from(text))
    .findings.map((f) => `${f.line}:${f.column} ${f.severity} ${f.rule} ${f.message}`)
    .join('\n');

describe('a migration in Markdown', () => {
  it('is read into values', () => {
    const { migration, findings } = read(promptOf(SECTIONS));
    expect(findings).toEqual([]);
    expect(migration).toMatchObject({
      name: 'monitor-guards',
      targets: { plcTypes: ['Siemens S7-1500'], firmwareVersion: '>=2.9', safetyRatings: ['SIL-1', 'SIL-2'], tags: [] },
      touches: ['guard'],
      sections: { goal: 'Each guard is read on two channels.', notes: 'Channels stand in the manifest.' },
    });
    expect(migration?.examples).toHaveLength(3);
    expect(migration?.examples[0]?.title).toBe('one');
    const [first] = migration?.examples ?? [];
    expect(migration?.text.split('\n')[(first?.after.line ?? 0) + 3]).toContain('Guard_Ch1 AND Guard_Ch2');
    expect(lint(promptOf(SECTIONS))).toBe('');
  });

  it('is read with Windows line ends and a byte order mark', () => {
    const text = `\ufeff${promptOf(SECTIONS).replace(/\n/g, '\r\n')}`;
    expect(read(text).migration?.examples).toHaveLength(3);
    expect(lint(text)).toBe('');
  });

  const without = (title: string) => Object.fromEntries(Object.entries(SECTIONS).filter(([key]) => key !== title));
  const swapped = Object.fromEntries(Object.entries(SECTIONS).reverse());

  it.each([
    ['no front matter', promptOf(SECTIONS, ''), '1:1 error front-matter The migration has no front matter.'],
    [
      'an unknown key',
      promptOf(SECTIONS, FRONT.replace('touches', 'touch')),
      '8:1 error unknown-key Unknown key "touch". Did you mean "touches"?',
    ],
    [
      'a kind that does not exist',
      promptOf(SECTIONS, FRONT.replace('kind: safety', 'kind: saftey')),
      '5:7 error value-not-allowed kind is "saftey", which is not allowed. Did you mean "safety"?',
    ],
    [
      'a role that does not exist',
      promptOf(SECTIONS, FRONT.replace('[guard]', '[gard]')),
      '8:11 error value-not-allowed touches[0] is "gard"',
    ],
    ['a range that is none', promptOf(SECTIONS, FRONT.replace('>=2.9', 'new')), 'expected a version range'],
    [
      'a version that is none',
      promptOf(SECTIONS, FRONT.replace('1.0.0', '1')),
      'version is the number 1; expected a version such as 1.0.0',
    ],
    ['a missing section', promptOf(without('Notes')), 'error section The section "Notes" is missing.'],
    ['sections in another order', promptOf(swapped), 'error section-order'],
    ['an empty section', promptOf({ ...SECTIONS, Goal: '' }), '12:1 error section The section "Goal" is empty.'],
    ['a section twice', `${promptOf(SECTIONS)}\n## Goal\nAgain.\n`, 'The section "Goal" stands twice.'],
    [
      'a before without an after',
      promptOf({ ...SECTIONS, Examples: `${EXAMPLE}\`\`\`st before\nx\n\`\`\`\n` }),
      'This "st before" has no "st after" that follows it.',
    ],
    [
      'a fence that is not closed',
      promptOf({ ...SECTIONS, Examples: '```st before\nx\n' }),
      'This fenced block is not closed.',
    ],
    [
      'another kind of ST block',
      promptOf({ ...SECTIONS, Examples: `${EXAMPLE}\`\`\`st\nx\n\`\`\`\n` }),
      'must be "st before" or "st after", found "st"',
    ],
  ])('is refused with %s', (_, text, expected) => {
    expect(read(text).migration).toBeNull();
    expect(lint(text)).toContain(expected);
  });

  it.each([
    ['fewer than three examples', { Examples: EXAMPLE }, 'error concrete-examples 1 of at least 3 examples'],
    [
      'an example that changes nothing',
      { Examples: `${EXAMPLE}${EXAMPLE}${example('same', PROGRAM('Guard_Ch1'), PROGRAM(' Guard_Ch1'))}` },
      'error concrete-examples Before and after are the same',
    ],
    [
      'an example with a syntax error',
      { Examples: `${EXAMPLE}${EXAMPLE}${example('bad', PROGRAM('Guard_Ch1'), PROGRAM('Guard_Ch1 AND'))}` },
      'Example "bad", after:',
    ],
    [
      'an example with a type error',
      { Examples: `${EXAMPLE}${EXAMPLE}${example('typed', PROGRAM('Guard_Ch1'), PROGRAM('5.5'))}` },
      'Example "typed", after:',
    ],
    [
      'an example with a name that it does not declare',
      { Examples: `${EXAMPLE}${EXAMPLE}${example('names', PROGRAM('Guard_Ch1'), PROGRAM('Guard_Ch3'))}` },
      'Guard_Ch3',
    ],
    [
      'no condition to stop',
      { Preconditions: '- Only proceed if it compiles.' },
      'error preconditions Say what leaves the site to an engineer',
    ],
    [
      'no condition to proceed',
      { Preconditions: '- Do not proceed if it is muted.' },
      'error preconditions Say what must hold',
    ],
    ['criteria that are no list', { 'Success criteria': 'It compiles.' }, 'error verifiable-end-state'],
    [
      'criteria that nobody can check',
      { 'Success criteria': '- The simulation works properly.' },
      'warning verifiable-end-state "works properly" can\'t be checked.',
    ],
    [
      'a second change',
      { Goal: 'Monitor guards. Also rename the tags.' },
      '12:1 warning one-change "Also rename"'.replace('12:1', '13:1'),
    ],
    [
      'a tool that the agent lacks',
      { Goal: 'Run the python script that monitors guards.' },
      'error few-tools "python" is no tool of the agent.',
    ],
    [
      'work beyond the agent',
      { Goal: 'Monitor guards and restart the PLC.' },
      'error fits-the-agent "restart the PLC"',
    ],
  ])('is told off for %s', (_, change, expected) => {
    expect(lint(promptOf({ ...SECTIONS, ...change }))).toContain(expected);
  });

  it('is told off in the line of the example', () => {
    const text = promptOf({
      ...SECTIONS,
      Examples: `${EXAMPLE}${EXAMPLE}${example('typed', PROGRAM('Guard_Ch1'), PROGRAM('5.5'))}`,
    });
    const line = text.split('\n').findIndex((each) => each.includes('Motor := 5.5')) + 1;
    expect(lint(text)).toMatch(new RegExp(`^${line}:\\d+ error `));
  });
});

describe('the older YAML form', () => {
  const LEGACY = `name: Safety Interlock Update
description: Redundant guards
prompt: |
  Read each guard on two channels.
preconditions: [Only proceed if there is a second channel, Do not proceed if muted]
exclusions: [muted guards]
examples:
  - description: one
    before: |
      PROGRAM Main
      END_PROGRAM
    after: |
      PROGRAM Main
      VAR x : BOOL; END_VAR
      END_PROGRAM
success_criteria: [The proof shows it]
target_filter: { plc_type: Siemens S7-1500, min_firmware_version: "2.9", safety_rating: [SIL-2] }
forbidden_modifications: ["**/emergency_stop*", certified code]
required_verifications: [safety]
requires_human_review: true
dry_run: false
max_concurrent_sites: 5
continue_on_failure: true
rollback_on_failure: true
`;
  const readLegacy = (text: string) => readMigration('old.yaml', Buffer.from(text));

  it('loads', () => {
    const { migration, findings } = readLegacy(LEGACY);
    expect(findings).toEqual([]);
    expect(migration).toMatchObject({
      name: 'safety-interlock-update',
      kind: 'safety',
      targets: { plcTypes: ['Siemens S7-1500'], firmwareVersion: '>=2.9', safetyRatings: ['SIL-2'] },
      mustNotChange: ['**/emergency_stop*'],
      sections: {
        goal: 'Read each guard on two channels.',
        doNotChange: '- muted guards\n- **/emergency_stop*\n- certified code',
      },
    });
    expect(migration?.examples[0]?.before).toEqual({ text: 'PROGRAM Main\nEND_PROGRAM\n', line: 10 });
  });

  it('is refused when it gives up the review of a person, and for unknown keys', () => {
    const told = (text: string): string =>
      readLegacy(text)
        .findings.map((f) => `${f.line}:${f.column} ${f.message}`)
        .join('\n');
    expect(told(LEGACY.replace('requires_human_review: true', 'requires_human_review: false'))).toContain(
      '20:24 "requires_human_review: false" is refused',
    );
    expect(told(LEGACY.replace('dry_run', 'dryrun'))).toContain('Did you mean "dry_run"?');
  });
});

const PROMPTS = join(import.meta.dirname, '../../prompts');
const shipped = existsSync(PROMPTS) ? readdirSync(PROMPTS).filter((name) => name.endsWith('.md')) : [];

describe.skipIf(shipped.length === 0)('a migration that ships', () => {
  it.each(shipped.length === 0 ? ['none'] : shipped)('%s has nothing to complain about', (name) => {
    const { findings } = lintMigration(`prompts/${name}`, readFileSync(join(PROMPTS, name)));
    expect(findings.filter(({ severity }) => failsVerdict(severity) || severity === 'warning')).toEqual([]);
  });
});
