import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { requestCancel, resumeRun, retryRun } from '../../core/fleet/run.js';
import { listRuns, readRun } from '../../core/fleet/runs.js';
import {
  attach,
  type CommandContext,
  type CommonOptions,
  printJson,
  type ReportExit,
  withCommonOptions,
} from '../command.js';
import { table } from '../console.js';
import { EXIT } from '../exit-code.js';
import { FLEET_OPTION, requireFleet } from '../fleet-context.js';
import { parseEngine, reportRun, runSupport } from '../run-support.js';
import { UsageError } from '../usage-error.js';

interface RunsOptions extends CommonOptions {
  readonly fleet: string;
  readonly engine: string;
  readonly sites?: string;
  readonly as?: string;
}

export function registerRuns(program: Command, signal: AbortSignal, reportExit: ReportExit): void {
  const runs = program.command('runs').description('Runs of migrations: list, show, resume, cancel, retry');
  const one = (name: string, description: string): Command =>
    withCommonOptions(runs.command(name))
      .description(description)
      .argument('<run>', 'id of the run')
      .option(...FLEET_OPTION);
  const engineOption = ['--engine <engine>', 'recipe, agent or auto', 'auto'] as const;

  attach<RunsOptions>(
    withCommonOptions(runs.command('list'))
      .description('all runs, the newest first')
      .option(...FLEET_OPTION),
    signal,
    reportExit,
    async ({ terminal, wantsJson }, options) => {
      const fleet = await requireFleet(options.fleet, terminal);
      const all = listRuns(fleet.folder);
      if (wantsJson) printJson(terminal, { runs: all });
      else {
        const rows = all.map((run) => [
          run.id,
          run.state,
          run.dryRun ? 'dry run' : 'run',
          String(run.attempts.length),
          run.migration.title,
        ]);
        terminal.result(table([['run', 'state', 'kind', 'sites', 'migration'], ...rows], terminal.colors));
      }
      return EXIT.clean;
    },
  );

  attach<RunsOptions>(
    one('show', 'where each site of a run stands'),
    signal,
    reportExit,
    async (context, options, [id = '']) => {
      const fleet = await requireFleet(options.fleet, context.terminal);
      const summary = readRun(fleet.folder, id);
      if (summary === null) throw new UsageError(`there is no run ${id}. "plantwright runs list" shows all.`);
      reportRun(context, summary);
      return EXIT.clean;
    },
  );

  attach<RunsOptions>(
    one('resume', 'continues a run that was interrupted or killed').option(...engineOption),
    signal,
    reportExit,
    async (context, options, [id = '']) => {
      const fleet = await requireFleet(options.fleet, context.terminal);
      return reportRun(context, await resumeRun(id, runSupport(fleet, parseEngine(options.engine), context)));
    },
  );

  attach<RunsOptions>(
    one('retry', 'does failed, refused and cancelled sites of a run again')
      .option(...engineOption)
      .option('--sites <names>', 'only these sites, separated by commas'),
    signal,
    reportExit,
    async (context, options, [id = '']) => {
      const fleet = await requireFleet(options.fleet, context.terminal);
      const sites = options.sites?.split(',').map((site) => site.trim()) ?? null;
      return reportRun(context, await retryRun(id, runSupport(fleet, parseEngine(options.engine), context), sites));
    },
  );

  attach<RunsOptions>(
    one('cancel', 'asks a run to stop at its next step').option('--as <person>', 'who asks'),
    signal,
    reportExit,
    async (context: CommandContext, options, [id = '']) => {
      const fleet = await requireFleet(options.fleet, context.terminal);
      requestCancel(fleet.folder, id, options.as ?? userInfo().username);
      if (context.wantsJson) printJson(context.terminal, { run: id, cancelRequested: true });
      else context.terminal.result(`run ${id} will stop at its next step`);
      return EXIT.clean;
    },
  );
}
