import { startOfFile } from '../../base/finding.js';
import { CONDITION_ROLES, MANIFEST_FILE } from '../../site/manifest.js';
import { matchesAny, sitePaths } from '../../site/source-paths.js';
import { sourceChanges } from '../compare/source-changes.js';
import { type TouchedRole, touchedRoles } from '../compare/touched-roles.js';
import type { Change, ChangeRule } from '../rule.js';
import { changeExample, machine } from './example-machine.js';
import { testsWeakened } from './tests-weakened.js';

const NOTES = matchesAny(['**/*.md', '**/*.txt', 'docs/**']);

/** AG01: a change may touch what its task names, and nothing else. */
export const outOfScope: ChangeRule = {
  kind: 'change',
  code: 'AG01',
  name: 'out-of-scope',
  severity: 'error',
  title: 'The change leaves its scope',
  rationale:
    'Whoever changes more than the task asks for, changes what nobody looks at. An agent may change the sources of the site or the paths that its migration names; tests, scenarios, workflows and libraries belong to people.',
  reference: 'IEC 61508-3:2010, 7.8 and A.8 (impact analysis); OWASP ASI01',
  decision: 'change',
  flags: [
    {
      title: 'an agent edits a workflow file',
      before: { ...machine(), '.github/workflows/check.yml': 'on: push\n' },
      files: { ...machine(), '.github/workflows/check.yml': 'on: never\n' },
    },
    {
      title: 'an agent edits a file under protected:',
      before: machine({
        safety: '  protected: [src/estop/**]\n',
        files: {
          'src/estop/Lamp.st': 'FUNCTION_BLOCK Lamp\nVAR_OUTPUT on : BOOL; END_VAR\non := TRUE;\nEND_FUNCTION_BLOCK\n',
        },
      }),
      files: machine({
        safety: '  protected: [src/estop/**]\n',
        files: {
          'src/estop/Lamp.st': 'FUNCTION_BLOCK Lamp\nVAR_OUTPUT on : BOOL; END_VAR\non := FALSE;\nEND_FUNCTION_BLOCK\n',
        },
      }),
    },
  ],
  accepts: [
    changeExample(
      'an agent edits a source',
      {},
      { body: 'Motor := (Start_PB OR Motor) AND Guard_Closed AND EStop_OK; // order' },
    ),
    {
      title: 'a new test beside the change',
      before: machine(),
      files: { ...machine(), 'tests/motor_test.st': "TEST 'runs'\nASSERT_TRUE(TRUE);\nEND_TEST\n" },
    },
  ],
  check(change) {
    const { scope, before } = change;
    const report = (path: string, message: string, subject: string) => ({
      ...startOfFile(path),
      code: outOfScope.code,
      rule: outOfScope.name,
      severity: outOfScope.severity,
      message,
      related: [],
      witness: { subject },
    });
    const mayChange = scope.mayChange === null ? defaultScope(change) : matchesAny(scope.mayChange);
    const mustNotChange = matchesAny(scope.mustNotChange);
    const protectedGlobs = (before.manifest?.safety?.protected ?? []).filter((entry) => !entry.startsWith('POU:'));
    const isProtected = scope.author === 'agent' ? matchesAny(protectedGlobs) : () => false;
    const findings = sourceChanges(change).flatMap(({ path, status }) => {
      if (mustNotChange(path))
        return [
          report(
            path,
            `${path} was ${status}, and the task says that it must not change. Undo it.`,
            `must-not ${path}`,
          ),
        ];
      if (isProtected(path))
        return [
          report(
            path,
            `${path} was ${status}; the manifest protects it from agents and recipes. Undo it, or let an engineer make this change.`,
            `protected ${path}`,
          ),
        ];
      // The manifest has a rule of its own, and a stricter one.
      if (path === MANIFEST_FILE || mayChange(path)) return [];
      return [
        report(
          path,
          `${path} was ${status} and lies outside of what this change may touch (${scopeText(change)}). Undo it.`,
          `outside ${path}`,
        ),
      ];
    });
    return [...findings, ...protectedPous(change, report), ...foreignRoles(change, report)];
  },
};

type Report = (path: string, message: string, subject: string) => ReturnType<ChangeRule['check']>[number];

function scopeText(change: Change): string {
  const { mayChange } = change.scope;
  if (mayChange !== null) return `may_change: ${mayChange.join(', ')}`;
  const sources = change.before.manifest?.sources;
  return sources === undefined ? 'the sources of the site' : `sources: ${sources.join(', ')}`;
}

/** Without a task: a person may change anything but libraries; an agent the sources, notes, and tests as long as these only gain. */
function defaultScope(change: Change): (path: string) => boolean {
  const { before, after, scope } = change;
  const paths = sitePaths(before.manifest, new Set([...before.snapshot.keys(), ...after.snapshot.keys()]));
  const libraries = new Set(paths.libraries);
  if (scope.author === 'person') return (path) => !libraries.has(path);
  // Checks may be added by anyone; that none of them became weaker is a rule of its own.
  const weakened = new Set(testsWeakened.check(change).map((finding) => finding.file));
  const sources = new Set(paths.sources);
  const checks = new Set([...paths.tests, ...paths.scenarios]);
  return (path) =>
    sources.has(path) || NOTES(path) || (checks.has(path) && (!before.snapshot.has(path) || !weakened.has(path)));
}

/** `protected: [POU:Name]`. */
function protectedPous(change: Change, report: Report): ReturnType<Report>[] {
  if (change.scope.author === 'person') return [];
  const names = (change.before.manifest?.safety?.protected ?? [])
    .filter((entry) => entry.startsWith('POU:'))
    .map((entry) => entry.slice(4));
  return names.flatMap((name) => {
    const old = sourceOfPou(change.before, name);
    const now = sourceOfPou(change.after, name);
    if (old === null || old.text === now?.text) return [];
    return [
      report(
        now?.path ?? old.path,
        `${name} was changed; the manifest protects it from agents and recipes. Undo it, or let an engineer make this change.`,
        `protected POU ${name}`,
      ),
    ];
  });
}

/** The text of a POU and the file that declares it; null when the site has no such POU. */
export function sourceOfPou(site: Change['before'], name: string): { text: string; path: string } | null {
  const pou = site.project.pous.find(
    (candidate) =>
      candidate.qualifiedName.toUpperCase() === name.toUpperCase() ||
      candidate.name.toUpperCase() === name.toUpperCase(),
  );
  if (pou === undefined || pou.declaration === null || pou.site === null) return null;
  const { file } = pou.site;
  return { text: file.text.slice(pou.declaration.start, pou.declaration.end), path: file.path };
}

/** Conditions may not change at all; a reset or start may be used for more, for the new monitoring needs one. */
function isGuarded(touch: TouchedRole): boolean {
  return CONDITION_ROLES.some((role) => role === touch.role) || touch.lost.length > 0;
}

/** A migration that is about guards must leave the e-stop logic alone. */
function foreignRoles(change: Change, report: Report): ReturnType<Report>[] {
  const { touches } = change.scope;
  if (touches === null) return [];
  return touchedRoles(change)
    .filter((touch) => !touches.includes(touch.role) && isGuarded(touch))
    .map((touch) =>
      report(
        touch.path,
        `The logic of ${touch.tag} (${touch.role}) changed: ${touch.reason}. This change may touch ${touches.length === 0 ? 'no signal role' : touches.join(', ')} only. Undo it.`,
        `role ${touch.role} ${touch.tag}`,
      ),
    );
}
