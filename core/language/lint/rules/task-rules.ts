import type { ScheduledTask } from '../../semantics/model.js';
import type { CodeSymbol, PouSymbol, VariableSymbol } from '../../semantics/symbols.js';
import { excludeEachOther } from '../branches.js';
import { at, type LintRule } from '../lint-rule.js';
import type { LintView, Use } from '../lint-view.js';

/** Per POU: the tasks in which its code runs, by calls from their programs. */
function tasksOfPous(view: LintView): ReadonlyMap<PouSymbol, ReadonlySet<ScheduledTask>> {
  const calls = new Map<PouSymbol, Set<PouSymbol>>();
  for (const { node, inside } of view.nodes('Call')) {
    const target = pouOf(view.model.callOf(node)?.target ?? null);
    if (target === null || inside?.pou == null) continue;
    const known = calls.get(inside.pou) ?? new Set();
    known.add(target);
    calls.set(inside.pou, known);
  }
  const tasks = new Map<PouSymbol, Set<ScheduledTask>>();
  const reach = (pou: PouSymbol, task: ScheduledTask): void => {
    const known = tasks.get(pou) ?? new Set();
    if (known.has(task)) return;
    known.add(task);
    tasks.set(pou, known);
    for (const next of calls.get(pou) ?? []) reach(next, task);
    if (pou.base !== null) reach(pou.base, task);
  };
  for (const task of view.project.schedule) for (const { pou } of task.programs) reach(pou, task);
  return tasks;
}

function pouOf(symbol: CodeSymbol | null): PouSymbol | null {
  if (symbol?.kind === 'pou') return symbol;
  if (symbol?.kind !== 'method' && symbol?.kind !== 'action') return null;
  return symbol.owner.kind === 'pou' ? symbol.owner : null;
}

function* globalWrites(view: LintView): Iterable<{ readonly symbol: VariableSymbol; readonly writes: readonly Use[] }> {
  for (const symbol of view.project.globals.values()) {
    const writes = view
      .usesOf(symbol)
      .filter(({ kind, inside }) => kind !== 'read' && kind !== 'escape' && inside !== null);
    if (writes.length > 1 && symbol.type.kind !== 'pou')
      yield {
        symbol,
        writes: [...writes].sort((a, b) =>
          a.file.path < b.file.path ? -1 : a.file.path > b.file.path ? 1 : a.node.start - b.node.start,
        ),
      };
  }
}

const TWO_TASKS = (other: string): string =>
  `VAR_GLOBAL\n  speed : INT;\nEND_VAR\nPROGRAM A\nspeed := 1;\nEND_PROGRAM\nPROGRAM B\nVAR\n  x : INT;\nEND_VAR\n${other}\nEND_PROGRAM\nCONFIGURATION Plant\nRESOURCE Cpu ON PLC\nTASK Fast(INTERVAL := T#10ms, PRIORITY := 1);\nTASK Slow(INTERVAL := T#100ms, PRIORITY := 2);\nPROGRAM P1 WITH Fast : A;\nPROGRAM P2 WITH Slow : B;\nEND_RESOURCE\nEND_CONFIGURATION\n`;

const OUTPUT = (second: string): string =>
  `VAR_GLOBAL\n  motor AT %QX0.0 : BOOL;\nEND_VAR\nPROGRAM Main\nVAR\n  a : BOOL;\n  b : BOOL;\nEND_VAR\n${second}\nEND_PROGRAM\n`;

/** Tasks and outputs: PLCopen CP10, CP12, CP18 and CP26. */
export const TASK_RULES: readonly LintRule[] = [
  {
    code: 'PW5141',
    name: 'written-by-several-tasks',
    title: 'A global variable is written by several tasks',
    explanation: 'One task can interrupt the other one between reading and writing, and what it wrote gets lost.',
    default: 'warning',
    guideline: ['PCG CP10', 'SA0006', 'SA0103'],
    bad: TWO_TASKS('speed := 2;'),
    good: TWO_TASKS('x := speed;'),
    dialect: 'iec',
    *check(view) {
      if (view.project.schedule.length < 2) return;
      const tasks = tasksOfPous(view);
      for (const { symbol, writes } of globalWrites(view)) {
        const writers = new Set(writes.flatMap(({ inside }) => [...(tasks.get(inside?.pou as PouSymbol) ?? [])]));
        if (writers.size > 1 && symbol.site !== null)
          yield {
            ...at(
              symbol.site.file,
              symbol.site.identifier,
              `"${symbol.name}" is written in the tasks ${[...writers].map(({ name }) => name).join(' and ')}. Let one of them write it.`,
            ),
            related: writes.slice(0, 4).map(({ file, node }) => ({ file, span: node, message: 'written here' })),
          };
      }
    },
  },
  {
    code: 'PW5142',
    name: 'written-by-several-programs',
    title: 'A global variable is written by several programs',
    explanation: 'Who wrote last depends on the order of the programs. One writer per variable keeps that clear.',
    default: 'info',
    guideline: ['PCG CP26'],
    bad: 'VAR_GLOBAL\n  speed : INT;\nEND_VAR\nPROGRAM A\nspeed := 1;\nEND_PROGRAM\nPROGRAM B\nspeed := 2;\nEND_PROGRAM\n',
    good: 'VAR_GLOBAL\n  speed : INT;\nEND_VAR\nPROGRAM A\nspeed := 1;\nEND_PROGRAM\nPROGRAM B\nVAR\n  x : INT;\nEND_VAR\nx := speed;\nEND_PROGRAM\n',
    *check(view) {
      for (const { symbol, writes } of globalWrites(view)) {
        const pous = new Set(
          writes.flatMap(({ inside }) => (inside?.pou?.pouKind === 'program' ? [inside.pou.name] : [])),
        );
        if (pous.size > 1 && symbol.site !== null)
          yield at(
            symbol.site.file,
            symbol.site.identifier,
            `"${symbol.name}" is written by the programs ${[...pous].join(' and ')}.`,
          );
      }
    },
  },
  {
    code: 'PW5143',
    name: 'output-written-twice',
    title: 'A physical output is written at several places',
    explanation: 'The last write of a scan wins, and what the others wanted never reaches the machine.',
    default: 'info',
    guideline: ['PCG CP12', 'SA0004'],
    bad: OUTPUT('motor := a;\nmotor := b;'),
    good: OUTPUT('motor := a OR b;'),
    *check(view) {
      for (const { node } of view.nodes('VariableName')) {
        const symbol = view.model.symbolOf(node.name);
        if (
          symbol?.kind !== 'variable' ||
          symbol.site?.identifier !== node.name ||
          !/^%Q/.test(symbol.location?.text ?? '')
        )
          continue;
        const writes = view.usesOf(symbol).filter(({ kind }) => kind === 'write');
        if (writes.length < 2) continue;
        // The branches of one IF or CASE are one place.
        const file = writes.every((use) => use.file === writes[0]?.file) ? (writes[0]?.file ?? null) : null;
        const isOnePlace =
          file !== null &&
          excludeEachOther(
            view,
            file,
            writes.map((use) => use.node),
          );
        if (!isOnePlace)
          yield {
            ...at(
              symbol.site.file,
              symbol.site.identifier,
              `The output "${symbol.name}" is written at ${writes.length} places. Write it once, from one condition.`,
            ),
            related: writes.slice(0, 4).map((use) => ({ file: use.file, span: use.node, message: 'written here' })),
          };
      }
    },
  },
  {
    code: 'PW5144',
    name: 'global-in-function',
    title: 'A function or block uses global variables',
    explanation: 'What it does depends on more than its inputs, so it can not be tested or used again by itself.',
    default: 'off',
    guideline: ['PCG CP6', 'PCG CP18'],
    bad: 'VAR_GLOBAL\n  factor : INT;\nEND_VAR\nFUNCTION Scale : INT\nVAR_INPUT\n  v : INT;\nEND_VAR\nScale := v * factor;\nEND_FUNCTION\n',
    good: 'FUNCTION Scale : INT\nVAR_INPUT\n  v : INT;\n  factor : INT;\nEND_VAR\nScale := v * factor;\nEND_FUNCTION\n',
    *check(view) {
      for (const symbol of view.project.globals.values()) {
        if (symbol.isConstant) continue;
        const seen = new Set<PouSymbol>();
        for (const { file, node, inside } of view.usesOf(symbol)) {
          const pou = inside?.pou ?? null;
          if (pou === null || pou.pouKind === 'program' || pou.pouKind === 'organization-block' || seen.has(pou))
            continue;
          seen.add(pou);
          yield at(file, node, `"${pou.name}" uses the global variable "${symbol.name}". Give it as a parameter.`);
        }
      }
    },
  },
  {
    code: 'PW5145',
    name: 'same-priority',
    title: 'Two tasks have one priority',
    explanation: 'Which of them runs first is left to the controller.',
    default: 'off',
    guideline: ['PCG CP11'],
    bad: TWO_TASKS('x := speed;').replace('PRIORITY := 2', 'PRIORITY := 1'),
    good: TWO_TASKS('x := speed;'),
    dialect: 'iec',
    *check(view) {
      const first = new Map<number, ScheduledTask>();
      for (const { node, file } of view.nodes('Task')) {
        const task = view.project.schedule.find(({ declaration }) => declaration === node);
        if (task === undefined) continue;
        const known = first.get(task.priority);
        if (known === undefined) first.set(task.priority, task);
        else yield at(file, node.name, `"${task.name}" has the priority ${task.priority} of "${known.name}".`);
      }
    },
  },
];
