/** `simulate --campaign`: every signal of every hazard fails in every way and phase; failures become scenario files. */

import { join } from 'node:path';
import { writeDurably } from '../../core/base/durable-file.js';
import type { CampaignFailure, CampaignResult } from '../../core/simulation/campaign/plan.js';
import { runCampaign } from '../../core/simulation/campaign.js';
import type { Site } from '../../core/site/site.js';
import { campaignPlanOf } from '../../core/verify/campaign-plan.js';
import { printJson } from '../command.js';
import type { Terminal } from '../console.js';
import { EXIT } from '../exit-code.js';
import { findingsAsText } from '../print-findings.js';
import { UsageError } from '../usage-error.js';

export interface CampaignCommandOptions {
  readonly seed: string;
  readonly cases: string;
  readonly out?: string;
}

/** Runs the campaign of a site and writes a scenario for each failure into the folder `out`. */
export function simulateCampaign(
  site: Site,
  options: CampaignCommandOptions,
  terminal: Terminal,
  wantsJson: boolean,
  signal: AbortSignal,
): 0 | 1 {
  const seed = wholeNumber('--seed', options.seed, 0);
  const maximumCases = wholeNumber('--cases', options.cases, 1);
  const plan = campaignPlanOf(site);
  if (plan.hazards.length === 0)
    throw new UsageError('the site declares no hazard. Name its outputs with role: hazard in plantwright.yaml.');
  const result = runCampaign(site.project, plan, {
    seed,
    maximumCases,
    signal,
    progress: (fraction, what) => terminal.progress(fraction, what),
  });
  terminal.endProgress();
  const files = result.failures.map((failure, index) => write(failure, index, options.out));
  if (wantsJson) {
    printJson(terminal, {
      ...result,
      failures: result.failures.map(({ scenario: _, yaml, ...failure }, index) => ({
        ...failure,
        scenario: yaml,
        file: files[index] ?? null,
      })),
    });
  } else print(result, files, terminal);
  return result.status === 'passed' ? EXIT.clean : EXIT.findings;
}

function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new UsageError(`${option} ${text}: expected a whole number from ${least} on.`);
  return value;
}

function write(failure: CampaignFailure, index: number, folder: string | undefined): string | null {
  if (folder === undefined) return null;
  const name = `${failure.check}-${failure.hazard}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const path = join(folder, `campaign-${String(index + 1).padStart(2, '0')}-${name}.yaml`);
  writeDurably(path, failure.yaml);
  return path;
}

function print(result: CampaignResult, files: readonly (string | null)[], terminal: Terminal): void {
  if (result.findings.length > 0) terminal.result(findingsAsText(result.findings, terminal.colors));
  result.failures.forEach((failure, index) => {
    const { check, message, kind, signal, phase, second, alsoIn } = failure;
    const beside = second === undefined ? '' : ` and ${second.kind} of ${second.signal}`;
    const alike = alsoIn.length === 0 ? '' : `; ${alsoIn.length} more cases fail alike`;
    terminal.result(`${terminal.colors('red', check)} ${message}`);
    terminal.result(`       ${kind} of ${signal}${beside} while ${phase}${alike}`);
    const file = files[index];
    if (file !== null && file !== undefined) terminal.result(`       ${file}`);
  });
  for (const { hazard, phase } of result.unreached)
    terminal.result(`not examined: ${hazard} while ${phase}, because no inputs were found that lead there`);
  for (const use of result.unknown) terminal.result(`unknown: ${use.name} (${use.file}:${use.line}): ${use.reason}`);
  const kinds = Object.entries(result.kinds).map(([kind, count]) => `${kind} ${count}`);
  terminal.result(`cases by kind: ${kinds.join(', ')}`);
  const skipped = result.skipped === 0 ? '' : `, ${result.skipped} beyond the limit were not run`;
  terminal.result(
    `${terminal.colors(result.status === 'passed' ? 'green' : 'red', result.status)}: ${result.failures.length} failures in ${result.cases} cases${skipped}`,
  );
  terminal.log(`${result.scans} scans, seed ${result.seed}, with the semantics of ${result.profile}`);
}
