import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver/node';
import type { Finding, Severity } from '../../core/base/finding.js';
import { rangeOfLocation } from '../features/text-range.js';

/** How findings are shown in one client. */
export interface DiagnosticStyle {
  /** The URI of a file by its path in findings. */
  readonly uriOf: (path: string) => string;
  /** The page that explains a code; null when this client can't open one. */
  readonly pageOf: ((code: string) => string) | null;
  readonly relatedInformation: boolean;
}

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  blocker: DiagnosticSeverity.Error,
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

export function diagnosticOf(finding: Finding, style: DiagnosticStyle): Diagnostic {
  const related = finding.related.map((place) => ({
    location: { uri: style.uriOf(place.file), range: rangeOfLocation(place) },
    message: place.message,
  }));
  return {
    range: rangeOfLocation(finding),
    severity: SEVERITIES[finding.severity],
    code: finding.code,
    ...(style.pageOf === null ? {} : { codeDescription: { href: style.pageOf(finding.code) } }),
    source: 'plantwright',
    message: finding.severity === 'blocker' ? `${finding.message} (blocker: can't be suppressed)` : finding.message,
    ...(style.relatedInformation && related.length > 0 ? { relatedInformation: related } : {}),
    ...(finding.rule.startsWith('unused') || finding.rule.startsWith('unreachable')
      ? { tags: [DiagnosticTag.Unnecessary] }
      : {}),
    data: { rule: finding.rule },
  };
}
