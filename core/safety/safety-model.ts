/** What all rules of one site share: its signals, the scan trace and the cones of its hazards. */

import type { Finding, RelatedLocation } from '../base/finding.js';
import { keyOf, type VariableSymbol } from '../language/semantics/symbols.js';
import type { Type } from '../language/semantics/types.js';
import type { Expression, SourceFile, Span } from '../language/syntax/tree.js';
import type { Site } from '../site/site.js';
import { type Formula, type FormulaSource, formulaOf } from './boolean/formula.js';
import { impliedConditions } from './boolean/implied-conditions.js';
import { type Cone, coneOf, coneTouches } from './dataflow/cone.js';
import { enclosingLocations, type Location, mayOverlap } from './dataflow/location.js';
import { traceScan } from './dataflow/scan-tracer.js';
import type { Frame, ScanTrace, WriteEvent } from './dataflow/trace.js';
import { indexTrace, type TraceIndex } from './dataflow/trace-index.js';
import { membersOf, rootNodes, type TreeNode, withStructureMembers } from './program-tree.js';
import { reportsOnly } from './role-names.js';
import type { SafetyRule } from './rule.js';
import {
  areaOf,
  compareSignals,
  conditionsOf,
  guessedHazard,
  isBoolean,
  isCondition,
  isDeclared,
  type ResolvedSignal,
  resolveSignals,
  type SignalResolution,
} from './signal-roles.js';

export interface SafetyModel {
  readonly site: Site;
  readonly resolution: SignalResolution;
  readonly signals: readonly ResolvedSignal[];
  readonly hazards: readonly ResolvedSignal[];
  readonly conditions: readonly ResolvedSignal[];
  readonly trace: ScanTrace;
  readonly index: TraceIndex;
  /** The cone of one location. */
  coneOf(location: Location): Cone;
  /** The joined cone of all hazards. */
  readonly hazardCone: Cone;
  /** The signals that a cone contains. */
  signalsIn(cone: Cone): readonly ResolvedSignal[];
  conditionsOf(hazard: ResolvedSignal): readonly ResolvedSignal[];
  signalsAt(location: Location): readonly ResolvedSignal[];
  /** The formula of an expression in a frame; computed once. */
  formulaOf(expression: Expression, frame: Frame): Formula;
  /** A location as an engineer writes it, in the spelling of its declarations: `Main.guard1.ok`. */
  tagOf(location: Location): string;
  /** The variable that is declared for a location: a root, or a member of a structure or instance. */
  variableAt(location: Location): VariableSymbol | null;
}

/**
 * Memo by identity: a site is immutable, and every rule asks for its model. Holds nothing that outlives the site.
 */
const MODELS = new WeakMap<Site, SafetyModel>();

export function safetyModelOf(site: Site): SafetyModel {
  const known = MODELS.get(site);
  if (known !== undefined) return known;
  const model = buildSafetyModel(site);
  MODELS.set(site, model);
  return model;
}

function buildSafetyModel(site: Site): SafetyModel {
  const resolution = resolveSignals(site);
  const trace = traceScan(site.project);
  const index = indexTrace(trace, site.project);
  const model = modelOf(site, resolution, trace, index);
  if (namesHazards(model) || model.conditions.length === 0) return model;
  // Nobody said what is dangerous: then every output that something interlocks is. A safe type says it of one output,
  // and nothing of those beside it.
  const guessed = interlockedOutputs(model).map((node) => guessedHazard(site, node));
  if (guessed.length === 0) return model;
  const signals = [...resolution.signals, ...guessed].sort(compareSignals);
  return modelOf(site, { ...resolution, signals }, trace, index);
}

/** True when a person wrote down what is dangerous: in the manifest, or with a pragma at the variable. */
export function namesHazards({ hazards }: Pick<SafetyModel, 'hazards'>): boolean {
  return hazards.some(({ source }) => source === 'manifest' || source === 'pragma');
}

/** Boolean outputs, and what nothing else reads, that can be TRUE only while some condition is healthy. */
export function interlockedOutputs(model: SafetyModel): TreeNode[] {
  const implied = impliedConditions(model);
  const known = new Set(model.signals.map(({ location }) => location));
  return withStructureMembers(rootNodes(model.site.project)).filter((node) => {
    if (!isBoolean(node) || node.root.isConstant || known.has(node.location)) return false;
    if (model.index.writersOf(node.location).length === 0 || reportsOnly(node.symbol?.name ?? '')) return false;
    const isOutput = areaOf(node) === 'Q' || node.symbol?.scope === 'output';
    const isRead = model.index.readersOf(node.location).some((event) => event.target !== node.location);
    return (isOutput || !isRead) && implied.whenTrue(node.location).length > 0;
  });
}

function modelOf(site: Site, resolution: SignalResolution, trace: ScanTrace, index: TraceIndex): SafetyModel {
  const { signals } = resolution;
  const hazards = signals.filter((signal) => signal.role === 'hazard');
  const conditions = signals.filter(isCondition);
  const cones = new Map<Location, Cone>();
  let hazardCone: Cone | null = null;
  const variableAt = variableFinder(site);
  const coneAt = (location: Location): Cone => {
    const known = cones.get(location);
    if (known !== undefined) return known;
    const cone = coneOf(index, [location]);
    cones.set(location, cone);
    return cone;
  };
  return {
    site,
    resolution,
    signals,
    hazards,
    conditions,
    trace,
    index,
    coneOf: coneAt,
    get hazardCone() {
      hazardCone ??= coneOf(
        index,
        hazards.map((hazard) => hazard.location),
      );
      return hazardCone;
    },
    signalsIn: (cone) => signals.filter((signal) => coneTouches(cone, signal.location)),
    conditionsOf: (hazard) => conditionsOf(hazard, signals),
    formulaOf: formulaMemo({ project: site.project, trace }),
    tagOf: tagWriter(site, variableAt),
    variableAt,
    signalsAt: (location) => signals.filter((signal) => mayOverlap(signal.location, location)),
  };
}

function tagWriter(
  site: Site,
  variableAt: (location: Location) => VariableSymbol | null,
): (location: Location) => string {
  const roots = new Map(rootNodes(site.project).map((node) => [node.location, node.tag]));
  return (location) => {
    const chain = enclosingLocations(location.replace(/#\d+/g, ''));
    let tag = '';
    let done = '';
    for (const part of chain) {
      const root = roots.get(part);
      const segment = part.slice(done.length);
      if (root !== undefined) tag = root;
      else tag += segment.startsWith('.') ? `.${variableAt(part)?.name ?? segment.slice(1)}` : segment;
      done = part;
    }
    return tag;
  };
}

function formulaMemo(source: FormulaSource): (expression: Expression, frame: Frame) => Formula {
  const known = new Map<Expression, Map<Frame, Formula>>();
  return (expression, frame) => {
    let byFrame = known.get(expression);
    if (byFrame === undefined) {
      byFrame = new Map<Frame, Formula>();
      known.set(expression, byFrame);
    }
    let formula = byFrame.get(frame);
    if (formula === undefined) {
      formula = formulaOf(expression, frame, source);
      byFrame.set(frame, formula);
    }
    return formula;
  };
}

function variableFinder(site: Site): (location: Location) => VariableSymbol | null {
  const roots = new Map(rootNodes(site.project).map((node) => [node.location, node.root]));
  const members = new Map<Type, ReadonlyMap<string, VariableSymbol>>();
  const memberOf = (type: Type, name: string): VariableSymbol | null => {
    let byName = members.get(type);
    if (byName === undefined) {
      // Derived members come first and hide those of the base.
      byName = new Map(
        [...membersOf(type)].reverse().map((member): [string, VariableSymbol] => [keyOf(member.name), member]),
      );
      members.set(type, byName);
    }
    return byName.get(name) ?? null;
  };
  const known = new Map<Location, VariableSymbol | null>();
  return (location) => {
    const cached = known.get(location);
    if (cached !== undefined) return cached;
    const found = find(location);
    known.set(location, found);
    return found;
  };

  function find(location: Location): VariableSymbol | null {
    if (location.startsWith('%')) return null;
    const chain = enclosingLocations(location);
    const rootPosition = chain.findIndex((part) => roots.has(part));
    let variable = roots.get(chain[rootPosition] ?? '') ?? null;
    let type: Type | null = variable?.type ?? null;
    for (const part of chain.slice(rootPosition + 1)) {
      if (variable === null || type === null) return null;
      if (part.endsWith(']')) {
        type = type.kind === 'array' ? type.element : null;
        continue;
      }
      const name = part.slice(part.lastIndexOf('.') + 1);
      variable = memberOf(type, name);
      type = variable?.type ?? null;
    }
    return variable;
  }
}

/** What a finding is about, beside its place. */
export interface FindingParts {
  readonly message: string;
  /** What the finding is about, independent of lines: the same before and after a change. */
  readonly subject: string;
  readonly related?: readonly RelatedLocation[];
  readonly witness?: Readonly<Record<string, unknown>>;
  /** False caps the severity at warning: the rule rests on a role that was only guessed from a name. */
  readonly isCertainRole?: boolean;
}

/** A finding of a rule at a node of a file. */
export function findingAt(rule: SafetyRule, site: Site, file: SourceFile, span: Span, parts: FindingParts): Finding {
  const place = site.project.lineTableOf(file).locate(file.path, span.start, span.end);
  const isCapped = parts.isCertainRole === false && (rule.severity === 'blocker' || rule.severity === 'error');
  return {
    ...place,
    code: rule.code,
    rule: rule.name,
    severity: isCapped ? 'warning' : rule.severity,
    message: parts.message,
    related: parts.related ?? [],
    witness: { subject: parts.subject, ...parts.witness },
  };
}

/** A finding at an event of the trace. */
export function findingAtEvent(
  rule: SafetyRule,
  site: Site,
  event: Pick<WriteEvent, 'frame' | 'node'>,
  parts: FindingParts,
): Finding {
  return findingAt(rule, site, event.frame.file, event.node, parts);
}

/** A further place of a finding. */
export function relatedAt(site: Site, file: SourceFile, span: Span, message: string): RelatedLocation {
  return { ...site.project.lineTableOf(file).locate(file.path, span.start, span.end), message };
}

/** Certain only when every signal that a finding rests on was declared, not guessed. */
export function allDeclared(...signals: readonly ResolvedSignal[]): boolean {
  return signals.every(isDeclared);
}
