import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { certifyProofs, checkCertificates, summaryOf } from '../../core/proof/certificate/certified-proofs.js';
import { readCertificates } from '../../core/proof/certificate/read-certificates.js';
import { type ObligationResult, type ProvedObligation, proveObligations } from '../../core/proof/prove.js';
import { proveProperty } from '../../core/proof/prove-property.js';
import type { WitnessScan } from '../../core/proof/witness.js';
import { attach, type CommonOptions, printJson, type ReportExit, withCommonOptions } from '../command.js';
import { type Terminal, table } from '../console.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { looseProject, openSiteFolder, parseDialect } from '../project-sources.js';
import { readInput, reasonOf } from '../read-input.js';
import { siteRootOf } from '../source-groups.js';
import { UsageError } from '../usage-error.js';

interface ProveCommandOptions extends CommonOptions {
  readonly property?: string;
  readonly dialect?: string;
  readonly program?: string;
  readonly scenarios?: string;
  readonly certificates?: string;
  readonly check?: string;
}

export function registerProve(program: Command, signal: AbortSignal, reportExit: ReportExit): void {
  const command = withCommonOptions(program.command('prove'))
    .description('Proves the obligations of a manifest, or one ST expression that must hold after every scan')
    .argument('[sources...]', 'a site or ST files; default: the site around this folder')
    .option('--property <expression>', 'an ST expression, for example "Main.Guard OR NOT Main.Motor"')
    .option('--program <name>', 'program to run when several files are given and none is scheduled')
    .option('--dialect <dialect>', 'dialect of files outside of a site')
    .option('--scenarios <folder>', 'write a scenario for each refutation that the simulator shows')
    .option('--certificates <file>', 'write a certificate of each proof')
    .option('--check <file>', 'check a file of certificates, without proving anything')
    .addHelpText(
      'after',
      '\nExamples:\n  plantwright prove plant-01\n  plantwright prove Main.st --property "Main.EStop OR NOT Main.Motor" --json\n  plantwright prove plant-01 --scenarios counterexamples --certificates proofs.json\n  plantwright prove --check proofs.json',
    );
  attach<ProveCommandOptions>(command, signal, reportExit, async ({ terminal, wantsJson }, options, operands) => {
    if (options.check !== undefined) return checkFile(terminal, wantsJson, options.check);
    terminal.progress(0, 'proving');
    const proved = await prove(options, operands, signal);
    terminal.endProgress();
    const scenarios = options.scenarios === undefined ? [] : writeScenarios(options.scenarios, proved);
    const problems = options.certificates === undefined ? [] : writeCertificates(options.certificates, proved, signal);
    for (const problem of problems) terminal.log(problem);
    const obligations = proved.map(({ result }) => result);
    if (wantsJson)
      printJson(terminal, { obligations: proved.map(({ result, scenario }) => ({ ...result, scenario })) });
    else printObligations(terminal, obligations);
    for (const path of scenarios)
      terminal.log(`Wrote ${path}; run it with: plantwright simulate <site> --scenario ${path}`);
    if (!wantsJson && scenarios.length === 0) printScenarios(terminal, proved);
    if (problems.length > 0) return EXIT.findings;
    return obligations.every((obligation) => obligation.status === 'proved') ? EXIT.clean : EXIT.findings;
  });
}

async function prove(
  options: ProveCommandOptions,
  operands: readonly string[],
  signal: AbortSignal,
): Promise<readonly ProvedObligation[]> {
  const [first = '.'] = operands;
  const root = operands.length <= 1 ? siteRootOf(first) : null;
  const proveOptions = { signal, now: () => performance.now() };
  const site = root === null ? null : await openSiteFolder(root, signal);
  if (site === null && operands.length === 0) throw new UsageError('name a site or ST files to prove something about.');
  if (options.property !== undefined) {
    const project = site?.project ?? looseProject(operands, parseDialect(options.dialect), options.program ?? null);
    const proof = proveProperty(project, options.property, proveOptions);
    if (proof.kind === 'not-an-expression') throw new UsageError(`--property: ${proof.problem}`);
    return [proof.proved];
  }
  if (site === null) throw new UsageError('files outside of a site have no obligations; give --property.');
  return proveObligations(site, proveOptions);
}

function checkFile(terminal: Terminal, wantsJson: boolean, path: string): ExitCode {
  const read = readCertificates(new TextDecoder().decode(readInput(path)));
  if (read.kind === 'refused') throw new UsageError(`${path} is no file of certificates: ${read.problem}.`);
  const problems = checkCertificates(read.file);
  const summary = summaryOf(read.file);
  if (wantsJson) printJson(terminal, { ...summary, problems });
  else {
    for (const { id, problem } of problems) terminal.result(`${id}: ${problem}`);
    terminal.result(
      problems.length === 0
        ? `${summary.claims} certificates of ${summary.proofs} proofs check: ${summary.gates} gates, ${summary.steps} steps. ${summary.digest}`
        : `${problems.length} of ${summary.claims} certificates do not check.`,
    );
  }
  return problems.length === 0 ? EXIT.clean : EXIT.findings;
}

function writeCertificates(path: string, proved: readonly ProvedObligation[], signal: AbortSignal): string[] {
  const { file, problems } = certifyProofs(
    proved.flatMap(({ proof }) => (proof === null ? [] : [proof])),
    signal,
  );
  writeOutput(path, JSON.stringify(file));
  return problems.map(({ id, problem }) => `${id} has no certificate that checks: ${problem}`);
}

/** Writes a scenario for each refutation that has one; gives the paths. */
function writeScenarios(folder: string, proved: readonly ProvedObligation[]): string[] {
  return proved.flatMap(({ result, scenario }) => {
    if (scenario === null) return [];
    const path = join(folder, `${result.id.replace(/[^\w.-]+/g, '-')}.yaml`);
    mkdirSync(folder, { recursive: true });
    writeOutput(path, scenario);
    return [path];
  });
}

function writeOutput(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(`${path} can't be written: ${reasonOf(error)}.`);
  }
}

function printScenarios(terminal: Terminal, proved: readonly ProvedObligation[]): void {
  const shown = proved.filter(({ scenario }) => scenario !== null);
  for (const { result, scenario } of shown) {
    const what =
      result.replayed === 'disagrees' ? 'Scenario that the simulator does not confirm' : 'Scenario that shows it';
    terminal.result(`\n${what} (${result.id}):\n${(scenario ?? '').trimEnd().replace(/^/gm, '  ')}`);
  }
  if (shown.length > 0)
    terminal.log('With --scenarios <folder> these become files for: plantwright simulate <site> --scenario <file>');
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
      if (scan.state.length > 0) terminal.result(`  memory before: ${entriesText(scan.state)}`);
      terminal.result(
        `  scan ${index + 1}: ${[entriesText(scan.inputs), numbersText(scan)].filter((text) => text !== '').join(', ')}`,
      );
    }
  }
  const assumptions = [...new Set(obligations.flatMap((each) => each.assumptions))].sort();
  if (assumptions.length > 0) terminal.log(`Assumed: ${assumptions.join('; ')}`);
}

function entriesText(entries: WitnessScan['inputs']): string {
  return entries.map((entry) => `${entry.name} = ${entry.value ? 'TRUE' : 'FALSE'}`).join(', ');
}

function numbersText({ numbers }: WitnessScan): string {
  return numbers.map(({ name, value }) => `${name} = ${value}`).join(', ');
}
