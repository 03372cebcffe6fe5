/** The expressions that were compiled over one running program; each text is compiled once. */

import type { Project } from '../language/semantics/model.js';
import type { TaskDeclaration } from '../language/syntax/tree.js';
import type { Machine } from './compile/machine.js';
import type { LoweredProgram } from './lower/program.js';
import { configurationOf } from './lower/tasks.js';
import type { UnknownUse } from './unknown-uses.js';
import { compileFrameWatch, compileWatches, type FrameWatch, type Watch, type WatchFrame } from './watch.js';

type WatchMachine = Pick<Machine, 'watch' | 'expressions' | 'roots' | 'getTime'>;

export class WatchTable {
  readonly #project: Project;
  readonly #program: LoweredProgram;
  readonly #machine: WatchMachine;
  readonly #known = new Map<string, Watch>();

  constructor(project: Project, program: LoweredProgram, machine: WatchMachine) {
    this.#project = project;
    this.#program = program;
    this.#machine = machine;
  }

  /** In the order of the texts; each answers for itself when it is wrong. */
  compile(texts: readonly string[]): ({ readonly watch: Watch } | { readonly problem: string })[] {
    const missing = [...new Set(texts)].filter((text) => !this.#known.has(text));
    const problems = new Map<string, string>();
    const compiled = missing.length === 0 ? [] : compileWatches(this.#project, this.#program, this.#machine, missing);
    compiled.forEach((each, index) => {
      const text = missing[index] ?? '';
      if ('watch' in each) this.#known.set(text, each.watch);
      else problems.set(text, each.problem);
    });
    return texts.map((text) => {
      const watch = this.#known.get(text);
      return watch === undefined ? { problem: problems.get(text) ?? 'the expression is not valid' } : { watch };
    });
  }

  /** Over tags and over what a stopped routine sees. */
  compileIn(frame: WatchFrame, text: string): { readonly watch: FrameWatch } | { readonly problem: string } {
    return compileFrameWatch(this.#project, this.#program, this.#machine, text, frame);
  }

  /** The trigger of an event task; null for a task without one, and what is unknown when it can't be compiled. */
  triggerOf(task: TaskDeclaration): Watch | UnknownUse | null {
    const file = configurationOf(this.#project, task);
    if (task.single === null || file === null) return null;
    const text = file.text.slice(task.single.start, task.single.end);
    const [compiled] = this.compile([text]);
    if (compiled !== undefined && 'watch' in compiled) return compiled.watch;
    const { line } = this.#project.lineTableOf(file).positionAt(task.single.start);
    const reason = `SINGLE := ${text} can not be evaluated: ${compiled?.problem ?? 'it is no expression'}`;
    return { name: task.name.name, reason, file: file.path, line, isReached: true };
  }
}
