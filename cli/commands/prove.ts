import type { Command } from 'commander';
import { type ObligationResult, proveSite } from '../../core/proof/prove.js';
import { proveProperty } from '../../core/proof/prove-property.js';
import { attach, type CommonOptions, printJson, type ReportExit, withCommonOptions } from '../command.js';
import { type Terminal, table } from '../console.js';
import { EXIT } from '../exit-code.js';
import { looseProject, openSiteFolder, parseDialect } from '../project-sources.js';
import { siteRootOf } from '../source-groups.js';
import { UsageError } from '../usage-error.js';

interface ProveCommandOptions extends CommonOptions {
  readonly property?: string;
  readonly dialect?: string;
  readonly program?: string;
}

export function registerProve(program: Command, signal: AbortSignal, reportExit: ReportExit): void {
  const command = withCommonOptions(program.command('prove'))
    .description('Proves the obligations of a manifest, or one ST expression that must hold after every scan')
    .argument('[sources...]', 'a site or ST files; default: the site around this folder')
    .option('--property <expression>', 'an ST expression, for example "Main.Guard OR NOT Main.Motor"')
    .option('--program <name>', 'program to run when several files are given and none is scheduled')
    .option('--dialect <dialect>', 'dialect of files outside of a site')
    .addHelpText(
      'after',
      '\nExamples:\n  plantwright prove plant-01\n  plantwright prove Main.st --property "Main.EStop OR NOT Main.Motor" --json',
    );
  attach<ProveCommandOptions>(command, signal, reportExit, async ({ terminal, wantsJson }, options, operands) => {
    const [first = '.'] = operands;
    const root = operands.length <= 1 ? siteRootOf(first) : null;
    const proveOptions = { signal, now: () => performance.now() };
    const site = root === null ? null : await openSiteFolder(root, signal);
    if (site === null && operands.length === 0)
      throw new UsageError('name a site or ST files to prove something about.');
    const project = site?.project ?? looseProject(operands, parseDialect(options.dialect), options.program ?? null);
    terminal.progress(0, 'proving');
    let obligations: readonly ObligationResult[];
    if (options.property !== undefined) {
      const proof = proveProperty(project, options.property, proveOptions);
      if (proof.kind === 'not-an-expression') throw new UsageError(`--property: ${proof.problem}`);
      obligations = [proof.result];
    } else {
      if (site === null) throw new UsageError('files outside of a site have no obligations; give --property.');
      obligations = proveSite(site, proveOptions);
    }
    terminal.endProgress();
    if (wantsJson) printJson(terminal, { obligations });
    else printObligations(terminal, obligations);
    return obligations.every((obligation) => obligation.status === 'proved') ? EXIT.clean : EXIT.findings;
  });
}

const STATUS_COLOR = { proved: 'green', refuted: 'red', unknown: 'yellow' } as const;

function printObligations(terminal: Terminal, obligations: readonly ObligationResult[]): void {
  const { colors } = terminal;
  if (obligations.length === 0) {
    terminal.result(
      'The site declares no safety signals, so there is nothing to prove. Add safety.signals to plantwright.yaml.',
    );
    return;
  }
  const rows = obligations.map((each) => [
    each.status,
    each.kind,
    each.output,
    each.condition ?? '-',
    each.reason ?? each.method,
  ]);
  terminal.result(table([['status', 'kind', 'output', 'condition', 'method or reason'], ...rows], colors));
  for (const each of obligations.filter((obligation) => obligation.witness !== null)) {
    terminal.result(
      `\n${colors(STATUS_COLOR[each.status], each.status)} ${each.output}${each.condition === null ? '' : ` when not ${each.condition}`}, from ${each.witness?.from}:`,
    );
    for (const [index, scan] of (each.witness?.scans ?? []).entries()) {
      const say = (entries: readonly { name: string; value: boolean }[]): string =>
        entries.map((entry) => `${entry.name} = ${entry.value ? 'TRUE' : 'FALSE'}`).join(', ');
      if (scan.state.length > 0) terminal.result(`  memory before: ${say(scan.state)}`);
      terminal.result(`  scan ${index + 1}: ${say(scan.inputs)}`);
    }
  }
  const assumptions = [...new Set(obligations.flatMap((each) => each.assumptions))].sort();
  if (assumptions.length > 0) terminal.log(`Assumed: ${assumptions.join('; ')}`);
}
