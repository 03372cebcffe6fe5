/** Reads `plantwright.yaml`: the schema of manifest.ts, the checks that a schema can't say, and where everything stands. */

import type { Finding, Severity } from '../base/finding.js';
import { compareFindings, startOfFile } from '../base/finding.js';
import { decodeUtf8, readYaml, type YamlDocument, type YamlPath, yamlFinding } from '../base/yaml-document.js';
import { nameOf, validateYaml } from '../base/yaml-validation.js';
import { DIALECT_IDS, type DialectId } from '../language/dialects/dialect-id.js';
import { parseDuration } from './duration.js';
import { CONDITION_ROLES, MANIFEST_FILE, manifestSchema, type Signal, type SiteManifest } from './manifest.js';
import type { SiteSnapshot } from './snapshot.js';

export interface ManifestReading {
  /** Null when the manifest is missing, unreadable or does not fit the schema. */
  readonly manifest: SiteManifest | null;
  readonly findings: readonly Finding[];
  /** Places of the manifest's values; null when it is missing or not YAML. */
  readonly document: YamlDocument | null;
  /** The dialect as far as it can be known, also from a manifest with other mistakes. */
  readonly dialect: DialectId;
}

const DEFAULT_DIALECT: DialectId = 'iec';

/** Memo by identity: the bytes of a snapshot never change, and an editor opens the site again with every key. */
const READINGS = new WeakMap<Uint8Array, ManifestReading>();

/** Reads the manifest of a snapshot. A missing one is a finding, like everything that is wrong in it. */
export function readManifest(snapshot: SiteSnapshot): ManifestReading {
  const bytes = snapshot.get(MANIFEST_FILE);
  if (bytes === undefined) {
    const message = `The site has no ${MANIFEST_FILE} in its root. Write one with at least "site:" and "dialect:".`;
    const findings = [yamlFinding('CFG-MANIFEST', 'manifest-missing', startOfFile(MANIFEST_FILE), message)];
    return { manifest: null, findings, document: null, dialect: DEFAULT_DIALECT };
  }
  const known = READINGS.get(bytes);
  if (known !== undefined) return known;
  const { text, findings } = decodeUtf8(bytes, MANIFEST_FILE);
  const reading: ManifestReading =
    text === null ? { manifest: null, findings, document: null, dialect: DEFAULT_DIALECT } : readManifestText(text);
  READINGS.set(bytes, reading);
  return reading;
}

/** Reads the text of a manifest. */
export function readManifestText(text: string): ManifestReading {
  const { document, findings } = readYaml(text, MANIFEST_FILE);
  if (document === null) return { manifest: null, findings, document, dialect: DEFAULT_DIALECT };
  const validated = validateYaml(document, manifestSchema);
  const dialect = validated.value?.dialect ?? dialectOf(document.value);
  if (validated.value === null) return { manifest: null, findings: validated.findings, document, dialect };
  const more = checkManifest(validated.value, document);
  return { manifest: validated.value, findings: more, document, dialect };
}

/**
 * The place in `plantwright.yaml` of the value at a path such as `['safety', 'signals', 2, 'tag']`: for findings about
 * a tag that the code does not have. The start of the file when there is no readable manifest.
 */
export function manifestPositions(snapshot: SiteSnapshot): (path: YamlPath) => ReturnType<YamlDocument['locate']> {
  const { document } = readManifest(snapshot);
  return (path) => document?.locate(path) ?? startOfFile(MANIFEST_FILE);
}

function dialectOf(value: unknown): DialectId {
  const written = typeof value === 'object' && value !== null && 'dialect' in value ? value.dialect : null;
  return DIALECT_IDS.find((id) => id === written) ?? DEFAULT_DIALECT;
}

function checkManifest(manifest: SiteManifest, document: YamlDocument): Finding[] {
  const at = (path: YamlPath, rule: string, severity: Severity, message: string): Finding => ({
    ...yamlFinding('CFG-MANIFEST', rule, document.locate(path), message),
    severity,
  });
  const findings: Finding[] = [];
  for (const [key, globs] of globLists(manifest)) {
    globs.forEach((glob, index) => {
      if (/^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(glob)) {
        findings.push(
          at(
            [...key, index],
            'path-outside-site',
            'error',
            `"${glob}" leads out of the site. Write a path relative to the site's root.`,
          ),
        );
      } else if (glob.includes('\\')) {
        findings.push(
          at([...key, index], 'path-separator', 'error', `"${glob}" has a backslash. Write paths with "/".`),
        );
      }
    });
  }
  if (manifest.cycle !== undefined && (parseDuration(manifest.cycle) ?? 0n) <= 0n) {
    findings.push(at(['cycle'], 'cycle', 'error', 'The cycle must be longer than zero.'));
  }
  manifest.safety?.signals?.forEach((signal, index) => {
    findings.push(
      ...checkSignal(signal, (key, rule, severity, message) =>
        at(['safety', 'signals', index, key], rule, severity, message),
      ),
    );
  });
  const firstOf = new Map<string, number>();
  manifest.safety?.signals?.forEach((signal, index) => {
    const key = `${signal.tag.toUpperCase()} ${signal.role} ${signal.zone ?? 'default'}`;
    const first = firstOf.get(key);
    if (first === undefined) firstOf.set(key, index);
    else
      findings.push(
        at(
          ['safety', 'signals', index],
          'signal-twice',
          'warning',
          `${signal.tag} already has the role ${signal.role} in signals[${first}].`,
        ),
      );
  });
  manifest.safety?.limits?.forEach((limit, index) => {
    const path = ['safety', 'limits', index];
    if (limit.min === undefined && limit.max === undefined) {
      findings.push(
        at(
          path,
          'limit-without-bound',
          'error',
          `The limit of ${limit.tag} has neither "min" nor "max". Write at least one.`,
        ),
      );
    } else if (limit.min !== undefined && limit.max !== undefined) {
      const low = magnitude(limit.min);
      const high = magnitude(limit.max);
      if (typeof low !== typeof high)
        findings.push(
          at(
            path,
            'limit-types',
            'error',
            `${nameOf(path)}: "min" and "max" must both be durations or both be numbers.`,
          ),
        );
      else if (low > high)
        findings.push(at(path, 'limit-empty', 'error', `${nameOf(path)}: "min" is greater than "max".`));
    }
  });
  return findings.sort(compareFindings);
}

function checkSignal(
  signal: Signal,
  at: (key: string, rule: string, severity: Severity, message: string) => Finding,
): Finding[] {
  const findings: Finding[] = [];
  const isCondition = CONDITION_ROLES.some((role) => role === signal.role);
  if (signal.healthy !== undefined && !isCondition) {
    findings.push(
      at(
        'healthy',
        'signal-key',
        'warning',
        `"healthy" says something only for conditions (${CONDITION_ROLES.join(', ')}); ${signal.tag} is a ${signal.role}.`,
      ),
    );
  }
  for (const key of ['off', 'requires', 'response'] as const) {
    if (signal[key] === undefined || signal.role === 'hazard') continue;
    findings.push(
      at(key, 'signal-key', 'warning', `"${key}" says something only for a hazard; ${signal.tag} is a ${signal.role}.`),
    );
  }
  return findings;
}

function globLists(manifest: SiteManifest): [YamlPath, readonly string[]][] {
  const paths = (list: readonly string[] | undefined): readonly string[] => list ?? [];
  return [
    [['sources'], paths(manifest.sources)],
    [['libraries'], paths(manifest.libraries)],
    [['safety', 'certified'], paths(manifest.safety?.certified)],
    [['safety', 'protected'], paths(manifest.safety?.protected)],
    [['checks', 'tests'], paths(manifest.checks?.tests)],
    [['checks', 'scenarios'], paths(manifest.checks?.scenarios)],
    [['checks', 'traces'], paths(manifest.checks?.traces)],
  ];
}

function magnitude(bound: string | number): number | bigint {
  return typeof bound === 'number' ? bound : (parseDuration(bound) ?? 0n);
}
