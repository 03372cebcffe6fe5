import { extname } from 'node:path';
import type { Command } from 'commander';
import { decodeText } from '../../core/base/decode.js';
import { writeDurably } from '../../core/base/durable-file.js';
import type { Finding } from '../../core/base/finding.js';
import { failsVerdict } from '../../core/base/finding.js';
import type { Project } from '../../core/language/semantics/model.js';
import { runScenario } from '../../core/simulation/scenario.js';
import { readScenario } from '../../core/simulation/scenario-file.js';
import { createSimulation, type Simulation } from '../../core/simulation/simulation.js';
import { timingDiagram } from '../../core/simulation/timing-diagram.js';
import { type Trace, TraceRecorder, traceToCsv, traceToJson, traceToVcd } from '../../core/simulation/trace.js';
import { attach, type CommonOptions, printJson, type ReportExit, withCommonOptions } from '../command.js';
import type { Terminal } from '../console.js';
import { EXIT } from '../exit-code.js';
import { findingsAsText } from '../print-findings.js';
import { looseProject, openSiteFolder, parseDialect } from '../project-sources.js';
import { readInput } from '../read-input.js';
import { siteRootOf } from '../source-groups.js';
import { UsageError } from '../usage-error.js';
import { type CampaignCommandOptions, simulateCampaign } from './simulate-campaign.js';
import { simulateReplay } from './simulate-replay.js';

interface SimulateOptions extends CommonOptions, CampaignCommandOptions {
  readonly campaign?: boolean;
  readonly replay?: string;
  readonly program?: string;
  readonly dialect?: string;
  readonly scenario?: string;
  readonly scans: string;
  readonly set: readonly string[];
  readonly trace?: string;
  readonly plot?: string;
}

const WRITERS: Readonly<Record<string, (trace: Trace) => string>> = {
  '.json': traceToJson,
  '.csv': traceToCsv,
  '.vcd': traceToVcd,
};

export function registerSimulate(program: Command, signal: AbortSignal, reportExit: ReportExit): void {
  const command = withCommonOptions(program.command('simulate'))
    .description('Runs scans in virtual time')
    .argument('<sources...>', 'a site or ST files')
    .option('--program <name>', 'program to run when none is scheduled')
    .option('--dialect <dialect>', 'dialect of files outside of a site')
    .option('--scenario <file>', 'run this scenario')
    .option('--replay <file>', 'run on the inputs of a recording (.json, .csv, .vcd) and compare the rest of it')
    .option('--campaign', 'let every signal of every hazard of a site fail in every way and phase')
    .option('--seed <n>', 'seed of the campaign', '1')
    .option('--cases <n>', 'cases of the campaign at most', '20000')
    .option('--out <folder>', 'write each failure of the campaign as a scenario into this folder')
    .option('--scans <n>', 'number of scans', '100')
    .option('--set <tag=value>', 'hold a tag at a value; may be repeated', collect, [])
    .option('--trace <file>', 'write the trace as .json, .csv or .vcd')
    .option('--plot <file>', 'write a timing diagram as .svg')
    .addHelpText(
      'after',
      '\nExamples:\n  plantwright simulate Main.st --scans 1000 --set Main.Start=TRUE --json\n  plantwright simulate plant-01 --scenario scenarios/guard.yaml --plot guard.svg\n  plantwright simulate plant-01 --campaign --out found\n  plantwright simulate plant-01 --replay line4.csv --plot replay.svg',
    );
  attach<SimulateOptions>(command, signal, reportExit, async ({ terminal, wantsJson }, options, operands) => {
    const root = operands.length === 1 ? siteRootOf(operands[0] ?? '.') : null;
    const site = root === null ? null : await openSiteFolder(root, signal);
    const project = site?.project ?? looseProject(operands, parseDialect(options.dialect), options.program ?? null);
    const errors = project.findings.filter((finding) => failsVerdict(finding.severity));
    if (errors.length > 0)
      throw new UsageError(`the code has errors and can't be run:\n${findingsAsText(errors, terminal.colors)}`);
    if (options.campaign === true) {
      if (site === null)
        throw new UsageError('--campaign needs a site: its plantwright.yaml names hazards and conditions.');
      return simulateCampaign(site, options, terminal, wantsJson, signal);
    }
    if (options.replay !== undefined)
      return simulateReplay(started(project, terminal), options.replay, terminal, wantsJson, (trace) =>
        writeTrace(trace, options, options.replay ?? ''),
      );
    if (options.scenario === undefined) return simulateScans(project, options, terminal, wantsJson);
    return simulateScenario(project, options.scenario, options, terminal, wantsJson, signal);
  });
}

function collect(value: string, known: readonly string[]): readonly string[] {
  return [...known, value];
}

function simulateScans(project: Project, options: SimulateOptions, terminal: Terminal, wantsJson: boolean): 0 | 1 {
  const count = Number(options.scans);
  if (!Number.isInteger(count) || count < 1)
    throw new UsageError(`--scans ${options.scans}: expected a whole number above zero.`);
  const simulation = started(project, terminal);
  for (const setting of options.set) hold(simulation, setting);
  const wantsTrace = options.trace !== undefined || options.plot !== undefined;
  const recorder = wantsTrace
    ? new TraceRecorder(
        simulation,
        simulation.tags().map((tag) => tag.name),
      )
    : null;
  const begin = performance.now();
  let scans = 0;
  if (recorder === null) scans = simulation.runScans(count);
  else {
    for (; scans < count && simulation.fault === null; scans++) {
      simulation.scan();
      recorder.sample();
    }
  }
  const ms = performance.now() - begin;
  if (recorder !== null) writeTrace(recorder.finish(), options, options.program ?? 'Timing diagram');
  const failures: Finding[] = simulation.fault === null ? [] : [simulation.fault];
  const unknown = simulation.unknownBlocks.filter((use) => use.isReached);
  const result = {
    scans,
    ms: Math.round(ms * 1000) / 1000,
    scansPerSecond: ms > 0 ? Math.round((scans / ms) * 1000) : 0,
    values: simulation.values(),
    failures,
    unknown,
    profile: simulation.profile.name,
  };
  if (wantsJson) printJson(terminal, result);
  else {
    for (const [tag, value] of Object.entries(result.values)) terminal.result(`${tag} = ${String(value)}`);
    if (failures.length > 0) terminal.result(findingsAsText(failures, terminal.colors));
    for (const use of unknown) terminal.result(`unknown: ${use.name} (${use.file}:${use.line}): ${use.reason}`);
    terminal.log(`${scans} scans in ${result.ms} ms, with the semantics of ${result.profile}`);
  }
  return failures.length === 0 && !simulation.isUnknown ? EXIT.clean : EXIT.findings;
}

function started(project: Project, { colors }: Terminal): Simulation {
  const created = createSimulation(project);
  if ('findings' in created)
    throw new UsageError(`the code can't be run:\n${findingsAsText(created.findings, colors)}`);
  return created.simulation;
}

function hold(simulation: Simulation, setting: string): void {
  const at = setting.indexOf('=');
  if (at < 1) throw new UsageError(`--set ${setting}: expected tag=value, for example Main.Start=TRUE.`);
  const problem = simulation.force(setting.slice(0, at).trim(), literalOf(setting.slice(at + 1).trim()));
  if (problem !== null) throw new UsageError(`--set ${setting}: ${problem}.`);
}

function literalOf(text: string): unknown {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  const value = Number(text);
  return text !== '' && Number.isFinite(value) ? value : text;
}

function simulateScenario(
  project: Project,
  file: string,
  options: SimulateOptions,
  terminal: Terminal,
  wantsJson: boolean,
  signal: AbortSignal,
): 0 | 1 {
  const reading = readScenario(file, decodeText(readInput(file)).text);
  if ('findings' in reading)
    throw new UsageError(`the scenario can't be used:\n${findingsAsText(reading.findings, terminal.colors)}`);
  const begin = performance.now();
  const result = runScenario(project, reading.scenario, { signal });
  const ms = performance.now() - begin;
  writeTrace(result.trace, options, result.name);
  const values = Object.fromEntries(result.trace.signals.map((each) => [each.name, each.values.at(-1) ?? null]));
  if (wantsJson) {
    printJson(terminal, {
      scans: result.scans,
      ms: Math.round(ms * 1000) / 1000,
      scansPerSecond: ms > 0 ? Math.round((result.scans / ms) * 1000) : 0,
      values,
      failures: result.findings,
      status: result.status,
      unknown: result.unknown,
      profile: result.profile,
    });
  } else {
    terminal.result(`${result.name}: ${terminal.colors(result.status === 'passed' ? 'green' : 'red', result.status)}`);
    if (result.findings.length > 0) terminal.result(findingsAsText(result.findings, terminal.colors));
    for (const use of result.unknown) terminal.result(`unknown: ${use.name} (${use.file}:${use.line}): ${use.reason}`);
    terminal.log(`${result.scans} scans, with the semantics of ${result.profile}`);
  }
  return result.status === 'passed' ? EXIT.clean : EXIT.findings;
}

function writeTrace(trace: Trace, options: SimulateOptions, title: string): void {
  if (options.trace !== undefined) {
    const writer = WRITERS[extname(options.trace).toLowerCase()];
    if (writer === undefined)
      throw new UsageError(`--trace ${options.trace}: the name must end in .json, .csv or .vcd.`);
    writeDurably(options.trace, writer(trace));
  }
  if (options.plot !== undefined) {
    if (extname(options.plot).toLowerCase() !== '.svg')
      throw new UsageError(`--plot ${options.plot}: the name must end in .svg.`);
    writeDurably(options.plot, timingDiagram(trace, { title }));
  }
}
