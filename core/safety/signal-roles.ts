/**
 * Which tags are safety signals, and what follows from it: the first step of every safety check and of every proof.
 * Sources of a role, strongest first: manifest, pragma, SAFEBOOL type, wiring to a certified block, a place among safe terminals, name. A role from
 * a name only ever warns.
 */

import { compareFindings, compareText, type Finding, type Location as Place, startOfFile } from '../base/finding.js';
import { type CodeSymbol, keyOf, type VariableSymbol } from '../language/semantics/symbols.js';
import type { Pragma } from '../language/syntax/tree.js';
import { parseDuration } from '../site/duration.js';
import { type Category, CONDITION_ROLES, type ConditionRole, SIGNAL_ROLES, type SignalRole } from '../site/manifest.js';
import { manifestPositions } from '../site/read-manifest.js';
import type { Site } from '../site/site.js';
import { addressArea, isUncertain, type Location } from './dataflow/location.js';
import { codeUnitsOf, forEachExpressionIn, statementListsOf } from './dataflow/visit.js';
import { resolveTag, rootNodes, type TreeNode, withStructureMembers } from './program-tree.js';
import { reportsOnly, roleOfName, suggestsHazard } from './role-names.js';
import { safetyBlockOf } from './safety-blocks.js';

export type RoleSource = 'manifest' | 'pragma' | 'type' | 'pin' | 'address' | 'name';

/** A safety signal, resolved to one place in the memory of the program. */
export interface ResolvedSignal {
  /** As an engineer writes it: `Main.guard1.ok`. */
  readonly tag: string;
  /** Upper case: the key of this place in the scan trace. */
  readonly location: Location;
  readonly role: SignalRole;
  /** Signals without a zone form the zone `default`. */
  readonly zone: string;
  /** The value of a condition that permits motion. */
  readonly healthy: boolean;
  /** The value of a hazard at rest. */
  readonly off: boolean | number;
  /** Locations of the conditions of a hazard that replace those of its zone; null when the zone rules. */
  readonly requires: readonly Location[] | null;
  /** Category of ISO 13849-1 that the program has to reach for it; null when the manifest asks for none. */
  readonly category: Category | null;
  /** Nanoseconds from the loss of a condition to off that a hazard may take within the program; null without a bound. */
  readonly response: bigint | null;
  readonly source: RoleSource;
  /** The program variable or global that holds it, and the names from there: `guard1`, `['ok']`. */
  readonly root: VariableSymbol;
  readonly path: readonly string[];
  /** The innermost variable; null when its type could not be resolved. */
  readonly symbol: VariableSymbol | null;
  /** Where it is declared. */
  readonly declaration: Place;
  /** Its entry in the manifest; null for every other source. */
  readonly manifestPlace: Place | null;
}

export interface ResolvedLimit {
  readonly tag: string;
  readonly location: Location;
  readonly min: string | number | null;
  readonly max: string | number | null;
  readonly manifestPlace: Place;
}

export interface SignalResolution {
  /** Sorted by location, then role. */
  readonly signals: readonly ResolvedSignal[];
  /** Groups of locations of which at most one may be on. */
  readonly mutuallyExclusive: readonly (readonly TreeNode[])[];
  readonly limits: readonly ResolvedLimit[];
  /** Tags that the code does not have, with the manifest's line. */
  readonly findings: readonly Finding[];
}

/** True for roles from any source but a name: findings about them keep their severity. */
export function isDeclared(signal: ResolvedSignal): boolean {
  return signal.source !== 'name';
}

export function isCondition(signal: ResolvedSignal): signal is ResolvedSignal & { readonly role: ConditionRole } {
  return CONDITION_ROLES.some((role) => role === signal.role);
}

/**
 * The conditions under which a hazard may be on: those it requires, else every condition of its zone. Manifest and
 * pragmas speak of each other; a hazard known in any other way is held to the conditions known in the same ways.
 */
export function conditionsOf(hazard: ResolvedSignal, signals: readonly ResolvedSignal[]): readonly ResolvedSignal[] {
  const { requires } = hazard;
  const conditions = signals.filter(isCondition);
  if (requires !== null) {
    // A required tag may carry no condition role of its own: it is a condition by being required.
    return requires.flatMap((location) => {
      const known = conditions.find((signal) => signal.location === location);
      return known ?? signals.find((signal) => signal.location === location) ?? [];
    });
  }
  const isWritten = (signal: ResolvedSignal): boolean => signal.source === 'manifest' || signal.source === 'pragma';
  return conditions.filter((signal) => signal.zone === hazard.zone && isWritten(signal) === isWritten(hazard));
}

/** Resolves the signals of a site. A pure function of the site. */
export function resolveSignals(site: Site): SignalResolution {
  const findings: Finding[] = [];
  const declared = manifestSignals(site, findings);
  const known = new Set(declared.map((signal) => signal.location));
  const inferred: ResolvedSignal[] = [];
  const nodes = withStructureMembers(rootNodes(site.project));
  for (const infer of [pragmaSignals, typeSignals, pinSignals, addressSignals, nameSignals]) {
    const found = infer(site, nodes).filter((signal) => !known.has(signal.location));
    for (const signal of found) known.add(signal.location);
    inferred.push(...found);
  }
  return {
    signals: [...declared, ...inferred].sort(compareSignals),
    mutuallyExclusive: exclusions(site, findings),
    limits: limits(site, findings),
    findings: findings.sort(compareFindings),
  };
}

function unknownTag(tag: string, place: Place): Finding {
  return {
    ...place,
    code: 'SIG01',
    rule: 'unknown-tag',
    severity: 'error',
    message: `The code has no ${tag}: nothing can be checked for this signal. Correct the tag, or declare the variable. A tag is Program.variable, Program.instance.member or List.variable.`,
    related: [],
    witness: { subject: tag },
  };
}

function manifestSignals(site: Site, findings: Finding[]): ResolvedSignal[] {
  const written = site.manifest?.safety?.signals ?? [];
  if (written.length === 0) return [];
  const place = manifestPositions(site.snapshot);
  const signals: ResolvedSignal[] = [];
  written.forEach((entry, index) => {
    const at = place(['safety', 'signals', index, 'tag']);
    const nodes = resolveTag(site.project, entry.tag);
    if (nodes.length === 0) findings.push(unknownTag(entry.tag, at));
    const requires = entry.requires?.flatMap((tag, position) => {
      const required = resolveTag(site.project, tag);
      if (required.length === 0)
        findings.push(unknownTag(tag, place(['safety', 'signals', index, 'requires', position])));
      return required.map((node) => node.location);
    });
    for (const node of nodes) {
      signals.push({
        ...basics(site, node, entry.role, 'manifest'),
        zone: entry.zone ?? 'default',
        healthy: entry.healthy ?? true,
        off: entry.off ?? false,
        requires: requires ?? null,
        category: entry.category ?? null,
        response: entry.response === undefined ? null : parseDuration(entry.response),
        manifestPlace: at,
      });
    }
  });
  return [...signals, ...requiredWithoutRole(site, signals)];
}

/** Tags that a hazard requires and that have no entry of their own: conditions all the same. */
function requiredWithoutRole(site: Site, signals: readonly ResolvedSignal[]): ResolvedSignal[] {
  const known = new Set(signals.map((signal) => signal.location));
  const place = manifestPositions(site.snapshot);
  const extra: ResolvedSignal[] = [];
  (site.manifest?.safety?.signals ?? []).forEach((entry, index) => {
    entry.requires?.forEach((tag, position) => {
      for (const node of resolveTag(site.project, tag)) {
        if (known.has(node.location)) continue;
        known.add(node.location);
        extra.push({
          ...basics(site, node, 'permissive', 'manifest'),
          zone: `requires:${entry.tag}`,
          manifestPlace: place(['safety', 'signals', index, 'requires', position]),
        });
      }
    });
  });
  return extra;
}

function exclusions(site: Site, findings: Finding[]): TreeNode[][] {
  const groups = site.manifest?.safety?.mutually_exclusive ?? [];
  if (groups.length === 0) return [];
  const place = manifestPositions(site.snapshot);
  return groups.map((group, index) =>
    group.flatMap((tag, position) => {
      const nodes = resolveTag(site.project, tag);
      if (nodes.length === 0) findings.push(unknownTag(tag, place(['safety', 'mutually_exclusive', index, position])));
      return nodes;
    }),
  );
}

function limits(site: Site, findings: Finding[]): ResolvedLimit[] {
  const written = site.manifest?.safety?.limits ?? [];
  if (written.length === 0) return [];
  const place = manifestPositions(site.snapshot);
  return written.flatMap((limit, index) => {
    const at = place(['safety', 'limits', index, 'tag']);
    const nodes = resolveTag(site.project, limit.tag);
    if (nodes.length === 0) findings.push(unknownTag(limit.tag, at));
    return nodes.map((node) => ({
      tag: node.tag,
      location: node.location,
      min: limit.min ?? null,
      max: limit.max ?? null,
      manifestPlace: at,
    }));
  });
}

function basics(site: Site, node: TreeNode, role: SignalRole, source: RoleSource): ResolvedSignal {
  return {
    tag: node.tag,
    location: node.location,
    role,
    zone: 'default',
    healthy: true,
    off: false,
    requires: null,
    category: null,
    response: null,
    source,
    root: node.root,
    path: node.path,
    symbol: node.symbol,
    declaration: declarationPlace(site, node.symbol ?? node.root),
    manifestPlace: null,
  };
}

function declarationPlace(site: Site, symbol: VariableSymbol): Place {
  if (symbol.site === null) return startOfFile('');
  const { file, identifier } = symbol.site;
  return site.project.lineTableOf(file).locate(file.path, identifier.start, identifier.end);
}

// ---------------------------------------------------------------------------------------------- inferred roles

type Infer = (site: Site, nodes: readonly TreeNode[]) => ResolvedSignal[];

/** `{safety role := 'guard', zone := 'cell-1', polarity := 'nc'}` at a declaration. */
const pragmaSignals: Infer = (site, nodes) =>
  nodes.flatMap((node) => {
    const pragma = node.symbol?.declaration?.pragmas.find((candidate) => /^\s*safety\b/i.test(candidate.text));
    const role = pragma === undefined ? null : roleInPragma(pragma);
    if (pragma === undefined || role === null) return [];
    return [
      {
        ...basics(site, node, role, 'pragma'),
        zone: pragmaValue(pragma, 'zone') ?? 'default',
        // NC contacts carry current while healthy; NO ones only on demand.
        healthy: !/^no$/i.test(pragmaValue(pragma, 'polarity') ?? 'nc'),
      },
    ];
  });

function pragmaValue(pragma: Pragma, key: string): string | null {
  return new RegExp(`\\b${key}\\s*:=\\s*'([^']*)'`, 'i').exec(pragma.text)?.[1] ?? null;
}

function roleInPragma(pragma: Pragma): SignalRole | null {
  const written = (pragmaValue(pragma, 'role') ?? '').toLowerCase().replace(/_(in|out)$/, '');
  return SIGNAL_ROLES.find((role) => role === written) ?? null;
}

/** SAFEBOOL at an input address permits, at an output address it is a hazard. */
const typeSignals: Infer = (site, nodes) =>
  nodes.flatMap((node) => {
    if (node.type.kind !== 'elementary' || node.type.name !== 'SAFEBOOL') return [];
    const area = areaOf(node);
    if (area === 'Q') return [basics(site, node, 'hazard', 'type')];
    if (area !== 'I') return [];
    return [basics(site, node, roleOfName(node.symbol?.name ?? '') ?? 'permissive', 'type')];
  });

/** What is wired to a pin of a certified block is what the pin says. */
const pinSignals: Infer = (site, nodes) => {
  const byRoot = new Map<CodeSymbol, TreeNode[]>();
  for (const node of nodes) byRoot.set(node.root, [...(byRoot.get(node.root) ?? []), node]);
  const { model } = site.project;
  const signals: ResolvedSignal[] = [];
  for (const file of site.project.files) {
    for (const unit of codeUnitsOf(file)) {
      for (const list of statementListsOf(unit.body)) {
        forEachExpressionIn(list, (expression) => {
          if (expression.kind !== 'Call') return;
          const type = model.typeOf(expression.callee);
          const block = type.kind === 'pou' ? safetyBlockOf(type.pou.name) : null;
          if (block === null) return;
          for (const argument of expression.arguments) {
            const role = argument.name === null ? undefined : block.inputs[keyOf(argument.name.name)];
            if (role === undefined || argument.value === null || argument.value.kind !== 'Name') continue;
            const symbol = model.symbolOf(argument.value);
            const variable = symbol?.kind === 'variable' ? (symbol.externalTarget ?? symbol) : null;
            if (variable === null || variable.isConstant) continue;
            for (const node of byRoot.get(variable) ?? []) signals.push(basics(site, node, role, 'pin'));
          }
        });
      }
    }
  }
  return firstOfEachLocation(signals);
};

/**
 * Blocks and lists of safe terminals: Siemens F-I/O (`F00010_8F-DI`, `DB_FIO`), TwinSAFE and FSoE links, Rockwell safety
 * modules (`Rack:3:SI.Pt00Data`), PROFIsafe and CIP Safety.
 */
const SAFE_TERMINALS =
  /(^|[._"])F\d{5}_|(^|[._])F_?(IO|DI|DO|DQ|AI)(_\w*)?([._]|$)|:S[IO](\.|$)|TwinSAFE|FSoE|PROFIsafe|CIP_?Safety|(^|[._])Safe(ty)?_?(In|Out|IO|Inputs|Outputs)([._]|$)/i;
const SAFE_OUTPUTS = /:SO(\.|$)|(^|[._])F_?D[OQ]([._]|$)|Safe(ty)?_?Out(puts)?([._]|$)/i;

/** Safe terminals whose names say what they are; outputs among them are hazards whatever they are called. */
const addressSignals: Infer = (site, nodes) =>
  nodes.flatMap((node) => {
    if (!isBoolean(node) || node.root.isConstant || !SAFE_TERMINALS.test(node.tag)) return [];
    const name = node.symbol?.name ?? '';
    if (SAFE_OUTPUTS.test(node.tag)) return reportsOnly(name) ? [] : [basics(site, node, 'hazard', 'address')];
    const role = roleOfName(name);
    return role === null ? [] : [basics(site, node, role, 'address')];
  });

/** A guessed hazard: an output that is known by nothing but what it depends on. */
export function guessedHazard(site: Site, node: TreeNode): ResolvedSignal {
  return basics(site, node, 'hazard', 'name');
}

/** In the order in which signals of a site stand. */
export function compareSignals(a: ResolvedSignal, b: ResolvedSignal): number {
  return compareText(a.location, b.location) || compareText(a.role, b.role) || compareText(a.zone, b.zone);
}

/** Boolean inputs and outputs whose names speak. Derived variables are left alone: only what is wired has a role. */
const nameSignals: Infer = (site, nodes) =>
  nodes.flatMap((node) => {
    if (isUncertain(node.location) || !isBoolean(node) || node.root.isConstant) return [];
    const name = node.symbol?.name ?? '';
    const area = areaOf(node);
    if (area === 'Q' || node.symbol?.scope === 'output') {
      return suggestsHazard(name) ? [basics(site, node, 'hazard', 'name')] : [];
    }
    const role = roleOfName(name);
    return role === null ? [] : [basics(site, node, role, 'name')];
  });

export function isBoolean(node: TreeNode): boolean {
  return (
    node.type.kind === 'elementary' &&
    (node.type.name === 'BOOL' || node.type.name === 'SAFEBOOL' || node.type.name === 'BIT')
  );
}

export function areaOf(node: TreeNode): 'I' | 'Q' | 'M' | null {
  return node.symbol?.location ? addressArea(node.symbol.location.text) : null;
}

function firstOfEachLocation(signals: readonly ResolvedSignal[]): ResolvedSignal[] {
  const seen = new Set<Location>();
  return signals.filter((signal) => !seen.has(signal.location) && seen.add(signal.location));
}
