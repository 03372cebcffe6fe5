import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LANGUAGE_DIAGNOSTICS } from '../language/diagnostics/registry.js';
import type { DialectId } from '../language/dialects/dialect-id.js';
import { buildProject } from '../language/semantics/project.js';
import { parseSourceFile } from '../language/syntax/parser.js';
import { createSimulation } from './simulation.js';

const FLEET = 'test/fixtures/fleet/sites';

/** A program that calls every block and function of a text, so that all of it is compiled. */
function driverOf(text: string): string {
  const blocks = [...text.matchAll(/^\s*FUNCTION_BLOCK\s+(?:(?:PUBLIC|INTERNAL|FINAL)\s+)*("[^"]+"|\w+)/gim)].map(
    (each) => each[1] ?? '',
  );
  const functions = [...text.matchAll(/^\s*FUNCTION\s+("[^"]+"|\w+)\s*:/gim)].map((each) => each[1] ?? '');
  const instances = blocks.filter((name) => !/^(ABSTRACT|FINAL)$/i.test(name));
  return [
    'PROGRAM CatchAllDriver',
    'VAR',
    ...instances.map((name, index) => `  driven${index} : ${name};`),
    '  unused : BOOL;',
    'END_VAR',
    ...instances.map((_, index) => `driven${index}();`),
    ...functions.map((name) => `${name}();`),
    'END_PROGRAM',
  ].join('\n');
}

function programOf(text: string): string | null {
  return /^\s*PROGRAM\s+(\w+)/im.exec(text)?.[1] ?? null;
}

/** Runs a text, or says where the simulator refuses it. A crash of the simulator is a crash of the test. */
function outcomeOf(text: string, dialect: DialectId, entry: string | null): string[] {
  const path = `example.${dialect === 'siemens' ? 'scl' : 'st'}`;
  const program = entry ?? 'CatchAllDriver';
  const driven = entry === null ? `${text}\n${driverOf(text)}\n` : text;
  const file = parseSourceFile(path, driven, dialect);
  const project = buildProject({ files: [file], dialect, entry: program, cycle: 10_000_000n });
  const created = createSimulation(project, { iterationBudget: 100_000 });
  if ('findings' in created) return created.findings.map((each) => `${each.file}:${each.line} ${each.message}`);
  const { simulation } = created;
  for (let scan = 0; scan < 3; scan++) simulation.scan();
  simulation.values();
  const fault = simulation.fault === null ? [] : [`${simulation.fault.file}:${simulation.fault.line} fault`];
  return [
    ...fault,
    ...simulation.unknownBlocks.map((each) => `${each.file}:${each.line} ${each.name}: ${each.reason}`),
  ];
}

describe('what the simulator does not know ends as a refusal with its place, never as a crash', () => {
  it.each(LANGUAGE_DIAGNOSTICS.map((each) => [each.code, each] as const))('the good example of %s', (_, each) => {
    for (const refusal of outcomeOf(each.good, each.dialect ?? 'iec', programOf(each.good)))
      expect(refusal).toMatch(/^example\.\w+:[1-9]\d* \S/);
  });

  // The checker reports these; the simulator must stand them all the same.
  it.each(LANGUAGE_DIAGNOSTICS.map((each) => [each.code, each] as const))('the bad example of %s', (_, each) => {
    for (const refusal of outcomeOf(each.bad, each.dialect ?? 'iec', programOf(each.bad)))
      expect(refusal).toMatch(/^example\.\w+:[1-9]\d* \S/);
  });

  const files = readdirSync(FLEET, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(st|scl)$/.test(name))
    .sort();

  it('has files of the fleet', () => {
    expect(files.length).toBeGreaterThan(50);
  });

  it.each(files)('%s alone', (name) => {
    const text = readFileSync(join(FLEET, name), 'utf8');
    for (const refusal of outcomeOf(text, name.endsWith('.scl') ? 'siemens' : 'codesys', programOf(text)))
      expect(refusal).toMatch(/^example\.\w+:[1-9]\d* \S/);
  });
});
