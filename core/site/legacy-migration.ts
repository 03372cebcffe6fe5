/** The older YAML form of a migration, turned into the one that everything else knows. */

import { digestOf } from '../base/digest.js';
import type { Finding, Severity } from '../base/finding.js';
import { type YamlDocument, type YamlPath, yamlFinding } from '../base/yaml-document.js';
import type { Migration, MigrationKind } from './migration.js';
import { asList, type LegacyMigration } from './migration-schema.js';

/** Converts a migration that fits the older schema. Settings that would weaken a promise are refused. */
export function readLegacyMigration(
  file: string,
  text: string,
  legacy: LegacyMigration,
  document: YamlDocument,
): { migration: Migration | null; findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const report = (path: YamlPath, severity: Severity, rule: string, message: string): void => {
    findings.push({ ...yamlFinding('PROMPT-FORM', rule, document.locate(path), message), severity });
  };
  if (legacy.requires_human_review === false) {
    report(
      ['requires_human_review'],
      'error',
      'weakening-setting',
      '"requires_human_review: false" is refused: a person signs every change. Remove the setting.',
    );
  }
  const filter = legacy.target_filter ?? {};
  for (const key of ['line_type', 'line_types'] as const) {
    if (filter[key] !== undefined)
      report(
        ['target_filter', key],
        'error',
        'target-filter',
        `"${key}" can't limit a migration; choose the sites with --where 'line_type=…' and remove the key.`,
      );
  }
  const minimum = filter.min_firmware_version ?? filter.min_firmware;
  const mustNotChange: string[] = [];
  const doNotChange: string[] = [...(legacy.exclusions ?? []), ...(legacy.forbidden_modifications ?? [])];
  for (const item of legacy.forbidden_modifications ?? []) if (isGlob(item)) mustNotChange.push(item);
  const list = (items: readonly string[] | undefined): string => (items ?? []).map((item) => `- ${item}`).join('\n');
  const examples = (legacy.examples ?? []).map((example, index) => ({
    title: example.description ?? `Example ${index + 1}`,
    before: { text: example.before, line: contentLine(document, ['examples', index, 'before']) },
    after: { text: example.after, line: contentLine(document, ['examples', index, 'after']) },
  }));
  if (findings.some(({ severity }) => severity === 'error')) return { migration: null, findings };
  const migration: Migration = {
    file,
    name: kebab(legacy.name),
    version: legacy.version ?? '0.0.0',
    title: legacy.description.split('\n')[0]?.trim() || legacy.name,
    kind: kindOf(legacy),
    targets: {
      plcTypes: [...asList(filter.plc_type), ...asList(filter.plc_types)],
      firmwareVersion: filter.firmware_version ?? (minimum === undefined ? null : `>=${minimum}`),
      safetyRatings: [...asList(filter.safety_rating), ...asList(filter.safety_ratings)],
      tags: asList(filter.tags),
    },
    recipe: null,
    touches: null,
    mayChange: null,
    mustNotChange,
    sections: {
      goal: legacy.prompt.trim(),
      preconditions: list(legacy.preconditions),
      examples: examples
        .map(({ title, before, after }) => `### ${title}\n\n${before.text}\n\n${after.text}`)
        .join('\n\n'),
      doNotChange: list(doNotChange),
      successCriteria: list(legacy.success_criteria),
      notes: legacy.description.trim(),
    },
    examples,
    text,
    digest: digestOf(text),
  };
  return { migration, findings };
}

function isGlob(text: string): boolean {
  return /^[\w./*?{}[\],-]+$/.test(text) && /[*/.]/.test(text);
}

/** Without a `kind:` the strictest one is assumed unless the name says otherwise. */
function kindOf(legacy: LegacyMigration): MigrationKind {
  const words = `${legacy.name} ${legacy.description}`.toLowerCase();
  if (/safety|interlock|e-?stop|guard/.test(words)) return 'safety';
  if (/protocol|modbus|opc|profinet|ethernet/.test(words)) return 'protocol';
  if (/config|parameter|alarm/.test(words)) return 'configuration';
  return /moderni[sz]/.test(words) ? 'modernization' : 'safety';
}

function kebab(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'migration'
  );
}

/** Line of the first line of a scalar's text; a block scalar (`|`) begins on the line after its indicator. */
function contentLine(document: YamlDocument, path: YamlPath): number {
  const place = document.locate(path);
  return place.endLine > place.line ? place.line + 1 : place.line;
}
