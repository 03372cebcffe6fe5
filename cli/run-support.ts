/** What every command that works on a run gives to the fleet engine. */

import { join } from 'node:path';
import { secretsFromEnvironment } from '../core/agent/endpoint.js';
import { ENGINE_NAMES, type EngineName, engineFor } from '../core/fleet/engine-choice.js';
import type { Fleet } from '../core/fleet/fleet.js';
import type { RunSupport } from '../core/fleet/run.js';
import { isOpen, type RunSummary } from '../core/fleet/run-record.js';
import { VerificationPool } from '../core/verify/verification-pool.js';
import { type CommandContext, printJson } from './command.js';
import { table } from './console.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { programFolder } from './program-folder.js';
import { UsageError } from './usage-error.js';

export function parseEngine(name: string): EngineName {
  const known = ENGINE_NAMES.find((engine) => engine === name);
  if (known === undefined) throw new UsageError(`--engine ${name}: expected one of ${ENGINE_NAMES.join(', ')}.`);
  return known;
}

/** Wires the pipeline, the engines and this terminal to a run. */
export function runSupport(fleet: Fleet, engine: EngineName, { terminal, signal }: CommandContext): RunSupport {
  const pool = new VerificationPool(join(programFolder(), 'verify-worker.js'));
  const doing = new Map<string, string>();
  let ended = 0;
  let total = 1;
  return {
    fleet,
    engineFor: engineFor(fleet, engine, secretsFromEnvironment(process.env)),
    verifyChange: (change) => pool.verify(change),
    signal,
    clock: () => new Date(),
    onEvent: (event, summary) => {
      total = Math.max(1, summary.attempts.length);
      ended = summary.attempts.filter((attempt) => !isOpen(attempt.state)).length;
      if (event.site !== null && event.state !== null)
        terminal.progress(ended / total, `${event.site}: ${event.state}`);
    },
    onProgress: (site, _fraction, message) => {
      if (doing.get(site) === message) return;
      doing.set(site, message);
      terminal.progress(ended / total, `${site}: ${message}`);
    },
  };
}

/** Attempts in these states need somebody: the run is done but not clean. */
const NOT_CLEAN: ReadonlySet<string> = new Set(['blocked', 'failed', 'cancelled', 'needs-engineer']);

/** Prints how a run ended, and gives the exit code that says it. */
export function reportRun({ terminal, wantsJson, signal }: CommandContext, summary: RunSummary): ExitCode {
  terminal.endProgress();
  if (wantsJson) printJson(terminal, summary);
  else {
    const rows = summary.attempts.map((attempt) => [
      attempt.site,
      attempt.wave ?? '-',
      attempt.state,
      attempt.verdict === null ? '-' : attempt.verdict.stages.map((stage) => stageMark(stage.status)).join(' '),
      attempt.verdict?.review ?? '-',
      attempt.car ?? shortReason(attempt.reasons[0] ?? ''),
    ]);
    terminal.result(
      table([['site', 'wave', 'state', 'C S M P J', 'review', 'change request or reason'], ...rows], terminal.colors),
    );
    terminal.log('C compile, S safety, M simulation, P proof, J judge: + passed, x failed, - not applicable');
    terminal.log(`run ${summary.id}: ${summary.state}`);
  }
  if (signal.aborted) return EXIT.interrupted;
  return summary.attempts.some((attempt) => NOT_CLEAN.has(attempt.state)) ? EXIT.findings : EXIT.clean;
}

/** The first line of a reason, short enough for a table; `runs show --json` has the whole. */
function shortReason(reason: string): string {
  const line = reason.split('\n')[0] ?? '';
  return line.length <= 100 ? line : `${line.slice(0, 99)}…`;
}

function stageMark(status: string): string {
  return status === 'passed' ? '+' : status === 'failed' ? 'x' : '-';
}
