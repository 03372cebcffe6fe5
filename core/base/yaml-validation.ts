/** Validation of YAML data against a zod schema, with findings that say where, what is wrong and what is allowed. */

import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import type { Finding } from './finding.js';
import { compareFindings } from './finding.js';
import { readYaml, type YamlDocument, type YamlOptions, type YamlPath, yamlFinding } from './yaml-document.js';

type Schema = z.core.$ZodType;
type Issue = z.core.$ZodIssue;

export interface YamlReading<T> {
  /** Null when the text does not fit the schema; the findings say why. */
  readonly value: T | null;
  readonly findings: readonly Finding[];
  /** Present whenever the text is YAML, also when it does not fit the schema. */
  readonly document: YamlDocument | null;
}

/** Reads a YAML text and validates it. Never throws on bad input. */
export function readYamlAs<S extends z.ZodType>(
  text: string,
  file: string,
  schema: S,
  options: YamlOptions = {},
): YamlReading<z.infer<S>> {
  const { document, findings } = readYaml(text, file, options);
  if (document === null) return { value: null, findings, document };
  return { ...validateYaml(document, schema), document };
}

/**
 * Validates data that was read. A number where text is wanted is taken as it is written (`firmware_version: 2.10` is
 * the text "2.10", not the number 2.1).
 */
export function validateYaml<S extends z.ZodType>(
  document: YamlDocument,
  schema: S,
): { value: z.infer<S> | null; findings: readonly Finding[] } {
  const data = structuredClone(document.value);
  let result = schema.safeParse(data);
  if (!result.success && takeNumbersAsText(result.error.issues, data, document)) result = schema.safeParse(data);
  if (result.success) return { value: result.data, findings: [] };
  const findings = result.error.issues.flatMap((issue) => explain(issue, [], schema, document));
  return { value: null, findings: dropRepeats(findings).sort(compareFindings) };
}

/** The closest of the allowed names, when it is close enough to be meant. */
export function didYouMean(name: string, allowed: readonly string[]): string | null {
  if (allowed.length === 0) return null;
  const lower = name.toLowerCase();
  const exact = allowed.find((candidate) => normalized(candidate) === normalized(name));
  if (exact !== undefined) return exact;
  const nearest = closest(lower, [...allowed]);
  return distance(lower, nearest.toLowerCase()) <= Math.max(1, Math.floor(name.length * 0.4)) ? nearest : null;
}

function normalized(name: string): string {
  return name.toLowerCase().replace(/[-_\s]/g, '');
}

/** Puts the source text of numbers where the schema wants text. Returns whether anything was replaced. */
function takeNumbersAsText(issues: readonly Issue[], data: unknown, document: YamlDocument): boolean {
  let replaced = false;
  for (const issue of issues) {
    for (const path of pathsThatWantText(issue, [])) {
      const source = document.sourceOf(path);
      const parent = valueAt(data, path.slice(0, -1));
      const key = path.at(-1);
      if (source === null || key === undefined || typeof valueAt(data, path) !== 'number') continue;
      if (typeof parent !== 'object' || parent === null) continue;
      (parent as Record<string | number, unknown>)[key] = source;
      replaced = true;
    }
  }
  return replaced;
}

function pathsThatWantText(issue: Issue, prefix: YamlPath): YamlPath[] {
  const path = [...prefix, ...plainPath(issue.path)];
  if (issue.code === 'invalid_type') return issue.expected === 'string' ? [path] : [];
  if (issue.code !== 'invalid_union') return [];
  return issue.errors.flatMap((branch) => branch.flatMap((inner) => pathsThatWantText(inner, path)));
}

function explain(issue: Issue, prefix: YamlPath, schema: Schema, document: YamlDocument): Finding[] {
  const path = [...prefix, ...plainPath(issue.path)];
  const name = nameOf(path);
  const found = valueAt(document.value, path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const allowed = keysAt(schema, path);
      return issue.keys.map((key) => {
        const guess = didYouMean(key, allowed);
        const hint =
          guess === null
            ? `Allowed here: ${allowed.join(', ')}.`
            : `Did you mean "${guess}"? Allowed here: ${allowed.join(', ')}.`;
        const inside = path.length === 0 ? '' : ` in ${name}`;
        return yamlFinding(
          'CFG-KEY',
          'unknown-key',
          document.locateKey([...path, key]),
          `Unknown key "${key}"${inside}. ${hint}`,
        );
      });
    }
    case 'invalid_type': {
      if (found === undefined || found === null) return [missing(path, issue.expected, document, found)];
      const message = `${name} must be ${article(issue.expected)}, found ${describe(found)}.`;
      return [yamlFinding('CFG-TYPE', 'wrong-type', document.locate(path), message)];
    }
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      if (found === undefined || found === null)
        return [missing(path, `one of ${allowed.join(', ')}`, document, found)];
      const guess = typeof found === 'string' ? didYouMean(found, allowed) : null;
      const hint = guess === null ? '' : `Did you mean "${guess}"? `;
      const message = `${name} is ${describe(found)}, which is not allowed. ${hint}Allowed: ${allowed.join(', ')}.`;
      return [yamlFinding('CFG-VALUE', 'value-not-allowed', document.locate(path), message)];
    }
    case 'invalid_union': {
      if (found === undefined || found === null) return [missing(path, 'a value', document, found)];
      const branches = issue.errors.map((branch) => branch.flatMap((inner) => explain(inner, path, schema, document)));
      return nearestBranch(issue, branches, path, name, found, document);
    }
    case 'invalid_format':
      return [
        yamlFinding(
          'CFG-VALUE',
          'value-not-allowed',
          document.locate(path),
          `${name} is ${describe(found)}; expected ${issue.message}.`,
        ),
      ];
    case 'too_small':
    case 'too_big': {
      const bound = issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
      const unit = issue.origin === 'array' ? ' entries' : issue.origin === 'string' ? ' characters' : '';
      return [
        yamlFinding(
          'CFG-VALUE',
          'value-not-allowed',
          document.locate(path),
          `${name} must have ${bound}${unit}.`.replace(/have (at \w+ \S+)\.$/, 'be $1.'),
        ),
      ];
    }
    default:
      return [
        yamlFinding(
          'CFG-VALUE',
          'value-not-allowed',
          document.locate(path),
          `${name}: ${issue.message}.`.replace(/\.\.$/, '.'),
        ),
      ];
  }
}

/** Of the alternatives of a union, the complaints of the one that got furthest; one sentence when none got anywhere. */
function nearestBranch(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  branches: readonly Finding[][],
  path: YamlPath,
  name: string,
  found: unknown,
  document: YamlDocument,
): Finding[] {
  const deep = branches.findIndex((_, index) =>
    (issue.errors[index] ?? []).every((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'),
  );
  if (deep >= 0) return branches[deep] ?? [];
  const formats = issue.errors.flat().filter((inner) => inner.code === 'invalid_format');
  const wanted = issue.errors
    .flat()
    .map((inner) =>
      inner.code === 'invalid_type'
        ? article(inner.expected)
        : inner.code === 'invalid_value'
          ? inner.values.map(String).join(', ')
          : inner.message,
    );
  const alternatives = (formats.length > 0 ? formats.map((inner) => inner.message) : [...new Set(wanted)]).join(' or ');
  return [
    yamlFinding(
      'CFG-TYPE',
      'wrong-type',
      document.locate(path),
      `${name} is ${describe(found)}; expected ${alternatives}.`,
    ),
  ];
}

function missing(path: YamlPath, expected: string, document: YamlDocument, found: unknown): Finding {
  const parent = path.slice(0, -1);
  const inside = parent.length === 0 ? '' : ` in ${nameOf(parent)}`;
  const key = String(path.at(-1) ?? document.file);
  const message =
    found === null && path.length > 0
      ? `"${key}"${inside} has no value; expected ${article(expected)}.`
      : path.length === 0
        ? 'The file is empty.'
        : `"${key}" is missing${inside}; expected ${article(expected)}.`;
  return yamlFinding(
    'CFG-MISSING',
    'missing-key',
    found === null ? document.locateKey(path) : document.locate(parent),
    message,
  );
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping (key: value)',
  record: 'a mapping (key: value)',
};

function article(expected: string): string {
  return TYPE_NAMES[expected] ?? expected;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return `"${value.length > 60 ? `${value.slice(0, 57)}…` : value}"`;
  return `${typeof value === 'boolean' ? 'the truth value' : 'the number'} ${String(value)}`;
}

/** `safety.signals[2].role`. */
export function nameOf(path: YamlPath): string {
  if (path.length === 0) return 'The file';
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

function plainPath(path: readonly PropertyKey[]): YamlPath {
  return path.map((step) => (typeof step === 'number' ? step : String(step)));
}

function valueAt(value: unknown, path: YamlPath): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<string | number, unknown>)[step];
  }
  return current;
}

/** The keys that a schema allows at a path, in order of declaration. */
function keysAt(schema: Schema, path: YamlPath): string[] {
  const candidates = path.reduce<Schema[]>((schemas, step) => schemas.flatMap((each) => descend(each, step)), [schema]);
  return [
    ...new Set(
      candidates.flatMap(unwrap).flatMap((each) => (each instanceof z.ZodObject ? Object.keys(each.shape) : [])),
    ),
  ];
}

function descend(schema: Schema, step: string | number): Schema[] {
  return unwrap(schema).flatMap((each): Schema[] => {
    if (each instanceof z.ZodObject) {
      const child: unknown = each.shape[step];
      return child instanceof z.ZodType ? [child] : [];
    }
    if (each instanceof z.ZodArray) return [each.element];
    if (each instanceof z.ZodRecord) return [each.valueType];
    return [];
  });
}

/** Looks through optional, default, nullable, union and pipe wrappers. */
function unwrap(schema: Schema): Schema[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return unwrap(schema.unwrap());
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodReadonly) return unwrap(schema.def.innerType);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(unwrap);
  if (schema instanceof z.ZodPipe) return [...unwrap(schema.in), ...unwrap(schema.out)];
  return [schema];
}

function dropRepeats(findings: readonly Finding[]): Finding[] {
  const byKey = new Map(findings.map((finding) => [`${finding.line}:${finding.column}:${finding.message}`, finding]));
  return [...byKey.values()];
}
