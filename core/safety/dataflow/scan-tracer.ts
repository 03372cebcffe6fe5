/** Builds the scan trace: runs every scheduled program once, on paper, following all branches. */

import type { Project, ResolvedCall } from '../../language/semantics/model.js';
import {
  type CodeSymbol,
  keyOf,
  type MethodSymbol,
  type PouSymbol,
  type PropertySymbol,
} from '../../language/semantics/symbols.js';
import type {
  Argument,
  AssignmentOperator,
  Body,
  Call,
  Expression,
  SfcBody,
  SourceFile,
  Span,
  Statement,
  StatementList,
} from '../../language/syntax/tree.js';
import { instancesByPou, programRoots, rootNodes, variablesOf } from '../program-tree.js';
import { isUncertain, type Location, shapeOf } from './location.js';
import { createPlaceResolver, type Place, type PlaceResolver, type PointsTo } from './places.js';
import { type AddressMap, addressesOf } from './process-image.js';
import type {
  AddressTaken,
  Branch,
  CallEvent,
  CodeOwner,
  Condition,
  ExitEvent,
  Frame,
  ScanTrace,
  WriteEvent,
  WriteKind,
} from './trace.js';

/** A program with more events is not followed to its end; the trace says so. */
const MAX_EVENTS = 400_000;
const MAX_DEPTH = 60;
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
    if (sizeOf(tracer.pointsTo) === sizeOf(pointsTo) || round >= MAX_POINTER_ROUNDS) return trace;
    pointsTo = tracer.pointsTo;
  }
}

function sizeOf(pointsTo: PointsTo): number {
  let size = 0;
  for (const targets of pointsTo.values()) size += targets.size;
  return size;
}

/** What surrounds the statement that is being followed. */
interface Context {
  readonly frame: Frame;
  readonly condition: Condition | null;
  readonly branch: Branch | null;
}

class ScanTracer {
  readonly pointsTo: Map<string, Set<Location>>;
  readonly #project: Project;
  readonly #places: PlaceResolver;
  readonly #addresses: AddressMap;
  readonly #instanceTypes: ReadonlyMap<string, PouSymbol>;
  readonly #writes: WriteEvent[] = [];
  readonly #calls: CallEvent[] = [];
  readonly #exits: ExitEvent[] = [];
  readonly #addressesTaken: AddressTaken[] = [];
  readonly #wildWrites: WriteEvent[] = [];
  readonly #endOf = new Map<number, number>();
  /** Result locations by expression and activation. */
  readonly #results = new Map<Expression, Map<number, Location>>();
  /** Early exits passed so far, by activation. */
  readonly #guards = new Map<number, Condition | null>();
  #order = 0;
  #activations = 0;
  #task = 0;
  #isTruncated = false;

  constructor(project: Project, known: PointsTo, addresses: AddressMap, instanceTypes: ReadonlyMap<string, PouSymbol>) {
    this.#project = project;
    this.#instanceTypes = instanceTypes;
    this.#addresses = addresses;
    this.pointsTo = new Map([...known].map(([pointer, targets]) => [pointer, new Set(targets)]));
    this.#places = createPlaceResolver(project, known);
  }

  run(): ScanTrace {
    this.#initialPointers();
    const roots = programRoots(this.#project);
    this.#project.schedule.forEach((task, index) => {
      this.#task = index;
      for (const program of task.programs) {
        const root = roots.find((candidate) => candidate.location === keyOf(program.instanceName));
        if (root === undefined) continue;
        const frame = this.#programFrame(root.location, program.pou);
        if (frame === null) continue;
        const context: Context = { frame, condition: null, branch: null };
        const inputs = program.instance?.declaration.arguments ?? [];
        for (const argument of inputs)
          if (argument.direction === 'in')
            this.#bindInput(argument, `${root.location}.${keyOf(argument.name?.name ?? '?')}`, context);
        this.#runBody(program.pou.declaration?.body ?? null, context);
        for (const argument of inputs)
          if (argument.direction === 'out')
            this.#bindOutput(argument, `${root.location}.${keyOf(argument.name?.name ?? '?')}`, context);
        this.#endOf.set(frame.activation, this.#order);
      }
    });
    return {
      writes: this.#writes,
      calls: this.#calls,
      exits: this.#exits,
      addressesTaken: this.#addressesTaken,
      wildWrites: this.#wildWrites,
      places: this.#places,
      resultOf: (expression, frame) => this.#results.get(expression)?.get(frame.activation) ?? null,
      addresses: this.#addresses,
      endOf: this.#endOf,
      isTruncated: this.#isTruncated,
    };
  }

  /** `p : POINTER TO BOOL := ADR(x)`, `r : REFERENCE TO BOOL REF= x`. */
  #initialPointers(): void {
    for (const node of rootNodes(this.#project)) {
      if (node.type.kind !== 'pointer' || node.root.initializer === null || node.root.site === null) continue;
      const owner = node.root.owner;
      if (owner?.kind !== 'pou') continue;
      const frame = this.#programFrame(node.location.slice(0, node.location.lastIndexOf('.')), owner);
      if (frame !== null) this.#point([node.location], node.root.initializer, { frame, condition: null, branch: null });
    }
  }

  #programFrame(location: Location, pou: PouSymbol): Frame | null {
    const file = pou.site?.file;
    return file === undefined
      ? null
      : this.#frame({ file, owner: pou, selfType: pou, self: location, locals: location, caller: null });
  }

  #frame(parts: {
    file: SourceFile;
    owner: CodeOwner;
    selfType: PouSymbol | null;
    self: Location;
    locals: Location;
    caller: Frame | null;
    bindings?: Frame['bindings'];
  }): Frame {
    return { bindings: new Map(), ...parts, activation: ++this.#activations, depth: (parts.caller?.depth ?? 0) + 1 };
  }

  // -------------------------------------------------------------------------------------------- statements

  #runBody(body: Body | null, context: Context): void {
    if (body === null) return;
    if (body.kind === 'SfcBody') this.#runSfc(body, context);
    else this.#runList(body, context);
  }

  /** Any step may be active: each action is one arm, and all depend on the transitions. */
  #runSfc(body: SfcBody, context: Context): void {
    const reads: Location[] = [];
    for (const transition of body.transitions) this.#read(transition.condition, context, reads);
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
      this.#runBody(action.body, { ...context, condition, branch });
    });
  }

  #runList(list: StatementList, context: Context): void {
    for (const statement of list.statements) {
      if (this.#isTruncated) return;
      this.#runStatement(statement, context);
    }
  }

  #runStatement(statement: Statement, context: Context): void {
    switch (statement.kind) {
      case 'Assignment':
        this.#assign(statement.target, statement.operator, statement.value, statement, context);
        return;
      case 'CallStatement':
        this.#read(statement.expression, context, []);
        return;
      case 'If':
        this.#runIf(
          statement.branches.map((branch) => ({ condition: branch.condition, body: branch.body })),
          statement.otherwise,
          statement,
          context,
        );
        return;
      case 'Case': {
        const reads = this.#readsOf(statement.selector, context);
        const condition = this.#under(statement.selector, reads, context);
        const isComplete = statement.otherwise !== null;
        const lists = [
          ...statement.branches.map((branch) => branch.body),
          ...(statement.otherwise ? [statement.otherwise] : []),
        ];
        lists.forEach((list, arm) => {
          this.#runList(list, { ...context, condition, branch: this.#arm(statement, arm, isComplete, context) });
        });
        return;
      }
      case 'For': {
        const bounds = this.#readsOf(statement.from, context);
        this.#read(statement.to, context, bounds);
        if (statement.by) this.#read(statement.by, context, bounds);
        this.#write('for', statement.variable, bounds, null, statement, context);
        this.#loop(statement.to, bounds, statement.body, context);
        return;
      }
      case 'While':
        this.#loop(statement.condition, this.#readsOf(statement.condition, context), statement.body, context);
        return;
      case 'Repeat':
        this.#runList(statement.body, context);
        this.#read(statement.until, context, []);
        return;
      case 'Region':
        this.#runList(statement.body, context);
        return;
      case 'Return':
        if (statement.value !== null) this.#returnValue(statement.value, statement, context);
        this.#leave(statement, context);
        return;
      case 'Exit':
      case 'Continue':
      case 'Goto':
        this.#leave(statement, context);
        return;
      default:
        return;
    }
  }

  #runIf(
    branches: readonly { condition: Expression; body: StatementList }[],
    otherwise: StatementList | null,
    statement: Statement,
    context: Context,
  ): void {
    let outer = context.condition;
    branches.forEach(({ condition, body }, arm) => {
      const reads = this.#readsOf(condition, { ...context, condition: outer });
      const under: Condition = { expression: condition, reads, holds: true, frame: context.frame, outer };
      this.#runList(body, {
        ...context,
        condition: under,
        branch: this.#arm(statement, arm, otherwise !== null, context),
      });
      outer = { expression: condition, reads, holds: false, frame: context.frame, outer };
    });
    if (otherwise !== null) {
      this.#runList(otherwise, {
        ...context,
        condition: outer,
        branch: this.#arm(statement, branches.length, true, context),
      });
    }
  }

  #arm(statement: Statement, arm: number, isComplete: boolean, context: Context): Branch {
    return { statement, activation: context.frame.activation, arm, isComplete, outer: context.branch };
  }

  #under(expression: Expression, reads: readonly Location[], context: Context): Condition {
    return { expression, reads, holds: true, frame: context.frame, outer: context.condition };
  }

  #loop(expression: Expression, reads: readonly Location[], body: StatementList, context: Context): void {
    this.#runList(body, { ...context, condition: this.#under(expression, reads, context) });
  }

  /** What follows an early exit depends on the conditions of that exit. */
  #leave(statement: Statement, context: Context): void {
    const { frame, condition, branch } = context;
    this.#exits.push({ order: ++this.#order, statement, frame, condition, branch });
    const reads: Location[] = [];
    for (let inner = condition; inner !== null && inner.frame === frame; inner = inner.outer)
      reads.push(...inner.reads);
    if (reads.length === 0) return;
    this.#guards.set(frame.activation, { expression: null, reads, holds: false, frame, outer: this.#guardOf(frame) });
  }

  #guardOf(frame: Frame): Condition | null {
    for (let current: Frame | null = frame; current !== null; current = current.caller) {
      const guard = this.#guards.get(current.activation);
      if (guard !== undefined) return guard;
    }
    return null;
  }

  #returnValue(value: Expression, node: Span, context: Context): void {
    const { frame } = context;
    const target = `${frame.locals}.${keyOf(frame.owner.name)}`;
    this.#push('assign', [target], true, false, this.#readsOf(value, context), value, node, context);
  }

  // -------------------------------------------------------------------------------------------- writes

  #assign(target: Expression, operator: AssignmentOperator, value: Expression, node: Span, context: Context): void {
    const sources = this.#readsOf(value, context);
    const property = this.#propertyOf(target);
    if (property !== null) {
      this.#runSetter(target, property, value, sources, node, context);
      return;
    }
    const pointer = this.#places.pointerPlaceOf(target, context.frame);
    const isPointer = this.#isPointer(target);
    if (operator === 'REF=' || isPointer) {
      if (pointer !== null) this.#point(pointer.locations, value, context);
      if (operator === 'REF=' && pointer !== null) {
        this.#push('assign', pointer.locations, pointer.isCertain, false, sources, null, node, context);
        return;
      }
    }
    if (operator !== ':=' && operator !== 'S=' && operator !== 'R=' && operator !== '?=')
      this.#read(target, context, sources);
    const kind: WriteKind = operator === 'S=' ? 'set' : operator === 'R=' ? 'reset' : 'assign';
    const isPlain = operator === ':=' || operator === 'S=' || operator === 'R=';
    this.#write(kind, target, sources, isPlain ? value : null, node, context);
  }

  #write(
    kind: WriteKind,
    target: Expression,
    sources: Location[],
    value: Expression | null,
    node: Span,
    context: Context,
    isNegated = false,
  ): void {
    this.#readIndices(target, context, sources);
    const place = this.#places.placeOf(target, context.frame);
    if (place === null) return;
    this.#pushPlace(kind, place, sources, value, node, context, isNegated);
  }

  #pushPlace(
    kind: WriteKind,
    place: Place,
    sources: readonly Location[],
    value: Expression | null,
    node: Span,
    context: Context,
    isNegated = false,
  ): void {
    const first = this.#writes.length;
    this.#push(kind, place.locations, place.isCertain, place.isAlias, sources, value, node, context, isNegated);
    if (place.isWild) this.#wildWrites.push(...this.#writes.slice(first));
  }

  #push(
    kind: WriteKind,
    targets: readonly Location[],
    isCertain: boolean,
    isAlias: boolean,
    sources: readonly Location[],
    value: Expression | null,
    node: Span,
    context: Context,
    isNegated = false,
  ): void {
    if (this.#writes.length + targets.length > MAX_EVENTS) {
      this.#isTruncated = true;
      return;
    }
    const order = ++this.#order;
    const guard = this.#guardOf(context.frame);
    for (const target of targets) {
      this.#writes.push({
        kind,
        order,
        target,
        sources,
        value,
        isNegated,
        frame: context.frame,
        node,
        condition: context.condition,
        guard,
        branch: context.branch,
        isCertain: isCertain && !isUncertain(target),
        isAlias,
        task: this.#task,
      });
    }
  }

  #isPointer(target: Expression): boolean {
    const symbol = target.kind === 'Name' || target.kind === 'Member' ? this.#project.model.symbolOf(target) : null;
    if (symbol?.kind !== 'variable') return false;
    return (
      symbol.type.kind === 'interface' || (symbol.type.kind === 'pointer' && symbol.type.pointerKind !== 'reference')
    );
  }

  /** Records what a pointer may point to: `ADR(x)`, `REF(x)`, `x` behind REF=, or what another pointer points to. */
  #point(pointers: readonly Location[], value: Expression, context: Context): void {
    const targets = new Set<Location>();
    const address = this.#addressArgument(value);
    if (address !== null) {
      for (const location of this.#places.placeOf(address, context.frame)?.locations ?? []) targets.add(location);
    } else {
      const raw = this.#places.pointerPlaceOf(value, context.frame);
      for (const location of raw?.locations ?? []) {
        const known = this.pointsTo.get(shapeOf(location));
        if (known !== undefined) for (const target of known) targets.add(target);
        else if (!this.#isPointer(value) && value.kind !== 'Literal') targets.add(location);
      }
    }
    for (const pointer of pointers) {
      const key = shapeOf(pointer);
      const known = this.pointsTo.get(key) ?? new Set();
      for (const target of targets) known.add(target);
      if (known.size > 0) this.pointsTo.set(key, known);
    }
  }

  #addressArgument(value: Expression): Expression | null {
    if (value.kind === 'Parenthesized') return this.#addressArgument(value.expression);
    if (value.kind !== 'Call' || value.callee.kind !== 'Name') return null;
    const name = keyOf(value.callee.name.name);
    return name === 'ADR' || name === 'REF' ? (value.arguments[0]?.value ?? null) : null;
  }

  // -------------------------------------------------------------------------------------------- reads

  #readsOf(expression: Expression, context: Context): Location[] {
    const into: Location[] = [];
    this.#read(expression, context, into);
    return into;
  }

  #read(expression: Expression, context: Context, into: Location[]): void {
    switch (expression.kind) {
      case 'Name':
      case 'Member':
      case 'Index':
      case 'Dereference':
      case 'Partial':
      case 'DirectAddress': {
        const property = this.#propertyOf(expression);
        if (property !== null) {
          this.#runGetter(expression, property, context, into);
          return;
        }
        const place = this.#places.placeOf(expression, context.frame);
        if (place !== null) into.push(...place.locations);
        if (place?.isAlias) into.push(...(this.#places.pointerPlaceOf(expression, context.frame)?.locations ?? []));
        this.#readIndices(expression, context, into);
        return;
      }
      case 'Call':
        this.#call(expression, context, into);
        return;
      case 'Unary':
        this.#read(expression.operand, context, into);
        return;
      case 'Binary':
        this.#read(expression.left, context, into);
        this.#read(expression.right, context, into);
        return;
      case 'Parenthesized':
        this.#read(expression.expression, context, into);
        return;
      case 'AssignmentExpression':
        this.#assign(expression.target, expression.operator, expression.value, expression, context);
        this.#read(expression.target, context, into);
        return;
      case 'ArrayInitializer':
        for (const element of expression.elements) for (const value of element.values) this.#read(value, context, into);
        return;
      case 'StructInitializer':
        for (const member of expression.members) if (member.value) this.#read(member.value, context, into);
        return;
      default:
        return;
    }
  }

  /** Which element is touched depends on the index; calls and properties on the way run as well. */
  #readIndices(expression: Expression, context: Context, into: Location[]): void {
    if (expression.kind === 'Index') for (const index of expression.indices) this.#read(index, context, into);
    if (
      expression.kind === 'Index' ||
      expression.kind === 'Member' ||
      expression.kind === 'Dereference' ||
      expression.kind === 'Partial'
    ) {
      this.#readIndices(expression.object, context, into);
    }
  }

  // -------------------------------------------------------------------------------------------- calls

  #call(call: Call, context: Context, into: Location[]): void {
    const address = this.#addressArgument(call);
    if (address !== null) {
      for (const target of this.#places.placeOf(address, context.frame)?.locations ?? []) {
        this.#addressesTaken.push({ target, frame: context.frame, node: call });
      }
      return;
    }
    const resolved = this.#project.model.callOf(call);
    const target = resolved?.target ?? null;
    const enable =
      call.arguments.find((argument) => argument.name !== null && keyOf(argument.name.name) === 'EN')?.value ?? null;
    const inner =
      enable === null
        ? context
        : { ...context, condition: this.#under(enable, this.#readsOf(enable, context), context) };
    const type = this.#project.model.typeOf(call.callee);
    const instance = this.#instanceOf(call, resolved, target, inner);
    this.#calls.push({
      order: ++this.#order,
      call,
      instances: instance?.locations ?? [],
      typeName: type.kind === 'pou' ? type.pou.name : (target?.name ?? ''),
      target,
      enable,
      frame: inner.frame,
      condition: inner.condition,
      guard: this.#guardOf(inner.frame),
      branch: inner.branch,
      task: this.#task,
    });
    if (target?.kind === 'method' && target.owner.kind === 'interface') {
      this.#callThroughInterface(call, resolved, target, instance, inner, into);
      return;
    }
    if (target === null || !this.#hasBody(target)) {
      this.#callLibrary(call, resolved, target, instance, inner, into);
      return;
    }
    if (target.kind === 'action') {
      for (const self of instance?.locations ?? [inner.frame.self])
        this.#enter(call, resolved, target, self, target.owner, inner, into);
    } else if (target.kind === 'method') {
      const owner = target.owner.kind === 'pou' ? target.owner : inner.frame.selfType;
      for (const self of instance?.locations ?? [inner.frame.self])
        this.#enter(call, resolved, target, self, owner, inner, into);
    } else if (target.pouKind === 'function') {
      this.#enter(call, resolved, target, keyOf(target.qualifiedName), null, inner, into);
    } else {
      for (const self of instance?.locations ?? this.#places.locateProgram(target))
        this.#enter(call, resolved, target, self, target, inner, into);
    }
  }

  /** Every instance that the interface variable may stand for; unknown ones may do anything to themselves. */
  #callThroughInterface(
    call: Call,
    resolved: ResolvedCall | null,
    target: MethodSymbol,
    instance: Place | null,
    context: Context,
    into: Location[],
  ): void {
    const known = (instance?.locations ?? []).filter((self) => this.#instanceTypes.has(shapeOf(self)));
    if (known.length === 0) this.#callLibrary(call, resolved, target, instance, context, into);
    for (const self of known)
      this.#enter(call, resolved, target, self, this.#typeOfInstance(self, null), context, into);
  }

  #instanceOf(call: Call, resolved: ResolvedCall | null, target: CodeSymbol | null, context: Context): Place | null {
    if (resolved?.instance) return this.#places.placeOf(resolved.instance, context.frame);
    if (target?.kind === 'method' || target?.kind === 'action') {
      const { callee } = call;
      if (callee.kind !== 'Member') return null;
      return this.#places.placeOf(callee.object, context.frame);
    }
    if (target?.kind === 'pou' && target.pouKind === 'function') return null;
    return this.#places.placeOf(call.callee, context.frame);
  }

  #hasBody(target: CodeSymbol): boolean {
    if (target.kind === 'action') return true;
    if (target.kind === 'pou') return !target.isLibrary && target.declaration !== null;
    return target.kind === 'method' && target.declaration !== null && target.owner.kind === 'pou';
  }

  #enter(
    call: Call,
    resolved: ResolvedCall | null,
    target: CodeSymbol,
    self: Location,
    selfType: PouSymbol | null,
    context: Context,
    into: Location[],
  ): void {
    if (target.kind !== 'pou' && target.kind !== 'method' && target.kind !== 'action') return;
    const file = target.site?.file;
    if (file === undefined) return;
    if (context.frame.depth > MAX_DEPTH || isRunning(target, self, context.frame)) return;
    const ownType = selfType === null ? null : this.#typeOfInstance(self, selfType);
    const declaredIn = superCall(call) ? target : this.#dispatch(target, ownType);
    const callId = this.#activations + 1;
    const hasOwnLocals = target.kind === 'method' || (target.kind === 'pou' && target.pouKind === 'function');
    const locals = hasOwnLocals ? `${self}.${keyOf(target.name)}#${callId}` : self;
    const bindings = new Map<NonNullable<ResolvedCall['bindings'][number]['parameter']>, readonly Location[]>();
    const parameterHome = hasOwnLocals ? locals : self;
    for (const binding of resolved?.bindings ?? []) {
      const { argument, parameter } = binding;
      const name = keyOf(binding.parameterName);
      if (name === 'EN' || name === 'ENO') continue;
      if (binding.direction === 'in') this.#bindInput(argument, `${parameterHome}.${name}`, context);
      if (binding.direction === 'in-out' && argument.value !== null) {
        const place = this.#places.placeOf(argument.value, context.frame);
        if (place === null) continue;
        if (parameter !== null) bindings.set(parameter, place.locations);
        if (!hasOwnLocals) this.#remember(`${self}.${name}`, place.locations);
      }
    }
    const frame = this.#frame({
      file: declaredIn.site?.file ?? file,
      owner: declaredIn,
      selfType: ownType,
      self,
      locals,
      caller: context.frame,
      bindings,
    });
    this.#runBody(bodyOf(declaredIn), { ...context, frame });
    this.#endOf.set(frame.activation, this.#order);
    for (const binding of resolved?.bindings ?? []) {
      if (binding.direction === 'out')
        this.#bindOutput(binding.argument, `${parameterHome}.${keyOf(binding.parameterName)}`, context);
    }
    if (hasOwnLocals) {
      const result = `${locals}.${keyOf(target.name)}`;
      this.#keepResult(call, context.frame, result);
      into.push(result);
    }
  }

  #keepResult(expression: Expression, frame: Frame, result: Location): void {
    const byActivation = this.#results.get(expression) ?? new Map<number, Location>();
    byActivation.set(frame.activation, result);
    this.#results.set(expression, byActivation);
  }

  #remember(pointer: Location, targets: readonly Location[]): void {
    const key = shapeOf(pointer);
    const known = this.pointsTo.get(key) ?? new Set();
    for (const target of targets) known.add(target);
    this.pointsTo.set(key, known);
  }

  /** A method called on THIS or through an interface is that of the instance's own type. */
  #dispatch(target: CodeOwner, selfType: PouSymbol | null): CodeOwner {
    if (target.kind !== 'method') return target;
    const seen = new Set<PouSymbol>();
    for (let pou = selfType; pou !== null && !seen.has(pou); pou = pou.base) {
      seen.add(pou);
      const method = pou.methods.get(keyOf(target.name));
      if (method !== undefined) return method;
    }
    return target;
  }

  /** The type of the instance that lives at a location: that of its declaration, not that of the code that is run on it. */
  #typeOfInstance(self: Location, fallback: PouSymbol | null): PouSymbol | null {
    return this.#instanceTypes.get(shapeOf(self)) ?? fallback;
  }

  #callLibrary(
    call: Call,
    resolved: ResolvedCall | null,
    target: CodeSymbol | null,
    instance: Place | null,
    context: Context,
    into: Location[],
  ): void {
    const names = new Map<Argument, string>();
    for (const binding of resolved?.bindings ?? []) names.set(binding.argument, keyOf(binding.parameterName));
    const isBlock =
      instance !== null && target?.kind !== 'method' && !(target?.kind === 'pou' && target.pouKind === 'function');
    const reads: Location[] = [];
    for (const argument of call.arguments) {
      const name = names.get(argument) ?? keyOf(argument.name?.name ?? `#${call.arguments.indexOf(argument)}`);
      if (argument.direction === 'out' || argument.value === null) continue;
      if (isBlock) {
        for (const location of instance.locations) {
          this.#bindInput(argument, `${location}.${name}`, context);
          reads.push(`${location}.${name}`);
        }
      } else this.#read(argument.value, context, reads);
      const binding = resolved?.bindings.find((candidate) => candidate.argument === argument);
      // A library may write what is passed by reference; an unknown callee may do so with every variable.
      if (binding?.direction === 'in-out') this.#write('unknown', argument.value, [...reads], null, argument, context);
    }
    if (isBlock) {
      for (const location of instance.locations) {
        const outputs =
          target?.kind === 'pou' ? variablesOf(target).filter((variable) => variable.scope === 'output') : [];
        const inputs =
          target?.kind === 'pou'
            ? variablesOf(target)
                .filter((variable) => variable.scope === 'input')
                .map((variable) => `${location}.${keyOf(variable.name)}`)
            : reads;
        const targets =
          outputs.length === 0 ? [location] : outputs.map((variable) => `${location}.${keyOf(variable.name)}`);
        this.#push('library', targets, instance.isCertain, instance.isAlias, inputs, null, call, context);
      }
    } else if (instance !== null) {
      reads.push(...instance.locations);
      this.#push('unknown', instance.locations, false, instance.isAlias, [...reads], null, call, context);
    }
    for (const argument of call.arguments) {
      if (argument.direction !== 'out' || argument.value === null) continue;
      const name = names.get(argument) ?? keyOf(argument.name?.name ?? '');
      const sources = isBlock ? instance.locations.map((location) => `${location}.${name}`) : [...reads];
      this.#write('output', argument.value, sources, null, argument, context, argument.isNegated);
    }
    into.push(...(isBlock ? instance.locations : reads));
  }

  #bindInput(argument: Argument, target: Location, context: Context): void {
    if (argument.value === null) return;
    const sources = this.#readsOf(argument.value, context);
    this.#push('input', [target], true, false, sources, argument.value, argument, context, argument.isNegated);
    if (this.#addressArgument(argument.value) !== null || this.#isPointer(argument.value))
      this.#point([target], argument.value, context);
    const type = this.#project.model.typeOf(argument.value);
    if (type.kind !== 'elementary') this.#rememberReference(target, argument.value, context);
  }

  /** A REFERENCE TO input refers to what is passed; harmless for other types, whose pointers are never followed. */
  #rememberReference(target: Location, value: Expression, context: Context): void {
    const place = this.#places.pointerPlaceOf(value, context.frame);
    for (const location of place?.locations ?? []) {
      const known = this.pointsTo.get(shapeOf(location));
      if (known !== undefined) this.#remember(target, [...known]);
    }
  }

  #bindOutput(argument: Argument, source: Location, context: Context): void {
    if (argument.value === null) return;
    this.#write('output', argument.value, [source], null, argument, context, argument.isNegated);
  }

  // -------------------------------------------------------------------------------------------- properties

  #propertyOf(expression: Expression): PropertySymbol | null {
    if (expression.kind !== 'Name' && expression.kind !== 'Member') return null;
    const symbol = this.#project.model.symbolOf(expression);
    return symbol?.kind === 'property' ? symbol : null;
  }

  #runGetter(expression: Expression, property: PropertySymbol, context: Context, into: Location[]): void {
    const body = property.declaration?.get?.body ?? null;
    if (property === context.frame.owner) {
      into.push(`${context.frame.locals}.${keyOf(property.name)}`);
      return;
    }
    this.#runAccessor(
      expression,
      property,
      body,
      context,
      (locals) => {
        const result = `${locals}.${keyOf(property.name)}`;
        this.#keepResult(expression, context.frame, result);
        into.push(result);
      },
      null,
    );
  }

  #runSetter(
    target: Expression,
    property: PropertySymbol,
    value: Expression,
    sources: readonly Location[],
    node: Span,
    context: Context,
  ): void {
    if (property === context.frame.owner) {
      this.#push(
        'assign',
        [`${context.frame.locals}.${keyOf(property.name)}`],
        true,
        false,
        sources,
        value,
        node,
        context,
      );
      return;
    }
    const body = property.declaration?.set?.body ?? null;
    this.#runAccessor(target, property, body, context, null, (locals) =>
      this.#push('input', [`${locals}.${keyOf(property.name)}`], true, false, sources, value, node, context),
    );
  }

  #runAccessor(
    expression: Expression,
    property: PropertySymbol,
    body: Body | null,
    context: Context,
    after: ((locals: Location) => void) | null,
    before: ((locals: Location) => void) | null,
  ): void {
    const owner = property.owner.kind === 'pou' ? property.owner : null;
    const selfs =
      expression.kind === 'Member'
        ? (this.#places.placeOf(expression.object, context.frame)?.locations ?? [])
        : [context.frame.self];
    const file = property.site?.file ?? context.frame.file;
    for (const self of selfs) {
      const locals = `${self}.${keyOf(property.name)}#${this.#activations + 1}`;
      if (body === null || isRunning(property, self, context.frame) || context.frame.depth > MAX_DEPTH) {
        // An accessor of a library or an interface: it may depend on all of the instance.
        this.#push('unknown', [`${locals}.${keyOf(property.name)}`], false, false, [self], null, expression, context);
        before?.(locals);
        after?.(locals);
        continue;
      }
      before?.(locals);
      const frame = this.#frame({ file, owner: property, selfType: owner, self, locals, caller: context.frame });
      this.#runBody(body, { ...context, frame });
      this.#endOf.set(frame.activation, this.#order);
      after?.(locals);
    }
  }
}

function isRunning(target: CodeOwner, self: Location, frame: Frame): boolean {
  for (let current: Frame | null = frame; current !== null; current = current.caller) {
    if (current.owner === target && (current.self === self || target.kind === 'pou')) return true;
  }
  return false;
}

/** `SUPER^.Check()` runs the method of the base although the instance has its own. */
function superCall(call: Call): boolean {
  let object: Expression = call.callee;
  while (object.kind === 'Member' || object.kind === 'Dereference' || object.kind === 'Parenthesized') {
    object = object.kind === 'Parenthesized' ? object.expression : object.object;
  }
  return object.kind === 'Self' && object.which === 'SUPER';
}

function bodyOf(owner: CodeOwner): Body | null {
  if (owner.kind === 'property') return null;
  const declaration: PouSymbol['declaration'] | MethodSymbol['declaration'] | { body: Body } | null = owner.declaration;
  return declaration?.body ?? null;
}
