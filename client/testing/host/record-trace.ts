/** Runs what a trace is about, and records it. */

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { decodeText } from '../../../core/base/decode.js';
import { type Finding, failsVerdict } from '../../../core/base/finding.js';
import { readSource } from '../../../core/formats/read-source.js';
import { DIALECT_IDS } from '../../../core/language/dialects/dialect-id.js';
import type { Project } from '../../../core/language/semantics/model.js';
import { buildProject } from '../../../core/language/semantics/project.js';
import { keyOf } from '../../../core/language/semantics/symbols.js';
import { ChangeRecorder, type RecordedTag, recordedTags } from '../../../core/simulation/change-recorder.js';
import { packTrace } from '../../../core/simulation/packed-trace.js';
import { readTrace } from '../../../core/simulation/read-trace.js';
import { mentionedTags, runScenario } from '../../../core/simulation/scenario.js';
import { durationNs, readScenario, type Scenario } from '../../../core/simulation/scenario-file.js';
import { createSimulation, type Simulation } from '../../../core/simulation/simulation.js';
import type { InputCase, InputChange, OpenTrace, TraceSource } from '../simulator-protocol.js';
import { runRecordedTest } from './recorded-test.js';
import { obstacleOf } from './run-checks.js';
import type { OpenedSite, SiteFiles } from './site-files.js';
import { errorText } from './site-files.js';

/** Reads of values that one recording may take: beyond it, tags are left out. */
const READ_LIMIT = 40_000_000;
const TAG_LIMIT = 500;
const SCAN_LIMIT = 10_000_000;

/** Something that is wrong with the order or the code: said to a person as it stands. */
export class TraceProblem extends Error {}

export async function recordTrace(source: TraceSource, sites: SiteFiles): Promise<OpenTrace> {
  switch (source.kind) {
    case 'file':
      return traceOfFile(source);
    case 'program':
      return traceOfProgram(source, sites);
    case 'check':
      return traceOfCheck(source, await runnableSite(source.root, source.revision, sites));
    case 'case':
      return traceOfCase(source, await runnableSite(source.root, source.revision, sites));
  }
}

export async function runnableSite(root: string, revision: string | null, sites: SiteFiles): Promise<OpenedSite> {
  const opened = await sites.open(root, revision);
  const obstacle = obstacleOf(opened);
  if (obstacle !== null) throw new TraceProblem(obstacle);
  return opened;
}

async function traceOfFile(source: Extract<TraceSource, { kind: 'file' }>): Promise<OpenTrace> {
  const bytes = await readFile(source.path).catch(() => null);
  if (bytes === null) throw new TraceProblem(`The trace ${source.path} can not be read.`);
  const reading = readTrace(source.path, decodeText(bytes).text);
  if ('problem' in reading) throw new TraceProblem(`${basename(source.path)}: ${reading.problem}`);
  const { trace } = reading;
  return {
    source,
    title: basename(source.path),
    summary: `${trace.timesNs.length} scans of a file`,
    trace: packTrace(trace),
    focus: [],
    canExplain: false,
    sampleName: 'scan',
  };
}

/** The scenario of a check, or null when the check is a test. */
export function scenarioOf({ site, paths }: OpenedSite, id: string): Scenario | null {
  if (!paths.scenarios.includes(id)) return null;
  const reading = readScenario(id, decodeText(site.snapshot.get(id) ?? new Uint8Array()).text);
  if ('scenario' in reading) return reading.scenario;
  throw new TraceProblem(firstError(reading.findings));
}

function traceOfCheck(source: Extract<TraceSource, { kind: 'check' }>, opened: OpenedSite): OpenTrace {
  const { project } = opened.site;
  const scenario = scenarioOf(opened, source.id);
  const suffix = source.revision === null ? '' : ` at ${source.revision}`;
  if (scenario === null) {
    const run = runRecordedTest(opened, source.id, null);
    return {
      source,
      title: `${run.result.name}${suffix}`,
      summary: run.result.status === 'passed' ? 'passed' : `${run.result.status}: ${run.result.message}`,
      trace: packTrace(run.trace),
      focus: run.focus,
      canExplain: source.revision === null,
      sampleName: run.sampleName,
    };
  }
  const recorded = recordScenario(project, scenario);
  return {
    source,
    title: `${scenario.content.name}${suffix}`,
    ...recorded,
    canExplain: source.revision === null,
    sampleName: 'scan',
  };
}

type Recording = Pick<OpenTrace, 'summary' | 'trace' | 'focus'>;

function recordScenario(project: Project, scenario: Scenario): Recording {
  const { content } = scenario;
  const cycle =
    content.cycle === undefined ? Number(project.schedule[0]?.interval ?? 10_000_000n) : durationNs(content.cycle);
  const end = Math.max(durationNs(content.until ?? 0), ...content.steps.map(({ at }) => durationNs(at)));
  let recorder: ChangeRecorder | null = null;
  const result = runScenario(project, scenario, {
    afterScan: (simulation) => {
      recorder ??= new ChangeRecorder(
        recordedTags(simulation, chosenTags(simulation, tagsOf(simulation, scenario), end / Math.max(1, cycle))),
        () => simulation.nowNs,
      );
      recorder.sample();
      return 'go-on';
    },
  });
  const recorded = finishOf(recorder, result.trace.markers);
  if (recorded === null) throw new TraceProblem(firstError(result.findings));
  const [finding] = result.findings;
  return {
    summary: `${result.status}${finding === undefined ? '' : `: ${finding.message}`} (${result.scans} scans, ${result.profile})`,
    trace: packTrace(recorded),
    focus: result.trace.signals.map(({ name }) => name),
  };
}

/** A counterexample: the files on disk may be another version, so no source is shown for it. */
function traceOfCase(source: Extract<TraceSource, { kind: 'case' }>, { site }: OpenedSite): OpenTrace {
  const { what, title } = source;
  const common = { source, title, canExplain: false, sampleName: 'scan' } as const;
  if (!('scenario' in what)) return { ...common, ...recordInputs(site.project, what) };
  const reading = readScenario('counterexample.yaml', what.scenario);
  if ('findings' in reading) throw new TraceProblem(firstError(reading.findings));
  return { ...common, ...recordScenario(site.project, reading.scenario) };
}

function recordInputs(project: Project, { inputs, scans, tags }: InputCase): Recording {
  const created = createSimulation(project);
  if ('findings' in created) throw new TraceProblem(firstError(created.findings));
  const { simulation } = created;
  const focus = [...new Set([...tags, ...inputs.map(({ tag }) => tag)])].filter((tag) => simulation.tag(tag) !== null);
  const count = Math.min(scans, SCAN_LIMIT);
  const recorder = new ChangeRecorder(
    recordedTags(simulation, chosenTags(simulation, focus, count)),
    () => simulation.nowNs,
  );
  const byScan = new Map<number, InputChange[]>();
  for (const change of inputs) byScan.set(change.scan, [...(byScan.get(change.scan) ?? []), change]);
  for (let scan = 0; scan < count && simulation.fault === null; scan++) {
    // What only another version of the code has is left out: the trace then shows what this one does.
    for (const { tag, value } of byScan.get(scan) ?? []) simulation.write(tag, value);
    simulation.scan();
    if (scan === count - 1) recorder.mark('failure', 'the scan that shows it');
    recorder.sample();
  }
  return {
    summary: `${simulation.scans} scans of inputs from a cold start (${simulation.profile.name})`,
    trace: packTrace(recorder.finish()),
    focus: focus.map((tag) => simulation.tag(tag)?.name ?? tag),
  };
}

function finishOf(
  recorder: ChangeRecorder | null,
  markers: Parameters<ChangeRecorder['finish']>[0],
): ReturnType<ChangeRecorder['finish']> | null {
  return recorder === null ? null : recorder.finish(markers);
}

/** What the scenario records and mentions, as the tags are declared; words of an invariant that are no tags are not. */
function tagsOf(simulation: Simulation, scenario: Scenario): string[] {
  const names = [...(scenario.content.record ?? []), ...mentionedTags(scenario)];
  return [...new Set(names.flatMap((name) => simulation.tag(name)?.name ?? []))];
}

/** First the tags that are asked for, then as many others as the length of the run allows. */
function chosenTags(simulation: Simulation, first: readonly string[], scans: number): string[] {
  const limit = Math.max(first.length, Math.min(TAG_LIMIT, Math.floor(READ_LIMIT / Math.max(1, scans))));
  return [...new Set([...first, ...simulation.tags().map(({ name }) => name)])].slice(0, limit);
}

async function traceOfProgram(source: Extract<TraceSource, { kind: 'program' }>, sites: SiteFiles): Promise<OpenTrace> {
  const simulation = await startedProgram(source, sites);
  const scans = Math.ceil(source.durationNs / simulation.cycleNs);
  if (scans > SCAN_LIMIT)
    throw new TraceProblem(`${scans} scans are too many for one trace; at most ${SCAN_LIMIT} fit.`);
  const tags: RecordedTag[] = recordedTags(simulation, chosenTags(simulation, [], scans));
  const recorder = new ChangeRecorder(tags, () => simulation.nowNs);
  while (simulation.scans < scans && simulation.fault === null) {
    simulation.scan();
    recorder.sample();
  }
  if (simulation.fault !== null) recorder.mark('failure', simulation.fault.message);
  const unknown = simulation.unknownBlocks.filter(({ isReached }) => isReached);
  const notes = [
    ...(simulation.fault === null ? [] : [`stopped: ${errorText(simulation.fault)}`]),
    ...unknown.map(({ name, reason }) => `unknown: ${name}: ${reason}`),
    ...(source.inputs.length === 0 ? ['no input is held'] : [`held: ${source.inputs.join(', ')}`]),
  ];
  return {
    source,
    title: `${source.program}`,
    summary: `${simulation.scans} scans (${simulation.profile.name}); ${notes.join('; ')}`,
    trace: packTrace(recorder.finish()),
    focus: [],
    canExplain: true,
    sampleName: 'scan',
  };
}

/** A program at its cold start, with its inputs held. `coverage` counts statements. */
export async function startedProgram(
  source: Extract<TraceSource, { kind: 'program' }>,
  sites: SiteFiles,
  options: { readonly coverage: boolean } = { coverage: false },
): Promise<Simulation> {
  const project =
    source.root === null ? await looseProject(source) : (await runnableSite(source.root, null, sites)).site.project;
  const created = createSimulation(scheduled(project, source.program), options);
  if ('findings' in created) throw new TraceProblem(firstError(created.findings));
  for (const input of source.inputs) {
    const at = input.indexOf('=');
    const problem =
      at < 1
        ? 'expected tag=value, for example Main.Start=TRUE'
        : created.simulation.force(input.slice(0, at).trim(), literalOf(input.slice(at + 1).trim()));
    if (problem !== null) throw new TraceProblem(`${input}: ${problem}.`);
  }
  return created.simulation;
}

async function looseProject(source: Extract<TraceSource, { kind: 'program' }>): Promise<Project> {
  const bytes = await readFile(source.file);
  const dialect = DIALECT_IDS.find((id) => id === source.dialect) ?? 'codesys';
  const file = readSource(basename(source.file), bytes, dialect);
  const project = buildProject({ files: [file], dialect, entry: source.program, cycle: 10_000_000n });
  const errors = project.findings.filter(({ severity }) => failsVerdict(severity));
  if (errors.length > 0) throw new TraceProblem(`The code has errors and can not be run: ${firstError(errors)}`);
  return project;
}

/** A program that the site schedules runs among its tasks; any other one runs alone. */
function scheduled(project: Project, name: string): Project {
  const isScheduled = project.schedule.some(({ programs }) =>
    programs.some(({ pou }) => keyOf(pou.name) === keyOf(name)),
  );
  const pou = project.pous.find((each) => keyOf(each.name) === keyOf(name));
  if (isScheduled) return project;
  if (pou === undefined) throw new TraceProblem(`There is no program "${name}".`);
  const interval = project.schedule[0]?.interval ?? 10_000_000n;
  return {
    ...project,
    lineTableOf: (file) => project.lineTableOf(file),
    lookup: (wanted) => project.lookup(wanted),
    schedule: [
      {
        name: 'simulation',
        interval,
        priority: 0,
        declaration: null,
        programs: [{ instanceName: pou.name, pou, instance: null }],
      },
    ],
  };
}

function literalOf(text: string): unknown {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  const value = Number(text);
  return text !== '' && Number.isFinite(value) ? value : text;
}

function firstError(findings: readonly Finding[]): string {
  const [first] = findings;
  return first === undefined ? 'There is nothing to run.' : errorText(first);
}
