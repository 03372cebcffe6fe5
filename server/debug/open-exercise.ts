/** From a launch configuration to a program, scenario or test that is compiled and ready to run. */

import { readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { decodeText } from '../../core/base/decode.js';
import { type Finding, failsVerdict } from '../../core/base/finding.js';
import { LineTable } from '../../core/base/line-table.js';
import { dialectForPath, LOOSE_FILE_DIALECT, readSource } from '../../core/formats/read-source.js';
import { DIALECT_IDS, type DialectId } from '../../core/language/dialects/dialect-id.js';
import type { Project } from '../../core/language/semantics/model.js';
import { buildProject } from '../../core/language/semantics/project.js';
import { projectWithFile } from '../../core/language/semantics/project-with-file.js';
import { keyOf } from '../../core/language/semantics/symbols.js';
import {
  type Exercise,
  programExercise,
  scenarioExercise,
  suiteExercise,
  testExercise,
} from '../../core/simulation/debug/exercise.js';
import { Probe } from '../../core/simulation/debug/probe.js';
import { readScenario } from '../../core/simulation/scenario-file.js';
import { scenarioOptions } from '../../core/simulation/scenario-options.js';
import { createSimulation, type Simulation } from '../../core/simulation/simulation.js';
import type { SimulationOptions } from '../../core/simulation/simulation-options.js';
import { prepareSuite, tcUnitSuites } from '../../core/simulation/tcunit-runner.js';
import { prepareTest } from '../../core/simulation/test-runner.js';
import { snapshotOfFolder } from '../../core/site/load-snapshot.js';
import { openSite } from '../../core/site/open-site.js';
import type { Site } from '../../core/site/site.js';
import { sitePaths } from '../../core/site/source-paths.js';
import { LOOSE_CYCLE, openLooseFile } from '../workspace/loose-file.js';
import type { LaunchArguments } from './launch-arguments.js';

export interface OpenedExercise {
  readonly exercise: Exercise;
  readonly probe: Probe;
  /** Absolute folder to which the paths of sources are relative. */
  readonly root: string;
}

/** Why nothing can be debugged; the message is for people. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
}

export async function openExercise(launch: LaunchArguments): Promise<OpenedExercise> {
  const { root, site } = await openSources(launch);
  const looked = launch.site === undefined ? null : lookedAt(site, root, launch);
  if (looked !== null) return { root, ...(await looked()) };
  if (launch.test !== undefined) return { root, ...openTest(site, launch.test) };
  if (launch.scenario !== undefined)
    return { root, ...(await openScenario(site, root, launch.scenario, limitOf(launch))) };
  return { root, ...openProgram(site, launch) };
}

/** The test, scenario or program that stands where a person looks; null: the launch names one, or there is none. */
function lookedAt(site: Site, root: string, launch: LaunchArguments): (() => Prepared | Promise<Prepared>) | null {
  const { file, line = 1, test, scenario, program } = launch;
  if (file === undefined || test !== undefined || scenario !== undefined || program !== undefined) return null;
  const path = relative(root, resolve(file)).replaceAll('\\', '/');
  const { tests, scenarios } = sitePaths(site.manifest, site.snapshot.keys());
  if (scenarios.includes(path)) return () => openScenario(site, root, path, limitOf(launch));
  if (tests.includes(path)) return () => openTest(site, `${path}::${testAt(site, path, line)}`);
  const name = programAt(site.project, path, line);
  return name === null ? null : () => openProgram(site, { ...launch, program: name });
}

/** The test around a line, else the first one of the file. */
function testAt(site: Site, path: string, line: number): string {
  const file = readSource(path, site.snapshot.get(path) ?? new Uint8Array(), site.project.dialect);
  const table = new LineTable(file.text);
  const tests = file.declarations.filter((each) => each.kind === 'TestCase');
  const around = tests.find(
    (each) => table.positionAt(each.start).line <= line && line <= table.positionAt(each.end).line,
  );
  const test = around ?? tests[0];
  if (test === undefined) throw new LaunchError(`${path} has no TEST.`);
  return test.name;
}

/** The program around a line, else the only one of the file. */
function programAt(project: Project, path: string, line: number): string | null {
  const programs = project.pous.filter((pou) => pou.pouKind === 'program' && pou.site?.file.path === path);
  const around = programs.find(({ declaration, site }) => {
    if (declaration === null || site === null) return false;
    const table = project.lineTableOf(site.file);
    return table.positionAt(declaration.start).line <= line && line <= table.positionAt(declaration.end).line;
  });
  return (around ?? (programs.length === 1 ? programs[0] : undefined))?.name ?? null;
}

async function openSources(launch: LaunchArguments): Promise<{ readonly root: string; readonly site: Site }> {
  if (launch.site !== undefined) {
    const root = resolve(launch.site);
    const { snapshot } = await snapshotOfFolder(root);
    return { root, site: openSite(snapshot) };
  }
  const file = resolve(launch.file ?? '.');
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new LaunchError(`${file} can't be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const name = basename(file);
  const dialect = dialectNamed(launch.dialect) ?? dialectForPath(name) ?? LOOSE_FILE_DIALECT;
  return { root: dirname(file), site: openLooseFile(new Map([[name, bytes]]), name, dialect, readSource) };
}

function dialectNamed(name: string | undefined): DialectId | null {
  if (name === undefined) return null;
  const dialect = DIALECT_IDS.find((id) => id === name.toLowerCase());
  if (dialect === undefined)
    throw new LaunchError(`There is no dialect "${name}". Dialects: ${DIALECT_IDS.join(', ')}.`);
  return dialect;
}

/** Code with errors is not run: what it would do is anybody's guess. */
function refuseErrors(findings: readonly Finding[]): void {
  const errors = findings.filter((each) => failsVerdict(each.severity));
  const [first] = errors;
  if (first === undefined) return;
  const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more errors)`;
  throw new LaunchError(`${first.file}:${first.line}: ${first.message}${more}`);
}

type Prepared = Pick<OpenedExercise, 'exercise' | 'probe'>;

function openProgram(site: Site, launch: LaunchArguments): Prepared {
  const project = withProgram(site.project, launch.program ?? null);
  refuseErrors(project.findings);
  const programs = project.schedule.flatMap((task) => task.programs);
  if (launch.program === undefined && site.manifest === null && programs.length === 0)
    throw new LaunchError('There is no PROGRAM to run.');
  const { simulation, probe } = started(project, limitOf(launch));
  const inputs = inputsOf(launch);
  for (const [tag, value] of inputs) {
    const problem = simulation.write(tag, value);
    if (problem !== null) throw new LaunchError(`launch configuration: inputs: ${problem}.`);
  }
  const name = programs.map((each) => each.instanceName).join(', ');
  return { probe, exercise: programExercise(simulation, name, launch.scans ?? null, inputs) };
}

function inputsOf({ inputs }: LaunchArguments): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(inputs ?? {}));
}

/** The project with the program scheduled, when its schedule does not run it already. */
function withProgram(project: Project, name: string | null): Project {
  if (name === null) return project;
  const programs = project.schedule.flatMap((task) => task.programs);
  const key = keyOf(name);
  if (programs.some((each) => keyOf(each.instanceName) === key || keyOf(each.pou.name) === key)) return project;
  const pou = project.pous.find((each) => keyOf(each.name) === key || keyOf(each.qualifiedName) === key);
  if (pou?.pouKind !== 'program' && pou?.pouKind !== 'organization-block') {
    const names = project.pous.filter((each) => each.pouKind === 'program').map((each) => each.name);
    throw new LaunchError(`There is no program "${name}". Programs: ${names.join(', ') || 'none'}.`);
  }
  const cycle = project.schedule[0]?.interval ?? LOOSE_CYCLE;
  return buildProject({ files: project.files, dialect: project.dialect, entry: pou.name, cycle });
}

function started(
  project: Project,
  options: SimulationOptions,
): { readonly simulation: Simulation; readonly probe: Probe } {
  const probe = new Probe(project);
  const created = createSimulation(project, { ...options, debugger: probe });
  if ('findings' in created) throw new LaunchError(created.findings.map((each) => each.message).join(' '));
  return { simulation: created.simulation, probe };
}

/** Loop iterations of one scan after which it counts as endless. */
function limitOf({ loopLimit }: LaunchArguments): SimulationOptions {
  return loopLimit === undefined ? {} : { iterationBudget: loopLimit };
}

async function openScenario(site: Site, root: string, name: string, limit: SimulationOptions): Promise<Prepared> {
  const file = isAbsolute(name) ? name : join(root, name);
  const path = isAbsolute(name) ? relative(root, name).replaceAll('\\', '/') : name;
  const bytes =
    site.snapshot.get(path) ??
    (await readFile(file).catch((error: unknown) => {
      throw new LaunchError(`${name} can't be read: ${error instanceof Error ? error.message : String(error)}`);
    }));
  const reading = readScenario(path, decodeText(bytes).text);
  if ('findings' in reading) {
    refuseErrors(reading.findings);
    throw new LaunchError(`${path} is no scenario.`);
  }
  refuseErrors(site.project.findings);
  const { simulation, probe } = started(site.project, { ...limit, ...scenarioOptions(reading.scenario.content) });
  return { probe, exercise: scenarioExercise(simulation, reading.scenario) };
}

/** `tests/guard_test.st::opens late`, `…#2` for the second of that name, or `src/suite.st::Suite.Test` for a suite in the manner of TcUnit. */
function openTest(site: Site, id: string): Prepared {
  const at = id.indexOf('::');
  const path = at < 0 ? '' : id.slice(0, at);
  const name = at < 0 ? id : id.slice(at + 2);
  const suite = tcUnitSuites(site.project).find((each) => {
    const prefix = keyOf(name).split('.')[0];
    return keyOf(each.name) === prefix && (path === '' || each.site?.file.path === path);
  });
  refuseErrors(site.project.findings);
  if (suite !== undefined) return openSuite(site.project, suite.name);
  const bytes = site.snapshot.get(path);
  if (bytes === undefined) throw new LaunchError(`There is no test file "${path}" in the site.`);
  const file = readSource(path, bytes, site.project.dialect);
  const project = projectWithFile(site.project, file);
  refuseErrors(project.findings.filter((each) => each.file === path));
  const probe = new Probe(project);
  const numbered = /^(.*)#(\d+)$/.exec(name);
  const test =
    prepareTest(project, file, name, probe) ??
    (numbered === null ? null : prepareTest(project, file, numbered[1] ?? '', probe, Number(numbered[2])));
  if (test === null) throw new LaunchError(`${path} has no test "${name}".`);
  return { probe, exercise: testExercise(test, name) };
}

function openSuite(project: Project, name: string): Prepared {
  const probes: Probe[] = [];
  const suite = prepareSuite(project, name, (alone) => {
    const probe = new Probe(alone);
    probes.push(probe);
    return probe;
  });
  const [probe] = probes;
  if (suite === null || probe === undefined) throw new LaunchError(`The suite "${name}" can't be run.`);
  return { probe, exercise: suiteExercise(suite, name) };
}
