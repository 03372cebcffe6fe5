/** Which UNIONs of a program are refused, and what is said about each. */

import type { Project } from '../../language/semantics/model.js';
import type { StructType } from '../../language/semantics/types.js';
import type { SourceFile } from '../../language/syntax/tree.js';
import type { Site } from '../compile/ir.js';
import type { ProgramBuilder } from './context.js';
import { unionProblem } from './unions.js';

/** What keeps a program from being run at all. */
export interface Refusal {
  readonly site: Site;
  readonly message: string;
}

export class UnionRefusals {
  readonly #builder: Pick<ProgramBuilder, 'site' | 'unknown'>;
  readonly #homeOf: (file: SourceFile) => Project;
  readonly #first: SourceFile;
  readonly #known = new Map<StructType, Refusal | null>();

  /** `first`: the file that is named for what stands in none. */
  constructor(
    builder: Pick<ProgramBuilder, 'site' | 'unknown'>,
    homeOf: (file: SourceFile) => Project,
    first: SourceFile,
  ) {
    this.#builder = builder;
    this.#first = first;
    this.#homeOf = homeOf;
  }

  isRefused(union: StructType): boolean {
    const known = this.#known.get(union);
    if (known !== undefined) return known !== null;
    const refusal = this.#refusalOf(union);
    this.#known.set(union, refusal);
    return refusal !== null;
  }

  list(): readonly Refusal[] {
    return [...this.#known.values()].filter((each) => each !== null);
  }

  #refusalOf(union: StructType): Refusal | null {
    const problem = unionProblem(union);
    if (problem === null) return null;
    // A UNION of a library stands in no file.
    const place = problem.member.site;
    const site =
      place === null
        ? this.#builder.site(this.#homeOf(this.#first), this.#first, { start: 0, end: 0 })
        : this.#builder.site(this.#homeOf(place.file), place.file, place.identifier);
    const name = `member ${problem.member.name} of a UNION`;
    this.#builder.unknown(site, name, problem.reason);
    return { site, message: `The simulator can't run ${name}: ${problem.reason}.` };
  }
}
