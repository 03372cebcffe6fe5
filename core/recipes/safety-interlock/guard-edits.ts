/** From a plan to text: the instance, its call, the replaced expressions, and what must be declared for them. */

import type { Finding } from '../../base/finding.js';
import { keyOf, type VariableSymbol } from '../../language/semantics/symbols.js';
import type { Pou, SourceFile, VariableSection } from '../../language/syntax/tree.js';
import type { Site } from '../../site/site.js';
import type { TextEdit } from '../text-edit.js';
import type { WritePolicy } from '../write-policy.js';
import { needsEngineer, placeOf } from './findings.js';
import type { GuardPlan } from './guard-plan.js';
import { type Host, referenceFrom, usesExternals } from './references.js';
import type { Diagnostic } from './settings.js';
import {
  endOfLine,
  indentAt,
  instanceName,
  namesIn,
  quoteIfNeeded,
  type SourceStyle,
  startOfLine,
  styleOf,
} from './source-style.js';

/** Edits by path of the file, in the order in which they were planned. */
export class SiteEdits {
  readonly #byPath = new Map<string, TextEdit[]>();
  /** Names that earlier edits have declared in a POU, and externals that they have added. */
  readonly taken = new Map<Pou, Set<string>>();

  /** Text of files that the edits add, by path. */
  readonly added = new Map<string, string>();

  add(file: SourceFile, edit: TextEdit): void {
    const edits = this.#byPath.get(file.path);
    if (edits === undefined) this.#byPath.set(file.path, [edit]);
    else edits.push(edit);
  }

  namesOf(pou: Pou): Set<string> {
    const known = this.taken.get(pou);
    if (known !== undefined) return known;
    const names = new Set(namesIn(pou));
    this.taken.set(pou, names);
    return names;
  }

  entries(): [string, readonly TextEdit[]][] {
    return [...this.#byPath].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }
}

export interface EditedGuard {
  readonly instance: string;
  readonly findings: readonly Finding[];
}

/** Adds the edits of one plan. Findings mean that nothing of it may be applied. */
export function editGuard(
  site: Site,
  plan: GuardPlan,
  blockName: string,
  policy: WritePolicy,
  edits: SiteEdits,
): EditedGuard {
  const { settings, host } = plan;
  const style = styleOf(host.file);
  const findings: Finding[] = [];
  const taken = edits.namesOf(host.pou);
  const instance = instanceName(settings.signalNode.symbol?.name ?? settings.signal.tag, instancesOf(host), taken);
  if (plan.instance.kind === 'host') taken.add(keyOf(instance));
  const name = instanceReference(site, plan, instance, blockName, edits);
  const referTo = (node: GuardPlan['settings']['reset'], what: string): string => {
    const reference = referenceFrom(site, host, node);
    if (reference.kind === 'text') return reference.text;
    if (reference.kind === 'external') {
      declareExternal(host, reference.variable.name, typeTextOf(reference.variable), style, edits);
      return reference.text;
    }
    findings.push(
      needsEngineer(
        'unclear-evaluation',
        placeOf(site, host.file, host.pou.name),
        `${host.pou.name.name} evaluates ${settings.signal.tag} but can't reach ${node.tag} (${what}). Move that variable to a global list, or hand it to ${host.pou.name.name} as an input.`,
      ),
    );
    return node.tag;
  };
  const diagnostic =
    settings.diagnostic === null ? null : placeDiagnostic(site, settings.diagnostic, host, policy, edits);
  if (diagnostic?.kind === 'refused') findings.push(diagnostic.finding);
  const diagnosticText = diagnostic?.kind === 'text' ? diagnostic.text : null;
  const diagnosticNode = settings.diagnostic?.node ?? null;
  const call = callText(style, {
    local: name.in(host.file, host.pou),
    channelA: referTo(settings.channels[0], 'channel 1'),
    channelB: referTo(settings.channels[1], 'channel 2'),
    reset: referTo(settings.reset, 'the reset'),
    diagnostic: diagnosticNode === null ? diagnosticText : referTo(diagnosticNode, 'the diagnostic variable'),
    discrepancy: settings.discrepancy,
    signal: settings.signal.tag,
  });
  if (findings.length > 0) return { instance, findings };
  if (plan.instance.kind === 'global') {
    const { file, section } = plan.instance;
    addToSection(file, section, `${instance} : ${blockName};`, styleOf(file), edits);
  } else if (plan.instance.kind === 'data-block') addDataBlock(host, instance, blockName, style, edits);
  else declareInstance(host, instance, blockName, style, edits);
  insertCall(host, plan, call, style, edits);
  for (const { file, pou, expression, by } of plan.replacements) {
    const output = `${name.in(file, pou)}.S_GuardMonitoring`;
    const written = file.text.slice(expression.start, expression.end);
    const text = by === 'evaluated' ? output : `(${written} ${styleOf(file).keyword('AND')} ${output})`;
    edits.add(file, { start: expression.start, end: expression.end, text });
  }
  return { instance, findings };
}

/** How the blocks of a plan write the instance; declares it VAR_EXTERNAL where the site works that way. */
function instanceReference(
  site: Site,
  plan: GuardPlan,
  instance: string,
  blockName: string,
  edits: SiteEdits,
): { in(file: SourceFile, pou: Pou): string } {
  const place = plan.instance;
  return {
    in(file, pou) {
      const style = styleOf(file);
      if (place.kind === 'host') return style.local(instance);
      if (place.kind === 'data-block') return `"${instance}"`;
      if (place.list !== null) return `${place.list}.${instance}`;
      if (usesExternals(site)) declareExternal({ pou, file }, instance, blockName, style, edits);
      return instance;
    },
  };
}

/** Names of the function block instances of the host: the style of the new one follows them. */
function instancesOf(host: Host): string[] {
  return [...host.symbol.variables.values()].filter(({ type }) => type.kind === 'pou').map(({ name }) => name);
}

interface CallParts {
  readonly local: string;
  readonly channelA: string;
  readonly channelB: string;
  readonly reset: string;
  readonly diagnostic: string | null;
  readonly discrepancy: string;
  readonly signal: string;
}

/** The lines of the call, without indentation. */
function callText(style: SourceStyle, parts: CallParts): string[] {
  const yes = style.keyword('TRUE');
  const no = style.keyword('FALSE');
  const inputs = [
    `Activate := ${yes}`,
    `S_GuardSwitch1 := ${parts.channelA}`,
    `S_GuardSwitch2 := ${parts.channelB}`,
    `DiscrepancyTime := T#${parts.discrepancy}`,
    `S_StartReset := ${no}`,
    `S_AutoReset := ${no}`,
    `Reset := ${parts.reset}`,
    ...(parts.diagnostic === null ? [] : [`DiagCode => ${parts.diagnostic}`]),
  ];
  return [
    style.comment(`${parts.signal}: two channels, discrepancy ${parts.discrepancy}, manual reset`),
    `${parts.local}(`,
    ...inputs.map((input, index) => `${style.indent}${input}${index + 1 < inputs.length ? ',' : ');'}`),
  ];
}

function insertCall(host: Host, plan: GuardPlan, call: readonly string[], style: SourceStyle, edits: SiteEdits): void {
  const { text } = host.file;
  const { body } = host.pou;
  const first = body.kind === 'StatementList' ? body.statements[0] : undefined;
  const statement = plan.anchor ?? first;
  const offset = statement?.start ?? body.start;
  const indent = indentAt(text, offset);
  const at = aboveComments(host.file, offset);
  const lines = call.map((line) => indent + line).join(style.lineEnd);
  const isOwnLine = startOfLine(text, offset) + indent.length === offset;
  const insertion = isOwnLine
    ? { start: at, end: at, text: lines + style.lineEnd + style.lineEnd }
    : { start: offset, end: offset, text: lines.trimStart() + style.lineEnd + indent };
  edits.add(host.file, insertion);
}

/** The start of the line of a statement, above comments that stand directly over it. */
function aboveComments(file: SourceFile, offset: number): number {
  let start = startOfLine(file.text, offset);
  for (;;) {
    const comment = file.comments.find(
      (each) => each.end <= start && /^[ \t]*(\r\n|\n|\r)$/.test(file.text.slice(each.end, start)),
    );
    if (comment === undefined) return start;
    const lineStart = startOfLine(file.text, comment.start);
    if (file.text.slice(lineStart, comment.start).trim() !== '') return start;
    start = lineStart;
  }
}

/** The instance as a data block beside the file of the host. */
function addDataBlock(host: Host, name: string, blockName: string, style: SourceStyle, edits: SiteEdits): void {
  const { path } = host.file;
  const extension = path.slice(path.lastIndexOf('.'));
  const lines = [
    `DATA_BLOCK "${name}"`,
    "{ S7_Optimized_Access := 'TRUE' }",
    'VERSION : 0.1',
    'NON_RETAIN',
    `"${blockName}"`,
    'BEGIN',
    'END_DATA_BLOCK',
    '',
  ];
  edits.added.set(`${path.slice(0, path.lastIndexOf('/') + 1)}${name}${extension}`, lines.join(style.lineEnd));
}

function declareInstance(host: Host, name: string, blockName: string, style: SourceStyle, edits: SiteEdits): void {
  const typeName = style.local('x').startsWith('#') ? `"${blockName}"` : blockName;
  const declaration = `${quoteIfNeeded(name)} : ${typeName};`;
  const section = host.pou.sections.filter(isPlainLocal).at(-1);
  if (section !== undefined) {
    addToSection(host.file, section, declaration, style, edits);
    return;
  }
  addSection(host, 'VAR', declaration, style, edits);
}

function isPlainLocal(section: VariableSection): boolean {
  return (
    (section.sectionKind === 'VAR' || section.sectionKind === 'VAR_STAT') &&
    !section.isConstant &&
    (section.retention === 'default' || section.retention === 'non-retain') &&
    section.variables.every((variable) => variable.names.every(({ location }) => location === null))
  );
}

/** Puts a declaration behind the last one of a section, on a line of its own when the others have theirs. */
function addToSection(
  file: SourceFile,
  section: VariableSection,
  declaration: string,
  style: SourceStyle,
  edits: SiteEdits,
): void {
  const { text } = file;
  const last = section.variables.at(-1);
  if (last === undefined) {
    const at = section.start + (/^\S+/.exec(text.slice(section.start))?.[0].length ?? 0);
    edits.add(file, {
      start: at,
      end: at,
      text: style.lineEnd + indentAt(text, section.start) + style.indent + declaration,
    });
    return;
  }
  const lineEnd = endOfLine(text, last.end);
  if (lineEnd >= section.end) {
    const behind = last.end + (/^\s*;/.exec(text.slice(last.end))?.[0].length ?? 0);
    edits.add(file, { start: behind, end: behind, text: ` ${declaration}` });
    return;
  }
  edits.add(file, { start: lineEnd, end: lineEnd, text: style.lineEnd + indentAt(text, last.start) + declaration });
}

/** A new section behind the last one of the POU, or behind its head. */
function addSection(
  host: Pick<Host, 'pou' | 'file'>,
  keyword: string,
  declaration: string,
  style: SourceStyle,
  edits: SiteEdits,
): void {
  const { text } = host.file;
  const last = host.pou.sections.at(-1);
  const anchor = last ?? host.pou.name;
  const indent = last === undefined ? indentAt(text, host.pou.start) : indentAt(text, last.start);
  const at = endOfLine(text, anchor.end);
  const lines = [
    indent + style.keyword(keyword),
    indent + style.indent + declaration,
    indent + style.keyword('END_VAR'),
  ];
  edits.add(host.file, { start: at, end: at, text: style.lineEnd + lines.join(style.lineEnd) });
}

/** `VAR_EXTERNAL` for a global that the block has not used so far. */
function declareExternal(
  block: Pick<Host, 'pou' | 'file'>,
  name: string,
  type: string,
  style: SourceStyle,
  edits: SiteEdits,
): void {
  const taken = edits.namesOf(block.pou);
  if (taken.has(keyOf(name))) return;
  taken.add(keyOf(name));
  const declaration = `${name} : ${type};`;
  const section = block.pou.sections.find((each) => each.sectionKind === 'VAR_EXTERNAL' && !each.isConstant);
  if (section === undefined) addSection(block, 'VAR_EXTERNAL', declaration, style, edits);
  else addToSection(block.file, section, declaration, style, edits);
}

/** The type of a variable as its declaration writes it. */
function typeTextOf(variable: VariableSymbol): string {
  const { site, declaration } = variable;
  if (site === null || declaration === null) return 'BOOL';
  return site.file.text.slice(declaration.type.start, declaration.type.end);
}

type PlacedDiagnostic =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly finding: Finding };

/** Declares the diagnostic variable where its tag says, when it is not there yet. */
function placeDiagnostic(
  site: Site,
  diagnostic: Diagnostic,
  host: Host,
  policy: WritePolicy,
  edits: SiteEdits,
): PlacedDiagnostic | null {
  if (diagnostic.node !== null) return null;
  const dot = diagnostic.tag.lastIndexOf('.');
  const ownerName = diagnostic.tag.slice(0, Math.max(0, dot));
  const name = diagnostic.tag.slice(dot + 1);
  const refused = (message: string): PlacedDiagnostic => ({
    kind: 'refused',
    finding: needsEngineer('unknown-tag', placeOf(site, host.file, host.pou.name), message),
  });
  const owner = dot < 0 ? null : site.project.lookup(ownerName.replace(/"/g, ''));
  if (
    !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ||
    owner === null ||
    (owner.kind !== 'global-list' && owner.kind !== 'pou')
  ) {
    return refused(
      `The diagnostic variable ${diagnostic.tag} does not exist, and ${ownerName || 'a bare name'} is no list or program in which it could be declared. Declare it as WORD.`,
    );
  }
  const place = owner.site;
  const declaration = owner.declaration;
  if (place === null || declaration === null || (owner.kind === 'pou' && owner !== host.symbol)) {
    return refused(
      `The diagnostic variable ${diagnostic.tag} does not exist and can't be declared in ${ownerName}. Declare it as WORD.`,
    );
  }
  const reason = policy.reasonAgainst(place.file.path, owner.kind === 'pou' ? owner.name : null);
  if (reason !== null) {
    return refused(
      `The diagnostic variable ${diagnostic.tag} does not exist, and ${place.file.path} may not be changed: ${reason}. Declare it as WORD.`,
    );
  }
  const style = styleOf(place.file);
  const sections = declaration.sections.filter((section) => !section.isConstant && section.retention !== 'retain');
  const section = owner.kind === 'pou' ? sections.filter(isPlainLocal).at(-1) : sections.at(-1);
  if (section === undefined) {
    return refused(
      `The diagnostic variable ${diagnostic.tag} does not exist, and ${ownerName} has no section for it. Declare it as WORD.`,
    );
  }
  addToSection(place.file, section, `${name} : ${style.keyword('WORD')};`, style, edits);
  if (owner.kind === 'pou') return { kind: 'text', text: style.local(name) };
  const isQuoted = style.local('x').startsWith('#');
  return { kind: 'text', text: `${isQuoted ? `"${owner.name}"` : owner.name}.${name}` };
}
