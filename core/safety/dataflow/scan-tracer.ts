/** Builds the scan trace: runs every scheduled program once, on paper, following all branches. */

import type { Project } from '../../language/semantics/model.js';
import { keyOf, type PouSymbol } from '../../language/semantics/symbols.js';
import type { Body, Expression, SfcBody, Span, Statement, StatementList } from '../../language/syntax/tree.js';
import { instancesByPou, programRoots, rootNodes } from '../program-tree.js';
import { CallTracer } from './call-tracer.js';
import { fuseWrites } from './fused-writes.js';
import { type Location, shapeOf } from './location.js';
import type { PointsTo } from './places.js';
import { addressesOf } from './process-image.js';
import type { Branch, Condition, ScanTrace } from './trace.js';
import type { Context } from './trace-recorder.js';

const MAX_POINTER_ROUNDS = 4;

/** The scan trace of a project. Two projects of the same files give the same trace. */
export function traceScan(project: Project): ScanTrace {
  const addresses = addressesOf(project);
  const instanceTypes = new Map<string, PouSymbol>();
  for (const nodes of instancesByPou(project).values()) {
    for (const node of nodes) if (node.type.kind === 'pou') instanceTypes.set(shapeOf(node.location), node.type.pou);
  }
  let pointsTo: Map<string, Set<Location>> = new Map();
  // Pointers are followed with what the round before found; the last round finds nothing new.
  for (let round = 0; ; round++) {
    const tracer = new ScanTracer(project, pointsTo, addresses, instanceTypes);
    const trace = tracer.run();
    if (sizeOf(tracer.pointsTo) === sizeOf(pointsTo)) return trace;
    if (round >= MAX_POINTER_ROUNDS) return { ...trace, isTruncated: true };
    pointsTo = tracer.pointsTo;
  }
}

function sizeOf(pointsTo: PointsTo): number {
  let size = 0;
  for (const targets of pointsTo.values()) size += targets.size;
  return size;
}

class ScanTracer extends CallTracer {
  run(): ScanTrace {
    this.initialPointers();
    const roots = programRoots(this.project);
    this.project.schedule.forEach((task, index) => {
      this.task = index;
      for (const program of task.programs) {
        const root = roots.find((candidate) => candidate.location === keyOf(program.instanceName));
        if (root === undefined) continue;
        const frame = this.programFrame(root.location, program.pou);
        if (frame === null) continue;
        const context: Context = { frame, condition: null, branch: null };
        const inputs = program.instance?.declaration.arguments ?? [];
        for (const argument of inputs)
          if (argument.direction === 'in')
            this.bindInput(argument, `${root.location}.${keyOf(argument.name?.name ?? '?')}`, context);
        this.runBody(program.pou.declaration?.body ?? null, context);
        for (const argument of inputs)
          if (argument.direction === 'out')
            this.bindOutput(argument, `${root.location}.${keyOf(argument.name?.name ?? '?')}`, context);
        this.endOf.set(frame.activation, this.order);
      }
    });
    const { writes, inlined } = fuseWrites(this.writes, this.places);
    return {
      writes,
      inlined,
      calls: this.calls,
      exits: this.exits,
      addressesTaken: this.addressesTaken,
      wildWrites: this.wildWrites,
      places: this.places,
      resultOf: (expression, frame) => this.results.get(expression)?.get(frame.activation) ?? null,
      addresses: this.addresses,
      endOf: this.endOf,
      isTruncated: this.isTruncated,
    };
  }

  /** `p : POINTER TO BOOL := ADR(x)`, `r : REFERENCE TO BOOL REF= x`. */
  protected initialPointers(): void {
    for (const node of rootNodes(this.project)) {
      if (node.type.kind !== 'pointer' || node.root.initializer === null || node.root.site === null) continue;
      const owner = node.root.owner;
      if (owner?.kind !== 'pou') continue;
      const frame = this.programFrame(node.location.slice(0, node.location.lastIndexOf('.')), owner);
      if (frame !== null) this.point([node.location], node.root.initializer, { frame, condition: null, branch: null });
    }
  }

  protected runBody(body: Body | null, context: Context): void {
    if (body === null) return;
    if (body.kind === 'SfcBody') this.runSfc(body, context);
    else this.runList(body, context);
  }

  /** Any step may be active: each action is one arm, and all depend on the transitions. */
  protected runSfc(body: SfcBody, context: Context): void {
    const reads: Location[] = [];
    for (const transition of body.transitions) this.read(transition.condition, context, reads);
    const condition: Condition = {
      expression: null,
      reads,
      holds: true,
      frame: context.frame,
      outer: context.condition,
    };
    body.actions.forEach((action, arm) => {
      const branch: Branch = {
        statement: body,
        activation: context.frame.activation,
        arm,
        isComplete: false,
        outer: context.branch,
      };
      this.runBody(action.body, { ...context, condition, branch });
    });
  }

  protected runList(list: StatementList, context: Context): void {
    for (const statement of list.statements) {
      if (this.isTruncated) return;
      this.runStatement(statement, context);
    }
  }

  protected runStatement(statement: Statement, context: Context): void {
    switch (statement.kind) {
      case 'Assignment':
        this.assign(statement.target, statement.operator, statement.value, statement, context);
        return;
      case 'CallStatement':
        this.read(statement.expression, context, []);
        return;
      case 'If':
        this.runIf(
          statement.branches.map((branch) => ({ condition: branch.condition, body: branch.body })),
          statement.otherwise,
          statement,
          context,
        );
        return;
      case 'Case': {
        const reads = this.readsOf(statement.selector, context);
        const condition = this.under(statement.selector, reads, context);
        const isComplete = statement.otherwise !== null;
        const lists = [
          ...statement.branches.map((branch) => branch.body),
          ...(statement.otherwise ? [statement.otherwise] : []),
        ];
        lists.forEach((list, arm) => {
          this.runList(list, { ...context, condition, branch: this.arm(statement, arm, isComplete, context) });
        });
        return;
      }
      case 'For': {
        const bounds = this.readsOf(statement.from, context);
        this.read(statement.to, context, bounds);
        if (statement.by) this.read(statement.by, context, bounds);
        this.write('for', statement.variable, bounds, null, statement, context);
        this.loop(statement.to, bounds, statement.body, context);
        return;
      }
      case 'While':
        this.loop(statement.condition, this.readsOf(statement.condition, context), statement.body, context);
        return;
      case 'Repeat':
        this.runList(statement.body, context);
        this.read(statement.until, context, []);
        return;
      case 'Region':
        this.runList(statement.body, context);
        return;
      case 'Return':
        if (statement.value !== null) this.returnValue(statement.value, statement, context);
        this.leave(statement, context);
        return;
      case 'Exit':
      case 'Continue':
      case 'Goto':
        this.leave(statement, context);
        return;
      default:
        return;
    }
  }

  protected runIf(
    branches: readonly { condition: Expression; body: StatementList }[],
    otherwise: StatementList | null,
    statement: Statement,
    context: Context,
  ): void {
    let outer = context.condition;
    branches.forEach(({ condition, body }, arm) => {
      const reads = this.readsOf(condition, { ...context, condition: outer });
      const under: Condition = { expression: condition, reads, holds: true, frame: context.frame, outer };
      this.runList(body, {
        ...context,
        condition: under,
        branch: this.arm(statement, arm, otherwise !== null, context),
      });
      outer = { expression: condition, reads, holds: false, frame: context.frame, outer };
    });
    if (otherwise !== null) {
      this.runList(otherwise, {
        ...context,
        condition: outer,
        branch: this.arm(statement, branches.length, true, context),
      });
    }
  }

  protected loop(expression: Expression, reads: readonly Location[], body: StatementList, context: Context): void {
    this.runList(body, { ...context, condition: this.under(expression, reads, context) });
  }

  protected returnValue(value: Expression, node: Span, context: Context): void {
    const { frame } = context;
    const target = `${frame.locals}.${keyOf(frame.owner.name)}`;
    this.push('assign', [target], true, false, this.readsOf(value, context), value, node, context);
  }
}
