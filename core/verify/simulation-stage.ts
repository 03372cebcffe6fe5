import { type Finding, failsVerdict, startOfFile } from '../base/finding.js';
import type { Change } from '../safety/rule.js';
import { runSiteChecks, type SiteChecks } from '../simulation/site-checks.js';
import { compareUnderFaults } from './fault-campaign.js';
import { compareHazardBehaviour } from './hazard-behaviour.js';
import type { StageAnswer } from './stage.js';
import type { VerifierOptions } from './verifier.js';

/**
 * The simulation verifier: the unit tests and scenarios of the site after the change, both versions side by side on the
 * same inputs, and the fault campaign on both where the change touches a hazard. A result that depends on something the simulator can't execute is a failure, not a pass.
 */
export function simulationStage(change: Change, options: VerifierOptions): StageAnswer {
  if (change.after.project.findings.some((finding) => finding.code.startsWith('PW1'))) {
    return {
      status: 'failed',
      findings: [],
      evidence: { reason: 'the code does not parse, so it could not be simulated' },
    };
  }
  const checks = runSiteChecks(change.after, {
    signal: options.signal,
    progress: (fraction, file) => options.progress(0.3 + fraction * 0.15, file),
  });
  const campaign = compareUnderFaults(change, {
    signal: options.signal,
    progress: (fraction, what) => options.progress(0.45 + fraction * 0.1, what),
  });
  options.progress(0.55, 'before and after side by side');
  const behaviour = compareHazardBehaviour(change, campaign.ways, options.signal);
  const findings = [...checksAsFindings(checks), ...behaviour.findings, ...campaign.findings];
  const isEmpty = checks.tests.length + checks.scenarios.length === 0 && behaviour.evidence === null;
  return {
    status: findings.some((finding) => failsVerdict(finding.severity))
      ? 'failed'
      : isEmpty
        ? 'not-applicable'
        : 'passed',
    findings,
    evidence: isEmpty
      ? { reason: 'the site has no tests, no scenarios and no hazard output to compare' }
      : {
          tests: checks.tests.map(({ file, name, status }) => ({ file, name, status })),
          scenarios: checks.scenarios.map(({ file, name, status, scans, profile }) => ({
            file,
            name,
            status,
            scans,
            profile,
          })),
          behaviour: behaviour.evidence,
          campaign: campaign.evidence,
        },
  };
}

/** Failed and unknown tests and scenarios as findings. */
export function checksAsFindings(checks: SiteChecks): Finding[] {
  const tests = checks.tests.flatMap((test): Finding[] =>
    test.status === 'passed'
      ? []
      : [
          {
            ...startOfFile(test.file),
            line: test.failedAt ?? test.line,
            endLine: test.failedAt ?? test.line,
            code: test.status === 'failed' ? 'SIM-TEST' : 'SIM-UNKNOWN',
            rule: test.status === 'failed' ? 'unit-test' : 'unknown-result',
            severity: 'error',
            message: `Test "${test.name}" ${test.status === 'failed' ? 'failed' : 'has no result'}: ${test.message}`,
            related: [],
            witness: { actual: test.actual, expected: test.expected },
          },
        ],
  );
  const scenarios = checks.scenarios.flatMap((scenario): readonly Finding[] => {
    if (scenario.status !== 'unknown') return scenario.findings;
    const reasons = scenario.unknown
      .filter((use) => use.isReached)
      .map((use) => `${use.name} (${use.file}:${use.line}): ${use.reason}`);
    return [
      {
        ...startOfFile(scenario.file),
        code: 'SIM-UNKNOWN',
        rule: 'unknown-result',
        severity: 'error',
        message: `Scenario "${scenario.name}" has no result, because it reached what the simulator can't execute: ${reasons.join('; ')}.`,
        related: [],
        witness: {},
      },
    ];
  });
  return [...checks.findings, ...tests, ...scenarios];
}
