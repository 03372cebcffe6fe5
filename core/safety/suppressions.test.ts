import { describe, expect, test } from 'vitest';
import { checkChange, checkState, newFindings } from './rule-table.js';
import { withSuppressions } from './suppressions.js';
import { changeOf, siteOf } from './testing/site-of.js';

const CODE = (body: string): string => `PROGRAM Main
VAR
  estop AT %IX0.0 : BOOL; guard AT %IX0.1 : BOOL; start AT %IX0.2 : BOOL; motor AT %QX0.0 : BOOL; run : BOOL;
END_VAR
${body}
END_PROGRAM
`;
/** IL10, an error: on, and never off. */
const STUCK = CODE('IF start AND estop AND guard THEN motor S= TRUE; END_IF');
/** ES01, a blocker: the e-stop is written. */
const FORGED = CODE('estop := TRUE;\nmotor := start AND estop AND guard;');

const site = (code: string, suppressions: string) => ({
  'plantwright.yaml': `site: s
dialect: codesys
sources: [src/**]
entry: Main
safety:
  signals:
    - { tag: Main.estop, role: estop }
    - { tag: Main.guard, role: guard }
    - { tag: Main.motor, role: hazard }
${suppressions === '' ? '' : `  suppressions:\n${suppressions}`}`,
  'src/Main.st': code,
});

const entry = (rule: string, expires: string, more = ''): string =>
  `    - { rule: ${rule}, reason: "assessed in RA-17, drive has its own stop", owner: m.weber, expires: ${expires}${more} }\n`;

function shown(code: string, suppressions: string, today = '2026-06-01'): string[] {
  const opened = siteOf(site(code, suppressions));
  expect(opened.manifestFindings).toEqual([]);
  return withSuppressions(opened, checkState(opened), today)
    .filter((finding) => ['IL10', 'ES01', 'SUP01', 'SUP02', 'SUP03'].includes(finding.code))
    .map((finding) => `${finding.code} ${finding.severity}`);
}

describe('a suppression', () => {
  test('makes an error information that says who, why and until when', () => {
    const opened = siteOf(site(STUCK, entry('IL10', '2026-12-31')));
    const [finding] = withSuppressions(opened, checkState(opened), '2026-06-01').filter(({ code }) => code === 'IL10');
    expect(finding?.severity).toBe('info');
    expect(finding?.message).toContain('Accepted by m.weber until 2026-12-31: assessed in RA-17');
  });

  test.each<[string, string, string, string[]]>([
    ['counts on its last day', STUCK, entry('IL10', '2026-06-01'), ['IL10 info']],
    [
      'counts for nothing the day after, and says so',
      STUCK,
      entry('IL10', '2026-05-31'),
      ['SUP02 error', 'IL10 error'],
    ],
    [
      'does nothing for another file',
      STUCK,
      entry('IL10', '2026-12-31', ', files: [lib/**]'),
      ['SUP03 warning', 'IL10 error'],
    ],
    ['does nothing for a blocker, and says so', FORGED, entry('ES01', '2026-12-31'), ['SUP01 error', 'ES01 blocker']],
    [
      'that covers nothing is reported',
      CODE('motor := start AND estop AND guard;'),
      entry('IL10', '2026-12-31'),
      ['SUP03 warning'],
    ],
    ['is not there', STUCK, '', ['IL10 error']],
  ])('%s', (_title, code, suppressions, expected) => {
    expect(shown(code, suppressions).sort()).toEqual([...expected].sort());
  });

  test.each([
    ['without a reason', '    - { rule: IL10, owner: m.weber, expires: 2026-12-31 }\n'],
    ['without an owner', '    - { rule: IL10, reason: "assessed in RA-17", expires: 2026-12-31 }\n'],
    ['without an expiry', '    - { rule: IL10, reason: "assessed in RA-17", owner: m.weber }\n'],
    ['with half a reason', '    - { rule: IL10, reason: "ok", owner: m.weber, expires: 2026-12-31 }\n'],
  ])('%s is a mistake in the manifest', (_title, suppressions) => {
    expect(siteOf(site(STUCK, suppressions)).manifestFindings.map(({ severity }) => severity)).toContain('error');
  });

  test('hides nothing that a change brings in', () => {
    const accepted = entry('IL10', '2099-12-31');
    const change = changeOf(site(CODE('motor := start AND estop AND guard;'), accepted), site(STUCK, accepted));
    expect(newFindings(change).map(({ code, severity }) => `${code} ${severity}`)).toContain('IL10 error');
  });

  test.each([
    ['a new one', '', entry('IL10', '2026-12-31')],
    ['one that lasts longer', entry('IL10', '2026-12-31'), entry('IL10', '2030-12-31')],
    ['one that covers more files', entry('IL10', '2026-12-31', ', files: [src/a.st]'), entry('IL10', '2026-12-31')],
  ])('%s in a change of code is a veto', (_title, before, after) => {
    const change = changeOf(site(STUCK, before), site(STUCK.replace('AND guard', 'AND guard AND NOT run'), after));
    expect(checkChange(change).map(({ code, severity }) => `${code} ${severity}`)).toContain('CF08 blocker');
  });
});
