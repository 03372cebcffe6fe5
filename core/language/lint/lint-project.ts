import { compareFindings, type Finding } from '../../base/finding.js';
import type { Project } from '../semantics/model.js';
import type { LintReport, LintRule } from './lint-rule.js';
import { LINT_RULES } from './lint-rules.js';
import { createLintView } from './lint-view.js';

export const LINT_SEVERITIES = ['off', 'info', 'warning', 'error'] as const;
export type LintSeverity = (typeof LINT_SEVERITIES)[number];

/** Severity by code or name of a rule, as in `lint:` of a manifest. Where both are given, the code counts. */
export type LintSettings = Readonly<Record<string, LintSeverity | undefined>>;

/** The severity of a rule under the settings. */
export function lintSeverityOf(rule: LintRule, settings: LintSettings): LintSeverity {
  return settings[rule.code] ?? settings[rule.name] ?? rule.default;
}

/** Findings of the lint rules that the settings leave on, sorted. Pure; files with syntax errors are left out. */
export function lintProject(project: Project, settings: LintSettings = {}): Finding[] {
  const active = LINT_RULES.flatMap((rule) => {
    const severity = lintSeverityOf(rule, settings);
    return severity === 'off' ? [] : [{ rule, severity }];
  });
  if (active.length === 0) return [];
  const view = createLintView(project);
  const findings: Finding[] = [];
  for (const { rule, severity } of active)
    for (const report of rule.check(view))
      if (report.file.syntaxErrors.length === 0) findings.push(findingOf(project, rule, severity, report));
  return findings.sort(compareFindings);
}

function findingOf(
  project: Project,
  { code, name }: LintRule,
  severity: Exclude<LintSeverity, 'off'>,
  { file, span, message, related = [] }: LintReport,
): Finding {
  return {
    ...project.lineTableOf(file).locate(file.path, span.start, span.end),
    code,
    rule: name,
    severity,
    message,
    related: related.map((one) => ({
      ...project.lineTableOf(one.file).locate(one.file.path, one.span.start, one.span.end),
      message: one.message,
    })),
    witness: {},
  };
}
