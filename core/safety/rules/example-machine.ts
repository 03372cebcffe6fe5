/** The machine of most rule examples: one motor behind an e-stop and a guard. Examples state what differs from it. */

import type { RuleExample } from '../rule.js';

export type ExampleFiles = Readonly<Record<string, string>>;

export interface MachineParts {
  /** Further variables of Main. */
  readonly variables?: string;
  /** Statements of Main. */
  readonly body?: string;
  /** Further declarations in `src/blocks.st`. */
  readonly blocks?: string;
  /** Further lines of the manifest's `safety:` section, indented by two spaces. */
  readonly safety?: string;
  /** Further entries of the manifest's signals. */
  readonly signals?: string;
  /** Type of the e-stop and the guard. Default: BOOL. */
  readonly inputType?: 'BOOL' | 'SAFEBOOL';
  /** Further or replaced files. */
  readonly files?: ExampleFiles;
}

const INTERLOCK = 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;';

/** The files of the example machine. */
export function machine(parts: MachineParts = {}): ExampleFiles {
  const blocks: Record<string, string> =
    parts.blocks === undefined ? {} : { 'src/blocks.st': `${parts.blocks.trim()}\n` };
  return {
    'plantwright.yaml': `site: example
dialect: codesys
sources: [src/**]
entry: Main
cycle: 10ms
safety:
  signals:
    - { tag: Main.EStop_OK, role: estop }
    - { tag: Main.Guard_Closed, role: guard }
    - { tag: Main.Reset_PB, role: reset }
    - { tag: Main.Start_PB, role: start }
    - { tag: Main.Motor, role: hazard }
${parts.signals ?? ''}${parts.safety ?? ''}`,
    'src/Main.st': `PROGRAM Main
VAR
  EStop_OK AT %IX0.0 : ${parts.inputType ?? 'BOOL'};
  Guard_Closed AT %IX0.1 : ${parts.inputType ?? 'BOOL'};
  Reset_PB AT %IX0.2 : BOOL;
  Start_PB AT %IX0.3 : BOOL;
  Motor AT %QX0.0 : BOOL;
  ${parts.variables ?? ''}
END_VAR
${parts.body ?? INTERLOCK}
END_PROGRAM
`,
    ...blocks,
    ...parts.files,
  };
}

/** An example of one version. */
export function example(title: string, parts: MachineParts): RuleExample {
  return { title, files: machine(parts) };
}

/** An example of a change from one machine to another. */
export function changeExample(title: string, before: MachineParts, after: MachineParts): RuleExample {
  return { title, before: machine(before), files: machine(after) };
}

/** The machine with one more file beside its code. */
export function machineWithFile(path: string, text: string): ExampleFiles {
  return machine({ files: { [path]: text } });
}
