import { isDeepStrictEqual } from 'node:util';
import { type Finding, startOfFile } from '../../base/finding.js';
import { MANIFEST_FILE } from '../../site/manifest.js';
import { manifestLosses } from '../compare/manifest-changes.js';
import { nameChanges } from '../compare/name-changes.js';
import { isTokenEqualChange, sourceChanges } from '../compare/source-changes.js';
import type { Change, ChangeRule } from '../rule.js';
import { findingAt, safetyModelOf } from '../safety-model.js';
import { isCondition, isDeclared, type ResolvedSignal } from '../signal-roles.js';
import { changeExample, machine } from './example-machine.js';
import { listText } from './rule-text.js';

const SIDE_DOOR = 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND Side_Door;';

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
    changeExample(
      'a pragma gives a guard to another zone',
      { variables: "{safety role := 'guard', zone := 'default'} Side_Door AT %IX1.0 : BOOL;", body: SIDE_DOOR },
      { variables: "{safety role := 'guard', zone := 'other'} Side_Door AT %IX1.0 : BOOL;", body: SIDE_DOOR },
    ),
  ],
  accepts: [
    {
      title: 'a comment in the manifest',
      before: machine(),
      files: { ...machine(), 'plantwright.yaml': `# line 4\n${machine()['plantwright.yaml'] ?? ''}` },
    },
  ],
  check(change) {
    const inCode = lostInCode(change);
    // Also without a word of the manifest changed: a pattern may have lost what it matched.
    const losses = manifestLosses(change);
    const touched = sourceChanges(change).find((entry) => entry.path === MANIFEST_FILE);
    if (losses.length === 0 && (touched === undefined || isSameManifest(change))) return inCode;
    const others = sourceChanges(change).filter((entry) => entry.path !== MANIFEST_FILE && !entry.isTokenEqual);
    const isAlone = others.length === 0 && change.scope.author === 'person';
    const keys = changedKeys(change);
    const what = whatChanged(touched?.status ?? null, keys);
    const isWeaker = losses.length > 0 && !isAlone;
    const lost =
      losses.length === 0
        ? ''
        : `: ${listText(losses.slice(0, 4))}${losses.length > 4 ? ` and ${losses.length - 4} more` : ''}`;
    return [
      {
        ...startOfFile(MANIFEST_FILE),
        code: manifestTouched.code,
        rule: manifestTouched.name,
        severity: isWeaker ? manifestTouched.severity : 'warning',
        message: isWeaker
          ? `${what} in the same change as the code that it judges${lost}. Take the manifest out of this change and let a safety engineer change it in one of its own.`
          : `${what}${lost}. It decides what counts as safe: a safety engineer must compare it with the machine.`,
        related: [],
        witness: { subject: MANIFEST_FILE, keys, ...(losses.length === 0 ? {} : { losses }) },
      },
      ...inCode,
    ];
  },
};

/** Roles that stand beside the variable, as a pragma or a safe type, and that the change takes away or turns. */
function lostInCode(change: Change): Finding[] {
  if (isTokenEqualChange(change)) return [];
  const after = safetyModelOf(change.after);
  const { locationBefore } = nameChanges(change);
  const now = after.signals.map((signal) => ({ signal, location: locationBefore(signal.location) }));
  return safetyModelOf(change.before).signals.flatMap((old) => {
    if (old.source !== 'pragma' && old.source !== 'type') return [];
    const same = now.find(({ signal, location }) => location === old.location && signal.role === old.role)?.signal;
    if (now.some(({ signal, location }) => location === old.location && namesMore(old, signal))) return [];
    const difference = same === undefined ? 'is gone' : differenceOf(old, same);
    const place = same ?? now.find(({ location }) => location === old.location)?.signal;
    const variable = place?.symbol ?? after.variableAt(old.location);
    if (difference === null || variable?.site == null) return [];
    return [
      findingAt(manifestTouched, change.after, variable.site.file, variable.site.identifier, {
        message: `The role of ${old.tag} (${old.role}) ${difference}, in the same change as the code that it judges. Put it back; a safety engineer changes it in a change of its own.`,
        subject: `${old.location} ${old.role}`,
      }),
    ];
  });
}

/** A safe type only says that something permits; the manifest says what. Its own comparison judges the rest. */
function namesMore(old: ResolvedSignal, now: ResolvedSignal): boolean {
  return (
    old.source === 'type' && old.role === 'permissive' && now.source === 'manifest' && isCondition(now) && now.healthy
  );
}

function whatChanged(status: 'added' | 'deleted' | 'modified' | null, keys: readonly string[]): string {
  if (status === null) return `What ${MANIFEST_FILE} names changed`;
  return status === 'modified' ? `${MANIFEST_FILE} changed (${keys.join(', ')})` : `${MANIFEST_FILE} was ${status}`;
}

function differenceOf(old: ResolvedSignal, now: ResolvedSignal): string | null {
  if (!isDeclared(now)) return 'is only a guess now';
  if (old.zone !== now.zone) return `moved from zone ${old.zone} to zone ${now.zone}`;
  if (old.healthy !== now.healthy) return 'has the opposite polarity now';
  return old.off === now.off ? null : `is at rest at ${now.off} instead of ${old.off}`;
}

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
