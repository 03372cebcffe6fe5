/** Builds the intermediate form of a whole project: classes on demand, functions on demand, roots and tasks. */

import type { Project, ScheduledProgram } from '../../language/semantics/model.js';
import { keyOf, type MethodSymbol, type PouSymbol, type VariableSymbol } from '../../language/semantics/symbols.js';
import type { StructType } from '../../language/semantics/types.js';
import type { SourceFile, Span } from '../../language/syntax/tree.js';
import type { ClassForm, Field, Place, Routine, Site, Value } from '../compile/ir.js';
import { className, fieldName, functionName, programName, registerName } from '../compile/mangle.js';
import type { ExecutionProfile } from '../compile/profile.js';
import { type ObjectShape, type Shape, TIME } from '../compile/shape.js';
import { overlaps } from './addresses.js';
import { fieldOf, inheritanceOrder, pouClass, structClass } from './class-forms.js';
import type {
  FunctionForm,
  OutputRegister,
  ProgramBuilder,
  RoutineScope,
  SourceSite,
  UnknownBlock,
} from './context.js';
import type { CoveragePlan } from './decisions.js';
import { defaultOf } from './initial-values.js';
import { withPrivateMembers } from './private-members.js';
import { createScope, functionRoutine } from './routines.js';
import { taskRoutine, taskSite } from './tasks.js';
import { shapeOfType } from './types.js';
import { type Refusal, UnionRefusals } from './union-refusals.js';

/** Behavioural models of library blocks: blocks in ST, checked as a project of their own. */
export interface BlockLibrary {
  /** The model of a library block, or null. */
  modelOf(block: PouSymbol): PouSymbol | null;
  /** A model by its name without `SIM_`; null when there is none. */
  modelNamed(name: string): PouSymbol | null;
  /** The project in which a file of the library was checked; null for a file of the user. */
  projectOf(file: SourceFile): Project | null;
  /** Which clock a global variable of the library stands for; null when it is none. */
  clockOf(variable: VariableSymbol): 'time' | 'ltime' | null;
}

/** A program object of the generated code. */
export interface ProgramRoot {
  readonly root: string;
  readonly pou: PouSymbol;
  /** Name of the program, or of its instance in the configuration. */
  readonly instanceName: string;
  readonly shape: ObjectShape;
  /** True when a task runs it. */
  readonly isScheduled: boolean;
}

/** What is known of a program beside its generated text. */
export interface LoweredProgram {
  readonly classes: readonly ClassForm[];
  readonly functions: readonly Routine[];
  readonly registers: readonly { readonly name: string; readonly shape: Shape }[];
  readonly roots: readonly ProgramRoot[];
  readonly globalsClass: string;
  readonly sites: readonly SourceSite[];
  readonly unknownBlocks: readonly UnknownBlock[];
  /** Unknowns that hold from the start: addresses that overlap. */
  readonly staticUnknowns: readonly Site[];
  /** What keeps the program from being run at all, with its place and the way out. */
  readonly refusals: readonly Refusal[];
  readonly assertionShapes: ReadonlyMap<Site, Shape>;
  /** Null when coverage was not asked for. */
  readonly coverage: CoveragePlan | null;
  /** POUs by the names of their generated classes and functions. */
  readonly pous: ReadonlyMap<string, PouSymbol>;
  /** Names of the generated functions that run one program of the schedule, by task and order. */
  readonly taskFunctions: readonly (readonly string[])[];
  /** Where each task of the schedule is declared; its first program where nothing declares it. */
  readonly taskSites: readonly Site[];
}

export interface Builder extends ProgramBuilder {
  /** Adds a class that is no POU: the test classes. */
  addClass(form: ClassForm): void;
  freshClassName(name: string): string;
  finish(): LoweredProgram;
}

export function createBuilder(
  project: Project,
  library: BlockLibrary,
  profile: ExecutionProfile,
  coverage: CoveragePlan | null = null,
): Builder {
  const classNames = new Map<PouSymbol | StructType, string>();
  const bases = new Map<string, string>();
  const classes: ClassForm[] = [];
  const classQueue: (() => void)[] = [];
  const functions: Routine[] = [];
  const functionForms = new Map<PouSymbol, FunctionForm>();
  const registers = new Map<string, Shape>();
  const roots: ProgramRoot[] = [];
  const globals = new Map<string, Field>();
  const addresses = new Map<string, { shape: Shape; initial: Value | null }>();
  const sites: SourceSite[] = [];
  const siteNumbers = new Map<string, Site>();
  const fileNumbers = new Map<SourceFile, number>();
  const unknowns = new Map<string, UnknownBlock>();
  const assertionShapes = new Map<Site, Shape>();
  const globalsClass = 'C0_GLOBALS';
  const globalsValue: Value = {
    op: 'root',
    name: 'G',
    shape: { kind: 'object', className: globalsClass, typeName: 'globals' },
  };
  const homeOf = (file: SourceFile | undefined): Project =>
    file === undefined ? project : (library.projectOf(file) ?? project);
  const projectOf = (pou: PouSymbol): Project => homeOf(pou.site?.file);
  let serial = 0;

  function freshClassName(name: string): string {
    serial++;
    return className(name, serial);
  }

  function classOf(named: PouSymbol): string {
    const model = named.isLibrary ? library.modelOf(named) : null;
    const pou = model ?? named;
    const known = classNames.get(pou);
    if (known !== undefined) return known;
    const name = freshClassName(pou.name);
    classNames.set(pou, name);
    const base = pou.base === null ? null : classOf(pou.base);
    if (base !== null) bases.set(name, base);
    const isOfLibrary = pou.site !== null && library.projectOf(pou.site.file) !== null;
    classQueue.push(() => {
      const form = pouClass(builder, projectOf(pou), pou, name, base);
      classes.push(isOfLibrary ? withPrivateMembers(form, pou) : form);
    });
    return name;
  }

  function derives(name: string, from: string): boolean {
    for (let current: string | undefined = name; current !== undefined; current = bases.get(current))
      if (current === from) return true;
    return false;
  }

  function structClassOf(type: StructType): string | null {
    const known = classNames.get(type);
    if (known !== undefined) return known;
    if (type.isUnion && unions?.isRefused(type) !== false) return null;
    const name = freshClassName(type.name ?? 'STRUCT');
    classNames.set(type, name);
    const owner = [...type.members.values()][0]?.site?.file ?? project.files[0];
    if (owner !== undefined)
      classQueue.push(() => classes.push(structClass(builder, homeOf(owner), owner, name, type)));
    return name;
  }

  function shapeOf(type: Parameters<ProgramBuilder['shapeOf']>[0]): Shape {
    return shapeOfType(type, profile, { classOf, structClassOf });
  }

  function addRoot(pou: PouSymbol, instanceName: string, isScheduled: boolean): ProgramRoot {
    const root: ProgramRoot = {
      root: programName(roots.length),
      pou,
      instanceName,
      shape: { kind: 'object', className: classOf(pou), typeName: pou.name },
      isScheduled,
    };
    roots.push(root);
    return root;
  }

  function rootValue(root: ProgramRoot): Value {
    return { op: 'root', name: root.root, shape: root.shape };
  }

  function registerOf(callable: string, variable: VariableSymbol): OutputRegister {
    const name = registerName(callable, variable.name);
    const shape = shapeOf(variable.type);
    registers.set(name, shape);
    return { variable, root: { op: 'root', name, shape } };
  }

  function globalField(variable: VariableSymbol, label: string, home: Project): Place {
    const name = fieldName(label);
    const shape = shapeOf(variable.type);
    if (!globals.has(name)) {
      const file = variable.site?.file ?? home.files[0];
      // Reserved first: an initial value may name another global, or this one through an instance.
      globals.set(name, {
        name,
        label,
        shape,
        initial: { op: 'initial', shape },
        isRetained: false,
        isHidden: false,
        sharedAs: null,
      });
      if (file !== undefined) {
        const scope = createScope({
          builder,
          project: home,
          file,
          self: null,
          callable: null,
          result: null,
          isTest: false,
        });
        const field = fieldOf(scope, variable, name, label);
        if (field !== null) globals.set(name, field);
      }
    }
    return { place: 'field', object: globalsValue, name, shape };
  }

  function clockPlace(variable: VariableSymbol): Place | null {
    const clock = library.clockOf(variable);
    if (clock === null) return null;
    const local = { name: 'now', shape: TIME, isBoxed: false, initial: null };
    if (clock === 'time') return { place: 'local', local, shape: TIME };
    return { place: 'local', local: { ...local, name: 'BigInt(now)' }, shape: { kind: 'ltime' } };
  }

  const builder: Builder = {
    profile,
    coverage,
    shapeOf,
    classOf,
    isKin: (one, other) => derives(one, other) || derives(other, one),
    modelNamed: (name) => library.modelNamed(name),
    isOpaque(pou) {
      return pou.isLibrary && library.modelOf(pou) === null;
    },
    functionOf(pou, home) {
      const known = functionForms.get(pou);
      if (known !== undefined) return known;
      serial++;
      const name = functionName(pou.name, serial);
      const outputs = [...pou.variables.values()]
        .filter((each) => each.scope === 'output')
        .map((each) => registerOf(name, each));
      const form: FunctionForm = { name, outputs };
      functionForms.set(pou, form);
      classQueue.push(() => {
        const routine = functionRoutine(builder, pou.site === null ? home : projectOf(pou), pou, name);
        if (routine !== null) functions.push(routine);
      });
      return form;
    },
    outputsOf(method: MethodSymbol) {
      return [...method.variables.values()]
        .filter((each) => each.scope === 'output')
        .map((each) => registerOf(method.name, each));
    },
    programOf(pou) {
      const known = roots.find((each) => each.pou === pou);
      return rootValue(known ?? addRoot(pou, pou.name, false));
    },
    programInstance(name) {
      const root = roots.find((each) => keyOf(each.instanceName) === keyOf(name));
      return root === undefined ? null : rootValue(root);
    },
    globalPlace(variable) {
      const clock = clockPlace(variable);
      if (clock !== null) return clock;
      if (variable.location !== null && !variable.location.text.includes('*')) {
        globalField(variable, variable.qualifiedName, project);
        return builder.addressPlace(variable.location.text, shapeOf(variable.type));
      }
      return globalField(variable, variable.qualifiedName, project);
    },
    staticPlace(variable, scope: RoutineScope) {
      const name = fieldName(variable.qualifiedName);
      if (!globals.has(name)) {
        globals.set(name, {
          name,
          label: variable.qualifiedName,
          shape: shapeOf(variable.type),
          initial: defaultOf(scope, variable),
          isRetained: false,
          isHidden: true,
          sharedAs: null,
        });
      }
      return { place: 'field', object: globalsValue, name, shape: shapeOf(variable.type) };
    },
    addressPlace(address, shape, initial = null) {
      const key = address.toUpperCase().replace(/^%([IQM])(?=\d)/, '%$1X');
      const known = addresses.get(key);
      if (known === undefined) addresses.set(key, { shape, initial });
      else if (known.initial === null && initial !== null) known.initial = initial;
      const name = fieldName(key);
      return { place: 'field', object: globalsValue, name, shape };
    },
    site(home: Project, file: SourceFile, span: Span) {
      const fileNumber = fileNumbers.get(file) ?? fileNumbers.size;
      fileNumbers.set(file, fileNumber);
      const key = `${fileNumber}:${span.start}:${span.end}`;
      const known = siteNumbers.get(key);
      if (known !== undefined) return known;
      const site = sites.length;
      sites.push({ project: home, file, start: span.start, end: span.end });
      siteNumbers.set(key, site);
      return site;
    },
    unknown(site, name, reason, outputs = null) {
      unknowns.set(`${site}:${name}`, { site, name, reason, outputs });
    },
    assertion(site, shape) {
      assertionShapes.set(site, shape);
    },
    addClass(form) {
      classes.push(form);
    },
    freshClassName,
    finish() {
      for (const [, variable] of project.globals) builder.globalPlace(variable);
      drain();
      const taskFunctions = project.schedule.map((task, index) =>
        task.programs.map((program, order) => taskFunction(program, `T${index}_${order}`)),
      );
      const taskSites = project.schedule.map((task) => taskSite(builder, project, task));
      drain();
      classes.push(globalsForm());
      const refusals = unions?.list() ?? [];
      const staticUnknowns = [...addressUnknowns(), ...refusals.map((each) => each.site)];
      return {
        classes: inheritanceOrder(classes),
        functions,
        registers: [...registers].map(([name, shape]) => ({ name, shape })),
        roots,
        globalsClass,
        sites,
        unknownBlocks: [...unknowns.values()],
        staticUnknowns,
        refusals,
        assertionShapes,
        coverage,
        pous: pousByName(),
        taskFunctions,
        taskSites,
      };
    },
  };

  const [firstFile] = project.files;
  const unions = firstFile === undefined ? null : new UnionRefusals(builder, homeOf, firstFile);

  function pousByName(): Map<string, PouSymbol> {
    const pous = new Map<string, PouSymbol>();
    for (const [symbol, name] of classNames) if (symbol.kind === 'pou') pous.set(name, symbol);
    for (const [symbol, form] of functionForms) pous.set(form.name, symbol);
    return pous;
  }

  function drain(): void {
    for (let next = classQueue.shift(); next !== undefined; next = classQueue.shift()) next();
  }

  function globalsForm(): ClassForm {
    const cells = [...addresses].map(([address, cell]) => ({
      name: fieldName(address),
      label: address,
      shape: cell.shape,
      initial: cell.initial ?? ({ op: 'initial', shape: cell.shape } as const),
      isRetained: false,
      isHidden: true,
      sharedAs: null,
    }));
    return {
      isCallable: false,
      name: globalsClass,
      typeName: 'globals',
      base: null,
      isGlobals: true,
      fields: [...cells, ...globals.values()],
      routines: [],
    };
  }

  /** Two addresses that share bits but not their size can't be held apart: whatever runs is unknown. */
  function addressUnknowns(): Site[] {
    const pair = overlaps([...addresses.keys()], profile.addressUnit);
    const file = project.files[0];
    if (pair === null || file === undefined) return [];
    const site = builder.site(project, file, { start: 0, end: 0 });
    builder.unknown(
      site,
      `${pair[0]} and ${pair[1]}`,
      'the addresses overlap with different sizes, which the simulator does not model',
    );
    return [site];
  }

  function taskFunction(program: ScheduledProgram, name: string): string {
    const root = roots.find((each) => each.instanceName === program.instanceName && each.pou === program.pou);
    functions.push(taskRoutine(builder, project, program, name, root === undefined ? null : rootValue(root)));
    return name;
  }

  for (const task of project.schedule) {
    for (const program of task.programs) addRoot(program.pou, program.instanceName, true);
  }
  return builder;
}
