/**
 * From a point in a trace to the source: runs again up to that scan, and shows which statements ran in it, which of
 * them write the tag, and the values of what they name. A run is deterministic, so nothing of it has to be kept.
 */

import { dirname, join } from 'node:path';
import type { LineTable } from '../../../core/base/line-table.js';
import type { Project } from '../../../core/language/semantics/model.js';
import { keyOf, type PouSymbol } from '../../../core/language/semantics/symbols.js';
import type { SourceFile, Span } from '../../../core/language/syntax/tree.js';
import { type SyntaxNode, walk } from '../../../core/language/syntax/walk.js';
import { runScenario } from '../../../core/simulation/scenario.js';
import type { Simulation } from '../../../core/simulation/simulation.js';
import { type TagChain, type TagWrite, tagChain, writesOf } from '../../../core/simulation/tag-writes.js';
import type { JsonValue } from '../../../core/simulation/values.js';
import type { Explanation, LineValues, SourceWrite, TraceSource } from '../simulator-protocol.js';
import { rangeOf } from './find-checks.js';
import { runnableSite, scenarioOf, startedProgram, TraceProblem } from './record-trace.js';
import { runRecordedTest } from './recorded-test.js';
import type { SiteFiles } from './site-files.js';

/** The state right after a scan. */
interface Moment {
  readonly timeNs: number;
  /** `path:offset` of each statement that ran since the sample before. */
  readonly ran: ReadonlySet<string>;
  /** Upper-case names. */
  readonly values: ReadonlyMap<string, JsonValue>;
}

interface Rerun {
  readonly project: Project;
  readonly moment: Moment;
  readonly chain: TagChain | null;
  /** Folder to which paths of files are relative. */
  readonly folder: string;
}

/** How far back the statement that wrote a tag is looked for in a unit test. */
const STATEMENTS_BACK = 200;

/**
 * In a scan of a program every statement has its turn. In a unit test a sample is one statement, which may write nothing:
 * there the last one that wrote the tag is shown.
 */
export async function explain(
  source: TraceSource,
  tag: string,
  sample: number,
  sites: SiteFiles,
): Promise<Explanation> {
  const here = await explainAt(source, tag, sample, sites);
  const isTest = source.kind === 'check' && source.id.includes('::');
  if (!isTest || here.writes.length === 0) return here;
  for (let at = sample; at >= Math.max(0, sample - STATEMENTS_BACK); at--) {
    const earlier = at === sample ? here : await explainAt(source, tag, at, sites);
    if (earlier.writes.some(({ ran }) => ran)) return earlier;
  }
  return here;
}

async function explainAt(source: TraceSource, tag: string, sample: number, sites: SiteFiles): Promise<Explanation> {
  const { project, moment, chain, folder } = await rerun(source, tag, sample, sites);
  if (chain === null) throw new TraceProblem(`The code has no variable ${tag}.`);
  const found = writesOf(project, chain);
  const writes = found.map(
    ({ file, start, end }): SourceWrite => ({
      file: join(folder, file.path),
      range: rangeOf(project.lineTableOf(file), start, end),
      ran: moment.ran.has(`${file.path}:${start}`),
    }),
  );
  return {
    tag,
    timeNs: moment.timeNs,
    sample,
    value: shown(moment.values.get(keyOf(tag)) ?? null),
    // What ran last decides; a write that did not run is still worth seeing, after those that did.
    writes: [...writes.filter(({ ran }) => ran).reverse(), ...writes.filter(({ ran }) => !ran)],
    lines: linesAround(project, found, chain, moment).map((line) => ({ ...line, file: join(folder, line.file) })),
  };
}

async function rerun(source: TraceSource, tag: string, sample: number, sites: SiteFiles): Promise<Rerun> {
  if (source.kind === 'file' || source.kind === 'case')
    throw new TraceProblem('This trace does not say which version of the code wrote it.');
  const capture = new MomentCapture(sample);
  if (source.kind === 'program') {
    const simulation = await startedProgram(source, sites, { coverage: true });
    for (let scan = 0; scan <= sample && simulation.fault === null; scan++) {
      simulation.scan();
      capture.look(scan, simulation, new Map());
    }
    const { project } = simulation;
    const folder = source.root ?? dirname(source.file);
    return { project, moment: capture.moment(), chain: tagChain(project, tag), folder };
  }
  const opened = await runnableSite(source.root, source.revision, sites);
  const { project } = opened.site;
  const scenario = scenarioOf(opened, source.id);
  if (scenario !== null) {
    let scan = 0;
    runScenario(project, scenario, {
      coverage: true,
      afterScan: (simulation) => {
        capture.look(scan, simulation, new Map());
        return scan++ >= sample ? 'stop' : 'go-on';
      },
    });
    return { project, moment: capture.moment(), chain: tagChain(project, tag), folder: source.root };
  }
  const run = runRecordedTest(opened, source.id, (number, simulation, tags) => {
    if (number > sample) return;
    const values = number === sample ? tags.map(({ name, read }) => [keyOf(name), read()] as const) : [];
    capture.look(number, simulation, new Map(values));
  });
  return {
    project: run.project,
    moment: capture.moment(),
    chain: tagChain(run.project, tag, run.variables),
    folder: source.root,
  };
}

/** Keeps the counts of statements of the sample before the one that is asked for, and the state after it. */
class MomentCapture {
  readonly #sample: number;
  #before: Uint32Array | null = null;
  #moment: Moment | null = null;

  constructor(sample: number) {
    this.#sample = sample;
  }

  look(sample: number, simulation: Simulation, more: ReadonlyMap<string, JsonValue>): void {
    if (sample === this.#sample - 1) this.#before = simulation.hits.slice();
    if (sample !== this.#sample) return;
    const ran = new Set<string>();
    simulation.hits.forEach((hits, site) => {
      const place = simulation.program.sites[site];
      if (place !== undefined && hits > (this.#before?.[site] ?? 0)) ran.add(`${place.file.path}:${place.start}`);
    });
    const values = new Map(Object.entries(simulation.values()).map(([name, value]) => [keyOf(name), value]));
    for (const [name, value] of more) values.set(name, value);
    this.#moment = { timeNs: simulation.nowNs, ran, values };
  }

  moment(): Moment {
    if (this.#moment === null)
      throw new TraceProblem(`The run ends before scan ${this.#sample}. Was the code changed?`);
    return this.#moment;
  }
}

/** The lines of every POU that writes the tag, with the values of the names on them. */
function linesAround(project: Project, writes: readonly TagWrite[], chain: TagChain, moment: Moment): LineValues[] {
  const lines: LineValues[] = [];
  const done = new Set<string>();
  for (const { file, pou, start } of writes) {
    const scope = pou?.declaration ?? file.declarations.find((each) => each.start <= start && start < each.end) ?? file;
    const key = `${file.path}:${scope.start}`;
    if (done.has(key)) continue;
    done.add(key);
    const prefix = pou === null ? '' : prefixOf(pou, chain);
    const table = project.lineTableOf(file);
    const values = namesByLine(file, table, scope, (name) => valueNamed(moment, prefix, name));
    const ranLines = linesThatRan(file, table, scope, moment);
    for (const [line, texts] of [...values].sort(([a], [b]) => a - b)) {
      lines.push({ file: file.path, line, text: [...texts].join(', '), ran: ranLines.get(line) ?? true });
    }
  }
  return lines;
}

/** Whether the statements of a line ran; a line without a statement of its own is left out. */
function linesThatRan(file: SourceFile, table: LineTable, scope: SyntaxNode, moment: Moment): Map<number, boolean> {
  const lines = new Map<number, boolean>();
  walk(scope, (node) => {
    for (const { start, end } of ownSpans(node)) {
      const ran = moment.ran.has(`${file.path}:${node.start}`);
      const last = table.positionAt(end).line;
      for (let { line } = table.positionAt(start); line <= last; line++)
        lines.set(line, ran || (lines.get(line) ?? false));
    }
    return undefined;
  });
  return lines;
}

/** What belongs to a statement itself, without the statements inside of it. */
function ownSpans(node: SyntaxNode): readonly Span[] {
  switch (node.kind) {
    case 'Assignment':
    case 'CallStatement':
      return [node];
    case 'If':
      return node.branches.map(({ condition }) => condition);
    case 'Case':
      return [node.selector];
    case 'For':
      return [{ start: node.start, end: node.to.end }];
    case 'While':
      return [node.condition];
    case 'Repeat':
      return [node.until];
    default:
      return [];
  }
}

function namesByLine(
  file: SourceFile,
  table: LineTable,
  scope: Parameters<typeof walk>[0],
  valueOfName: (name: string) => JsonValue | undefined,
): Map<number, Set<string>> {
  const byLine = new Map<number, Set<string>>();
  walk(scope, (node) => {
    if (node.kind === 'VariableSection') return 'skip';
    if (node.kind !== 'Name' && node.kind !== 'Member' && node.kind !== 'Index') return undefined;
    const name = file.text.slice(node.start, node.end).replace(/\s+/g, '');
    const value = valueOfName(name);
    if (value === undefined) return undefined;
    const { line } = table.positionAt(node.start);
    byLine.set(line, (byLine.get(line) ?? new Set()).add(`${name} = ${shown(value)}`));
    return 'skip';
  });
  return byLine;
}

function valueNamed({ values }: Moment, prefix: string, name: string): JsonValue | undefined {
  return values.get(keyOf(`${prefix}${name}`)) ?? values.get(keyOf(name));
}

/** The instance of a POU that the tag belongs to: `Main.guard.` inside of its block, `Main.` inside of the program. */
function prefixOf(pou: PouSymbol, { parts, variables }: TagChain): string {
  if (pou.pouKind === 'program' || pou.pouKind === 'organization-block') return `${pou.name}.`;
  const offset = parts.length - variables.length;
  const index = variables.findLastIndex(
    ({ type }) => type.kind === 'pou' && (type.pou === pou || inherits(type.pou, pou)),
  );
  return index < 0 ? '' : `${parts.slice(0, offset + index + 1).join('.')}.`;
}

function inherits(pou: PouSymbol, base: PouSymbol): boolean {
  for (let each = pou.base; each !== null; each = each.base) if (each === base) return true;
  return false;
}

function shown(value: JsonValue): string {
  return typeof value === 'boolean' ? String(value).toUpperCase() : String(value ?? 'none');
}
