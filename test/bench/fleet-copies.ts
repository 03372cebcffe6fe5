/** Large projects from the fixture fleet: its sites again and again, each copy with names of its own. The same text every time. */

import { readdirSync, readFileSync } from 'node:fs';
import { buildProject } from '../../core/language/semantics/project.js';
import { parseSourceFile } from '../../core/language/syntax/parser.js';
import type { SourceFile } from '../../core/language/syntax/tree.js';
import { walk } from '../../core/language/syntax/walk.js';

const SITES = 'test/fixtures/fleet/sites';
/** Sites in plain text of one dialect, so that copies of all of them are one project. */
const NAMES = ['plant-01-press', 'plant-05-filling', 'plant-06-cnc', 'plant-08-assembly'];

export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

interface Template {
  readonly site: string;
  readonly files: readonly GeneratedFile[];
  /** Upper-case names that a project may have once only. */
  readonly names: ReadonlySet<string>;
}

function templateOf(site: string): Template {
  const folder = `${SITES}/${site}/src`;
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.st') && !name.endsWith('_test.st'))
    .sort()
    .map((path) => ({ path, text: readFileSync(`${folder}/${path}`, 'utf8').replace(/^\ufeff/, '') }));
  const names = new Set<string>();
  for (const { path, text } of files) {
    const file = parseSourceFile(path, text, 'codesys');
    names.add(path.replace(/\.st$/, '').toUpperCase());
    for (const name of projectNamesOf(file)) names.add(name.toUpperCase());
  }
  return { site, files, names };
}

function projectNamesOf(file: SourceFile): string[] {
  const names: string[] = [];
  walk(file, (node) => {
    switch (node.kind) {
      case 'Pou':
      case 'Interface':
      case 'TypeDeclaration':
      case 'EnumValue':
        names.push(node.name.name);
        return undefined;
      case 'GlobalVariableList':
        for (const section of node.sections)
          for (const variable of section.variables) for (const { name } of variable.names) names.push(name.name);
        return undefined;
      case 'Configuration':
      case 'Resource':
      case 'Task':
      case 'ProgramInstance':
        names.push(node.name.name);
        return undefined;
      default:
        return undefined;
    }
  });
  return names;
}

function copyOf({ site, files, names }: Template, number: number): GeneratedFile[] {
  // Sites don't share addresses: a start that no other copy comes near to.
  const address = (number * 100 + Number(site.slice(6, 8))) * 200;
  const suffix = `${site.slice(6, 8)}_${number}`;
  const rename = (word: string): string => (names.has(word.toUpperCase()) ? `${word}_${suffix}` : word);
  return files.map(({ path, text }) => ({
    path: `src/${site}-${number}/${path.replace(/^(.*)\.st$/, (_, name: string) => `${rename(name)}.st`)}`,
    text: text
      .replace(/[A-Za-z_]\w*/g, rename)
      .replace(/(%[IQM][XBWDL]?)(\d+)/g, (_, area: string, byte: string) => `${area}${Number(byte) + address}`),
  }));
}

/** Copies of the sites, one after the other, until `isEnough` says so. `first` is the number of the first copy. */
export function fleetCopies(isEnough: (files: number, lines: number) => boolean, first = 0): GeneratedFile[] {
  const templates = NAMES.map(templateOf);
  const copied: GeneratedFile[] = [];
  let lines = 0;
  for (let number = first; ; number++)
    for (const template of templates) {
      if (isEnough(copied.length, lines)) return copied;
      for (const file of copyOf(template, number)) {
        copied.push(file);
        lines += linesIn(file.text);
      }
    }
}

/** One file of about so many lines. Only sites that are without an error in one file: no list is named by its file. */
export function largeFile(lines: number): GeneratedFile {
  const templates = NAMES.map(templateOf).filter(
    ({ files }) => errorsIn([{ path: 'all.st', text: joined(files) }]) === 0,
  );
  const texts: string[] = [];
  for (let number = 0, count = 0; count < lines; number++)
    for (const template of templates) {
      const text = joined(copyOf(template, number));
      texts.push(text);
      count += linesIn(text);
    }
  return { path: 'src/all.st', text: texts.join('\n') };
}

function joined(files: readonly GeneratedFile[]): string {
  return files.map(({ text }) => text).join('\n');
}

export function errorsIn(files: readonly GeneratedFile[]): number {
  const parsed = files.map(({ path, text }) => parseSourceFile(path, text, 'codesys'));
  const { findings } = buildProject({ files: parsed, dialect: 'codesys', entry: null, cycle: 10_000_000n });
  return findings.filter(({ severity }) => severity === 'error').length;
}

export function linesIn(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}
