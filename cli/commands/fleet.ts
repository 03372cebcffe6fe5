import type { Command } from 'commander';
import { viewChanges } from '../../core/fleet/changes.js';
import { readAttempts } from '../../core/fleet/runs.js';
import { attach, type CommonOptions, printJson, type ReportExit, withCommonOptions } from '../command.js';
import { table } from '../console.js';
import { EXIT } from '../exit-code.js';
import { FLEET_OPTION, requireFleet, requireSites } from '../fleet-context.js';

interface FleetOptions extends CommonOptions {
  readonly fleet: string;
  readonly where?: string;
}

const WHERE_OPTION = [
  '--where <filter>',
  "only these sites, for example 'plc_type~Siemens & firmware_version>=2.9 & safety_rating=SIL-2'",
] as const;

export function registerFleet(program: Command, signal: AbortSignal, reportExit: ReportExit): void {
  const fleetCommand = program.command('fleet').description('The sites of a fleet: sites, status');

  attach<FleetOptions>(
    withCommonOptions(fleetCommand.command('sites'))
      .description('the sites and what fleet.yaml says of them')
      .option(...FLEET_OPTION)
      .option(...WHERE_OPTION),
    signal,
    reportExit,
    async ({ terminal, wantsJson }, options) => {
      const fleet = await requireFleet(options.fleet, terminal);
      const sites = requireSites(fleet, options);
      if (wantsJson) {
        printJson(terminal, { sites: sites.map(({ place: _place, ...site }) => site) });
        return EXIT.clean;
      }
      const rows = sites.map((site) => [
        site.name,
        site.wave ?? '-',
        site.plcType ?? '-',
        site.firmwareVersion ?? '-',
        site.safetyRating ?? '-',
        site.tags.join(', '),
      ]);
      terminal.result(table([['site', 'wave', 'plc', 'firmware', 'rating', 'tags'], ...rows], terminal.colors));
      return EXIT.clean;
    },
  );

  attach<FleetOptions>(
    withCommonOptions(fleetCommand.command('status'))
      .description('where the latest run left each site, and its change requests')
      .option(...FLEET_OPTION)
      .option(...WHERE_OPTION),
    signal,
    reportExit,
    async ({ terminal, wantsJson }, options) => {
      const fleet = await requireFleet(options.fleet, terminal);
      const attempts = readAttempts(fleet.folder);
      const changes = new Map(viewChanges(fleet).map((view) => [view.record.id, view]));
      const sites = requireSites(fleet, options).map((site) => {
        const attempt = attempts.get(site.name) ?? null;
        const change = attempt?.car == null ? null : (changes.get(attempt.car) ?? null);
        return {
          site: site.name,
          wave: site.wave,
          run: attempt?.run ?? null,
          state: attempt?.state ?? 'no run yet',
          change: change?.record.id ?? null,
          changeStatus: change?.status ?? null,
          reasons: attempt?.reasons ?? [],
        };
      });
      if (wantsJson) printJson(terminal, { sites });
      else {
        const rows = sites.map((row) => [
          row.site,
          row.wave ?? '-',
          row.state,
          row.changeStatus ?? '-',
          row.change ?? row.reasons[0] ?? '',
        ]);
        terminal.result(table([['site', 'wave', 'state', 'change', ''], ...rows], terminal.colors));
      }
      return EXIT.clean;
    },
  );
}
