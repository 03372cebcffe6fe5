import { cpSync, existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { SignatureMeaning } from '../../core/fleet/approval.js';
import { approve, type ChangeView, reject, viewChange, viewChanges } from '../../core/fleet/changes.js';
import { publish, rollback } from '../../core/fleet/publish.js';
import { readSigningKey } from '../../core/fleet/signing-key.js';
import {
  attach,
  type CommandContext,
  type CommonOptions,
  printJson,
  type ReportExit,
  withCommonOptions,
} from '../command.js';
import { table } from '../console.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { FLEET_OPTION, requireFleet } from '../fleet-context.js';
import { UsageError } from '../usage-error.js';

interface ChangesOptions extends CommonOptions {
  readonly fleet: string;
  readonly as: string;
  readonly key: string;
  readonly meaning: string;
  readonly reason: string;
  readonly push?: string;
  readonly output: string;
}

const clock = (): Date => new Date();

export function registerChanges(program: Command, signal: AbortSignal, reportExit: ReportExit): void {
  const changes = program
    .command('changes')
    .description('Change requests: list, show, diff, approve, reject, publish, rollback, export');
  const one = (name: string, description: string): Command =>
    withCommonOptions(changes.command(name))
      .description(description)
      .argument('<car>', 'id of the change request')
      .option(...FLEET_OPTION);

  attach<ChangesOptions>(
    withCommonOptions(changes.command('list'))
      .description('all change requests')
      .option(...FLEET_OPTION),
    signal,
    reportExit,
    async ({ terminal, wantsJson }, options) => {
      const views = viewChanges(await requireFleet(options.fleet, terminal));
      if (wantsJson) printJson(terminal, { changes: views.map(asJson) });
      else {
        const rows = views.map((view) => [
          view.record.id,
          view.status,
          view.record.review,
          view.record.migration.title,
        ]);
        terminal.result(table([['change request', 'status', 'review', 'migration'], ...rows], terminal.colors));
      }
      return EXIT.clean;
    },
  );

  attach<ChangesOptions>(
    one('show', 'one change request and what is still missing'),
    signal,
    reportExit,
    async (context, options, [id = '']) => {
      const view = viewChange(await requireFleet(options.fleet, context.terminal), id);
      return printView(context, view);
    },
  );

  attach<ChangesOptions>(
    one('diff', 'the difference, as a patch'),
    signal,
    reportExit,
    async ({ terminal, wantsJson }, options, [id = '']) => {
      const view = viewChange(await requireFleet(options.fleet, terminal), id);
      const patch = readFileSync(join(view.folder, 'diff.patch'), 'utf8');
      if (wantsJson) printJson(terminal, { id, patch });
      else terminal.result(patch.trimEnd());
      return EXIT.clean;
    },
  );

  const signing = (name: string, description: string): Command =>
    one(name, description)
      .requiredOption('--as <person>', 'id of the person, as in fleet.yaml')
      .requiredOption('--key <file>', 'file of the private signing key');

  attach<ChangesOptions>(
    signing('approve', 'signs a change request').option('--meaning <meaning>', 'review or approval', 'approval'),
    signal,
    reportExit,
    async (context, options, [id = '']) => {
      const fleet = await requireFleet(options.fleet, context.terminal);
      const key = readSigningKey(options.key);
      return printView(
        context,
        await approve({ fleet, change: id, person: options.as, key, meaning: parseMeaning(options.meaning), clock }),
      );
    },
  );

  attach<ChangesOptions>(
    signing('reject', 'sends a change request back').requiredOption('--reason <text>', 'why'),
    signal,
    reportExit,
    async (context, options, [id = '']) => {
      const fleet = await requireFleet(options.fleet, context.terminal);
      const key = readSigningKey(options.key);
      return printView(
        context,
        await reject({
          fleet,
          change: id,
          person: options.as,
          key,
          meaning: 'approval',
          reason: options.reason,
          clock,
        }),
      );
    },
  );

  attach<ChangesOptions>(
    one('publish', 'moves the base branch of the site to the approved commit, or pushes its branch')
      .option('--push <remote>', 'push the branch to this remote instead')
      .option('--as <person>', 'who publishes', userInfo().username),
    signal,
    reportExit,
    async (context, options, [id = '']) => {
      const fleet = await requireFleet(options.fleet, context.terminal);
      const target =
        options.push === undefined ? ({ mode: 'merge' } as const) : ({ mode: 'push', remote: options.push } as const);
      return printView(context, await publish({ fleet, change: id, by: options.as, clock }, target));
    },
  );

  attach<ChangesOptions>(
    one('rollback', 'takes a published change back')
      .requiredOption('--reason <text>', 'why')
      .option('--as <person>', 'who takes it back', userInfo().username),
    signal,
    reportExit,
    async (context, options, [id = '']) => {
      const fleet = await requireFleet(options.fleet, context.terminal);
      return printView(context, await rollback({ fleet, change: id, by: options.as, reason: options.reason, clock }));
    },
  );

  attach<ChangesOptions>(
    one('export', 'copies a change request with all its evidence').requiredOption('-o, --output <folder>', 'where to'),
    signal,
    reportExit,
    async ({ terminal, wantsJson }, options, [id = '']) => {
      const view = viewChange(await requireFleet(options.fleet, terminal), id);
      const target = resolve(options.output, id);
      if (existsSync(target)) throw new UsageError(`${target} exists already.`);
      cpSync(view.folder, target, { recursive: true });
      if (wantsJson) printJson(terminal, { id, folder: target });
      else terminal.result(target);
      return EXIT.clean;
    },
  );
}

function parseMeaning(text: string): SignatureMeaning {
  if (text === 'review' || text === 'approval') return text;
  throw new UsageError(`--meaning ${text}: expected review or approval.`);
}

function asJson(view: ChangeView): unknown {
  const { record, digest, status, standing, altered, published, rolledBack, folder } = view;
  return { ...record, digest, status, missing: standing.missing, altered, published, rolledBack, folder };
}

function printView({ terminal, wantsJson }: CommandContext, view: ChangeView): ExitCode {
  if (wantsJson) {
    printJson(terminal, asJson(view));
    return EXIT.clean;
  }
  const { record, standing } = view;
  terminal.result(
    [
      `${terminal.colors('bold', record.id)}  ${view.status}`,
      `site       ${record.site}`,
      `migration  ${record.migration.title} (${record.migration.name} ${record.migration.version})`,
      `summary    ${record.summary}`,
      `author     ${record.author}`,
      `review     ${record.review}`,
      `digest     ${view.digest}`,
      ...standing.counted.map(
        (each) => `signed     ${each.person} (${each.role}) ${each.decision} as ${each.meaning} at ${each.time}`,
      ),
      ...standing.ignored.map(({ approval, reason }) => `ignored    ${approval.person}: ${reason}`),
      ...standing.missing.map((missing) => `missing    ${missing}`),
      ...view.altered.map((file) => `altered    ${file} is not what was verified`),
      `report     ${join(view.folder, 'report.html')}`,
    ].join('\n'),
  );
  return EXIT.clean;
}
