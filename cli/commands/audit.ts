import type { Command } from 'commander';
import { readAuditEntries } from '../../core/fleet/audit-log.js';
import { verifyAudit } from '../../core/fleet/verify-audit.js';
import { attach, type CommonOptions, printJson, type ReportExit, withCommonOptions } from '../command.js';
import { EXIT } from '../exit-code.js';
import { FLEET_OPTION, requireFleet } from '../fleet-context.js';

interface AuditOptions extends CommonOptions {
  readonly fleet: string;
}

export function registerAudit(program: Command, signal: AbortSignal, reportExit: ReportExit): void {
  const audit = program.command('audit').description('The audit log of a fleet: show, verify');

  attach<AuditOptions>(
    withCommonOptions(audit.command('show'))
      .description('prints the log')
      .option(...FLEET_OPTION),
    signal,
    reportExit,
    async ({ terminal, wantsJson }, options) => {
      const fleet = await requireFleet(options.fleet, terminal);
      const entries = readAuditEntries(fleet.folder);
      if (wantsJson) printJson(terminal, { entries });
      else {
        for (const entry of entries) {
          const actor = `${entry.actor.kind}:${entry.actor.id}`;
          terminal.result(
            `${String(entry.seq).padStart(5)}  ${entry.time}  ${actor.padEnd(24)}  ${entry.event.padEnd(22)}  ${entry.subject}`,
          );
        }
      }
      return EXIT.clean;
    },
  );

  attach<AuditOptions>(
    withCommonOptions(audit.command('verify'))
      .description('verifies the chain, its checkpoints and every signature; names the first bad entry')
      .option(...FLEET_OPTION),
    signal,
    reportExit,
    async ({ terminal, wantsJson }, options) => {
      const fleet = await requireFleet(options.fleet, terminal);
      const report = await verifyAudit(fleet);
      if (wantsJson) printJson(terminal, report);
      else if (report.ok) terminal.result(`audit log: ${report.entries} entries, the chain and all signatures hold`);
      else if (report.firstBad !== null) {
        terminal.result(
          `audit log: damaged at entry ${report.firstBad.seq} (line ${report.firstBad.line}): ${report.firstBad.reason}`,
        );
      }
      return report.ok ? EXIT.clean : EXIT.findings;
    },
  );
}
