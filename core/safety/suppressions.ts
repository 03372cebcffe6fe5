/**
 * Findings that a person has accepted: they become information that repeats who, why and until when. Blockers can't be
 * accepted, an entry that has expired counts for nothing, and what a change brings in is judged without any of them.
 */

import { compareFindings, type Finding, failsVerdict } from '../base/finding.js';
import { manifestPositions } from '../site/read-manifest.js';
import type { Site } from '../site/site.js';
import { matchesAny } from '../site/source-paths.js';

/**
 * The findings of one version of a site as its manifest accepts them, sorted, with what is wrong about the entries.
 * @param today the day of the report, `2027-01-31`; verifiers read no clock
 */
export function withSuppressions(site: Site, findings: readonly Finding[], today: string): Finding[] {
  const entries = site.manifest?.safety?.suppressions ?? [];
  if (entries.length === 0) return [...findings];
  const place = manifestPositions(site.snapshot);
  const used = new Map<number, number>();
  const refused = new Set<number>();
  const matchers = entries.map(({ files }) => (files === undefined ? () => true : matchesAny(files)));
  const shown = findings.map((finding): Finding => {
    const index = entries.findIndex(
      ({ rule }, position) => rule === finding.code && matchers[position]?.(finding.file),
    );
    const entry = entries[index];
    if (entry === undefined) return finding;
    used.set(index, (used.get(index) ?? 0) + 1);
    if (finding.severity === 'blocker') {
      refused.add(index);
      return finding;
    }
    if (entry.expires < today || (!failsVerdict(finding.severity) && finding.severity !== 'warning')) return finding;
    return {
      ...finding,
      severity: 'info',
      message: `${finding.message} Accepted by ${entry.owner} until ${entry.expires}: ${entry.reason}`,
      witness: { ...finding.witness, suppressed: entry },
    };
  });
  const about = entries.flatMap((entry, index): Finding[] => {
    const at = place(['safety', 'suppressions', index, 'rule']);
    const report = (code: string, rule: string, severity: Finding['severity'], message: string): Finding[] => [
      { ...at, code, rule, severity, message, related: [], witness: { subject: `${entry.rule} ${index}` } },
    ];
    if (refused.has(index))
      return report(
        'SUP01',
        'blocker-suppressed',
        'error',
        `${entry.rule} is a blocker and can't be suppressed. Mend what it reports and remove this entry.`,
      );
    if (entry.expires < today)
      return report(
        'SUP02',
        'suppression-expired',
        'error',
        `The acceptance of ${entry.rule} by ${entry.owner} expired on ${entry.expires}. Mend what it reports, or have it assessed again.`,
      );
    if (!used.has(index))
      return report(
        'SUP03',
        'suppression-unused',
        'warning',
        `Nothing reports ${entry.rule} here any more. Remove this entry, so that it does not hide the next one.`,
      );
    return [];
  });
  return [...shown, ...about].sort(compareFindings);
}
