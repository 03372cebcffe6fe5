/**
 * Quick fixes of safety rules: only edits that bring the code to the safe side whatever the machine is. What takes a
 * decision (which sensor, which limit, which reset) has none.
 */

import type { Finding } from '../../base/finding.js';
import { removeStatement } from '../../language/fix/expression-fixes.js';
import {
  type Fix,
  type FixMaker,
  type FixPlace,
  innermost,
  placeOf,
  remove,
  replace,
  wholeLines,
} from '../../language/fix/fix.js';
import type { Project } from '../../language/semantics/model.js';
import { keyOf } from '../../language/semantics/symbols.js';
import type { Argument, Expression, SourceFile, Span, VariableSection } from '../../language/syntax/tree.js';

/** `x AND TRUE`, `x OR FALSE` and `NOT NOT x` are `x`. */
const withoutConstantOperand: FixMaker = (place) => {
  const node = place.nodes.findLast(({ start, end }) => start === place.span.start && end === place.span.end);
  const kept = node?.kind === 'Binary' || node?.kind === 'Unary' ? whatIsLeft(node) : null;
  if (node === undefined || kept === null) return [];
  return [replace('Leave the constant out', node, place.file.text.slice(kept.start, kept.end))];
};

function whatIsLeft(node: Expression): Expression | null {
  if (node.kind === 'Unary')
    return node.operator === 'NOT' && node.operand.kind === 'Unary' && node.operand.operator === 'NOT'
      ? node.operand.operand
      : null;
  if (node.kind !== 'Binary') return null;
  const neutral = node.operator === 'AND' ? true : node.operator === 'OR' ? false : null;
  if (neutral === null) return null;
  if (isBoolean(node.right, neutral)) return node.left;
  return isBoolean(node.left, neutral) ? node.right : null;
}

const isBoolean = (node: Expression, value: boolean): boolean =>
  node.kind === 'Literal' && node.literalKind === 'bool' && node.value === value;

/** `x := x;` does nothing. */
const removeSelfAssignment: FixMaker = (place) => {
  const assignment = innermost(place, 'Assignment');
  return assignment?.start === place.span.start ? removeStatement(place) : [];
};

/** A pragma that switches the analysis off. */
const removePragma: FixMaker = ({ file, span }) =>
  /^\{[^}]*\}$/.test(file.text.slice(span.start, span.end))
    ? [remove('Remove the pragma', wholeLines(file, span))]
    : [];

/** The value of a pin that only has one safe side. */
function pinValue(names: RegExp, value: 'TRUE' | 'FALSE'): FixMaker {
  return (place) => {
    const argument = innermost(place, 'Argument');
    if (argument?.name == null || argument.value === null || !names.test(keyOf(argument.name.name))) return [];
    if (argument.isNegated) return [];
    return [replace(`Set ${argument.name.name} to ${value}`, argument.value, value)];
  };
}

/** A call that nothing holds back. */
const removeEnable: FixMaker = (place) => {
  const call = innermost(place, 'Call');
  const at = call?.arguments.findIndex(({ name }) => name !== null && keyOf(name.name) === 'EN') ?? -1;
  const argument = call?.arguments[at];
  if (call === null || argument === undefined) return [];
  const [before, behind] = [call.arguments[at - 1], call.arguments[at + 1]];
  return [remove('Call it in every scan: remove EN', withComma(argument, before, behind))];
};

function withComma(argument: Argument, before: Argument | undefined, behind: Argument | undefined): Span {
  if (behind !== undefined) return { start: argument.start, end: behind.start };
  return { start: before?.end ?? argument.start, end: argument.end };
}

/** BOOL outputs and releases that start as TRUE. */
const startAsFalse: FixMaker = (place) => {
  const declaration = innermost(place, 'VariableDeclaration');
  const [name, ...others] = declaration?.names ?? [];
  if (declaration?.initializer == null || name === undefined || others.length > 0) return [];
  if (!isBoolean(declaration.initializer, true) || name.start > place.span.start) return [];
  return [
    remove(`Let ${name.name.name} start as FALSE`, { start: declaration.type.end, end: declaration.initializer.end }),
  ];
};

/** What is published for writing is published for reading. */
const publishReadOnly: FixMaker = ({ file, ...place }) => {
  const pragmas = innermost({ ...place, file }, 'VariableDeclaration')?.pragmas ?? [];
  const edits = pragmas.flatMap(({ start, end }) => readOnly(file.text.slice(start, end), start));
  return edits.length === 0 ? [] : [{ title: 'Publish it to be read only', edits, isPreferred: true }];
};

/** By attribute: the value for reading. OPC UA: bit 0 of the access is reading, bit 1 writing. */
const READ_ONLY: readonly (readonly [RegExp, string])[] = [
  [/(attribute\s+'symbol'\s*:=\s*')(?:readwrite|write)(?=')/i, 'read'],
  [/(attribute\s+'OPC\.UA\.DA\.Access'\s*:=\s*')[23](?=')/i, '1'],
];

function readOnly(text: string, offset: number): Fix['edits'] {
  return READ_ONLY.flatMap(([pattern, value]) => {
    const found = pattern.exec(text);
    if (found === null) return [];
    const start = offset + found.index + (found[1]?.length ?? 0);
    return [{ start, end: offset + found.index + found[0].length, text: value }];
  });
}

const RETENTION = /[ \t]*\b(?:RETAIN|PERSISTENT)\b/gi;

/** A variable that forgets with the power: its section without the word, or a section of its own behind it. */
const forgetWithPower: FixMaker = (place) => {
  const [section, declaration] = [innermost(place, 'VariableSection'), innermost(place, 'VariableDeclaration')];
  if (section === null || declaration === null || declaration.names.length > 1) return [];
  const name = declaration.names[0]?.name.name ?? '';
  const title = `Let ${name} start anew after each power-up`;
  if (section.variables.length === 1) return withoutRetention(place, section, title);
  return movedBehind(place, section, declaration, title);
};

function headOf({ file }: FixPlace, section: VariableSection): Span {
  return { start: section.start, end: section.variables[0]?.start ?? Math.min(section.end, file.text.length) };
}

function withoutRetention(place: FixPlace, section: VariableSection, title: string): readonly Fix[] {
  const head = headOf(place, section);
  const edits = [...place.file.text.slice(head.start, head.end).matchAll(RETENTION)].map((found) => ({
    start: head.start + found.index,
    end: head.start + found.index + found[0].length,
    text: '',
  }));
  return edits.length === 0 ? [] : [{ title, edits, isPreferred: true }];
}

function movedBehind(place: FixPlace, section: VariableSection, declaration: Span, title: string): readonly Fix[] {
  const { text } = place.file;
  const keyword = /^VAR\w*/i.exec(text.slice(section.start))?.[0];
  const semicolon = /^\s*;/.exec(text.slice(declaration.end))?.[0].length ?? 0;
  const whole = { start: declaration.start, end: declaration.end + semicolon };
  if (keyword === undefined) return [];
  const lines = wholeLines(place.file, whole);
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = /[ \t]*$/.exec(text.slice(0, whole.start))?.[0] ?? '';
  const written = text.slice(whole.start, whole.end);
  const moved = `${lineEnd}${keyword}${lineEnd}${indent}${written}${lineEnd}END_VAR`;
  return [
    {
      title,
      isPreferred: true,
      edits: [
        { ...lines, text: '' },
        { start: section.end, end: section.end, text: moved },
      ],
    },
  ];
}

/** By code of the rule. */
export const SAFETY_FIXES: Readonly<Record<string, readonly FixMaker[]>> = {
  DP05: [withoutConstantOperand, removeSelfAssignment],
  DP06: [removePragma],
  DP07: [pinValue(/^ACTIVATE$/, 'TRUE')],
  ES09: [pinValue(/^S_(?:AUTO|START)RESET$/, 'FALSE')],
  ES14: [forgetWithPower],
  HM07: [publishReadOnly],
  IL22: [removeEnable],
  PL11: [startAsFalse],
  SB08: [pinValue(/^ACTIVATE$/, 'TRUE')],
};

/** The fixes for a safety finding in a file of the project. Edits are in offsets of the file. */
export function safetyFixesFor(project: Project, file: SourceFile, finding: Pick<Finding, 'code'> & Span): Fix[] {
  const makers = SAFETY_FIXES[finding.code] ?? [];
  if (makers.length === 0) return [];
  const place = placeOf(project, file, { start: finding.start, end: finding.end });
  return makers.flatMap((maker) => maker(place));
}
