import { isDeepStrictEqual } from 'node:util';
import { startOfFile } from '../../base/finding.js';
import { MANIFEST_FILE } from '../../site/manifest.js';
import { sourceChanges } from '../compare/source-changes.js';
import type { Change, ChangeRule } from '../rule.js';
import { machine } from './example-machine.js';

/** CF08: nobody loosens the yardstick and passes the measurement in one step. */
export const manifestTouched: ChangeRule = {
  kind: 'change',
  code: 'CF08',
  name: 'manifest-touched',
  severity: 'blocker',
  title: 'The manifest changed together with the code',
  rationale:
    'The manifest says what is safety, what is certified and which tests count. A change that edits it and the code at once approves itself.',
  reference: 'IEC 62443-4-2, CR 2.1; IEC 61508-3:2010, 7.8',
  decision: 'change',
  flags: [
    {
      title: 'a guard loses its role while its operand is removed',
      before: machine(),
      files: {
        ...machine({ body: 'Motor := (Start_PB OR Motor) AND EStop_OK;' }),
        'plantwright.yaml': (machine()['plantwright.yaml'] ?? '').replace(
          '    - { tag: Main.Guard_Closed, role: guard }\n',
          '',
        ),
      },
    },
  ],
  accepts: [
    {
      title: 'a comment in the manifest',
      before: machine(),
      files: { ...machine(), 'plantwright.yaml': `# line 4\n${machine()['plantwright.yaml'] ?? ''}` },
    },
  ],
  check(change) {
    const touched = sourceChanges(change).find((entry) => entry.path === MANIFEST_FILE);
    if (touched === undefined || isSameManifest(change)) return [];
    const others = sourceChanges(change).filter((entry) => entry.path !== MANIFEST_FILE && !entry.isTokenEqual);
    const isAlone = others.length === 0 && change.scope.author === 'person';
    const keys = changedKeys(change);
    const what =
      touched.status === 'modified'
        ? `${MANIFEST_FILE} changed (${keys.join(', ')})`
        : `${MANIFEST_FILE} was ${touched.status}`;
    return [
      {
        ...startOfFile(MANIFEST_FILE),
        code: manifestTouched.code,
        rule: manifestTouched.name,
        severity: isAlone ? 'warning' : manifestTouched.severity,
        message: isAlone
          ? `${what}. It decides what counts as safe: a safety engineer must compare it with the machine.`
          : `${what} in the same change as the code that it judges. Take the manifest out of this change and let a safety engineer change it in one of its own.`,
        related: [],
        witness: { subject: MANIFEST_FILE, keys },
      },
    ];
  },
};

function isSameManifest({ before, after }: Change): boolean {
  return before.manifest !== null && after.manifest !== null && isDeepStrictEqual(before.manifest, after.manifest);
}

function changedKeys({ before, after }: Change): string[] {
  const old: Readonly<Record<string, unknown>> = { ...before.manifest };
  const now: Readonly<Record<string, unknown>> = { ...after.manifest };
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((key) => !isDeepStrictEqual(old[key], now[key]))
    .sort();
}
