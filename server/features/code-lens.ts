import type { CodeLens } from 'vscode-languageserver/node';
import type { Declaration } from '../../core/language/syntax/tree.js';
import type { CheckedFile } from '../workspace/unit.js';
import { rangeOfSpan } from './text-range.js';

/** What the client can do with code that runs; it names what it has commands for. */
export type LensKind = 'simulate' | 'run' | 'debug';

const KINDS: readonly LensKind[] = ['simulate', 'run', 'debug'];

/** From `initializationOptions: {lenses}`; a client that names none gets none. */
export function lensKindsOf(initializationOptions: unknown): LensKind[] {
  const options =
    typeof initializationOptions === 'object' && initializationOptions !== null ? initializationOptions : {};
  const named: unknown = 'lenses' in options ? options.lenses : [];
  return Array.isArray(named) ? KINDS.filter((kind) => named.includes(kind)) : [];
}

/** "Simulate | Debug" above a PROGRAM, "Run | Debug | Trace" above a TEST. The commands are those of the client. */
export function codeLenses({ file, project }: CheckedFile, uri: string, kinds: readonly LensKind[]): CodeLens[] {
  const lines = project.lineTableOf(file);
  const lens = (span: { readonly start: number }, title: string, name: string, argument: object): CodeLens => ({
    range: rangeOfSpan(lines, { start: span.start, end: span.start }),
    command: { title, command: `plantwright.${name}`, arguments: [{ uri, ...argument }] },
  });
  return flat(file.declarations).flatMap((each): CodeLens[] => {
    if (each.kind === 'Pou' && each.pouKind === 'program' && kinds.includes('simulate'))
      return [
        lens(each, 'Simulate', 'simulateProgram', { program: each.name.name }),
        ...(kinds.includes('debug') ? [lens(each, 'Debug', 'debugProgram', { program: each.name.name })] : []),
      ];
    if (each.kind !== 'TestCase' || !kinds.includes('run')) return [];
    const test = { name: each.name };
    return [
      lens(each, 'Run', 'runTest', test),
      ...(kinds.includes('debug') ? [lens(each, 'Debug', 'debugTest', test)] : []),
      lens(each, 'Trace', 'openTrace', test),
    ];
  });
}

function flat(declarations: readonly Declaration[]): Declaration[] {
  return declarations.flatMap((each) => (each.kind === 'Namespace' ? flat(each.declarations) : [each]));
}
