/** The routines and statements of a program as a debugger knows them: what is the user's, where it stands, its name. */

import type { Project } from '../../language/semantics/model.js';
import {
  type ActionSymbol,
  keyOf,
  type MethodSymbol,
  type PouSymbol,
  type PropertySymbol,
} from '../../language/semantics/symbols.js';
import type { SourceFile } from '../../language/syntax/tree.js';
import type { DebugPlan } from '../compile/debug-hooks.js';
import type { ClassForm, Effect, Routine, Site } from '../compile/ir.js';
import { actionName, BODY, getterName, methodName, setterName } from '../compile/mangle.js';
import type { LoweredProgram } from '../lower/program.js';

/** What of a POU a routine is. */
export type RoutinePart =
  | { readonly kind: 'body' }
  | { readonly kind: 'action'; readonly symbol: ActionSymbol }
  | { readonly kind: 'method'; readonly symbol: MethodSymbol }
  | { readonly kind: 'getter' | 'setter'; readonly symbol: PropertySymbol }
  | { readonly kind: 'function' }
  /** SETUP, TEST or TEARDOWN of a test file. */
  | { readonly kind: 'test' };

/** A routine of the user, with its statements in order of the text. */
export interface DebugRoutine {
  readonly number: number;
  /** As the stack shows it: `Main`, `FB_Guard.Reset`, `Scale`. */
  readonly name: string;
  readonly part: RoutinePart;
  readonly routine: Routine;
  /** Class of `self`; null in functions. */
  readonly form: ClassForm | null;
  readonly pou: PouSymbol | null;
  readonly project: Project;
  readonly file: SourceFile;
  readonly sites: readonly Site[];
}

/** A statement at which execution can stop. */
export interface DebugStatement {
  readonly site: Site;
  readonly routine: DebugRoutine;
  readonly file: SourceFile;
  /** Offsets into the file. */
  readonly start: number;
  readonly end: number;
  /** Lines and columns from 1. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
}

/** Files that Plantwright adds itself, such as the frame of a test suite, are named `<…>`. */
function isOwnFile(file: SourceFile): boolean {
  return file.path.startsWith('<');
}

export class RoutineTable implements DebugPlan {
  readonly routines: readonly DebugRoutine[];
  readonly #byName = new Map<string, DebugRoutine>();
  readonly #statements = new Map<Site, DebugStatement>();
  readonly #byFile = new Map<string, DebugStatement[]>();

  constructor(program: LoweredProgram, project: Project) {
    const files = new Set(project.files.filter((file) => !isOwnFile(file)));
    const routines: DebugRoutine[] = [];
    const add = (routine: Routine, form: ClassForm | null): void => {
      const sites = statementSites(routine.body).filter((site) => {
        const source = program.sites[site];
        return source !== undefined && files.has(source.file);
      });
      const first = program.sites[sites[0] ?? -1];
      if (first === undefined) return;
      const pou = program.pous.get(form?.name ?? routine.name) ?? null;
      const part = partOf(routine, form, pou);
      const known: DebugRoutine = {
        number: routines.length,
        name: nameOf(routine, part, pou),
        part,
        routine,
        form,
        pou,
        project: first.project,
        file: first.file,
        sites,
      };
      routines.push(known);
      this.#byName.set(keyOfRoutine(form?.name ?? null, routine.name), known);
      for (const site of sites) this.#addStatement(program, known, site);
    };
    for (const form of program.classes) for (const routine of form.routines) add(routine, form);
    for (const routine of program.functions) add(routine, null);
    this.routines = routines;
    for (const statements of this.#byFile.values()) statements.sort((a, b) => a.start - b.start || b.end - a.end);
  }

  #addStatement(program: LoweredProgram, routine: DebugRoutine, site: Site): void {
    const source = program.sites[site];
    if (source === undefined) return;
    const place = source.project.lineTableOf(source.file).locate(source.file.path, source.start, source.end);
    const statement: DebugStatement = {
      site,
      routine,
      file: source.file,
      start: source.start,
      end: source.end,
      line: place.line,
      column: place.column,
      endLine: place.endLine,
    };
    this.#statements.set(site, statement);
    const known = this.#byFile.get(source.file.path);
    if (known === undefined) this.#byFile.set(source.file.path, [statement]);
    else known.push(statement);
  }

  isStop(site: Site): boolean {
    return this.#statements.has(site);
  }

  frameOf(owner: string | null, routine: string): number | null {
    return this.#byName.get(keyOfRoutine(owner, routine))?.number ?? null;
  }

  statement(site: Site): DebugStatement | null {
    return this.#statements.get(site) ?? null;
  }

  /** Paths of the files that have statements. */
  files(): readonly string[] {
    return [...this.#byFile.keys()];
  }

  /** Statements of a file in order of the text; those that hold others come before them. */
  statementsOf(path: string): readonly DebugStatement[] {
    return this.#byFile.get(path) ?? [];
  }

  /**
   * The statement at which a breakpoint on a line stops: one that begins there, else the smallest one around the line
   * that holds no other, else the next of the same routine. Null when there is none.
   */
  statementAt(path: string, line: number): DebugStatement | null {
    const statements = this.statementsOf(path);
    const here = statements.find((each) => each.line === line);
    if (here !== undefined) return here;
    const around = statements.filter((each) => each.line < line && line <= each.endLine);
    const innermost = around.at(-1);
    const holds = (outer: DebugStatement): boolean =>
      statements.some((each) => each !== outer && each.start > outer.start && each.end <= outer.end);
    if (innermost !== undefined && !holds(innermost)) return innermost;
    const owner = this.#innermostAt(path, line);
    return statements.find((each) => each.line > line && each.routine === owner) ?? null;
  }

  /** The routine around a line; a method stands inside of its block. */
  #innermostAt(path: string, line: number): DebugRoutine | null {
    let best: { readonly routine: DebugRoutine; readonly lines: number } | null = null;
    for (const routine of this.routines) {
      if (routine.file.path !== path) continue;
      const table = routine.project.lineTableOf(routine.file);
      const span = spanOf(routine);
      const first = table.positionAt(span.start).line;
      const last = table.positionAt(span.end).line;
      if (first > line || line > last || (best !== null && best.lines <= last - first)) continue;
      best = { routine, lines: last - first };
    }
    return best?.routine ?? null;
  }
}

function spanOf(routine: DebugRoutine): { readonly start: number; readonly end: number } {
  const { part, pou, file } = routine;
  switch (part.kind) {
    case 'body':
    case 'function':
      return pou?.declaration ?? file;
    case 'action':
      return part.symbol.declaration;
    case 'method':
    case 'getter':
    case 'setter':
      return part.symbol.declaration ?? file;
    case 'test':
      return file;
  }
}

function keyOfRoutine(owner: string | null, routine: string): string {
  return `${owner ?? ''}:${routine}`;
}

function partOf(routine: Routine, form: ClassForm | null, pou: PouSymbol | null): RoutinePart {
  if (form === null) return { kind: 'function' };
  if (pou === null) return { kind: 'test' };
  if (routine.name === BODY) return { kind: 'body' };
  for (const symbol of pou.methods.values())
    if (methodName(symbol.name) === routine.name) return { kind: 'method', symbol };
  for (const symbol of pou.actions.values())
    if (actionName(symbol.name) === routine.name) return { kind: 'action', symbol };
  for (const symbol of pou.properties.values()) {
    if (getterName(symbol.name) === routine.name) return { kind: 'getter', symbol };
    if (setterName(symbol.name) === routine.name) return { kind: 'setter', symbol };
  }
  return { kind: 'body' };
}

function nameOf(routine: Routine, part: RoutinePart, pou: PouSymbol | null): string {
  const owner = pou?.qualifiedName ?? '';
  switch (part.kind) {
    case 'body':
    case 'function':
      return owner;
    case 'getter':
      return `${owner}.${part.symbol.name} (GET)`;
    case 'setter':
      return `${owner}.${part.symbol.name} (SET)`;
    case 'test':
      return keyOf(routine.name.replace(/^m_/, ''));
    default:
      return `${owner}.${part.symbol.name}`;
  }
}

/** Sites of the statements of a body, those in branches and loops included. */
function statementSites(effects: readonly Effect[]): Site[] {
  return effects.flatMap((effect): Site[] => {
    switch (effect.do) {
      case 'statement':
        return [effect.site];
      case 'if':
      case 'case':
        return [
          ...effect.branches.flatMap((branch) => statementSites(branch.body)),
          ...statementSites(effect.otherwise),
        ];
      case 'for':
      case 'while':
      case 'repeat':
        return statementSites(effect.body);
      default:
        return [];
    }
  });
}
