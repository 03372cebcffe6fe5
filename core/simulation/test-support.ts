/** What the simulator's tests share: ST text to a running simulation. */

import type { DialectId } from '../language/dialects/dialect-id.js';
import type { Project } from '../language/semantics/model.js';
import { buildProject } from '../language/semantics/project.js';
import { parseSourceFile } from '../language/syntax/parser.js';
import { createSimulation, type Simulation } from './simulation.js';
import type { SimulationOptions } from './simulation-options.js';

export function projectOf(text: string, dialect: DialectId = 'codesys', path = 'main.st'): Project {
  return buildProject({ files: [parseSourceFile(path, text, dialect)], dialect, entry: null, cycle: 10_000_000n });
}

/** Compiles ST and starts it cold. Errors of the language fail the test: an example must be valid ST. */
export function simulate(text: string, dialect: DialectId = 'codesys', options: SimulationOptions = {}): Simulation {
  const project = projectOf(text, dialect);
  const errors = project.findings.filter((each) => each.severity === 'error');
  if (errors.length > 0)
    throw new Error(errors.map((each) => `${each.line}:${each.column} ${each.code} ${each.message}`).join('\n'));
  const created = createSimulation(project, options);
  if ('findings' in created) throw new Error(created.findings.map((each) => each.message).join('\n'));
  return created.simulation;
}

/** Runs a body once in a program `Main` with the given variables and gives the simulation after that scan. */
export function runOnce(variables: string, body: string, dialect: DialectId = 'codesys', more = ''): Simulation {
  const simulation = simulate(`${more}\nPROGRAM Main\nVAR\n${variables}\nEND_VAR\n${body}\nEND_PROGRAM\n`, dialect);
  simulation.scan();
  return simulation;
}
