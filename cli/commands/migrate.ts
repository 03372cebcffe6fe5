import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { startRun } from '../../core/fleet/run.js';
import { attach, type CommonOptions, type ReportExit, withCommonOptions } from '../command.js';
import { FLEET_OPTION, requireFleet, requireMigration, requireSites } from '../fleet-context.js';
import { parseEngine, reportRun, runSupport } from '../run-support.js';
import { UsageError } from '../usage-error.js';

interface MigrateOptions extends CommonOptions {
  readonly fleet: string;
  readonly where?: string;
  readonly sites?: string;
  readonly wave?: string;
  readonly dryRun?: boolean;
  readonly engine: string;
  readonly concurrency: string;
  readonly budgetUsd?: string;
  readonly as?: string;
}

export function registerMigrate(program: Command, signal: AbortSignal, reportExit: ReportExit): void {
  const command = withCommonOptions(program.command('migrate'))
    .description('Starts a migration over a fleet')
    .argument('<migration>', 'name or file of the migration')
    .option(...FLEET_OPTION)
    .option('--where <filter>', 'only sites that fit, for example "plc_type~Siemens & firmware_version>=2.9"')
    .option('--sites <names>', 'only these sites, separated by commas')
    .option('--wave <name>', 'only the sites of this wave')
    .option('--dry-run', 'change and verify, but leave no branch and no change request')
    .option('--engine <engine>', 'recipe, agent, or auto: the recipe where there is one', 'auto')
    .option('--concurrency <n>', 'sites at the same time', '2')
    .option('--budget-usd <amount>', 'stop when the agent has cost this much')
    .option('--as <person>', 'id of the person who starts the run; default: the name of the account')
    .addHelpText(
      'after',
      '\nExamples:\n  plantwright migrate safety-interlock-update --fleet fleet.yaml --dry-run\n  plantwright migrate safety-interlock-update --wave pilot --as engineer-1',
    );
  attach<MigrateOptions>(command, signal, reportExit, async (context, options, [name = '']) => {
    const fleet = await requireFleet(options.fleet, context.terminal);
    const migration = requireMigration(name, fleet.folder, context.terminal);
    const names = options.sites
      ?.split(',')
      .map((site) => site.trim())
      .filter((site) => site !== '');
    const sites = requireSites(fleet, {
      ...(options.where === undefined ? {} : { where: options.where }),
      ...(names === undefined ? {} : { names }),
      ...(options.wave === undefined ? {} : { wave: options.wave }),
    });
    const summary = await startRun({
      ...runSupport(fleet, parseEngine(options.engine), context),
      migration,
      sites,
      dryRun: options.dryRun === true,
      concurrency: positiveInteger('--concurrency', options.concurrency),
      startedBy: options.as ?? userInfo().username,
      budgetUsd:
        options.budgetUsd === undefined
          ? (fleet.settings.budget?.usd ?? null)
          : positive('--budget-usd', options.budgetUsd),
      budgetTokens: fleet.settings.budget?.tokens ?? null,
    });
    return reportRun(context, summary);
  });
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new UsageError(`${option} ${text}: expected a number above zero.`);
  return value;
}

function positiveInteger(option: string, text: string): number {
  const value = positive(option, text);
  if (!Number.isInteger(value)) throw new UsageError(`${option} ${text}: expected a whole number.`);
  return value;
}
