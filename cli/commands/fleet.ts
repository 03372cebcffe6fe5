import type { Command } from 'commander';
import type { Fleet, FleetSite } from '../../core/fleet/fleet.js';
import { readAttempts } from '../../core/fleet/runs.js';
import { matchesFilter, parseSiteFilter } from '../../core/fleet/site-filter.js';
import { attach, type CommonOptions, printJson, type ReportExit, withCommonOptions } from '../command.js';
import { table } from '../console.js';
import { EXIT } from '../exit-code.js';
import { FLEET_OPTION, requireFleet } from '../fleet-context.js';
import { UsageError } from '../usage-error.js';

interface FleetOptions extends CommonOptions {
  readonly fleet: string;
  readonly where?: string;
}

/** The sites that `--where` selects; all without one. */
export function selectSites(fleet: Fleet, where: string | undefined): readonly FleetSite[] {
  if (where === undefined) return fleet.sites;
  const reading = parseSiteFilter(where);
  if (!reading.ok) throw new UsageError(`--where: ${reading.problem}`);
  return fleet.sites.filter((site) => matchesFilter(reading.filter, site));
}
