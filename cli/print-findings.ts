import type { Finding, Severity } from '../core/base/finding.js';
import type { Colors } from './console.js';

export const FINDING_FORMATS = ['text', 'json', 'sarif', 'github'] as const;
export type FindingFormat = (typeof FINDING_FORMATS)[number];

const SEVERITY_COLOR = { blocker: 'red', error: 'red', warning: 'yellow', info: 'blue' } as const;

/** Findings for a person: `file:line:column severity CODE message`, further places below. */
export function findingsAsText(findings: readonly Finding[], colors: Colors): string {
  return findings
    .flatMap((finding) => [
      `${finding.file}:${finding.line}:${finding.column} ${colors(SEVERITY_COLOR[finding.severity], finding.severity)} ${finding.code} ${finding.message} ${colors('gray', `(${finding.rule})`)}`,
      ...finding.related.map((place) =>
        colors('gray', `    ${place.file}:${place.line}:${place.column} ${place.message}`),
      ),
    ])
    .join('\n');
}

/** Workflow commands that GitHub shows as annotations on the lines of a pull request. */
export function findingsForGithub(findings: readonly Finding[]): string {
  return findings
    .map((finding) => {
      const level = finding.severity === 'warning' ? 'warning' : finding.severity === 'info' ? 'notice' : 'error';
      const place = `file=${property(finding.file)},line=${finding.line},col=${finding.column},endLine=${finding.endLine},endColumn=${finding.endColumn}`;
      return `::${level} ${place},title=${property(`${finding.code} ${finding.rule}`)}::${data(finding.message)}`;
    })
    .join('\n');
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

const SARIF_LEVEL: Readonly<Record<Severity, string>> = {
  blocker: 'error',
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/** SARIF 2.1.0, as code scanning services read it. */
export function findingsAsSarif(findings: readonly Finding[], toolVersion: string): string {
  const rules = new Map<string, string>();
  for (const finding of findings) rules.set(finding.code, finding.rule);
  const region = (place: { line: number; column: number; endLine: number; endColumn: number }): unknown => ({
    startLine: place.line,
    startColumn: place.column,
    endLine: place.endLine,
    endColumn: place.endColumn,
  });
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        columnKind: 'utf16CodeUnits',
        tool: {
          driver: {
            name: 'Plantwright',
            version: toolVersion,
            rules: [...rules].sort().map(([id, name]) => ({ id, name })),
          },
        },
        results: findings.map((finding) => ({
          ruleId: finding.code,
          level: SARIF_LEVEL[finding.severity],
          message: { text: finding.message },
          locations: [
            { physicalLocation: { artifactLocation: { uri: encodeURI(finding.file) }, region: region(finding) } },
          ],
          relatedLocations: finding.related.map((place) => ({
            physicalLocation: { artifactLocation: { uri: encodeURI(place.file) }, region: region(place) },
            message: { text: place.message },
          })),
          properties: { severity: finding.severity, witness: finding.witness },
        })),
      },
    ],
  };
  return JSON.stringify(document, null, 2);
}
